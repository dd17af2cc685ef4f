/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "hex_decode.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "codec/pem.h"
#include "key/cert.h"
#include "key/cert_peek.h"

static void load(const char *name, struct buf *b)
{
	const char *top = getenv("top_srcdir");
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/tests/data/key/%s",
		       top != NULL ? top : ".", name);
	assert_ok(file_read(path, 1 << 20, b, err));
}

static struct cert *cert(const char *name)
{
	struct buf b = BUF_INIT;
	struct cert *c;

	load(name, &b);
	assert_ok(cert_parse(buf_get(&b), &c, err));
	buf_clear(&b);
	return c;
}

static const char *const good[] = { "rsa2048.der", "p256.der",	  "p384.der",
				    "p521.der",	   "pss20.der",	  "pssmax.der",
				    "psskey.der",  "ed25519.der", "ed448.der" };

#define GOOD (sizeof(good) / sizeof(good[0]))

static void test_verifies(void **state)
{
	struct cert *a, *b;
	size_t i, j;

	(void)state;
	for (i = 0; i < GOOD; i++) {
		a = cert(good[i]);
		assert_true(cert_self_issued(a));
		for (j = 0; j < GOOD; j++) {
			bool same, pss_by_rsa;
			enum deed_status status;

			b = cert(good[j]);
			/* pss20 and pssmax are of rsa2048's key. */
			same = !memcmp(cert_spki_sha256(a), cert_spki_sha256(b),
				       32);
			pss_by_rsa = same && i != j;
			status = cert_verify(a, b, NULL);
			if ((status == DEED_OK) != (same || pss_by_rsa))
				fail_msg("%s by %s: %s", good[i], good[j],
					 deed_status_id(status));
			if (status != DEED_OK)
				assert_int_equal(status, DEED_BAD_SIGNATURE);
			cert_free(b);
		}
		cert_free(a);
	}
}

static void test_unknown_algorithms(void **state)
{
	struct cert *c = cert("k1.der");
	const struct pubkey *pk;

	(void)state;
	assert_status(DEED_UNSUPPORTED, cert_verify(c, c, err));
	assert_status(DEED_UNSUPPORTED, cert_pubkey(c, &pk, err));
	assert_status(DEED_UNSUPPORTED, cert_pubkey(c, &pk, err));
	assert_null(pk);
	cert_free(c);
}

/* Every changed octet: not parsed, or the signature does not hold. */
static void test_each_changed_octet(void **state)
{
	static const char *const names[] = { "p256.der", "ed25519.der",
					     "rsa2048.der", "pssmax.der",
					     "ed448.der" };
	struct buf b = BUF_INIT;
	struct cert *c, *issuer;
	size_t i, at;

	(void)state;
	for (i = 0; i < 5; i++) {
		issuer = cert(names[i]);
		buf_reset(&b);
		load(names[i], &b);
		for (at = 0; at < b.len; at++) {
			b.data[at] ^= 1;
			if (cert_parse(buf_get(&b), &c, NULL) == DEED_OK &&
			    cert_verify(c, issuer, NULL) == DEED_OK)
				fail_msg("%s: octet %zu changed, and it holds",
					 names[i], at);
			cert_free(c);
			b.data[at] ^= 1;
		}
		for (at = 0; at < b.len; at++)
			assert_status(
				DEED_MALFORMED,
				cert_parse(slice_of(b.data, at), &c, err));
		buf_byte(&b, 0);
		assert_status(DEED_MALFORMED, cert_parse(buf_get(&b), &c, err));
		cert_free(issuer);
	}
	buf_clear(&b);
}

static void test_fields(void **state)
{
	const struct cert_fields *f;
	const struct pubkey *pk;
	struct buf b = BUF_INIT;
	uint8_t id[KEY_ID_SIZE];
	struct cert *c = cert("p256.der");

	(void)state;
	f = cert_fields(c);
	assert_int_equal(f->version, 3);
	assert_int_equal(f->serial.len, 2);
	assert_memory_equal(f->serial.data, "\x12\x34", 2);
	assert_true(f->has_basic_constraints && f->is_ca);
	assert_false(f->has_path_len || f->has_key_usage);
	assert_int_equal(f->subject_key_id.len, 20);
	assert_true(slice_equal(f->subject_key_id, f->authority_key_id));
	assert_int_equal(f->extension_count, 3);
	assert_true(cert_extension(c, OID_BASIC_CONSTRAINTS)->critical);
	assert_null(cert_extension(c, OID_KEY_USAGE));
	assert_null(cert_extension_at(c, 3));
	assert_true(f->not_after - f->not_before == INT64_C(3650) * 86400);
	assert_true(x509_name_get(f->subject, OID_COMMON_NAME, &b));
	assert_true(slice_equal_str(buf_get(&b), "王小明 p256"));
	buf_reset(&b);
	assert_false(x509_name_get(f->subject, OID_SURNAME, &b));
	x509_name_text(f->subject, &b);
	assert_true(slice_equal_str(buf_get(&b), "serialNumber=EI:CN-ABC,"
						 "CN=王小明 p256,"
						 "O=Example & Sons,C=CN"));
	buf_reset(&b);
	x509_name_display(f->subject, &b);
	assert_true(slice_equal_str(buf_get(&b), "王小明 p256"));
	assert_ok(cert_pubkey(c, &pk, err));
	assert_string_equal(pubkey_text(pk), "EC P-256");
	assert_int_equal(pubkey_bits(pk), 256);
	assert_true(spki_key_id(f->spki, id));
	assert_false(spki_key_id(f->tbs, id));
	buf_clear(&b);
	cert_free(c);
}

static void test_lists(void **state)
{
	struct cert_list l = CERT_LIST_INIT, again = CERT_LIST_INIT;
	struct buf file = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < GOOD; i++)
		load(good[i], &file);
	assert_ok(cert_list_load(&l, buf_get(&file), "all", err));
	assert_int_equal(l.count, GOOD);
	buf_reset(&file);
	buf_str(&file, "-----BEGIN X509 CRL-----\nnot looked at\n"
		       "-----END X509 CRL-----\n");
	for (i = 0; i < l.count; i++)
		cert_pem(l.items[i], &file);
	assert_ok(cert_list_load(&again, buf_get(&file), "all", err));
	assert_int_equal(again.count, GOOD);
	for (i = 0; i < l.count; i++)
		assert_true(cert_list_has(&again, l.items[i]));
	assert_status(DEED_NOT_FOUND,
		      cert_list_load(&l, SLICE_NONE, "none", err));
	assert_status(DEED_NOT_FOUND,
		      cert_list_load(&l,
				     slice_str("-----BEGIN X-----\n"
					       "-----END X-----\n"),
				     "none", err));
	assert_status(DEED_MALFORMED,
		      cert_list_load(&l, slice_str("hello"), "text", err));
	cert_list_clear(&l);
	cert_list_clear(&again);
	buf_clear(&file);
}

/* What it is trusted for stands behind it, which is passed over. */
static void test_trusted(void **state)
{
	static const uint8_t aux[] = { DER_SEQUENCE, 2, DER_SEQUENCE, 0 };
	struct cert_list l = CERT_LIST_INIT;
	struct buf der = BUF_INIT, file = BUF_INIT;
	struct cert *c = cert("p256.der");

	(void)state;
	load("p256.der", &der);
	buf_append(&der, aux, sizeof(aux));
	pem_encode(&file, "TRUSTED CERTIFICATE", buf_get(&der));
	assert_ok(cert_list_load(&l, buf_get(&file), "trusted", err));
	assert_int_equal(l.count, 1);
	assert_true(cert_equal(l.items[0], c));
	buf_reset(&file);
	pem_encode(&file, "CERTIFICATE", buf_get(&der));
	assert_status(DEED_MALFORMED,
		      cert_list_load(&l, buf_get(&file), "longer", err));
	cert_list_clear(&l);
	cert_free(c);
	buf_clear(&der);
	buf_clear(&file);
}

static void name(struct buf *b, const struct x509_attribute *attrs,
		 size_t count)
{
	struct der_writer w;

	buf_reset(b);
	der_writer_init(&w, b);
	x509_name_write(&w, attrs, count);
	assert_ok(der_writer_status(&w, err));
}

static void test_names(void **state)
{
	static const struct x509_attribute one[] = {
		{ OID_COUNTRY, "CN" },
		{ OID_ORGANISATION, "Acme,  Inc" },
		{ OID_SURNAME, "" },
		{ OID_GIVEN_NAME, NULL },
	};
	static const struct x509_attribute two[] = {
		{ OID_COUNTRY, "cn" },
		{ OID_ORGANISATION, " ACME, inc " },
		{ OID_COMMON_NAME, "#x" },
	};
	struct buf a = BUF_INIT, b = BUF_INIT, text = BUF_INIT;

	(void)state;
	name(&a, one, 4);
	name(&b, two, 2);
	assert_true(x509_name_valid(buf_get(&a)));
	assert_true(x509_name_equal(buf_get(&a), buf_get(&b)));
	name(&b, two, 3);
	assert_false(x509_name_equal(buf_get(&a), buf_get(&b)));
	assert_true(x509_name_within(buf_get(&b), buf_get(&a)));
	assert_false(x509_name_within(buf_get(&a), buf_get(&b)));
	x509_name_text(buf_get(&b), &text);
	assert_true(slice_equal_str(buf_get(&text),
				    "CN=\\#x,O=\\ ACME\\, inc\\ ,C=cn"));
	buf_reset(&text);
	x509_name_display(buf_get(&a), &text);
	assert_true(slice_equal_str(buf_get(&text), "Acme,  Inc"));
	assert_false(x509_name_valid(slice_of("\x30\x02\x31\x00", 4)));
	assert_false(x509_name_valid(slice_of("\x31\x00", 2)));
	assert_true(x509_name_valid(slice_of("\x30\x00", 2)));
	buf_clear(&a);
	buf_clear(&b);
	buf_clear(&text);
}

/* A certificate of p256.der's names and key, with another notBefore (the
 * whole element) and other extensions (their list) in hexadecimal. */
static void build(const char *not_before, const char *extensions,
		  struct buf *out)
{
	struct cert *from = cert("p256.der");
	const struct cert_fields *f = cert_fields(from);
	struct buf time = BUF_INIT, list = BUF_INIT;
	struct der_writer w;

	assert_true(hex_decode(slice_str(not_before), &time));
	assert_true(hex_decode(slice_str(extensions), &list));
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_CONTEXT_CONS(0));
	der_put_uint64(&w, 2);
	der_end(&w);
	der_put_integer(&w, f->serial);
	der_put_raw(&w, f->signature_algorithm);
	der_put_raw(&w, f->issuer);
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, buf_get(&time));
	der_put_time(&w, 2000000000);
	der_end(&w);
	der_put_raw(&w, f->subject);
	der_put_raw(&w, f->spki);
	der_begin(&w, DER_CONTEXT_CONS(3));
	der_put(&w, DER_SEQUENCE, buf_get(&list));
	der_end(&w);
	der_end(&w);
	der_put_raw(&w, f->signature_algorithm);
	der_put_bits(&w, f->signature);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	buf_clear(&time);
	buf_clear(&list);
	cert_free(from);
}

#define GOOD_TIME "170d3235303130313030303030305a" /* 250101000000Z */
#define KEY_ID "300b0603551d0e040404020102"	   /* 01 02 */
#define KEY_USAGE "300e0603551d0f0101ff0404030206c0"

/* What is wrong is said, and whose it is can still be read. */
static void test_malformed(void **state)
{
	static const struct {
		const char *time, *extensions;
		const char *says; /* NULL: it is good */
	} cases[] = {
		{ GOOD_TIME, KEY_USAGE KEY_ID, NULL },
		/* 250101000000+0100, 2501010000Z, 250101000000 */
		{ "17113235303130313030303030302b30313030", KEY_ID,
		  "notBefore has a UTC offset: expected Z" },
		{ "170b323530313031303030305a", KEY_ID,
		  "notBefore has no seconds" },
		{ "170c323530313031303030303030", KEY_ID,
		  "notBefore does not end in Z" },
		/* 20250101000000.5Z, 20250101000000-0100, 251301000000Z */
		{ "181132303235303130313030303030302e355a", KEY_ID,
		  "notBefore has a fraction of a second" },
		{ "181332303235303130313030303030302d30313030", KEY_ID,
		  "notBefore has a UTC offset: expected Z" },
		{ "170d3235313330313030303030305a", KEY_ID,
		  "notBefore is no time that there is" },
		{ "0500", KEY_ID, "notBefore is no time" },
		{ "1700", KEY_ID, "notBefore does not end in Z" },
		{ GOOD_TIME, KEY_ID KEY_USAGE KEY_ID,
		  "subjectKeyIdentifier (2.5.29.14) is there twice" },
		{ GOOD_TIME, KEY_ID "300806022a0304020500300806022a0304020500",
		  "the extension 1.2.3 is there twice" },
		{ GOOD_TIME, "300e0603551d0f0101010404030206c0" KEY_ID,
		  "keyUsage (2.5.29.15) says neither FF nor 00" },
		{ GOOD_TIME, "30090603551d0f04020500" KEY_ID,
		  "keyUsage (2.5.29.15) cannot be read" },
		{ GOOD_TIME, "30050603551d0f" KEY_ID,
		  "keyUsage (2.5.29.15) has no value" },
		{ GOOD_TIME, KEY_ID "3000", "an extension has no name" },
	};
	static const uint8_t key_id[] = { 1, 2 };
	struct cert *from = cert("p256.der");
	struct deed_error why;
	enum deed_status status;
	struct buf b = BUF_INIT;
	struct cert_peek p;
	struct cert *c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		build(cases[i].time, cases[i].extensions, &b);
		why = (struct deed_error)DEED_ERROR_INIT;
		status = cert_parse(buf_get(&b), &c, &why);
		cert_free(c);
		if (cases[i].says == NULL
			    ? status != DEED_OK
			    : status != DEED_MALFORMED ||
				      strstr(why.message, cases[i].says) ==
					      NULL)
			fail_msg("case %zu: %s: %s", i, deed_status_id(status),
				 why.message);
		assert_true(cert_peek(buf_get(&b), &p));
		assert_true(slice_equal(p.serial, cert_fields(from)->serial));
		assert_true(slice_equal(p.issuer, cert_fields(from)->issuer));
		assert_true(slice_equal(p.subject_key_id,
					slice_of(key_id, sizeof(key_id))));
	}
	/* Cut anywhere, nothing is said of it. */
	for (i = 0; i < b.len; i++)
		assert_false(cert_peek(slice_of(b.data, i), &p));
	cert_free(from);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verifies),
		cmocka_unit_test(test_unknown_algorithms),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_each_changed_octet),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_trusted),
		cmocka_unit_test(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
