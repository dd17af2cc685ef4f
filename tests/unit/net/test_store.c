/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/frame.h"
#include "base/process.h"
#include "net/store.h"
#include "net/store_wire.h"
#include "tmpdir.h"

/*
 * The client's end alone: as helper there is this program itself, which does
 * as $STORE_FAKE says.  What the real one does, tests/servers/store.t shows.
 */
static struct secret *secret;
static struct store_target target = {
	.endpoint = { "https://127.0.0.1:1" },
	.endpoint_count = 1,
	.bucket = "bucket",
	.access_key = "key",
};

/* ---- the helper ---- */

static bool next(uint32_t *type, struct buf *body)
{
	struct deed_error err = DEED_ERROR_INIT;

	return frame_read(STDIN_FILENO, type, body, STORE_OBJECT_MAX, &err) ==
		       DEED_OK &&
	       *type != FRAME_END;
}

static void say(uint32_t type, struct slice body)
{
	if (frame_write(STDOUT_FILENO, type, body, NULL) != DEED_OK)
		_exit(0);
}

static void say_answer(uint64_t call, enum store_follows follows)
{
	const struct store_wire_answer head = { .call = call,
						.follows = follows };
	const struct store_answer answer = { .status = 200, .tries = 1 };
	struct buf body = BUF_INIT;

	store_wire_put_answer(&head, &answer, &body);
	say(STORE_FRAME_ANSWER, buf_get(&body));
	buf_clear(&body);
}

/* Each does what no helper does. */
static void misbehave(const char *how, const struct store_order *o)
{
	struct buf body = BUF_INIT;

	if (strcmp(how, "die") == 0)
		_exit(0);
	if (strcmp(how, "hang") == 0)
		pause();
	if (strcmp(how, "rubbish") == 0)
		(void)!write(STDOUT_FILENO, "rubbish, rubbish", 16);
	if (strcmp(how, "unasked") == 0)
		say_answer(o->call + 1, STORE_FOLLOWS_NONE);
	if (strcmp(how, "twice") == 0) {
		say_answer(o->call, STORE_FOLLOWS_NONE);
		say_answer(o->call, STORE_FOLLOWS_NONE);
	}
	if (strcmp(how, "data") == 0)
		say(STORE_FRAME_DATA, SLICE_NONE);
	if (strcmp(how, "half") == 0) {
		say_answer(o->call, STORE_FOLLOWS_DATA);
		say_answer(o->call, STORE_FOLLOWS_NONE);
	}
	if (strcmp(how, "more") == 0) {
		buf_fill(&body, 'x', o->request.max + 1);
		say_answer(o->call, STORE_FOLLOWS_DATA);
		say(STORE_FRAME_DATA, buf_get(&body));
	}
	if (strcmp(how, "items") == 0) {
		say_answer(o->call, STORE_FOLLOWS_ITEMS);
		say(STORE_FRAME_ITEMS, slice_str("no items"));
	}
	if (strcmp(how, "told") == 0)
		say(STORE_FRAME_TOLD, slice_str("\1what"));
	if (strcmp(how, "cut") == 0 || strcmp(how, "stall") == 0) {
		say_answer(o->call, STORE_FOLLOWS_DATA);
		frame_put(&body, STORE_FRAME_DATA, slice_str("a whole body"));
		(void)!write(STDOUT_FILENO, body.data, body.len - 4);
		if (how[0] == 's')
			pause();
		_exit(0);
	}
	buf_clear(&body);
}

/* PUT is answered, GET with as many octets as it may have. */
static void serve(const struct store_order *o)
{
	struct buf body = BUF_INIT;

	if (o->request.method != STORE_GET) {
		say_answer(o->call, STORE_FOLLOWS_NONE);
		return;
	}
	buf_fill(&body, 'x', o->request.max);
	say_answer(o->call, STORE_FOLLOWS_DATA);
	say(STORE_FRAME_DATA, buf_get(&body));
	buf_clear(&body);
}

static int helper(const char *how)
{
	struct buf body = BUF_INIT;
	struct store_order o;
	uint32_t type;

	if (strcmp(how, "deaf") == 0)
		pause();
	while (next(&type, &body)) {
		if (type != STORE_FRAME_REQUEST)
			continue;
		if (store_wire_get_order(buf_get(&body), &o, NULL) != DEED_OK)
			return 1;
		if (strcmp(how, "good") == 0)
			serve(&o);
		else
			misbehave(how, &o);
	}
	buf_clear(&body);
	return 0;
}

/* ---- the client ---- */

static struct store_client *client_new(const char *how, unsigned deadline)
{
	const struct store_client_options options = { .deadline_ms = deadline };
	struct store_client *client;

	assert_int_equal(setenv("STORE_FAKE", how, 1), 0);
	assert_ok(store_client_new(&options, &client, err));
	return client;
}

static enum deed_status ask_for(struct store *s, enum store_method method,
				size_t max, uint8_t *into,
				struct deed_error *err)
{
	const struct store_request r = {
		.method = method, .key = "k", .max = max, .into = into
	};
	struct store_answer a = STORE_ANSWER_INIT;
	struct store_call *call;
	enum deed_status status = store_begin(s, &r, &call, err);

	if (status == DEED_OK)
		status = store_finish(call, &a, err);
	if (status == DEED_OK && method == STORE_GET) {
		assert_int_equal(into == NULL ? a.body.len : a.filled, max);
		assert_true(into == NULL || a.body.data == NULL);
	}
	store_answer_clear(&a);
	return status;
}

static enum deed_status ask(struct store *s, enum store_method method,
			    size_t max, struct deed_error *err)
{
	return ask_for(s, method, max, NULL, err);
}

static void test_helpers_that_lie(void **state)
{
	static const char *const how[] = { "die",   "rubbish", "unasked",
					   "data",  "half",    "more",
					   "items", "told",    "cut" };
	uint8_t into[101];
	struct deed_error why = DEED_ERROR_INIT;
	struct store_client *client;
	struct store *s;
	size_t i;

	(void)state;
	for (i = 0; i < 2 * sizeof(how) / sizeof(how[0]); i++) {
		client = client_new(how[i / 2], 0);
		assert_ok(store_new(client, &target, &s, err));
		into[100] = '-';
		assert_true(ask_for(s, STORE_GET, 100, i % 2 ? into : NULL,
				    &why) != DEED_OK);
		assert_int_equal(into[100], '-');
		/* And so does every other request. */
		assert_true(ask(s, STORE_PUT, 0, &why) != DEED_OK);
		assert_true(why.message[0] != '\0');
		store_free(s);
		store_client_free(client);
	}
	client = client_new("twice", 0);
	assert_ok(store_new(client, &target, &s, err));
	assert_ok(ask(s, STORE_PUT, 0, err));
	store_free(s);
	store_client_free(client);
}

/* Nothing comes, or half of what goes to memory of the caller's. */
static void test_helper_that_hangs(void **state)
{
	static const char *const how[] = { "hang", "stall" };
	uint8_t *into = malloc(12);
	const struct store_request r = {
		.method = STORE_GET, .key = "k", .max = 12, .into = into
	};
	struct store_answer a = STORE_ANSWER_INIT;
	int64_t start = clock_monotonic_ms();
	struct store_client *client[2];
	struct store_call *call[2];
	struct store *s[2];
	size_t i;

	(void)state;
	assert_non_null(into);
	for (i = 0; i < 2; i++) {
		client[i] = client_new(how[i], 1);
		assert_ok(store_new(client[i], &target, &s[i], err));
		assert_ok(store_begin(s[i], &r, &call[i], err));
	}
	for (i = 0; i < 2; i++)
		assert_status(DEED_SYSTEM, store_finish(call[i], &a, err));
	free(into);
	for (i = 0; i < 2; i++) {
		store_free(s[i]);
		store_client_free(client[i]);
	}
	assert_in_range(clock_monotonic_ms() - start, 4000, 15000);
}

/* What it does not read does not fit into the pipe. */
#define DEAF_SIZE (4 << 20)

static void test_helper_that_reads_nothing(void **state)
{
	uint8_t *body = calloc(1, DEAF_SIZE);
	const struct store_request r = {
		.method = STORE_PUT,
		.key = "k",
		.body = slice_of(body, DEAF_SIZE),
	};
	struct store_client *client = client_new("deaf", 1);
	struct store_answer a = STORE_ANSWER_INIT;
	int64_t start = clock_monotonic_ms();
	struct deed_error why = DEED_ERROR_INIT;
	struct store_call *call;
	struct store *s;

	(void)state;
	assert_non_null(body);
	assert_ok(store_new(client, &target, &s, err));
	assert_ok(store_begin(s, &r, &call, err));
	assert_status(DEED_SYSTEM, store_finish(call, &a, &why));
	assert_non_null(strstr(why.message, "does not answer"));
	assert_status(DEED_SYSTEM, ask(s, STORE_GET, 100, &why));
	store_free(s);
	store_client_free(client);
	free(body);
	assert_in_range(clock_monotonic_ms() - start, 4000, 15000);
}

static void test_no_helper(void **state)
{
	struct store_client *client;
	struct store *s;

	(void)state;
	process_set_helpers("no-such-folder");
	assert_ok(store_client_new(NULL, &client, err));
	assert_ok(store_new(client, &target, &s, err));
	assert_status(DEED_SYSTEM, ask(s, STORE_GET, 100, err));
	assert_status(DEED_SYSTEM, ask(s, STORE_GET, 100, err));
	store_free(s);
	store_client_free(client);
	store_client_free(NULL);
	store_free(NULL);
}

static void *many(void *arg)
{
	struct deed_error why = DEED_ERROR_INIT;
	uint8_t *into = malloc(5000000);
	bool good = into != NULL;
	unsigned i;

	for (i = 0; good && i < 100; i++)
		good = ask_for(arg, i % 2 == 0 ? STORE_PUT : STORE_GET,
			       i % 10 == 1 ? 5000000 : i,
			       i % 4 == 1 ? into : NULL, &why) == DEED_OK;
	free(into);
	return good ? NULL : arg;
}

static void test_threads(void **state)
{
	struct store_client *client = client_new("good", 0);
	pthread_t thread[12];
	struct store *s[2];
	void *failed;
	size_t i;

	(void)state;
	target.transfers = 3;
	for (i = 0; i < 2; i++)
		assert_ok(store_new(client, &target, &s[i], err));
	for (i = 0; i < 12; i++)
		assert_int_equal(
			pthread_create(&thread[i], NULL, many, s[i % 2]), 0);
	for (i = 0; i < 12; i++) {
		assert_int_equal(pthread_join(thread[i], &failed), 0);
		assert_null(failed);
	}
	target.transfers = 0;
	store_free(s[1]);
	store_free(s[0]);
	store_client_free(client);
}

/* One thread begins more than may be under way, and asks for none of them. */
static void test_begin_all(void **state)
{
	const struct store_request r = { .method = STORE_GET,
					 .key = "k",
					 .max = 10000 };
	struct store_client *client = client_new("good", 0);
	struct store_answer a = STORE_ANSWER_INIT;
	struct store_call *call[100];
	struct store *s;
	size_t i;

	(void)state;
	assert_ok(store_new(client, &target, &s, err));
	for (i = 0; i < 100; i++)
		assert_ok(store_begin(s, &r, &call[i], err));
	for (i = 100; i-- > 0;)
		assert_ok(store_finish(call[i], &a, err));
	store_answer_clear(&a);
	store_free(s);
	store_client_free(client);
}

static void test_offline(void **state)
{
	const struct store_client_options options = { .offline = true };
	struct store_client *client;
	struct store *s;

	(void)state;
	assert_ok(store_client_new(&options, &client, err));
	assert_ok(store_new(client, &target, &s, err));
	assert_status(DEED_REFUSED, ask(s, STORE_GET, 100, err));
	store_free(s);
	store_client_free(client);
}

static void check_target(enum deed_status expected,
			 const struct store_target *t)
{
	struct store_client *client;
	struct store *s;

	assert_ok(store_client_new(NULL, &client, err));
	assert_status(expected, store_new(client, t, &s, err));
	store_free(s);
	store_client_free(client);
}

static void test_endpoints(void **state)
{
	static const struct {
		const char *endpoint;
		enum deed_status plain, insecure;
	} list[] = {
		{ "https://example.com", DEED_OK, DEED_OK },
		{ "HTTPS://example.com:443/s3/", DEED_OK, DEED_OK },
		{ "https://[2001:db8::1]:8443", DEED_OK, DEED_OK },
		{ "http://127.0.0.1:8080", DEED_OK, DEED_OK },
		{ "http://127.9.9.9", DEED_OK, DEED_OK },
		{ "http://[::1]:80/x", DEED_OK, DEED_OK },
		{ "http://localhost:80", DEED_OK, DEED_OK },
		{ "http://example.com", DEED_REFUSED, DEED_OK },
		{ "http://127.0.0.1.example.com", DEED_REFUSED, DEED_OK },
		{ "http://localhost.example.com", DEED_REFUSED, DEED_OK },
		{ "http://10.0.0.1", DEED_REFUSED, DEED_OK },
		{ "http://127.1", DEED_REFUSED, DEED_OK },
		{ "http://[::2]", DEED_REFUSED, DEED_OK },
		{ "ftp://example.com", DEED_USAGE, DEED_USAGE },
		{ "example.com", DEED_USAGE, DEED_USAGE },
		{ "https://", DEED_USAGE, DEED_USAGE },
		{ "https:///x", DEED_USAGE, DEED_USAGE },
		{ "https://a:b", DEED_USAGE, DEED_USAGE },
		{ "https://a:123456", DEED_USAGE, DEED_USAGE },
		{ "https://u:p@a", DEED_USAGE, DEED_USAGE },
		{ "https://a?b", DEED_USAGE, DEED_USAGE },
		{ "https://a#b", DEED_USAGE, DEED_USAGE },
		{ "https://a b", DEED_USAGE, DEED_USAGE },
		{ "https://a/../b", DEED_USAGE, DEED_USAGE },
		{ "https://[::1", DEED_USAGE, DEED_USAGE },
	};
	struct store_target t = target;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		t.endpoint[0] = list[i].endpoint;
		t.insecure = false;
		check_target(list[i].plain, &t);
		t.insecure = true;
		check_target(list[i].insecure, &t);
	}
	t.endpoint_count = 0;
	check_target(DEED_USAGE, &t);
	t.endpoint_count = STORE_ENDPOINTS + 1;
	check_target(DEED_USAGE, &t);
}

#define TARGET(expected, member, value)         \
	do {                                    \
		struct store_target t = target; \
                                                \
		t.member = (value);             \
		check_target(expected, &t);     \
	} while (0)

static void test_targets(void **state)
{
	(void)state;
	TARGET(DEED_USAGE, bucket, NULL);
	TARGET(DEED_USAGE, bucket, "");
	TARGET(DEED_USAGE, bucket, "..");
	TARGET(DEED_USAGE, bucket, "a/b");
	TARGET(DEED_USAGE, bucket, "a b");
	TARGET(DEED_OK, bucket, "a.b-c_D1");
	TARGET(DEED_USAGE, region, "a:b");
	TARGET(DEED_USAGE, region, "");
	TARGET(DEED_OK, region, "eu-west-1");
	TARGET(DEED_OK, access_key, "deed:admin");
	TARGET(DEED_USAGE, access_key, "a b");
	TARGET(DEED_USAGE, access_key, "a\nb");
	TARGET(DEED_USAGE, access_key, "");
	TARGET(DEED_NO_KEY, access_key, NULL);
	TARGET(DEED_NO_KEY, secret, NULL);
	TARGET(DEED_OK, proxy, "http://proxy:3128");
	TARGET(DEED_USAGE, endpoint[0], "https://[::1");
	TARGET(DEED_USAGE, endpoint[0], "https://[::1/x]");
	TARGET(DEED_USAGE, endpoint[0], "https://h:");
	TARGET(DEED_USAGE, endpoint[0], "https://[::1]x");
	TARGET(DEED_USAGE, endpoint[0], "https://h\xc3\xa4");
	TARGET(DEED_OK, endpoint[0], "https://[::1]:9/x");
	TARGET(DEED_OK, endpoint[0], "http://127.0.0.1:9");
	target.endpoint[0] = "http://127.0.0.1:9";
	TARGET(DEED_REFUSED, proxy, "http://proxy:3128");
	target.insecure = true;
	TARGET(DEED_OK, proxy, "http://proxy:3128");
	target.insecure = false;
	target.endpoint[0] = "https://127.0.0.1:1";
	TARGET(DEED_USAGE, proxy, "https://proxy:3128");
	TARGET(DEED_USAGE, proxy, "proxy");
	TARGET(DEED_IO, ca, "no-such-file");
	TARGET(DEED_NO_KEY, ca, "/dev/null");
	TARGET(DEED_USAGE, transfers, STORE_TRANSFERS_MAX + 1);
	TARGET(DEED_OK, transfers, STORE_TRANSFERS_MAX);
}

static void test_requests(void **state)
{
	struct store_client *client = client_new("good", 0);
	struct store_request r = { .method = STORE_GET, .key = "" };
	char key[STORE_KEY_MAX + 2];
	struct store_call *call;
	struct store *s;

	(void)state;
	memset(key, 'k', sizeof(key));
	key[sizeof(key) - 1] = '\0';
	assert_ok(store_new(client, &target, &s, err));
	assert_status(DEED_USAGE, store_begin(s, &r, &call, err));
	assert_null(call);
	r.key = key;
	assert_status(DEED_LIMIT, store_begin(s, &r, &call, err));
	r.key = "k";
	r.length = STORE_OBJECT_MAX + 1;
	assert_status(DEED_LIMIT, store_begin(s, &r, &call, err));
	r.length = 1;
	r.from = UINT64_MAX;
	assert_status(DEED_LIMIT, store_begin(s, &r, &call, err));
	store_free(s);
	store_client_free(client);
}

/* What has no bound is not written where there is room for nothing. */
static void test_no_room(void **state)
{
	struct store_client *client = client_new("good", 0);
	struct store_answer a = STORE_ANSWER_INIT;
	uint8_t into[1] = { '-' };
	const struct store_request r = { .method = STORE_GET,
					 .key = "k",
					 .into = into };
	struct store_call *call;
	struct store *s;

	(void)state;
	assert_ok(store_new(client, &target, &s, err));
	assert_ok(store_begin(s, &r, &call, err));
	assert_ok(store_finish(call, &a, err));
	assert_int_equal(a.filled, 0);
	assert_int_equal(into[0], '-');
	store_answer_clear(&a);
	store_free(s);
	store_client_free(client);
}

/* A folder in which this program is deed-fetch. */
static int setup(void **state)
{
	static struct tmpdir dir;
	char self[4096], path[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	assert_true(len > 0);
	self[len] = '\0';
	tmpdir_make(&dir);
	(void)snprintf(path, sizeof(path), "%s/deed-fetch", dir.path);
	assert_int_equal(symlink(self, path), 0);
	process_set_helpers(dir.path);
	assert_ok(secret_copy("secret", 6, &secret, err));
	target.secret = secret;
	*state = &dir;
	return 0;
}

static int teardown(void **state)
{
	secret_free(secret);
	tmpdir_remove(*state);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_endpoints),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_offline),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_begin_all),
		cmocka_unit_test(test_helpers_that_lie),
		cmocka_unit_test(test_helper_that_hangs),
		cmocka_unit_test(test_helper_that_reads_nothing),
		cmocka_unit_test(test_no_helper),
	};
	const char *how = getenv("STORE_FAKE");

	(void)signal(SIGPIPE, SIG_IGN);
	if (argc > 0 && strstr(argv[0], "deed-fetch") != NULL && how != NULL)
		return helper(how);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
