/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki_data.h"

#include "cms/signed.h"
#include "cms/wrapping.h"
#include "codec/base64.h"

#define HEAD                                        \
	"Content-Type: multipart/signed; protocol=" \
	"\"application/pkcs7-signature\"; boundary=\"B\"\n"
#define SIGNATURE                                       \
	"Content-Type: application/x-pkcs7-signature\n" \
	"Content-Transfer-Encoding: base64\n\n"
#define OPAQUE "Content-Type: application/pkcs7-mime\n"

/* The stored signature, and its base64 on one line. */
static struct buf der, text;

static int begin(void **state)
{
	(void)state;
	der = text = (struct buf)BUF_INIT;
	pki_data("p256.p7s", &der);
	base64_encode(buf_get(&der), &text);
	return 0;
}

static int end(void **state)
{
	(void)state;
	buf_clear(&der);
	buf_clear(&text);
	return 0;
}

/* Each '@' stands for the base64, each '#' for the DER. */
static void fill(struct slice form, struct buf *out)
{
	size_t i;

	buf_reset(out);
	for (i = 0; i < form.len; i++) {
		if (form.data[i] == '@')
			buf_slice(out, buf_get(&text));
		else if (form.data[i] == '#')
			buf_slice(out, buf_get(&der));
		else
			buf_byte(out, form.data[i]);
	}
}

static void expect(struct slice form, enum deed_status wanted,
		   const char *content)
{
	struct cms_wrapping w = CMS_WRAPPING_INIT;
	struct deed_error error = DEED_ERROR_INIT;
	struct buf in = BUF_INIT;
	enum deed_status status;

	fill(form, &in);
	status = cms_unwrap(buf_get(&in), &w, &error);
	if (status != wanted)
		fail_msg("%.*s: expected %s, got %s: %s", (int)form.len,
			 (const char *)form.data, deed_status_id(wanted),
			 deed_status_id(status), error.message);
	if (status == DEED_OK) {
		assert_true(w.cms.len >= der.len);
		assert_memory_equal(w.cms.data, der.data, der.len);
		assert_int_equal(w.has_content, content != NULL);
		if (content != NULL && !slice_equal_str(w.content, content))
			fail_msg("expected '%s', got '%.*s'", content,
				 (int)w.content.len,
				 (const char *)w.content.data);
		assert_true(cms_begins_signed(w.cms));
		assert_true(cms_wrapping_likely(buf_get(&in)));
	}
	cms_wrapping_clear(&w);
	buf_clear(&in);
}

static void test_single(void **state)
{
	static const char *const good[] = {
		"#",
		"#\n",
		"@",
		"@\n",
		"\xef\xbb\xbf@",
		"\r\n \t@\r\n",
		"-----BEGIN CMS-----\n@\n-----END CMS-----\n",
		"-----BEGIN PKCS7-----\n@\n-----END PKCS7-----\nmore\n",
		"From: a\nTo: b\n-----BEGIN CMS-----\n@\n-----END CMS-----\n",
		"Subject: a\n\n-----BEGIN CMS-----\n@\n-----END CMS-----\n",
		OPAQUE "Content-Transfer-Encoding: base64\n\n@\n",
		OPAQUE "Content-Transfer-Encoding: BASE64 \r\n\r\n@\r\n",
		OPAQUE "\n@",
		OPAQUE "Content-Transfer-Encoding: binary\n\n#",
		"MIME-Version: 1.0\ncontent-TYPE:\n application/X-PKCS7-mime;\n"
		"\tsmime-type=signed-data; name=\"a.p7m\"\n"
		"Content-Transfer-Encoding: base64\nFrom: a\n\n@\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		expect(slice_str(good[i]), DEED_OK, NULL);
}

static void test_single_bad(void **state)
{
	static const struct {
		const char *form;
		enum deed_status wanted;
	} bad[] = {
		{ "@@", DEED_MALFORMED },
		{ "@\n-", DEED_MALFORMED },
		{ "@=", DEED_MALFORMED },
		{ "@\n\nmore", DEED_MALFORMED },
		{ "MIIBCgKCAQEA!", DEED_UNSUPPORTED },
		{ "MIIBCgKCAQEAaaaaaaaa!", DEED_MALFORMED },
		{ "MIIBCgKCAQEAaaaaa", DEED_MALFORMED },
		{ "MIIB", DEED_UNSUPPORTED },
		{ "xMIIBCgKCAQEAaaaaaaaa", DEED_UNSUPPORTED },
		/* Text that is base64 and no SEQUENCE. */
		{ "MzMzMzMzMzMzMzMzMzMz", DEED_MALFORMED },
		{ "", DEED_UNSUPPORTED },
		{ "\n", DEED_UNSUPPORTED },
		{ "Dear: Sir\n\nI write to you.\n", DEED_UNSUPPORTED },
		{ "Content-Type: text/plain\n\n@\n", DEED_UNSUPPORTED },
		{ "-----BEGIN CMS-----\n@\n", DEED_MALFORMED },
		{ "-----BEGIN PGP-----\n@\n-----END PGP-----\n",
		  DEED_UNSUPPORTED },
		{ OPAQUE, DEED_MALFORMED },
		{ OPAQUE "\n", DEED_MALFORMED },
		{ OPAQUE "\n@\n.\n", DEED_MALFORMED },
		{ OPAQUE "Content-Transfer-Encoding: quoted-printable\n\n@",
		  DEED_UNSUPPORTED },
		{ OPAQUE "Content-Transfer-Encoding: base64\n\n#",
		  DEED_MALFORMED },
		{ OPAQUE "Content-Type: text/plain\n\n@", DEED_MALFORMED },
		{ OPAQUE "Content-Transfer-Encoding: base64\n"
			 "Content-Transfer-Encoding: 7bit\n\n@",
		  DEED_MALFORMED },
		{ OPAQUE "Subject: a\rContent-Type: text/plain\n\n@",
		  DEED_MALFORMED },
		{ OPAQUE "no field\n\n@", DEED_UNSUPPORTED },
		{ OPAQUE "\n" OPAQUE "\n@", DEED_MALFORMED },
		{ OPAQUE "\n-----BEGIN CMS-----\n@\n-----END CMS-----\n",
		  DEED_MALFORMED },
	};
	struct buf twice = BUF_INIT, once = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect(slice_str(bad[i].form), bad[i].wanted, NULL);
	/* A zero byte, in the head and in base64. */
	expect(slice_of(OPAQUE "a: \0\n\n@", sizeof(OPAQUE) + 7),
	       DEED_MALFORMED, NULL);
	expect(slice_of("@\n\0", 3), DEED_MALFORMED, NULL);
	/* Two layers of base64. */
	base64_encode(buf_get(&text), &once);
	expect(buf_get(&once), DEED_UNSUPPORTED, NULL);
	buf_reset(&once);
	buf_append(&once, "\x30\x03\x02\x01\x00", 5);
	base64_encode(buf_get(&once), &twice);
	expect(buf_get(&twice), DEED_UNSUPPORTED, NULL);
	buf_clear(&once);
	buf_clear(&twice);
}

/* Padding may be left out, a digit may not. */
static void test_padding(void **state)
{
	struct buf bytes = BUF_INIT, coded = BUF_INIT;
	struct cms_wrapping w;
	size_t extra, cut;

	(void)state;
	for (extra = 0; extra < 3; extra++) {
		buf_reset(&bytes);
		buf_reset(&coded);
		buf_slice(&bytes, buf_get(&der));
		buf_fill(&bytes, 0, extra);
		base64_encode(buf_get(&bytes), &coded);
		while (coded.data[coded.len - 1] == '=')
			coded.len--;
		w = (struct cms_wrapping)CMS_WRAPPING_INIT;
		assert_ok(cms_unwrap(buf_get(&coded), &w, err));
		assert_int_equal(w.cms.len, bytes.len);
		cms_wrapping_clear(&w);
		for (cut = 1; cut < 5; cut++) {
			w = (struct cms_wrapping)CMS_WRAPPING_INIT;
			(void)!cms_unwrap(slice_of(coded.data, coded.len - cut),
					  &w, NULL);
			assert_true(w.cms.len < bytes.len);
			cms_wrapping_clear(&w);
		}
	}
	buf_clear(&bytes);
	buf_clear(&coded);
}

static void test_multipart(void **state)
{
	static const struct {
		const char *form, *content;
	} good[] = {
		{ HEAD "\n--B\nhello\n--B\n" SIGNATURE "@\n--B--\n", "hello" },
		{ HEAD "\n--B\r\nhello\r\n--B\r\n" SIGNATURE "@\n--B--",
		  "hello" },
		{ HEAD "\npreamble\n--B \t\na: b\n\nhello\n\n--B\n" SIGNATURE
		       "@\n\n\n--B--  \n\n",
		  "a: b\r\n\r\nhello\r\n" },
		{ HEAD "\n--B\n\n--B\n" SIGNATURE "@\n--B--\n", "" },
		{ HEAD "\n--B\n--B\n" SIGNATURE "@\n--B--\n", "" },
		{ HEAD "\n--B\na\r\r\nb\rc\n--\n-B\n --B\n--B\n" SIGNATURE
		       "@\n--B--\n",
		  "a\r\r\nb\rc\r\n--\r\n-B\r\n --B" },
		{ HEAD "\n--B\nhello\n--B\n"
		       "Content-Type: application/pkcs7-signature\n"
		       "Content-Transfer-Encoding: binary\n\n#\n--B--\n",
		  "hello" },
		{ "From: me\nContent-Type: Multipart/Signed ; micalg=sha-256;\n"
		  "  boundary=B ;\n\n--B\nhello\n--B\n" SIGNATURE "@\n--B--\n",
		  "hello" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		expect(slice_str(good[i].form), DEED_OK, good[i].content);
}

#define BODY "\n--B\nhello\n--B\n" SIGNATURE "@\n--B--\n"

static void test_multipart_bad(void **state)
{
	static const char *const bad[] = {
		/* The boundary never comes, too early, too often. */
		HEAD,
		HEAD "\n",
		HEAD "\nhello\n",
		HEAD "\n--B\nhello\n",
		HEAD "\n--B\nhello\n--B\n" SIGNATURE "@\n",
		HEAD "\n--B\nhello\n--B\n" SIGNATURE "@\n--C--\n",
		HEAD "\n--B--\n",
		HEAD "\n--B\nhello\n--B--\n",
		HEAD "\n--B\nhello\n--B\nhello\n--B\n" SIGNATURE "@\n--B--\n",
		/* A line that only begins as it. */
		HEAD "\n--B\nhello\n--Bx\n--B\n" SIGNATURE "@\n--B--\n",
		HEAD "\n--Bx\n--B\nhello\n--B\n" SIGNATURE "@\n--B--\n",
		HEAD "\n--B\nhello\n--B\n" SIGNATURE "@\n--B-- x\n",
		/* The first part begins earlier for who ends lines so. */
		HEAD "\na\r--B\rx\n--B\nhello\n--B\n" SIGNATURE "@\n--B--\n",
		/* Its parameters. */
		"Content-Type: multipart/signed\n" BODY,
		"Content-Type: multipart/signed; boundary=\n" BODY,
		"Content-Type: multipart/signed; boundary=\"\"\n" BODY,
		"Content-Type: multipart/signed; boundary=\"B\n" BODY,
		"Content-Type: multipart/signed; boundary=\"B \"\n" BODY,
		"Content-Type: multipart/signed; boundary=\"\\B\"\n" BODY,
		"Content-Type: multipart/signed; boundary=B; boundary=C\n" BODY,
		"Content-Type: multipart/signed; boundary=B; x\n" BODY,
		"Content-Type: multipart/signed; boundary=B (c)\n" BODY,
		"Content-Type: multipart/signed; boundary*=B\n" BODY,
		HEAD HEAD BODY,
		HEAD "Content-Transfer-Encoding: base64\n" BODY,
		/* The second part. */
		HEAD "\n--B\nhello\n--B\n" SIGNATURE "#\n--B--\n",
		HEAD "\n--B\nhello\n--B\n" SIGNATURE "@\n.\n--B--\n",
		HEAD "\n--B\nhello\n--B\n" SIGNATURE "\n--B--\n",
	};
	static const char *const unsupported[] = {
		"Content-Type: multipart/mixed; boundary=B\n" BODY,
		"Content-Type: multipart/signed; boundary=B;"
		" protocol=\"application/pgp-signature\"\n" BODY,
		HEAD "\n--B\nhello\n--B\n\n@\n--B--\n",
		HEAD
		"\n--B\nhello\n--B\nContent-Type: text/plain\n\n@\n--B--\n",
	};
	struct buf form = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect(slice_str(bad[i]), DEED_MALFORMED, NULL);
	for (i = 0; i < sizeof(unsupported) / sizeof(unsupported[0]); i++)
		expect(slice_str(unsupported[i]), DEED_UNSUPPORTED, NULL);
	/* A boundary of 70 characters is the longest. */
	for (i = 70; i < 72; i++) {
		buf_reset(&form);
		buf_str(&form, "Content-Type: multipart/signed; boundary=");
		buf_fill(&form, 'b', i);
		buf_str(&form, "\n\n--");
		buf_fill(&form, 'b', i);
		buf_str(&form, "\nhello\n--");
		buf_fill(&form, 'b', i);
		buf_str(&form, "\n" SIGNATURE "@\n--");
		buf_fill(&form, 'b', i);
		buf_str(&form, "--\n");
		expect(buf_get(&form), i == 70 ? DEED_OK : DEED_MALFORMED,
		       "hello");
	}
	buf_clear(&form);
}

/* A head of many fields, and of one that is long. */
static void test_limits(void **state)
{
	struct buf form = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < 400; i++)
		buf_str(&form, "Received: from here\n");
	buf_str(&form, OPAQUE "\n@");
	expect(buf_get(&form), DEED_OK, NULL);
	buf_reset(&form);
	for (i = 0; i < 600; i++)
		buf_str(&form, "a:\n");
	buf_str(&form, OPAQUE "\n@");
	expect(buf_get(&form), DEED_LIMIT, NULL);
	buf_reset(&form);
	buf_str(&form, "Subject: ");
	buf_fill(&form, 'a', 70000);
	buf_str(&form, "\n" OPAQUE "\n@");
	expect(buf_get(&form), DEED_LIMIT, NULL);
	buf_clear(&form);
}

/* A stored answer; in outlives w. */
static void response(const char *name, struct buf *in, struct cms_wrapping *w)
{
	const char *top = getenv("top_srcdir");
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/tests/data/tsa/%s",
		       top == NULL ? "." : top, name);
	buf_reset(in);
	assert_ok(file_read(path, 1 << 20, in, err));
	*w = (struct cms_wrapping)CMS_WRAPPING_INIT;
	assert_ok(cms_unwrap(buf_get(in), w, err));
}

static void test_responses(void **state)
{
	static const char *const refusals[] = { "reject.tsr", "waiting.tsr",
						"time.tsr",
						"unknown-status.tsr" };
	struct buf in = BUF_INIT;
	struct cms_wrapping w;
	size_t i;

	(void)state;
	response("good.tsr", &in, &w);
	assert_true(w.is_response && !w.refused);
	assert_true(cms_begins_signed(w.cms));
	assert_int_equal(w.rest.len, 0);
	cms_wrapping_clear(&w);
	response("ber.tsr", &in, &w);
	assert_true(w.is_response && cms_begins_signed(w.cms));
	cms_wrapping_clear(&w);
	response("good.tsr", &in, &w);
	cms_wrapping_clear(&w);
	buf_str(&in, "more");
	w = (struct cms_wrapping)CMS_WRAPPING_INIT;
	assert_ok(cms_unwrap(buf_get(&in), &w, err));
	assert_true(w.is_response);
	assert_true(slice_equal_str(w.rest, "more"));
	cms_wrapping_clear(&w);
	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		response(refusals[i], &in, &w);
		assert_true(w.is_response && w.refused);
		assert_null(w.cms.data);
		assert_true(w.said.said.len > 0);
		cms_wrapping_clear(&w);
	}
	response("no-token.tsr", &in, &w);
	assert_true(w.is_response && !w.refused && w.cms.data == NULL);
	cms_wrapping_clear(&w);
	/* Other DER is left to who reads a CMS. */
	response("query.tsq", &in, &w);
	assert_false(w.is_response);
	cms_wrapping_clear(&w);
	buf_clear(&in);
}

static void test_signed(void **state)
{
	static const char *const yes[] = { "#", "@", "#\n", HEAD BODY,
					   OPAQUE "\n@" },
				 *const no[] = { "hello", "", "0",
						 "MIIBCgKCAQEAaaaaaaaa", HEAD };
	struct buf in = BUF_INIT;
	bool is;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		fill(slice_str(yes[i]), &in);
		assert_ok(cms_is_signed(buf_get(&in), &is, err));
		assert_true(is);
		fill(slice_str(no[i]), &in);
		assert_ok(cms_is_signed(buf_get(&in), &is, err));
		assert_false(is);
	}
	/* However its lengths are written; cut off at every place. */
	assert_true(cms_begins_signed(slice_of("\x30\x80\x06\x81\x09\x2a\x86"
					       "\x48\x86\xf7\x0d\x01\x07\x02",
					       14)));
	assert_false(cms_begins_signed(slice_of("\x30\x80\x06\x81\x09\x2a\x86"
						"\x48\x86\xf7\x0d\x01\x07\x03",
						14)));
	for (i = 0; i < 15; i++)
		assert_false(cms_begins_signed(slice_of(der.data, i)));
	assert_false(cms_begins_signed(slice_of("\x30\xff\x06\x81", 4)));
	assert_false(cms_begins_signed(slice_of("\x30\x00\x06\xff", 4)));
	buf_clear(&in);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_single),	  TEST(test_single_bad),
		TEST(test_padding),	  TEST(test_multipart),
		TEST(test_multipart_bad), TEST(test_limits),
		TEST(test_responses),	  TEST(test_signed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
