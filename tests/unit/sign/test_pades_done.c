/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_priv.h"
#include "signer.h"

static bool done(const struct buf *before, const struct buf *after,
		 const struct pades_params *params, const char *key)
{
	struct pades_params parsed = *params;
	struct file in, out;
	struct who who;
	bool yes = false;

	file_of(&in, before);
	file_of(&out, after);
	who_open(&who, key);
	parsed.parser = the_parser();
	assert_ok(pades_done(in.in, out.in, out.fd, &parsed, who.cert, &yes,
			     err));
	who_close(&who);
	file_end(&in);
	file_end(&out);
	return yes;
}

static enum deed_status earlier(const struct buf *b, struct deed_error *err)
{
	const struct despite despite = { NULL, 0, NULL };
	struct despite_told told = { "", "" };
	struct pdf_survey survey;
	enum deed_status status;
	struct file f;

	file_of(&f, b);
	status = pdf_survey_make(f.in, &survey, err);
	if (status == DEED_OK)
		status =
			pades_earlier(f.in, &survey, NOW, &despite, &told, err);
	pdf_survey_clear(&survey);
	file_end(&f);
	return status;
}

static void signed_once(const struct buf *in, const char *key,
			const struct pades_params *params, struct buf *out)
{
	struct pades_result r;

	memset(out, 0, sizeof(*out));
	assert_ok(sign(in, key, params, out, &r, err));
	pades_result_clear(&r);
}

static void already(void **state)
{
	const struct pades_params base = {
		.name = "A", .reason = "B", .location = "C", .time = NOW
	};
	struct pades_params other = base;
	struct buf in = BUF_INIT, one, two, copy = BUF_INIT;

	(void)state;
	read_data("pdf/pdftex.pdf", &in);
	signed_once(&in, "p256", &base, &one);
	signed_once(&one, "p256", &base, &two);
	assert_true(done(&in, &one, &base, "p256"));
	assert_true(done(&one, &two, &base, "p256"));
	/* At another time it is the same all the same. */
	other.time = NOW + 86400;
	assert_true(done(&in, &one, &other, "p256"));

	assert_false(done(&in, &two, &base, "p256"));
	assert_false(done(&in, &in, &base, "p256"));
	assert_false(done(&one, &in, &base, "p256"));
	assert_false(done(&in, &one, &base, "rsa"));
	other.reason = NULL;
	assert_false(done(&in, &one, &other, "p256"));
	other = base;
	other.location = "D";
	assert_false(done(&in, &one, &other, "p256"));
	other = base;
	other.name = "";
	assert_false(done(&in, &one, &other, "p256"));
	other = base;
	other.field = "Other";
	assert_false(done(&in, &one, &other, "p256"));
	other.field = "Signature1";
	assert_true(done(&in, &one, &other, "p256"));

	/* A changed byte, in the old part and in the new one. */
	buf_slice(&copy, buf_get(&one));
	copy.data[100] ^= 1;
	assert_false(done(&in, &copy, &base, "p256"));
	copy.data[100] ^= 1;
	copy.data[in.len + 20] ^= 1;
	assert_false(done(&in, &copy, &base, "p256"));
	copy.data[in.len + 20] ^= 1;
	assert_true(done(&in, &copy, &base, "p256"));
	buf_byte(&copy, 'x');
	assert_false(done(&in, &copy, &base, "p256"));
	buf_clear(&copy);
	buf_clear(&one);
	buf_clear(&two);
	buf_clear(&in);
}

static void failed_before(void **state)
{
	struct pades_params params = { .time = NOW };
	struct buf in = BUF_INIT, one, two;

	(void)state;
	read_data("pdf/groff.pdf", &in);
	assert_ok(earlier(&in, err));
	signed_once(&in, "p256", &params, &one);
	assert_ok(earlier(&one, err));
	signed_once(&one, "rsa", &params, &two);
	assert_ok(earlier(&two, err));
	/* The second line of the header is a comment. */
	one.data[11] ^= 1;
	assert_status(DEED_ALREADY_FAILED, earlier(&one, err));
	two.data[11] ^= 1;
	assert_status(DEED_ALREADY_FAILED, earlier(&two, err));
	buf_clear(&one);
	buf_clear(&two);
	buf_clear(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(already),
		cmocka_unit_test(failed_before),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
