/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "net/store_judge.h"

#define HELLO_MD5 "5d41402abc4b2a76b9719d911017c592"
#define ERROR(code) "<Error><Code>" code "</Code><Message>m</Message></Error>"

static const struct store_request
	put = { .method = STORE_PUT,
		.key = "k",
		.body = { (const uint8_t *)"hello", 5 } },
	get = { .method = STORE_GET, .key = "k" },
	part = { .method = STORE_GET, .key = "k", .from = 10, .length = 5 },
	first = { .method = STORE_GET, .key = "k", .length = 8 },
	head = { .method = STORE_HEAD, .key = "k" },
	delete = { .method = STORE_DELETE, .key = "k" },
	absent = { .method = STORE_PUT, .key = "k", .if_absent = true },
	list = { .method = STORE_LIST, .key = "" };

static struct store_verdict verdict;
static struct store_answer answer;
static struct deed_error said;

static void judge(enum deed_status expected, const struct store_request *r,
		  const struct store_reply *reply)
{
	const struct store_asked asked = { .endpoint = "https://h",
					   .bucket = "b",
					   .request = r,
					   .now = 1798761600 };
	struct buf items = BUF_INIT;

	said = (struct deed_error)DEED_ERROR_INIT;
	store_answer_clear(&answer);
	assert_status(expected, store_judge(&asked, reply, &answer, &items,
					    &verdict, &said));
	assert_int_equal(said.status, expected);
	if (expected != DEED_OK)
		assert_ptr_equal(strstr(said.message, "'https://h/b': "),
				 said.message);
	buf_clear(&items);
}

#define JUDGE(expected, request, ...) \
	judge(expected, &(request), &(const struct store_reply){ __VA_ARGS__ })
#define BODY(text) .body = slice_of(text, sizeof(text) - 1)

static void test_bodies(void **state)
{
	struct store_request unhashed = get;

	(void)state;
	JUDGE(DEED_OK, get, .status = 200, BODY("hello"),
	      .etag = "\"" HELLO_MD5 "\"");
	assert_string_equal(answer.etag, HELLO_MD5);
	assert_true(answer.size == 5 && answer.status == 200 && verdict.here);
	JUDGE(DEED_OK, get, .status = 200, BODY("hello"),
	      .etag = "5D41402ABC4B2A76B9719D911017C592");
	JUDGE(DEED_DAMAGED, get, .status = 200, BODY("hellO"),
	      .etag = HELLO_MD5);
	assert_true(verdict.again && !verdict.rest);
	JUDGE(DEED_OK, get, .status = 200, BODY("hellO"),
	      .etag = HELLO_MD5 "-2");
	JUDGE(DEED_OK, get, .status = 200, BODY("hellO"), .etag = HELLO_MD5,
	      .sealed = true);
	JUDGE(DEED_OK, get, .status = 200, BODY("hellO"));
	JUDGE(DEED_DAMAGED, get, .status = 206, BODY("hello"));
	/* Who asks has a better hash. */
	unhashed.unhashed = true;
	JUDGE(DEED_OK, unhashed, .status = 200, BODY("hellO"),
	      .etag = HELLO_MD5);
	JUDGE(DEED_OK, put, .status = 200, .etag = HELLO_MD5);
	JUDGE(DEED_DAMAGED, put, .status = 200,
	      .etag = "00000000000000000000000000000000");
	JUDGE(DEED_OK, head, .status = 200, .has_length = true, .length = 77);
	assert_int_equal(answer.size, 77);
	JUDGE(DEED_DAMAGED, head, .status = 200);
	JUDGE(DEED_OK, delete, .status = 204, .marker = true, .version = "v");
	assert_true(answer.marker);
	assert_string_equal(answer.version, "v");
	JUDGE(DEED_DAMAGED, list, .status = 200, BODY("hello"));
	assert_true(verdict.again);
}

static void test_parts(void **state)
{
	static const char *const wrong[] = {
		NULL,
		"",
		"bytes 10-14",
		"bytes 10-14/",
		"bytes 10-14/*",
		"bytes 11-15/20",
		"bytes 10-13/20",
		"bytes 10-15/20",
		"bytes 10-14/14",
		"bytes 14-10/20",
		"bytes 10-14/20x",
		"octets 10-14/20",
		"bytes -10-14/20",
		"bytes 10-14/99999999999999999999999",
	};
	size_t i;

	(void)state;
	JUDGE(DEED_OK, part, .status = 206, BODY("hello"),
	      .range = "bytes 10-14/20", .etag = HELLO_MD5);
	assert_int_equal(answer.size, 20);
	/* The ETag is that of all of it. */
	JUDGE(DEED_OK, part, .status = 206, BODY("hellO"),
	      .range = "bytes 10-14/20", .etag = HELLO_MD5);
	JUDGE(DEED_OK, part, .status = 206, BODY("hel"),
	      .range = "bytes 10-12/13");
	JUDGE(DEED_DAMAGED, part, .status = 206, BODY("hel"),
	      .range = "bytes 10-12/14");
	JUDGE(DEED_DAMAGED, part, .status = 200, BODY("hello"));
	JUDGE(DEED_OK, first, .status = 200, BODY("hello"));
	JUDGE(DEED_DAMAGED, first, .status = 200, BODY("hello hello"));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		JUDGE(DEED_DAMAGED, part, .status = 206, BODY("hello"),
		      .range = wrong[i]);
	JUDGE(DEED_DAMAGED, part, .status = 416, BODY(ERROR("InvalidRange")));
	assert_false(verdict.again);
}

/* Each status, and each code whatever its status. */
static void test_refusals(void **state)
{
	(void)state;
	JUDGE(DEED_NOT_FOUND, get, .status = 404, BODY(ERROR("NoSuchKey")));
	assert_true(verdict.here && !verdict.again);
	assert_string_equal(answer.code, "NoSuchKey");
	assert_string_equal(said.message, "'https://h/b': there is no such "
					  "object (404 NoSuchKey: m)");
	JUDGE(DEED_REMOTE, get, .status = 404, BODY(ERROR("NoSuchBucket")));
	assert_false(verdict.here || verdict.again);
	JUDGE(DEED_REMOTE, get, .status = 404, BODY("<html/>"));
	assert_true(verdict.again && !verdict.unsure);
	JUDGE(DEED_REMOTE, head, .status = 404);
	assert_true(verdict.unsure);
	JUDGE(DEED_NOT_FOUND, head, .status = 404, .marker = true);
	assert_false(verdict.unsure);
	JUDGE(DEED_NOT_FOUND, get, .status = 405, .marker = true);
	JUDGE(DEED_DENIED, head, .status = 403);
	assert_true(verdict.unsure);
	JUDGE(DEED_DENIED, get, .status = 403);
	assert_false(verdict.again || verdict.unsure);
	JUDGE(DEED_DENIED, get, .status = 401);
	JUDGE(DEED_DENIED, get, .status = 400, BODY(ERROR("ExpiredToken")));
	JUDGE(DEED_DENIED, get, .status = 403, .date = 1798765200,
	      BODY(ERROR("RequestTimeTooSkewed")));
	assert_non_null(strstr(said.message, "it has 2027-01-01T01:00:00Z, we "
					     "have 2027-01-01T00:00:00Z"));
	JUDGE(DEED_EXISTS, absent, .status = 412);
	JUDGE(DEED_EXISTS, absent, .status = 409);
	JUDGE(DEED_REMOTE, put, .status = 412);
	JUDGE(DEED_REMOTE, put, .status = 409);
	assert_true(verdict.again);
	JUDGE(DEED_UNSUPPORTED, absent, .status = 501);
	assert_false(verdict.again);
	JUDGE(DEED_DAMAGED, put, .status = 400, BODY(ERROR("BadDigest")));
	assert_true(verdict.again);
	JUDGE(DEED_REMOTE, put, .status = 400, BODY(ERROR("Whatever")));
	assert_false(verdict.again);
	JUDGE(DEED_REMOTE, put, .status = 429);
	assert_true(verdict.again && verdict.rest);
	JUDGE(DEED_REMOTE, put, .status = 500);
	assert_true(verdict.again && verdict.rest);
	/* A server in trouble is not believed. */
	JUDGE(DEED_REMOTE, get, .status = 500, BODY(ERROR("NoSuchKey")));
	JUDGE(DEED_REMOTE, get, .status = 301,
	      .location = "https://other/\x1b[1m");
	assert_false(verdict.again);
	assert_non_null(strstr(said.message, "'https://other/ [1m'"));
	JUDGE(DEED_REMOTE, get, .status = 100);
	JUDGE(DEED_REMOTE, get, .status = 999);
}

static void test_long_texts(void **state)
{
	char text[400];

	(void)state;
	memset(text, 'v', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	JUDGE(DEED_OK, put, .status = 200, .version = text, .etag = text);
	assert_string_equal(answer.version, "");
	assert_int_equal(strlen(answer.etag), sizeof(answer.etag) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_long_texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
