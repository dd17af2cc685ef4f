/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "net/store_turn.h"
#include "net/store_url.h"

static void test_turns(void **state)
{
	struct store_turn t = { .count = 3 };
	size_t i;

	(void)state;
	for (i = 0; i < 7; i++)
		assert_int_equal(store_turn_take(&t, 100), i % 3);
	store_turn_rest(&t, 1, 100);
	assert_int_equal(store_turn_take(&t, 100), 2);
	assert_int_equal(store_turn_take(&t, 100), 0);
	assert_int_equal(store_turn_take(&t, 100), 2);
	assert_int_equal(store_turn_take(&t, 100 + STORE_REST_MS), 0);
	assert_int_equal(store_turn_take(&t, 100 + STORE_REST_MS), 1);
	/* Of those that all rest, the one that has for longest. */
	store_turn_rest(&t, 2, 20000);
	store_turn_rest(&t, 0, 20001);
	store_turn_rest(&t, 1, 20002);
	assert_int_equal(store_turn_take(&t, 20003), 2);
	assert_int_equal(store_turn_take(&t, 20003), 2);
	store_turn_up(&t, 1);
	assert_int_equal(store_turn_take(&t, 20003), 1);
}

static void test_one(void **state)
{
	struct store_turn t;

	(void)state;
	store_turn_init(&t, 1, 30000);
	store_turn_rest(&t, 0, 100);
	assert_int_equal(store_turn_take(&t, 100), 0);
	assert_int_equal(store_turn_tries(&t, 100), STORE_TRIES);
	assert_false(store_turn_quick(&t));
}

/* One that only fails costs what it may, and then nothing; it is asked now and
 * then, and what it answers then is believed a little at a time. */
static void test_outage(void **state)
{
	struct store_turn t;
	int64_t at = 1000, wait = STORE_AGAIN_MS;

	(void)state;
	store_turn_init(&t, 1, 30000);
	assert_true(store_turn_failed(&t, 1000, false, at += 15000));
	assert_int_equal(store_turn_tries(&t, at), STORE_TRIES);
	/* Others at the same time cost nothing more. */
	assert_true(store_turn_failed(&t, 1000, false, at));
	assert_true(store_turn_failed(&t, 2000, false, at));
	assert_false(store_turn_failed(&t, 2000, false, at += 15000));
	assert_int_equal(store_turn_tries(&t, at), 0);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(store_turn_tries(&t, at + wait - 1), 0);
		assert_int_equal(store_turn_tries(&t, at += wait), 1);
		assert_true(store_turn_quick(&t));
		assert_int_equal(store_turn_tries(&t, at), 0);
		assert_false(store_turn_failed(&t, at, false, at + 1));
		wait = wait > STORE_AGAIN_MAX_MS / 2 ? STORE_AGAIN_MAX_MS
						     : 2 * wait;
	}
	assert_int_equal(store_turn_tries(&t, at += wait), 1);
	store_turn_answered(&t, at, at + 100);
	assert_int_equal(store_turn_tries(&t, at + 100), 1);
	store_turn_answered(&t, at, at + 10000);
	assert_int_equal(store_turn_tries(&t, at + 10000), STORE_TRIES);
}

/* Half of what is asked fails: that takes no more than what the answers give,
 * and what it may cost. */
static void test_mixed(void **state)
{
	struct store_turn t;
	int64_t at = 1000, failed = 0, answered = 0, began;

	(void)state;
	store_turn_init(&t, 1, 30000);
	for (int i = 0; i < 10000; i++) {
		unsigned tries = store_turn_tries(&t, at);

		if (tries == 0)
			continue;
		if (i % 2 == 0) {
			store_turn_answered(&t, at, at + 20);
			at += 20;
			answered += 20;
			continue;
		}
		began = at;
		while (tries-- > 0)
			if (!store_turn_failed(&t, began, false, at += 1000))
				tries = 0;
		failed += at - began;
	}
	assert_in_range(failed, 30000, 30000 + answered + 2000);
}

/* A request that failed to the end, with nothing else that was answered. */
static void test_down(void **state)
{
	struct store_turn t;

	(void)state;
	store_turn_init(&t, 1, 30000);
	store_turn_answered(&t, 1000, 2000);
	assert_true(store_turn_failed(&t, 1500, false, 3000));
	store_turn_down(&t, 1500);
	assert_int_equal(store_turn_tries(&t, 3000), STORE_TRIES);
	store_turn_down(&t, 2500);
	assert_int_equal(store_turn_tries(&t, 3000), 1);
	/* What is answered wrongly is no outage, however long it takes. */
	assert_false(store_turn_failed(&t, 3000, true, 300000));
	assert_int_equal(store_turn_tries(&t, 300000), 1);
}

static void test_backoff(void **state)
{
	static const int64_t most[] = { 100, 200, 400, 800, 1600, 3200 };
	unsigned tries, i;
	uint32_t chance;
	int64_t ms;

	(void)state;
	for (tries = 1; tries < 100; tries++)
		for (i = 0, chance = 7; i < 100; i++, chance *= 2654435761U) {
			ms = store_turn_backoff(tries, chance);
			assert_in_range(ms, 50, STORE_BACKOFF_MAX_MS);
			if (tries <= 6)
				assert_in_range(ms, most[tries - 1] / 2,
						most[tries - 1]);
		}
}

static void url(const struct store_request *r, const char *expected)
{
	struct buf out = BUF_INIT;

	store_url_put("https://h:1/p/", "b.k", r, &out);
	buf_byte(&out, 0);
	assert_string_equal((const char *)out.data, expected);
	buf_clear(&out);
}

#define URL(expected, ...) \
	url(&(const struct store_request){ __VA_ARGS__ }, expected)
#define AT "https://h:1/p/b.k"

static void test_urls(void **state)
{
	(void)state;
	URL(AT "/a/b", .method = STORE_PUT, .key = "a/b");
	URL(AT "/a//../b%20%2B%25%3F%23%C3%BC~-._%7F", .method = STORE_GET,
	    .key = "a//../b +%?#ü~-._\x7f");
	URL(AT "/a?versionId=x%2F%3D", .method = STORE_GET, .key = "a",
	    .version = "x/=");
	URL(AT "?encoding-type=url&list-type=2&max-keys=1000&prefix=",
	    .method = STORE_LIST, .key = "");
	URL(AT "?encoding-type=url&list-type=2&max-keys=5&prefix=a%2F"
	       "&start-after=a%2F%26",
	    .method = STORE_LIST, .key = "a/", .after = "a/&", .limit = 5);
	URL(AT "?encoding-type=url&key-marker=k&max-keys=1000&prefix=a"
	       "&version-id-marker=v&versions=",
	    .method = STORE_VERSIONS, .key = "a", .after = "k",
	    .after_version = "v");
	URL(AT "?versioning=", .method = STORE_VERSIONING, .key = "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_turns),  cmocka_unit_test(test_one),
		cmocka_unit_test(test_outage), cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_down),   cmocka_unit_test(test_backoff),
		cmocka_unit_test(test_urls),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
