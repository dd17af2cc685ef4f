/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "ca/remote.h"

static void words_are_cleaned(void **state)
{
	struct ca_remote_answer a = CA_REMOTE_ANSWER_INIT;

	(void)state;
	ca_remote_words(&a, slice_str("no\033[31m, never\n\xff"));
	assert_string_equal(a.words, "no [31m, never \xef\xbf\xbd");
	ca_remote_words(&a, slice_str("refused \r\n"));
	assert_string_equal(a.words, "refused");
	ca_remote_words(&a, SLICE_NONE);
	assert_string_equal(a.words, "");
	ca_remote_answer_clear(&a);
}

/* Cut before the character that does not fit whole. */
static void words_are_cut(void **state)
{
	struct ca_remote_answer a = CA_REMOTE_ANSWER_INIT;
	char text[CA_REMOTE_WORDS + 2];

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + CA_REMOTE_WORDS - 2, "\xe2\x82\xac", 3);
	text[CA_REMOTE_WORDS + 1] = '\0';
	ca_remote_words(&a, slice_str(text));
	assert_int_equal(strlen(a.words), CA_REMOTE_WORDS - 2);
	ca_remote_answer_clear(&a);
}

static void https_is_told(void **state)
{
	(void)state;
	assert_true(ca_remote_is_https("https://ca.example/"));
	assert_true(ca_remote_is_https("HTTPS://ca.example/"));
	assert_false(ca_remote_is_https("http://ca.example/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_cleaned),
		cmocka_unit_test(words_are_cut),
		cmocka_unit_test(https_is_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
