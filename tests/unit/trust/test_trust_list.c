/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki_data.h"

#include "codec/json.h"
#include "trust/trust_list.h"

static void *copy(const void *data, size_t size)
{
	void *p = malloc(size);

	assert_non_null(p);
	memcpy(p, data, size);
	return p;
}

static char *text(const char *s)
{
	return copy(s, strlen(s) + 1);
}

static char **texts(const char *s)
{
	char *one = text(s);

	return copy(&one, sizeof(one));
}

/* Criteria that hold themselves so many times. */
static struct trust_criteria nested(unsigned depth)
{
	struct trust_key_usage bits = { 2, 2 };
	struct trust_policy_set set = { texts("1.2.3"), 1 };
	struct trust_criteria c = {
		.assert = TRUST_ASSERT_AT_LEAST_ONE,
		.key_usages = copy(&bits, sizeof(bits)),
		.key_usage_count = 1,
		.policy_sets = copy(&set, sizeof(set)),
		.policy_set_count = 1,
	};

	if (depth > 0) {
		struct trust_criteria inner = nested(depth - 1);

		c.lists = copy(&inner, sizeof(inner));
		c.list_count = 1;
	}
	return c;
}

/* A service of two statuses, the older one first, which is not the order. */
static struct trust_service service(struct trust_list *l, unsigned depth)
{
	struct cert *ca = pki_cert("inter.crt");
	struct trust_qualification q = { texts("http://q"), 1, nested(depth) };
	struct trust_status st[2] = {
		{ .since = 1000,
		  .status = text("licensed"),
		  .uses = TRUST_USE_SIGNATURE | TRUST_USE_TIMESTAMP },
		{ .since = 2000,
		  .status = text("ended"),
		  .unsupported = text("urn:x"),
		  .qualifications = copy(&q, sizeof(q)),
		  .qualification_count = 1 },
	};
	struct trust_hash hash;
	struct trust_service s = { .name = text("a service"),
				   .identity_count = 1,
				   .statuses = copy(st, sizeof(st)),
				   .status_count = 2 };

	assert_ok(trust_list_add_certificate(l, ca, &hash, err));
	assert_ok(trust_list_add_certificate(l, ca, NULL, err));
	assert_int_equal(l->certificate_count, 1);
	cert_free(ca);
	s.identities = copy(&hash, sizeof(hash));
	return s;
}

static struct trust_list *list(unsigned depth)
{
	struct trust_list *l = trust_list_new();
	struct trust_service s;
	struct trust_operator o = { .licence_from = 10,
				    .licence_until = TRUST_NO_TIME,
				    .service_count = 1 };

	assert_non_null(l);
	s = service(l, depth);
	o.name = text("O\xc3\xa9 CA");
	o.licence = text("ECP-1");
	o.services = copy(&s, sizeof(s));
	l->kind = TRUST_LIST_YAML;
	l->scheme = text("cn-esl");
	l->scheme_operator = text("Office");
	l->territory = text("CN");
	l->sequence = 7;
	l->issued = 5;
	l->source[0] = 1;
	l->operators = copy(&o, sizeof(o));
	l->operator_count = 1;
	return l;
}

static void test_round(void **state)
{
	struct trust_list *l = list(TRUST_LIST_DEPTH), *again;
	const struct trust_service *s;
	struct buf a = BUF_INIT, b = BUF_INIT;
	json_t *payload;

	(void)state;
	assert_ok(trust_list_check(l, err));
	payload = trust_list_write(l);
	assert_ok(trust_list_read(payload, l->certificates, 1, &again, err));
	assert_ok(json_canonical(payload, &a, err));
	json_decref(payload);
	payload = trust_list_write(again);
	assert_ok(json_canonical(payload, &b, err));
	json_decref(payload);
	assert_true(slice_equal(buf_get(&a), buf_get(&b)));
	s = &again->operators[0].services[0];
	assert_int_equal(again->next_update, TRUST_NO_TIME);
	assert_int_equal(again->operators[0].licence_from, 10);
	assert_null(trust_service_at(s, 999));
	assert_string_equal(trust_service_at(s, 1000)->status, "licensed");
	assert_string_equal(trust_service_at(s, 1999)->status, "licensed");
	assert_string_equal(trust_service_at(s, 2000)->status, "ended");
	assert_non_null(trust_list_certificate(again, s->identities));
	buf_clear(&a);
	buf_clear(&b);
	trust_list_free(again);
	trust_list_free(l);
}

/* The payload is refused with this value at this path of keys. */
static void refused(const char *key, json_t *value, bool of_service)
{
	struct trust_list *l = list(1), *again;
	json_t *payload, *at;

	assert_ok(trust_list_check(l, err));
	payload = trust_list_write(l);
	at = payload;
	if (of_service)
		at = json_array_get(
			json_object_get(
				json_array_get(json_object_get(at, "operators"),
					       0),
				"services"),
			0);
	if (value == NULL)
		assert_int_equal(json_object_del(at, key), 0);
	else
		assert_int_equal(json_object_set_new(at, key, value), 0);
	assert_status(DEED_MALFORMED, trust_list_read(payload, l->certificates,
						      1, &again, err));
	assert_null(again);
	json_decref(payload);
	trust_list_free(l);
}

static void test_refused(void **state)
{
	(void)state;
	refused("scheme", NULL, false);
	refused("scheme", json_string(""), false);
	refused("scheme", json_integer(1), false);
	refused("more", json_string("x"), false);
	refused("kind", json_string("pdf"), false);
	refused("issued", json_string("2026-01-01"), false);
	refused("sequence", json_integer(-1), false);
	refused("source", json_string("sha256:AB"), false);
	refused("operators", json_object(), false);
	refused("next_update", json_string("1969-01-01T00:00:00Z"), false);
	refused("statuses", json_array(), true);
	refused("certificates", json_pack("[s]", "sha256:00"), true);
	refused("name", NULL, true);
}

/* One second, two statuses; and a certificate that is not there. */
static void test_checked(void **state)
{
	struct trust_list *l = list(0), *again;
	json_t *payload;

	(void)state;
	l->operators[0].services[0].statuses[0].since = 2000;
	assert_status(DEED_MALFORMED, trust_list_check(l, err));
	l->operators[0].services[0].statuses[0].since = 1;
	assert_ok(trust_list_check(l, err));
	payload = trust_list_write(l);
	assert_status(DEED_MALFORMED,
		      trust_list_read(payload, NULL, 0, &again, err));
	json_decref(payload);
	trust_list_free(l);
	l = list(TRUST_LIST_DEPTH + 1);
	assert_status(DEED_MALFORMED, trust_list_check(l, err));
	trust_list_free(l);
}

/* By name, and by whose key it was signed with; not before the check. */
static void test_issuer(void **state)
{
	struct trust_list *l = list(1);
	struct cert *signer = pki_cert("p256.crt"),
		    *root = pki_cert("root.crt");
	struct cert *inter = l->certificates[0];

	(void)state;
	assert_null(trust_list_issuer(l, signer));
	assert_ok(trust_list_add_certificate(l, root, NULL, err));
	assert_ok(trust_list_check(l, err));
	assert_ptr_equal(trust_list_issuer(l, signer), inter);
	assert_ptr_equal(trust_list_issuer(l, inter), root);
	assert_ptr_equal(trust_list_issuer(l, root), root);
	trust_list_free(l);
	cert_free(signer);
	cert_free(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_checked),
		cmocka_unit_test(test_issuer),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
