/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "codec/json.h"
#include "sign/statement.h"

#include "ca/house.h"

struct fixture {
	struct house house;
	struct house_party notary, person;
	struct pki_source *source;
	struct pki_params trust;
	json_t *json;
};

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	house_init(&f.house);
	house_party_new(&f.notary, &f.house.issuing, KEY_P256,
			CA_NOTARY_SIGNATURE, "Notary Office Seven");
	house_party_new(&f.person, &f.house.issuing, KEY_P256,
			CA_PERSON_SIGNATURE, "Li Na");
	assert_ok(pki_source_new(NULL, &f.source, err));
	assert_ok(pki_source_add_anchor(f.source, f.house.root.cert, err));
	f.trust.source = f.source;
	f.trust.time = HOUSE_TIME + HOUSE_DAY;
	f.trust.no_revocation = true;
	f.json = json_pack("{s:s,s:i,s:s}", "type", "deed.test/1", "n", 7,
			   "name", "王小明");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	house_party_clear(&f->notary);
	house_party_clear(&f->person);
	house_clear(&f->house);
	pki_source_free(f->source);
	json_decref(f->json);
	return 0;
}

static void sign(struct fixture *f, const struct house_party *who,
		 struct buf *out)
{
	const struct cert *chain[] = { who->cert, f->house.issuing.cert };

	assert_ok(statement_sign(f->json, who->key, chain, 2, HOUSE_TIME + 5,
				 out, err));
}

static void test_round_trip(void **state)
{
	struct fixture *f = *state;
	struct buf der = BUF_INIT;
	struct cert *signer = NULL;
	json_t *json = NULL;
	int64_t time;

	sign(f, &f->notary, &der);
	assert_ok(statement_open(buf_get(&der), "deed.test/1",
				 STATEMENT_BY_NOTARY, &f->trust, &json, &signer,
				 err));
	assert_true(json_equal(json, f->json));
	assert_true(cert_equal(signer, f->notary.cert));
	assert_ok(statement_time(buf_get(&der), &time, err));
	assert_true(time == HOUSE_TIME + 5);
	json_decref(json);
	cert_free(signer);
	buf_clear(&der);
}

/* Whoever the house certified may sign statements, but not any statement. */
static void test_role(void **state)
{
	struct fixture *f = *state;
	struct buf der = BUF_INIT;
	json_t *json = NULL;

	sign(f, &f->person, &der);
	assert_status(DEED_NOT_VERIFIED,
		      statement_open(buf_get(&der), "deed.test/1",
				     STATEMENT_BY_NOTARY, &f->trust, &json,
				     NULL, err));
	assert_status(DEED_NOT_VERIFIED,
		      statement_open(buf_get(&der), "deed.test/1",
				     STATEMENT_BY_SERVICE, &f->trust, &json,
				     NULL, err));
	assert_null(json);
	assert_ok(statement_open(buf_get(&der), "deed.test/1",
				 STATEMENT_BY_ANYONE, &f->trust, &json, NULL,
				 err));
	json_decref(json);
	buf_clear(&der);
}

static void test_type_and_time(void **state)
{
	struct fixture *f = *state;
	struct pki_params late = f->trust;
	struct buf der = BUF_INIT;
	json_t *json = NULL;

	sign(f, &f->notary, &der);
	assert_status(DEED_MALFORMED,
		      statement_open(buf_get(&der), "deed.status/1",
				     STATEMENT_BY_NOTARY, &f->trust, &json,
				     NULL, err));
	late.time = HOUSE_TIME + 400 * HOUSE_DAY;
	assert_status(DEED_NOT_VERIFIED,
		      statement_open(buf_get(&der), "deed.test/1",
				     STATEMENT_BY_NOTARY, &late, &json, NULL,
				     err));
	buf_clear(&der);
}

static void test_strange_root(void **state)
{
	struct fixture *f = *state;
	struct house other;
	struct pki_params trust = f->trust;
	struct pki_source *source = NULL;
	struct buf der = BUF_INIT;
	json_t *json = NULL;

	house_init(&other);
	assert_ok(pki_source_new(NULL, &source, err));
	assert_ok(pki_source_add_anchor(source, other.root.cert, err));
	trust.source = source;
	sign(f, &f->notary, &der);
	assert_status(DEED_NOT_VERIFIED,
		      statement_open(buf_get(&der), "deed.test/1",
				     STATEMENT_BY_ANYONE, &trust, &json, NULL,
				     err));
	assert_ok(statement_open(buf_get(&der), "deed.test/1",
				 STATEMENT_BY_ITSELF, NULL, &json, NULL, err));
	json_decref(json);
	pki_source_free(source);
	house_clear(&other);
	buf_clear(&der);
}

/* A changed byte anywhere: refused, or it says the same by the same signer. */
static void test_changed_byte(void **state)
{
	struct fixture *f = *state;
	struct buf der = BUF_INIT;
	size_t passed = 0;

	sign(f, &f->notary, &der);
	for (size_t i = 0; i < der.len; i++) {
		struct cert *signer = NULL;
		json_t *json = NULL;

		der.data[i] ^= 1;
		if (statement_open(buf_get(&der), "deed.test/1",
				   STATEMENT_BY_NOTARY, &f->trust, &json,
				   &signer, NULL) == DEED_OK) {
			assert_true(json_equal(json, f->json));
			assert_true(cert_equal(signer, f->notary.cert));
			passed++;
		}
		json_decref(json);
		cert_free(signer);
		der.data[i] ^= 1;
		assert_int_not_equal(
			statement_open(slice_of(der.data, i), "deed.test/1",
				       STATEMENT_BY_NOTARY, &f->trust, &json,
				       NULL, NULL),
			DEED_OK);
	}
	assert_true(passed < 32);
	buf_clear(&der);
}

static void test_needs_type(void **state)
{
	struct fixture *f = *state;
	const struct cert *chain[] = { f->notary.cert };
	json_t *json = json_pack("{s:i}", "n", 7);
	struct buf der = BUF_INIT;

	assert_status(DEED_MALFORMED, statement_sign(json, f->notary.key, chain,
						     1, HOUSE_TIME, &der, err));
	assert_int_equal(der.len, 0);
	json_decref(json);
	buf_clear(&der);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_role),
		cmocka_unit_test(test_type_and_time),
		cmocka_unit_test(test_strange_root),
		cmocka_unit_test(test_changed_byte),
		cmocka_unit_test(test_needs_type),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
