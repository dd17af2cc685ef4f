/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ca/house.h"
#include "ca/issuers.h"

static void test_root(void **state)
{
	struct house h;
	const struct cert_fields *f;

	(void)state;
	house_init(&h);
	f = cert_fields(h.root.cert);
	assert_int_equal(f->version, 3);
	assert_true(f->is_ca && f->has_path_len);
	assert_int_equal(f->path_len, 1);
	assert_int_equal(f->key_usage, KU_CERT_SIGN | KU_CRL_SIGN);
	assert_true(cert_self_issued(h.root.cert));
	assert_ok(cert_verify(h.root.cert, h.root.cert, err));
	f = cert_fields(h.issuing.cert);
	assert_int_equal(f->path_len, 0);
	assert_true(slice_equal(f->authority_key_id,
				cert_fields(h.root.cert)->subject_key_id));
	assert_true(slice_equal(f->issuer, cert_fields(h.root.cert)->subject));
	assert_ok(cert_verify(h.issuing.cert, h.root.cert, err));
	house_clear(&h);
}

static void test_signature_profiles(void **state)
{
	static const enum ca_profile profiles[] = {
		CA_PERSON_SIGNATURE,
		CA_ORGANISATION_SIGNATURE,
		CA_NOTARY_SIGNATURE,
		CA_SERVICE,
	};
	struct house h;

	(void)state;
	house_init(&h);
	for (size_t i = 0; i < 4; i++) {
		struct house_party p = { NULL, NULL };
		const struct cert_fields *f;

		house_party_new(&p, &h.issuing, KEY_ED25519, profiles[i],
				"王小明");
		f = cert_fields(p.cert);
		assert_false(f->is_ca);
		assert_true(f->has_basic_constraints);
		assert_int_equal(f->key_usage,
				 KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
		assert_null(cert_extension(p.cert, OID_EXTENDED_KEY_USAGE));
		assert_non_null(
			cert_extension(p.cert, OID_CERTIFICATE_POLICIES));
		assert_int_equal(f->subject_key_id.len, KEY_ID_SIZE);
		assert_int_equal(f->serial.len, 16);
		assert_ok(cert_verify(p.cert, h.issuing.cert, err));
		house_party_clear(&p);
	}
	house_clear(&h);
}

/* A key that agrees is said to agree; one that deciphers, to decipher. */
static void test_deposit_profiles(void **state)
{
	static const struct {
		enum key_alg alg;
		uint32_t usage;
	} keys[] = {
		{ KEY_P256, KU_KEY_AGREEMENT },
		{ KEY_RSA2048, KU_KEY_ENCIPHERMENT },
	};
	struct house h;

	(void)state;
	house_init(&h);
	for (size_t i = 0; i < 2; i++) {
		struct house_party p = { NULL, NULL };

		house_party_new(&p, &h.issuing, keys[i].alg, CA_PERSON_DEPOSIT,
				"Li Na");
		assert_int_equal(cert_fields(p.cert)->key_usage, keys[i].usage);
		house_party_clear(&p);
	}
	house_clear(&h);
}

static void test_deposit_needs_a_key_that_opens(void **state)
{
	static const enum key_alg algs[] = { KEY_ED25519, KEY_P384 };
	struct house h;

	(void)state;
	house_init(&h);
	for (size_t i = 0; i < 2; i++) {
		struct signing_key *key = house_key(algs[i]);
		struct ca_template t = {
			.profile = CA_PERSON_DEPOSIT,
			.spki = signing_key_spki(key),
			.subject = cert_fields(h.root.cert)->subject,
			.not_before = HOUSE_TIME,
			.not_after = HOUSE_TIME + HOUSE_DAY,
		};
		struct cert *c;

		assert_status(
			DEED_UNSUPPORTED,
			ca_issue(&t, h.issuing.cert, h.issuing.key, &c, err));
		assert_null(c);
		signing_key_free(key);
	}
	house_clear(&h);
}

/* The SHA-256 of the attestation that a certificate carries, if any. */
static bool attestation_in(const struct cert *c, uint8_t out[32])
{
	const struct cert_extension *e =
		cert_extension(c, OID_DEED_ATTESTATION);
	struct der_reader r;
	struct slice hash;

	if (e == NULL)
		return false;
	der_init(&r, e->value);
	assert_true(der_get(&r, DER_OCTET_STRING, &hash));
	assert_true(der_at_end(&r));
	assert_int_equal(hash.len, 32);
	memcpy(out, hash.data, 32);
	return true;
}

static void test_attestation(void **state)
{
	uint8_t hash[32], back[32];
	struct house h;
	struct house_party p;

	(void)state;
	house_init(&h);
	memset(hash, 0x5a, sizeof(hash));
	p.key = house_key(KEY_P256);
	house_certify(&p, &h.issuing, CA_PERSON_SIGNATURE, "Li Na", hash);
	assert_true(attestation_in(p.cert, back));
	assert_memory_equal(hash, back, 32);
	assert_false(cert_extension(p.cert, OID_DEED_ATTESTATION)->critical);
	assert_false(attestation_in(h.issuing.cert, back));
	house_party_clear(&p);
	house_clear(&h);
}

/* A certificate never outlives its issuer's. */
static void test_validity(void **state)
{
	struct house h;
	struct ca_template t = { .profile = CA_PERSON_SIGNATURE };
	struct signing_key *key = house_key(KEY_P256);
	struct cert *c = NULL;

	(void)state;
	house_init(&h);
	t.spki = signing_key_spki(key);
	t.subject = cert_fields(h.root.cert)->subject;
	t.not_before = HOUSE_TIME + HOUSE_DAY;
	t.not_after = HOUSE_TIME + 4000 * HOUSE_DAY;
	assert_ok(ca_issue(&t, h.issuing.cert, h.issuing.key, &c, err));
	assert_true(cert_fields(c)->not_after ==
		    cert_fields(h.issuing.cert)->not_after);
	assert_true(cert_fields(c)->not_before == HOUSE_TIME + HOUSE_DAY);
	cert_free(c);
	t.not_before = HOUSE_TIME - HOUSE_DAY;
	assert_status(DEED_CERT_INVALID,
		      ca_issue(&t, h.issuing.cert, h.issuing.key, &c, err));
	t.not_before = HOUSE_TIME + 400 * HOUSE_DAY;
	assert_status(DEED_CERT_INVALID,
		      ca_issue(&t, h.issuing.cert, h.issuing.key, &c, err));
	/* Nor is it signed with another key than the issuer's. */
	t.not_before = HOUSE_TIME;
	assert_status(DEED_NO_KEY,
		      ca_issue(&t, h.issuing.cert, h.root.key, &c, err));
	signing_key_free(key);
	house_clear(&h);
}

static bool holds(const struct cert *c, enum oid id, const char *text)
{
	const struct cert_extension *e = cert_extension(c, id);

	return e != NULL && !e->critical &&
	       memmem(e->value.data, e->value.len, text, strlen(text)) != NULL;
}

/* Where list and issuer are, in what is issued and not in the root. */
static void test_urls(void **state)
{
	struct house h;
	struct cert *c = NULL;
	struct ca_template t = {
		.profile = CA_PERSON_SIGNATURE,
		.not_before = HOUSE_TIME,
		.not_after = HOUSE_TIME + HOUSE_DAY,
		.crl_url = "http://x.example/issuing-1.crl",
		.issuer_url = "http://x.example/issuing-1.cer",
	};

	(void)state;
	house_init(&h);
	t.spki = signing_key_spki(h.issuing.key);
	t.subject = cert_fields(h.root.cert)->subject;
	assert_ok(ca_issue(&t, h.issuing.cert, h.issuing.key, &c, err));
	assert_true(holds(c, OID_CRL_DISTRIBUTION_POINTS, t.crl_url));
	assert_true(holds(c, OID_AUTHORITY_INFO, t.issuer_url));
	cert_free(c);
	t.profile = CA_ROOT;
	t.spki = signing_key_spki(h.root.key);
	assert_ok(ca_issue(&t, NULL, h.root.key, &c, err));
	assert_null(cert_extension(c, OID_CRL_DISTRIBUTION_POINTS));
	assert_null(cert_extension(c, OID_AUTHORITY_INFO));
	cert_free(c);
	t.not_after = t.not_before;
	t.profile = CA_PERSON_SIGNATURE;
	t.spki = signing_key_spki(h.issuing.key);
	assert_status(DEED_CERT_INVALID,
		      ca_issue(&t, h.issuing.cert, h.issuing.key, &c, err));
	house_clear(&h);
}

/* The names of later issuing CAs. */
static void test_issuer_names(void **state)
{
	static const struct {
		const char *name, *next;
	} cases[] = {
		{ "Office Issuing CA", "Office Issuing CA 7" },
		{ "Office Issuing CA 6", "Office Issuing CA 7" },
		{ "Office 12", "Office 7" },
		{ "42", "42 7" },
		{ "示例签发机构", "示例签发机构 7" },
		{ "0123456789012345678901234567890123456789"
		  "01234567890123456789012x",
		  "Issuing CA 7" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct house_party p = { .key = house_key(KEY_P256) };
		struct buf name = BUF_INIT, text = BUF_INIT;

		house_certify(&p, NULL, CA_NOTARY_SIGNATURE, cases[i].name,
			      NULL);
		assert_ok(ca_issuers_name(p.cert, 7, &name, err));
		assert_true(
			x509_name_get(buf_get(&name), OID_COMMON_NAME, &text));
		assert_true(slice_equal_str(buf_get(&text), cases[i].next));
		buf_reset(&text);
		/* All else stays. */
		assert_true(
			x509_name_get(buf_get(&name), OID_ORGANISATION, &text));
		assert_true(slice_equal_str(buf_get(&text), cases[i].name));
		assert_true(x509_name_valid(buf_get(&name)));
		buf_clear(&name);
		buf_clear(&text);
		house_party_clear(&p);
	}
}

static void test_subject(void **state)
{
	struct buf name = BUF_INIT, text = BUF_INIT;

	(void)state;
	house_name("示例科技有限公司", "NTRCN-91310000MADEED101N", true, &name);
	assert_true(x509_name_get(buf_get(&name), OID_ORGANISATION_IDENTIFIER,
				  &text));
	assert_true(
		slice_equal_str(buf_get(&text), "NTRCN-91310000MADEED101N"));
	buf_reset(&text);
	assert_true(x509_name_get(buf_get(&name), OID_ORGANISATION, &text));
	assert_true(slice_equal_str(buf_get(&text), "示例科技有限公司"));
	buf_clear(&name);
	buf_clear(&text);
}

static void test_names(void **state)
{
	static const char *const bad[] = {
		"",
		" Li Na",
		"Li Na ",
		"Li\nNa",
		"Li\x1b[31mNa",
		"Li\x7fNa",
		"Li\xc0\x80Na",
		"Li\xffNa",
		"Li\xe2\x80\xaeNa", /* turns the direction of writing */
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aa"
		"a",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_status(DEED_USAGE, ca_check_name(bad[i], err));
	assert_ok(ca_check_name("王小明", err));
	assert_ok(ca_check_name("Anne-Marie O'Neill", err));
	assert_ok(ca_check_name("مكتب التوثيق", err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_signature_profiles),
		cmocka_unit_test(test_deposit_profiles),
		cmocka_unit_test(test_deposit_needs_a_key_that_opens),
		cmocka_unit_test(test_attestation),
		cmocka_unit_test(test_validity),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_issuer_names),
		cmocka_unit_test(test_subject),
		cmocka_unit_test(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
