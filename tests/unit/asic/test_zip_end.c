/* SPDX-License-Identifier: Apache-2.0 */
#include "zip_by_hand.h"

static const struct hand entry = { .name = "a.txt", .content = "the contract" };

static const char *with_comment(struct slice comment, size_t said,
				bool *comment_seen)
{
	struct buf b = BUF_INIT;
	struct zip *z = NULL;
	const char *id;

	hand_zip(&entry, 1, comment, said, &b);
	id = hand_open(buf_get(&b), &z);
	if (comment_seen != NULL)
		*comment_seen = z != NULL && zip_has_comment(z);
	zip_close(z);
	buf_clear(&b);
	return id;
}

static const char *exact(const char *comment)
{
	return with_comment(slice_str(comment), strlen(comment), NULL);
}

static void test_comment(void **state)
{
	struct buf longest = BUF_INIT;
	bool seen;

	(void)state;
	assert_string_equal(with_comment(SLICE_NONE, 0, &seen), "none");
	assert_false(seen);
	assert_string_equal(with_comment(slice_str("x"), 1, &seen), "none");
	assert_true(seen);
	assert_string_equal(exact("mimetype=application/vnd.etsi.asic-e+zip"),
			    "none");
	/* What looks like other records is none at the end. */
	assert_string_equal(exact("PK\3\4 PK\1\2 PK\5 PK\6\6"), "none");
	buf_fill(&longest, 'c', ZIP_MAX16);
	assert_string_equal(with_comment(buf_get(&longest), longest.len, NULL),
			    "none");
	buf_byte(&longest, 'c');
	assert_string_equal(with_comment(buf_get(&longest), ZIP_MAX16, NULL),
			    "zip-end");
	buf_clear(&longest);
}

/* It must end where the file ends. */
static void test_length(void **state)
{
	(void)state;
	assert_string_equal(with_comment(slice_str("abc"), 2, NULL), "zip-end");
	assert_string_equal(with_comment(slice_str("abc"), 4, NULL), "zip-end");
	assert_string_equal(with_comment(slice_str("abc"), 0, NULL), "zip-end");
	assert_string_equal(with_comment(SLICE_NONE, 1, NULL), "zip-end");
}

/* A comment in which a second end record begins. */
static void test_second_end(void **state)
{
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < 40; i++) {
		buf_reset(&b);
		buf_fill(&b, ' ', i);
		buf_str(&b, "PK\5\6");
		assert_string_equal(with_comment(buf_get(&b), b.len, NULL),
				    "zip-end");
		buf_fill(&b, ' ', 40 - i);
		assert_string_equal(with_comment(buf_get(&b), b.len, NULL),
				    "zip-end");
	}
	/* A whole one, empty, that ends with the file. */
	buf_reset(&b);
	buf_str(&b, "PK\5\6");
	buf_fill(&b, 0, ZIP_END_SIZE - 4);
	assert_string_equal(with_comment(buf_get(&b), b.len, NULL), "zip-end");
	buf_clear(&b);
}

/* One before it that claims the rest of the file as its comment: readers that
 * look for that take it, others the last. */
static void test_earlier_end(void **state)
{
	struct hand two[2] = { entry, entry };
	char content[ZIP_END_SIZE + 1];
	struct buf b = BUF_INIT;
	uint8_t *at;
	size_t rest;

	(void)state;
	memset(content, 'x', sizeof(content) - 1);
	content[sizeof(content) - 1] = '\0';
	memcpy(content, "PK\5\6", 4);
	two[1].name = "b.zip";
	two[1].content = content;
	hand_zip(two, 2, SLICE_NONE, 0, &b);
	assert_string_equal(hand_open(buf_get(&b), NULL), "none");
	at = memmem(b.data, b.len, "PK\5\6", 4);
	assert_non_null(at);
	rest = b.len - (size_t)(at - b.data) - ZIP_END_SIZE;
	at[20] = (uint8_t)rest;
	at[21] = (uint8_t)(rest >> 8);
	assert_string_equal(hand_open(buf_get(&b), NULL), "zip-end");
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comment),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_second_end),
		cmocka_unit_test(test_earlier_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
