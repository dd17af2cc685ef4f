/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki_data.h"

#include "base/clock.h"
#include "pki/path.h"

/*
 * Paths over the stored certificates: what each deserves, and that lists are
 * believed only where they should be.  The chain's times are 2020 to 2099,
 * the lists' 2026 to 2027.
 */
#define NOW "2026-06-01T00:00:00Z"

struct row {
	const char *leaf;
	const char *anchor;
	const char *certs[4]; /* to build with */
	const char *crls[4];
	const char *at;
	bool no_revocation;
	enum pki_purpose purpose;
	enum pki_outcome outcome;
	enum pki_revocation revocation;
};

#define BOTH                            \
	{                               \
		"root.crl", "inter.crl" \
	}
#define INTER               \
	{                   \
		"inter.crt" \
	}
#define GOOD PKI_REVOCATION_GOOD
#define BAD PKI_REVOCATION_REVOKED
#define UNKNOWN PKI_REVOCATION_UNKNOWN
#define UNASKED PKI_REVOCATION_NOT_CHECKED

static const struct row rows[] = {
	{ "rsa.crt", "root.crt", INTER, BOTH, NOW, false, PKI_SIGNATURE,
	  PKI_GOOD, GOOD },
	{ "p256.crt", "root.crt", INTER, BOTH, NOW, false, PKI_SIGNATURE,
	  PKI_GOOD, GOOD },
	{ "p384.crt", "root.crt", INTER, BOTH, NOW, false, PKI_SIGNATURE,
	  PKI_GOOD, GOOD },
	{ "ed25519.crt", "root.crt", INTER, BOTH, NOW, false, PKI_SIGNATURE,
	  PKI_GOOD, GOOD },
	/* The order and what else lies about make no difference. */
	{ "rsa.crt",
	  "root.crt",
	  { "other.crt", "rsa.crt", "inter.crt" },
	  { "inter.crl", "inter-old.crl", "root.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_GOOD,
	  GOOD },
	/* No way up. */
	{ "rsa.crt",
	  "root.crt",
	  { NULL },
	  BOTH,
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_NO_PATH,
	  UNKNOWN },
	{ "rsa.crt", "other.crt", INTER, BOTH, NOW, false, PKI_SIGNATURE,
	  PKI_NO_PATH, UNKNOWN },
	/* Trusted by itself. */
	{ "rsa.crt",
	  "rsa.crt",
	  { NULL },
	  { NULL },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_GOOD,
	  GOOD },
	{ "rsa.crt",
	  "inter.crt",
	  { NULL },
	  { "inter.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_GOOD,
	  GOOD },
	/* Times. */
	{ "expired.crt", "root.crt", INTER, BOTH, NOW, false, PKI_SIGNATURE,
	  PKI_EXPIRED, UNKNOWN },
	{ "expired.crt", "root.crt", INTER, BOTH, NOW, true, PKI_SIGNATURE,
	  PKI_EXPIRED, UNASKED },
	{ "expired.crt", "root.crt", INTER, BOTH, "2020-06-01T00:00:00Z", true,
	  PKI_SIGNATURE, PKI_GOOD, UNASKED },
	{ "rsa.crt", "root.crt", INTER, BOTH, "2019-12-31T23:59:59Z", true,
	  PKI_SIGNATURE, PKI_NOT_YET_VALID, UNASKED },
	{ "rsa.crt", "root.crt", INTER, BOTH, "2020-01-01T00:00:00Z", true,
	  PKI_SIGNATURE, PKI_GOOD, UNASKED },
	{ "rsa.crt", "root.crt", INTER, BOTH, "2099-12-31T23:59:59Z", true,
	  PKI_SIGNATURE, PKI_GOOD, UNASKED },
	/* What a certificate is for. */
	{ "exchange.crt", "root.crt", INTER, BOTH, NOW, false, PKI_SIGNATURE,
	  PKI_CONSTRAINTS, UNKNOWN },
	{ "exchange.crt", "root.crt", INTER, BOTH, NOW, false, PKI_ANY,
	  PKI_GOOD, GOOD },
	{ "rsa.crt", "root.crt", INTER, BOTH, NOW, false, PKI_TIMESTAMP,
	  PKI_CONSTRAINTS, UNKNOWN },
	{ "tsa.crt", "root.crt", INTER, BOTH, NOW, false, PKI_TIMESTAMP,
	  PKI_GOOD, GOOD },
	/* What is not processed is not accepted. */
	{ "unknown.crt", "root.crt", INTER, BOTH, NOW, false, PKI_SIGNATURE,
	  PKI_UNPROCESSED, UNKNOWN },
	/* A critical policy is one; its names are none that are restricted. */
	{ "policy.crt", "root.crt", INTER, BOTH, NOW, false, PKI_SIGNATURE,
	  PKI_GOOD, GOOD },
	{ "under-named.crt",
	  "root.crt",
	  { "named.crt" },
	  { NULL },
	  NOW,
	  true,
	  PKI_SIGNATURE,
	  PKI_GOOD,
	  UNASKED },
	{ "under-softnamed.crt",
	  "root.crt",
	  { "softnamed.crt" },
	  { NULL },
	  NOW,
	  true,
	  PKI_SIGNATURE,
	  PKI_GOOD,
	  UNASKED },
	/* Authorities that are none, or go too far. */
	{ "under-noca.crt",
	  "root.crt",
	  { "noca.crt" },
	  { NULL },
	  NOW,
	  true,
	  PKI_SIGNATURE,
	  PKI_CONSTRAINTS,
	  UNASKED },
	{ "under-nosign.crt",
	  "root.crt",
	  { "nosign.crt" },
	  { NULL },
	  NOW,
	  true,
	  PKI_SIGNATURE,
	  PKI_CONSTRAINTS,
	  UNASKED },
	{ "under-short.crt",
	  "root.crt",
	  { "short.crt" },
	  { NULL },
	  NOW,
	  true,
	  PKI_SIGNATURE,
	  PKI_GOOD,
	  UNASKED },
	{ "under-deep.crt",
	  "root.crt",
	  { "deep.crt", "short.crt" },
	  { NULL },
	  NOW,
	  true,
	  PKI_SIGNATURE,
	  PKI_CONSTRAINTS,
	  UNASKED },
	/* Lists: missing, old, of the future, forged, and true. */
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { NULL },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_NO_REVOCATION,
	  UNKNOWN },
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { NULL },
	  NOW,
	  true,
	  PKI_SIGNATURE,
	  PKI_GOOD,
	  UNASKED },
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { "root.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_NO_REVOCATION,
	  UNKNOWN },
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { "inter.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_NO_REVOCATION,
	  UNKNOWN },
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { "root.crl", "inter-old.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_NO_REVOCATION,
	  UNKNOWN },
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { "root.crl", "inter-future.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_NO_REVOCATION,
	  UNKNOWN },
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { "root.crl", "inter-forged.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_NO_REVOCATION,
	  UNKNOWN },
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { "root.crl", "inter-revoked.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_REVOKED,
	  BAD },
	/* A list that says good does not outweigh one that says revoked. */
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { "inter.crl", "root.crl", "inter-revoked.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_REVOKED,
	  BAD },
	/* Revoked, but not yet at that time; and for ever after. */
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { "root.crl", "inter-revoked.crl" },
	  "2026-02-01T00:00:00Z",
	  false,
	  PKI_SIGNATURE,
	  PKI_GOOD,
	  GOOD },
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { "root.crl", "inter-revoked.crl" },
	  "2030-02-01T00:00:00Z",
	  false,
	  PKI_SIGNATURE,
	  PKI_REVOKED,
	  BAD },
	{ "p256.crt",
	  "root.crt",
	  INTER,
	  { "root.crl", "inter-revoked.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_GOOD,
	  GOOD },
	{ "rsa.crt",
	  "root.crt",
	  INTER,
	  { "root-revoked.crl", "inter.crl" },
	  NOW,
	  false,
	  PKI_SIGNATURE,
	  PKI_CA_REVOKED,
	  BAD },
};

static void add(struct pki_source *s, const char *name, bool anchor)
{
	struct buf data = BUF_INIT;

	pki_data(name, &data);
	assert_ok(pki_source_add_data(s, buf_get(&data), anchor, name, err));
	buf_clear(&data);
}

static void judge(const struct row *row, bool layered)
{
	struct pki_source *base, *s;
	struct pki_params params;
	struct pki_path path;
	struct cert *leaf = pki_cert(row->leaf);
	int64_t at;
	size_t i;

	assert_ok(clock_parse(row->at, &at, err));
	assert_ok(pki_source_new(NULL, &base, err));
	assert_ok(pki_source_new(base, &s, err));
	add(base, row->anchor, true);
	for (i = 0; i < 4 && row->certs[i] != NULL; i++)
		add(layered ? s : base, row->certs[i], false);
	for (i = 0; i < 4 && row->crls[i] != NULL; i++)
		add(layered ? s : base, row->crls[i], false);
	params = (struct pki_params){ .source = s,
				      .time = at,
				      .no_revocation = row->no_revocation,
				      .purpose = row->purpose };
	assert_ok(pki_judge_path(leaf, &params, &path, err));
	if (path.outcome != row->outcome || path.revocation != row->revocation)
		fail_msg("row %zu, %s: expected %d (%d), got %d (%d): %s",
			 (size_t)(row - rows), row->leaf, row->outcome,
			 row->revocation, path.outcome, path.revocation,
			 path.message);
	assert_true(path.outcome == PKI_GOOD || path.message[0] != '\0');
	assert_true(path.len >= 1);
	assert_true(cert_equal(path.chain[0], leaf));
	pki_path_clear(&path);
	pki_source_free(s);
	pki_source_free(base);
	cert_free(leaf);
}

static void test_rows(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		judge(&rows[i], false);
		judge(&rows[i], true);
	}
}

static void test_crl(void **state)
{
	static const uint8_t serial[] = { 0x21 }, none[] = { 0x55 };
	struct buf text = BUF_INIT, der = BUF_INIT;
	char label[PEM_LABEL], said[CLOCK_TEXT];
	struct cert *inter = pki_cert("inter.crt");
	struct cert *other = pki_cert("other.crt");
	struct crl_entry entry;
	struct slice cursor;
	struct crl *crl;
	bool listed;
	size_t i;

	(void)state;
	pki_data("inter-revoked.crl", &text);
	cursor = buf_get(&text);
	assert_ok(pem_decode_next(&cursor, label, &der, err));
	assert_ok(crl_parse(buf_get(&der), &crl, err));
	assert_true(crl_signed_by(crl, inter));
	assert_false(crl_signed_by(crl, other));
	assert_ok(crl_lookup(crl, SLICE_NONE, slice_of(serial, 1), &listed,
			     &entry, err));
	assert_true(listed);
	assert_int_equal(entry.reason, 1);
	clock_format(entry.revoked_at, said);
	assert_string_equal(said, "2026-03-01T00:00:00Z");
	assert_ok(crl_lookup(crl, SLICE_NONE, slice_of(none, 1), &listed,
			     &entry, err));
	assert_false(listed);
	crl_free(crl);
	/* No prefix is a list, and no changed byte keeps the signature. */
	for (i = 0; i < der.len; i++) {
		assert_status(DEED_MALFORMED,
			      crl_parse(slice_of(der.data, i), &crl, err));
		der.data[i] ^= 1;
		if (crl_parse(buf_get(&der), &crl, NULL) == DEED_OK) {
			if (crl_signed_by(crl, inter))
				fail_msg("byte %zu changed unseen", i);
			crl_free(crl);
		}
		der.data[i] ^= 1;
	}
	buf_clear(&text);
	buf_clear(&der);
	cert_free(inter);
	cert_free(other);
}

static void test_source(void **state)
{
	static const char *const bad[] = {
		"",
		"no PEM",
		"-----BEGIN CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END "
		"CERTIFICATE-----\n",
		"-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n",
		"-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n",
		"\x30\x00",
		"\x30\x03\x02\x01\x00",
	};
	struct deed_error untouched = DEED_ERROR_INIT;
	struct buf both = BUF_INIT;
	struct pki_source *s;
	size_t i;

	(void)state;
	assert_ok(pki_source_new(NULL, &s, err));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (pki_source_add_data(s, slice_str(bad[i]), true, "x",
					NULL) == DEED_OK)
			fail_msg("'%s' was taken", bad[i]);
	}
	assert_int_equal(pki_source_anchor_count(s), 0);
	pki_data("root.crl", &both);
	pki_data("root.crt", &both);
	pki_data("other.crt", &both);
	pki_data("root.crt", &both);
	assert_int_equal(
		pki_source_add_data(s, buf_get(&both), true, "x", &untouched),
		DEED_OK);
	assert_string_equal(untouched.message, "");
	assert_int_equal(pki_source_anchor_count(s), 2);
	assert_non_null(pki_source_anchor(s, 1));
	buf_clear(&both);
	pki_source_free(s);
	pki_source_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_crl),
		cmocka_unit_test(test_source),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
