/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>

#include "ca/crl.h"
#include "ca/request.h"
#include "ca/store.h"
#include "codec/pem.h"
#include "pki/crl.h"

#include "ca/house.h"

static void test_crl(void **state)
{
	struct house h;
	struct house_party p, q;
	struct ca_revoked r;
	struct buf der = BUF_INIT;
	struct crl *crl = NULL;
	struct crl_entry entry;
	uint64_t number;
	int64_t next;
	bool listed;

	(void)state;
	house_init(&h);
	house_party_new(&p, &h.issuing, KEY_P256, CA_PERSON_SIGNATURE, "P");
	house_party_new(&q, &h.issuing, KEY_P256, CA_PERSON_SIGNATURE, "Q");
	assert_ok(ca_revoked_of(p.cert, HOUSE_TIME + 5, CA_KEY_COMPROMISE, &r,
				err));
	assert_ok(ca_crl_write(h.issuing.cert, h.issuing.key, 7,
			       HOUSE_TIME + 10, CA_CRL_SECONDS, &r, 1, &der,
			       err));
	assert_ok(ca_crl_read(buf_get(&der), &number, &next, err));
	assert_int_equal(number, 7);
	assert_true(next == HOUSE_TIME + 10 + 35 * HOUSE_DAY);
	assert_ok(crl_parse(buf_get(&der), &crl, err));
	assert_true(crl_signed_by(crl, h.issuing.cert));
	assert_false(crl_signed_by(crl, h.root.cert));
	assert_ok(crl_lookup(crl, SLICE_NONE, cert_fields(p.cert)->serial,
			     &listed, &entry, err));
	assert_true(listed);
	assert_true(entry.revoked_at == HOUSE_TIME + 5);
	assert_int_equal(entry.reason, CA_KEY_COMPROMISE);
	assert_ok(crl_lookup(crl, SLICE_NONE, cert_fields(q.cert)->serial,
			     &listed, &entry, err));
	assert_false(listed);
	crl_free(crl);
	buf_clear(&der);
	house_party_clear(&p);
	house_party_clear(&q);
	house_clear(&h);
}

static void test_crl_read_refuses(void **state)
{
	struct house h;
	struct buf der = BUF_INIT;
	uint64_t number;
	int64_t next;

	(void)state;
	house_init(&h);
	assert_ok(ca_crl_write(h.root.cert, h.root.key, 1, HOUSE_TIME,
			       CA_ROOT_CRL_SECONDS, NULL, 0, &der, err));
	assert_ok(ca_crl_read(buf_get(&der), &number, &next, err));
	for (size_t len = 0; len < der.len; len++)
		assert_status(DEED_MALFORMED,
			      ca_crl_read(slice_of(der.data, len), &number,
					  &next, err));
	assert_status(DEED_MALFORMED, ca_crl_read(cert_fields(h.root.cert)->der,
						  &number, &next, err));
	buf_clear(&der);
	house_clear(&h);
}

static void test_reasons(void **state)
{
	enum ca_reason reason;

	(void)state;
	assert_true(ca_reason_find("superseded", &reason));
	assert_int_equal(reason, CA_SUPERSEDED);
	assert_string_equal(ca_reason_name(CA_CESSATION),
			    "cessation-of-operation");
	assert_false(ca_reason_find("because", &reason));
	assert_false(ca_reason_find("", &reason));
}

static void test_request(void **state)
{
	static const enum key_alg algs[] = { KEY_P256, KEY_P384, KEY_RSA2048,
					     KEY_ED25519 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct signing_key *key = house_key(algs[i]);
		struct buf name = BUF_INIT, der = BUF_INIT, pem = BUF_INIT;
		struct ca_request r;

		house_name("Li Na", NULL, false, &name);
		assert_ok(ca_request_write(key, buf_get(&name), &der, err));
		assert_ok(ca_request_read(buf_get(&der), &r, err));
		assert_true(slice_equal(r.subject, buf_get(&name)));
		assert_true(slice_equal(r.spki, signing_key_spki(key)));
		ca_request_clear(&r);
		pem_encode(&pem, "CERTIFICATE REQUEST", buf_get(&der));
		assert_ok(ca_request_read(buf_get(&pem), &r, err));
		ca_request_clear(&r);
		buf_clear(&name);
		buf_clear(&der);
		buf_clear(&pem);
		signing_key_free(key);
	}
}

static void test_request_refuses(void **state)
{
	struct signing_key *key = house_key(KEY_P256);
	struct buf name = BUF_INIT, der = BUF_INIT, pem = BUF_INIT;
	struct ca_request r;

	(void)state;
	house_name("Li Na", NULL, false, &name);
	assert_ok(ca_request_write(key, buf_get(&name), &der, err));
	/* A changed byte anywhere, and a lost end. */
	for (size_t i = 0; i < der.len; i++) {
		der.data[i] ^= 1;
		assert_int_not_equal(ca_request_read(buf_get(&der), &r, NULL),
				     DEED_OK);
		assert_null(r.der);
		der.data[i] ^= 1;
		assert_int_not_equal(
			ca_request_read(slice_of(der.data, i), &r, NULL),
			DEED_OK);
	}
	buf_byte(&der, 0);
	assert_status(DEED_MALFORMED, ca_request_read(buf_get(&der), &r, err));
	der.len--;
	pem_encode(&pem, "CERTIFICATE", buf_get(&der));
	assert_status(DEED_MALFORMED, ca_request_read(buf_get(&pem), &r, err));
	buf_fill(&der, 0, REQUEST_MAX);
	assert_status(DEED_LIMIT, ca_request_read(buf_get(&der), &r, err));
	buf_clear(&name);
	buf_clear(&der);
	buf_clear(&pem);
	signing_key_free(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crl),
		cmocka_unit_test(test_crl_read_refuses),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_request_refuses),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
