/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "key/cert.h"

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
	assert_int_equal(pubkey_point(pk).len, 65);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verifies),
		cmocka_unit_test(test_unknown_algorithms),
		cmocka_unit_test(test_each_changed_octet),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
