/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/cades.h"

#include <unistd.h>

#include "judge/house.h"

static void test_cades(void **state)
{
	struct cades_params params;
	struct verdict_document *doc;
	struct buf out = BUF_INIT;
	char path[] = "/tmp/deed-test-XXXXXX";
	enum digest_alg alg;
	struct house h;
	int fd;

	(void)state;
	open_house(&h);
	params = (struct cades_params){ .key = h.key,
					.chain = h.chain,
					.chain_len = 2,
					.signing_time = h.params.at };
	assert_ok(cades_digest(&params, &alg, err));
	assert_int_equal(alg, DIGEST_SHA256);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_ok(file_write_fd(fd, path, hello, strlen(hello), err));
	assert_ok(cades_sign_fd(&params, fd, path, &out, err));
	doc = judge(&h, buf_get(&out), hello, JUDGE_DETACHED, JUDGE_CADES);
	assert_int_equal(doc->signatures[0].level, LEVEL_B_B);
	assert_int_equal(doc->signatures[0].signing_time, h.params.at);
	expect_one(doc, TOTAL_PASSED, SUB_NONE, INTACT);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink(path), 0);
	buf_clear(&out);
	close_house(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cades),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
