/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "ca/est.h"

/* The corpus of fuzz_est, made by openssl crl2pkcs7. */
static enum deed_status read_file(const char *name, struct cert_list *out,
				  struct deed_error *why)
{
	struct buf body = BUF_INIT;
	char path[4096];
	enum deed_status s;

	(void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/est/%s",
		       getenv("top_srcdir") != NULL ? getenv("top_srcdir")
						    : ".",
		       name);
	assert_ok(file_read(path, 65536, &body, err));
	s = est_read(buf_get(&body), out, why);
	buf_clear(&body);
	return s;
}

static void test_good(void **state)
{
	static const struct {
		const char *file;
		size_t count;
	} cases[] = {
		{ "lines.b64", 1 },
		{ "line.b64", 1 },
		{ "crlf.b64", 2 },
		{ "two.der", 2 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cert_list list = CERT_LIST_INIT;

		assert_ok(read_file(cases[i].file, &list, err));
		assert_int_equal(list.count, cases[i].count);
		cert_list_clear(&list);
	}
}

static void test_bad(void **state)
{
	static const char *const files[] = { "cut.b64", "cut.der", "page.html",
					     "signed.der" };
	struct cert_list list = CERT_LIST_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		assert_status(DEED_MALFORMED, read_file(files[i], &list, err));
	assert_status(DEED_MALFORMED, est_read(SLICE_NONE, &list, err));
	assert_int_equal(list.count, 0);
	cert_list_clear(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
