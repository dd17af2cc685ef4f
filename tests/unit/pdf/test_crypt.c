/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/crypt.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "crypto/cipher.h"
#include "pdf/update.h"
#include "test.h"

/* Documents that qpdf encrypted, with "user" and "owner". */
static const char *const files[] = { "r2.pdf", "r3.pdf", "r4.pdf", "r5.pdf",
				     "r6.pdf" };
#define FILES (sizeof(files) / sizeof(files[0]))

static void load(const char *name, struct buf *out)
{
	const char *top = getenv("top_srcdir");
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/data/encrypted/%s",
		 top == NULL ? "." : top, name);
	assert_ok(file_read(path, 1 << 20, out, err));
}

static struct secret *word(const char *text)
{
	struct secret *s;

	assert_ok(secret_copy(text, strlen(text), &s, err));
	return s;
}

/* Open bytes with a password, or NULL. */
static enum deed_status open_with(struct slice bytes, const char *password,
				  struct pdf_input **in,
				  struct pdf_document **doc)
{
	struct secret *s = password == NULL ? NULL : word(password);
	enum deed_status status;

	assert_ok(pdf_input_from_memory(bytes, "sample", in, err));
	pdf_input_set_password(*in, s);
	status = pdf_open(*in, doc, NULL);
	pdf_input_set_password(*in, NULL);
	secret_free(s);
	return status;
}

static enum deed_status try(struct slice bytes, const char *password)
{
	struct pdf_document *doc;
	struct pdf_input *in;
	enum deed_status status = open_with(bytes, password, &in, &doc);

	pdf_close(doc);
	pdf_input_close(in);
	return status;
}

static void expect_text(struct pdf_document *doc, const char *key,
			const char *text)
{
	const struct pdf_object *info, *value;

	assert_ok(pdf_dict_resolve(doc, pdf_trailer(doc), "Info", &info, err));
	assert_ok(pdf_dict_resolve(doc, info, key, &value, err));
	assert_true(pdf_is(value, PDF_STRING));
	assert_int_equal(value->u.text.len, strlen(text));
	assert_memory_equal(value->u.text.data, text, strlen(text));
}

static void expect_stream(struct pdf_document *doc,
			  const struct pdf_object *holder, const char *key,
			  const char *text)
{
	const struct pdf_object *stream;
	struct buf b = BUF_INIT;

	assert_ok(pdf_dict_resolve(doc, holder, key, &stream, err));
	assert_ok(pdf_stream_decode(doc, stream, 4096, &b, err));
	buf_byte(&b, '\0');
	assert_non_null(strstr((char *)b.data, text));
	buf_clear(&b);
}

static void expect_content(struct pdf_document *doc)
{
	const struct pdf_object *catalog;
	struct pdf_page page;

	expect_text(doc, "Title", "A secret title");
	expect_text(doc, "Empty", "");
	assert_ok(pdf_page_get(doc, 0, &page, err));
	expect_stream(doc, page.dict, "Contents", "(Signed, sealed) Tj");
	assert_ok(pdf_catalog(doc, &catalog, err));
	expect_stream(doc, catalog, "Metadata", "<x:xmp/>");
}

static void test_passwords(void **state)
{
	static const char *const right[] = { "user", "owner" };
	struct pdf_document *doc;
	struct pdf_input *in;
	size_t i, k;

	(void)state;
	for (i = 0; i < FILES; i++) {
		struct buf b = BUF_INIT;

		load(files[i], &b);
		for (k = 0; k < 2; k++) {
			assert_int_equal(
				open_with(buf_get(&b), right[k], &in, &doc),
				DEED_OK);
			assert_int_equal(pdf_encryption(doc)->owner, k == 1);
			assert_int_equal(pdf_encryption(doc)->revision,
					 (int)i + 2);
			assert_true(pdf_encryption_may_sign(doc));
			expect_content(doc);
			pdf_close(doc);
			pdf_input_close(in);
		}
		assert_int_equal(try(buf_get(&b), NULL), DEED_NO_PASSPHRASE);
		assert_int_equal(try(buf_get(&b), "User"),
				 DEED_WRONG_PASSPHRASE);
		assert_int_equal(try(buf_get(&b), "user "),
				 DEED_WRONG_PASSPHRASE);
		buf_clear(&b);
	}
}

/* What an update writes is read again, and is not there in the clear. */
static void test_update(void **state)
{
	static const uint8_t id[16] = "0123456789abcde";
	struct pdf_document *doc, *after;
	struct pdf_input *in, *again;
	struct pdf_update *u;
	size_t i;

	(void)state;
	for (i = 0; i < FILES; i++) {
		struct buf b = BUF_INIT;
		struct pdf_object *info, *list, *sig;
		struct pdf_arena *a;
		struct pdf_ref ref;

		load(files[i], &b);
		assert_int_equal(open_with(buf_get(&b), "user", &in, &doc),
				 DEED_OK);
		assert_true(pdf_get_ref(pdf_dict_get(pdf_trailer(doc), "Info"),
					&ref));
		assert_ok(pdf_update_new(doc, &u, err));
		a = pdf_update_arena(u);
		info = pdf_new_dict(a);
		list = pdf_new_array(a);
		sig = pdf_new_dict(a);
		assert_true(
			pdf_dict_put(a, info, "Title",
				     pdf_new_text(a, "Another title")) &&
			pdf_array_add(
				a, list,
				pdf_new_string(a, slice_str("in a list"))) &&
			pdf_dict_put(a, info, "List", list) &&
			pdf_dict_put(a, sig, "ByteRange", pdf_new_array(a)) &&
			pdf_dict_put(a, sig, "Contents",
				     pdf_new_string(a, slice_str("plain"))) &&
			pdf_dict_put(a, info, "Sig", sig) &&
			pdf_dict_put(
				a, info, "Stream",
				pdf_new_ref(
					a,
					pdf_update_add(
						u,
						pdf_new_stream(
							a, slice_str("streame"
								     "d"))))));
		pdf_update_put(u, ref, info);
		assert_ok(pdf_update_finish(u, id, &b, err));
		pdf_update_free(u);
		pdf_close(doc);
		pdf_input_close(in);
		assert_null(memmem(b.data, b.len, "Another", 7));
		assert_null(memmem(b.data, b.len, "in a list", 9));
		assert_null(memmem(b.data, b.len, "streamed", 8));
		assert_non_null(memmem(b.data, b.len, "(plain)", 7));
		assert_int_equal(
			open_with(buf_get(&b), "owner", &again, &after),
			DEED_OK);
		expect_text(after, "Title", "Another title");
		{
			const struct pdf_object *o, *p;

			assert_ok(pdf_get_object(after, ref, &o, err));
			p = pdf_array_get(pdf_dict_get(o, "List"), 0);
			assert_true(slice_equal_str(pdf_get_string(p),
						    "in a list"));
			p = pdf_dict_get(pdf_dict_get(o, "Sig"), "Contents");
			assert_true(
				slice_equal_str(pdf_get_string(p), "plain"));
			expect_stream(after, o, "Stream", "streamed");
		}
		pdf_close(after);
		pdf_input_close(again);
		buf_clear(&b);
	}
}

/* Encryption dictionaries of somebody who wishes us ill: each is the sample
 * with a few bytes changed, of the same number. */
static const struct {
	int file;
	const char *from, *to;
	enum deed_status status;
} bent[] = {
	{ 4, "/Filter /Standard", "/Filter /Stendhal", DEED_UNSUPPORTED },
	{ 4, "/Filter /Standard", "/Filtre /Standard", DEED_UNSUPPORTED },
	{ 4, "/Filter /Standard", "/Filter (tandard)", DEED_UNSUPPORTED },
	{ 0, "/V 1", "/V 3", DEED_UNSUPPORTED },
	{ 0, "/V 1", "/V 0", DEED_UNSUPPORTED },
	{ 0, "/V 1", "/V 6", DEED_UNSUPPORTED },
	{ 0, "/V 1", "/V()", DEED_MALFORMED },
	{ 0, "/V 1", "/V 5", DEED_UNSUPPORTED },
	{ 0, "/V 1", "/V 4", DEED_UNSUPPORTED },
	{ 0, "/R 2", "/R 9", DEED_UNSUPPORTED },
	{ 0, "/R 2", "/R()", DEED_MALFORMED },
	{ 0, "/R 2", "/R 6", DEED_UNSUPPORTED },
	{ 1, "/V 2", "/V 5", DEED_UNSUPPORTED },
	{ 1, "/R 3", "/R 2", DEED_WRONG_PASSPHRASE },
	{ 1, "/Length 128 /O", "/Length 129 /O", DEED_MALFORMED },
	{ 1, "/Length 128 /O", "/Length 256 /O", DEED_MALFORMED },
	{ 1, "/Length 128 /O", "/Length -40 /O", DEED_MALFORMED },
	{ 1, "/Length 128 /O", "/Length 000 /O", DEED_MALFORMED },
	{ 1, "/Length 128 /O", "/Length  40 /O", DEED_WRONG_PASSPHRASE },
	{ 1, "/Length 128 /O", "/Length () /O ", DEED_MALFORMED },
	{ 1, "/P -4", "/P -8", DEED_WRONG_PASSPHRASE },
	{ 1, "/P -4", "/P ()", DEED_MALFORMED },
	{ 1, "/P -4", "/Q -4", DEED_MALFORMED },
	{ 1, "/O <0b", "/O <0c", DEED_WRONG_PASSPHRASE },
	{ 1, "/O <", "/o <", DEED_MALFORMED },
	{ 1, "/U <", "/u <", DEED_MALFORMED },
	{ 1, "/ID [<31", "/ID [<32", DEED_WRONG_PASSPHRASE },
	{ 1, "/ID [<", "/Id [<", DEED_WRONG_PASSPHRASE },
	{ 2, "/EncryptMetadata false", "/EncryptMetadata true ",
	  DEED_WRONG_PASSPHRASE },
	{ 2, "/EncryptMetadata false", "/EncryptMetadata 12345",
	  DEED_MALFORMED },
	{ 2, "/StmF /StdCF", "/StmF /NoSuc", DEED_MALFORMED },
	{ 2, "/StrF /StdCF", "/StrF (tdCF)", DEED_MALFORMED },
	{ 2, "/CFM /AESV2", "/CFM /AESV3", DEED_UNSUPPORTED },
	{ 2, "/CFM /AESV2", "/CFM /ROT13", DEED_UNSUPPORTED },
	{ 2, "/CFM /AESV2", "/CFM (ESV2)", DEED_UNSUPPORTED },
	{ 2, "/CF <<", "/Cf <<", DEED_MALFORMED },
	{ 4, "/CFM /AESV3", "/CFM /AESV2", DEED_UNSUPPORTED },
	{ 4, "/P -4", "/P -8", DEED_MALFORMED },
	{ 4, "/Perms <", "/Sperm <", DEED_MALFORMED },
	{ 4, "/OE <", "/Oe <", DEED_MALFORMED },
	{ 4, "/UE <", "/Ue <", DEED_MALFORMED },
	{ 3, "/R 5", "/R 6", DEED_WRONG_PASSPHRASE },
	{ 4, "/R 6", "/R 5", DEED_WRONG_PASSPHRASE },
	{ 4, "/R 6", "/R 7", DEED_UNSUPPORTED },
	{ 4, "/V 5", "/V 4", DEED_UNSUPPORTED },
	{ 0, "/Encrypt 7 0 R", "/Encrypt 6 0 R", DEED_MALFORMED },
	{ 0, "/Encrypt 7 0 R", "/Encrypt 1 0 R", DEED_UNSUPPORTED },
	{ 0, "/Encrypt 7 0 R", "/Encrypt 9 0 R", DEED_MALFORMED },
	/* Null is "not there": garbled, but not encrypted. */
	{ 0, "/Encrypt 7 0 R", "/Encrypt null ", DEED_OK },
	{ 0, "/Encrypt 7 0 R", "/Encrypt [0 0]", DEED_MALFORMED },
	{ 0, "/Encrypt 7 0 R", "/Encrypt <<>> ", DEED_UNSUPPORTED },
};

static void test_bent(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bent) / sizeof(bent[0]); i++) {
		struct buf b = BUF_INIT;
		enum deed_status status;
		uint8_t *at;

		load(files[bent[i].file], &b);
		assert_int_equal(strlen(bent[i].from), strlen(bent[i].to));
		at = memmem(b.data, b.len, bent[i].from, strlen(bent[i].from));
		assert_non_null(at);
		memcpy(at, bent[i].to, strlen(bent[i].to));
		status = try(buf_get(&b), "user");
		if (status != bent[i].status)
			fail_msg("%s for %s in %s: status %d, expected %d",
				 bent[i].to, bent[i].from, files[bent[i].file],
				 status, bent[i].status);
		buf_clear(&b);
	}
}

/* A later revision that is not encrypted, or otherwise. */
static void test_revisions(void **state)
{
	static const char *const trailers[] = {
		"/Root 1 0 R/Info 2 0 R",
		"/Root 1 0 R/Encrypt 1 0 R",
		"/Root 1 0 R/Encrypt<</Filter/Standard/V 1/R 2>>",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(trailers) / sizeof(trailers[0]); i++) {
		struct buf b = BUF_INIT;
		size_t table;
		const uint8_t *old;

		load("r3.pdf", &b);
		buf_byte(&b, '\0');
		b.len--;
		old = memmem(b.data, b.len, "startxref\n", 10);
		assert_non_null(old);
		table = b.len;
		{
			long prev = strtol((const char *)old + 10, NULL, 10);

			buf_printf(&b,
				   "xref\n0 0\ntrailer\n<</Size 8/Prev "
				   "%ld%s>>\nstartxref\n%zu\n%%%%EOF\n",
				   prev, trailers[i], table);
		}
		assert_int_equal(try(buf_get(&b), "user"), DEED_MALFORMED);
		buf_clear(&b);
	}
}

/* RFC 6229, NIST SP 800-38A F.2. */
static void test_ciphers(void **state)
{
	static const uint8_t key40[] = { 1, 2, 3, 4, 5 };
	static const uint8_t stream[] = { 0xb2, 0x39, 0x63, 0x05,
					  0xf0, 0x3d, 0xc0, 0x27 };
	static const uint8_t key[16] = { 0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae,
					 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88,
					 0x09, 0xcf, 0x4f, 0x3c };
	static const uint8_t iv[16] = { 0, 1, 2,  3,  4,  5,  6,  7,
					8, 9, 10, 11, 12, 13, 14, 15 };
	static const uint8_t plain[16] = { 0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40,
					   0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11,
					   0x73, 0x93, 0x17, 0x2a };
	static const uint8_t cipher[16] = { 0x76, 0x49, 0xab, 0xac, 0x81, 0x19,
					    0xb2, 0x46, 0xce, 0xe9, 0x8e, 0x9b,
					    0x12, 0xe9, 0x19, 0x7d };
	uint8_t out[16] = { 0 };

	(void)state;
	rc4(slice_of(key40, 5), slice_of(out, 8), out);
	assert_memory_equal(out, stream, 8);
	aes_cbc_encrypt(slice_of(key, 16), iv, slice_of(plain, 16), out);
	assert_memory_equal(out, cipher, 16);
	aes_cbc_decrypt(slice_of(key, 16), iv, slice_of(out, 16), out);
	assert_memory_equal(out, plain, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ciphers),
		cmocka_unit_test(test_passwords),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_bent),
		cmocka_unit_test(test_revisions),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
