/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include <stdio.h>
#include <stdlib.h>
#include "archive/place/stores.h"
#include "base/secret.h"
#include "fake_store.h"

#define A "00aa00000000000000000000000000aa"
#define B "00ab00000000000000000000000000ab"
#define C "ff0000000000000000000000000000ff"
#define NOW 1800000000

static unsigned asked; /* for the secret */
static enum deed_status secret_status;
static struct place *p;

static enum deed_status secret_of(void *arg, const char *place,
				  const char *source, struct secret **out,
				  struct deed_error *why)
{
	(void)arg;
	asked++;
	assert_string_equal(place, "one");
	assert_string_equal(source, "env:SECRET");
	*out = NULL;
	return secret_status == DEED_OK
		       ? secret_copy("secret", 6, out, why)
		       : deed_error_set(why, secret_status, "no secret");
}

static int64_t now(void *arg)
{
	(void)arg;
	return NOW;
}

/* No client of the fake's is ever looked at. */
static const struct place_means means = {
	.client = (struct store_client *)&asked,
	.secret = secret_of,
	.now = now,
};

static const struct place_description description = {
	.where = "s3:bucket/pre/fix",
	.endpoint = { "https://store.example" },
	.endpoint_count = 1,
	.access_key = "who",
	.secret = "env:SECRET",
};

/* A place that is there, opened; nothing was asked yet. */
static int start(void **state)
{
	(void)state;
	fake_reset();
	fake_put("pre/fix/about/place", "x");
	asked = 0;
	secret_status = DEED_OK;
	assert_ok(place_open("one", &description, "/", &means, &p, err));
	return 0;
}

static int end(void **state)
{
	(void)state;
	place_close(p);
	fake_reset();
	return 0;
}

static void put(const char *folder, const char *name, const char *text)
{
	assert_ok(
		place_put(p, folder, name, slice_of(text, strlen(text)), err));
}

static char seen[4096];

static enum deed_status see(void *arg, const char *name, struct deed_error *why)
{
	(void)arg;
	(void)why;
	strcat(strcat(seen, name), " ");
	return DEED_OK;
}

static const char *list(const char *folder)
{
	seen[0] = '\0';
	assert_ok(place_list(p, folder, see, NULL, err));
	return seen;
}

static enum deed_status see_all(void *arg, const char *folder, const char *name,
				uint64_t size, struct deed_error *why)
{
	(void)why;
	(void)arg;
	sprintf(seen + strlen(seen), "%.4s/%s:%u ", folder, name,
		(unsigned)size);
	return DEED_OK;
}

static const char *walk(const char *after)
{
	seen[0] = '\0';
	assert_ok(place_walk(p, after, see_all, NULL, err));
	return seen;
}

static void test_lazy(void **state)
{
	(void)state;
	assert_int_equal(asked, 0);
	assert_int_equal(fake.stores, 0);
	assert_string_equal(place_location(p), "s3:bucket/pre/fix");
	assert_string_equal(place_endpoint(p, 0), "https://store.example");
	assert_null(place_endpoint(p, 1));
	assert_false(place_is_local(p));
	assert_ok(place_probe(p, err));
	assert_ok(place_probe(p, err));
	put(A, "x", "1");
	assert_int_equal(asked, 1);
	assert_int_equal(fake.stores, 1);
	assert_int_equal(fake.requests[STORE_HEAD], 1);
}

static void test_keys(void **state)
{
	struct buf b = BUF_INIT;
	uint64_t size;

	(void)state;
	put(A, "index", "hello");
	put("about", "README", "words");
	assert_non_null(fake_find("pre/fix/00/" A "/index"));
	assert_non_null(fake_find("pre/fix/about/README"));
	assert_ok(place_get(p, A, "index", 5, &b, err));
	assert_int_equal(b.len, 5);
	buf_reset(&b);
	assert_status(DEED_LIMIT, place_get(p, A, "index", 4, &b, err));
	assert_int_equal(b.len, 0);
	assert_ok(place_get_range(p, A, "index", 1, 2, &b, err));
	assert_int_equal(b.len, 2);
	assert_memory_equal(b.data, "el", 2);
	buf_reset(&b);
	assert_ok(place_get_range(p, A, "index", 3, 100, &b, err));
	assert_int_equal(b.len, 2);
	buf_reset(&b);
	assert_ok(place_get_range(p, A, "index", 5, 100, &b, err));
	assert_int_equal(b.len, 0);
	assert_ok(place_get_range(p, A, "index", 1, 0, &b, err));
	assert_int_equal(b.len, 0);
	assert_ok(place_head(p, A, "index", &size, err));
	assert_int_equal(size, 5);
	assert_status(DEED_NOT_FOUND, place_head(p, A, "other", &size, err));
	assert_status(DEED_NOT_FOUND, place_get(p, B, "x", 5, &b, err));
	assert_ok(place_remove(p, A, "index", err));
	assert_ok(place_remove(p, A, "index", err));
	assert_ok(place_remove_folder(p, A, err));
	assert_status(DEED_NOT_FOUND, place_head(p, A, "index", &size, err));
	assert_status(DEED_MALFORMED, place_head(p, "..", "index", NULL, err));
	buf_clear(&b);
}

static void test_many(void **state)
{
	struct place_ticket *t[16];
	char name[8];

	(void)state;
	for (int i = 0; i < 16; i++) {
		snprintf(name, sizeof(name), "%d", i);
		assert_ok(place_put_begin(p, A, name, slice_of(name, 1), &t[i],
					  err));
	}
	for (int i = 16; i-- > 0;)
		assert_ok(place_finish(t[i], err));
	assert_int_equal(fake.count, 17);
}

static void test_lists(void **state)
{
	(void)state;
	put(A, "1", "a");
	put(A, "2", "bb");
	put(B, "1", "ccc");
	put(C, "1", "dddd");
	fake_put("pre/fixes/00/x", "another's");
	fake_put("pre/fix/stray", "x");
	for (fake.page = 0; fake.page < 4; fake.page++) {
		assert_string_equal(list(A), "1 2 ");
		assert_string_equal(list(NULL), A " " B " about " C " stray ");
		assert_string_equal(walk(NULL),
				    "00aa/1:1 00aa/2:2 00ab/1:3 abou/place:1 "
				    "ff00/1:4 stra/:1 ");
		assert_string_equal(walk(A), "00ab/1:3 abou/place:1 ff00/1:4 "
					     "stra/:1 ");
		assert_string_equal(walk(A "/1"),
				    "00aa/2:2 00ab/1:3 abou/place:1 ff00/1:4 "
				    "stra/:1 ");
		assert_string_equal(walk(C), "stra/:1 ");
	}
	assert_status(DEED_NOT_FOUND, place_list(p, "none", see, NULL, err));
}

/* One LIST serves many folders, and none that lies across two pages is told
 * by halves. */
static void test_ascending(void **state)
{
	char folder[33], name[8];
	unsigned before;

	(void)state;
	for (int i = 0; i < 100; i++)
		for (int j = 0; j < 3; j++) {
			snprintf(folder, sizeof(folder), "%032x", i);
			snprintf(name, sizeof(name), "%d", j);
			put(folder, name, "x");
		}
	place_ascending(p, true);
	before = fake.requests[STORE_LIST];
	for (int i = 0; i < 100; i++) {
		snprintf(folder, sizeof(folder), "%032x", i);
		assert_string_equal(list(folder), "0 1 2 ");
	}
	assert_int_equal(fake.requests[STORE_LIST] - before, 1);
	assert_status(DEED_NOT_FOUND, place_list(p, C, see, NULL, err));
	assert_int_equal(fake.requests[STORE_LIST] - before, 1);
	for (fake.page = 1; fake.page < 9; fake.page++) {
		place_ascending(p, true);
		for (int i = 0; i < 100; i += 7) {
			snprintf(folder, sizeof(folder), "%032x", i);
			assert_string_equal(list(folder), "0 1 2 ");
		}
	}
	snprintf(folder, sizeof(folder), "%032x", 3);
	assert_string_equal(list(folder), "0 1 2 ");
	put(folder, "2a", "x");
	place_fresh(p, true);
	assert_string_equal(list(folder), "0 1 2 2a ");
	place_fresh(p, false);
	before = fake.requests[STORE_LIST];
	assert_string_equal(list(folder), "0 1 2 ");
	assert_int_equal(fake.requests[STORE_LIST], before);
	assert_ok(place_remove(p, folder, "2a", err));
	place_ascending(p, false);
	put(folder, "3", "x");
	assert_string_equal(list(folder), "0 1 2 3 ");
}

/* A bucket that is empty, or another's, is no place: nothing is written, and
 * nothing is absent. */
static void test_not_there(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	fake_reset();
	fake_put("pre/fix/letters/a", "another's");
	assert_status(DEED_REMOTE, place_probe(p, err));
	assert_status(DEED_REMOTE, place_put(p, A, "x", slice_of("x", 1), err));
	assert_status(DEED_REMOTE, place_get(p, A, "x", 9, &b, err));
	assert_status(DEED_REMOTE, place_head(p, A, "x", NULL, err));
	assert_status(DEED_REMOTE, place_remove(p, A, "x", err));
	assert_status(DEED_REMOTE, place_list(p, A, see, NULL, err));
	assert_status(DEED_REMOTE, place_list(p, NULL, see, NULL, err));
	assert_status(DEED_REMOTE, place_walk(p, NULL, see_all, NULL, err));
	assert_int_equal(fake.requests[STORE_PUT], 0);
	assert_ok(place_make(p, err));
	assert_non_null(fake_find("pre/fix/about/place"));
	assert_ok(place_make(p, err));
	assert_int_equal(fake.requests[STORE_PUT], 1);
	assert_ok(place_probe(p, err));
	fake_reset();
	fake_put("pre/fix/00/" A "/index", "a deposit, without the marker");
	place_close(p);
	assert_ok(place_open("one", &description, "/", &means, &p, err));
	assert_ok(place_probe(p, err));
}

static void test_answers(void **state)
{
	static const struct {
		enum deed_status from, to;
	} cases[] = {
		{ DEED_REMOTE, DEED_REMOTE },
		{ DEED_DENIED, DEED_DENIED },
		{ DEED_DAMAGED, DEED_DAMAGED },
		{ DEED_REFUSED, DEED_REFUSED },
		{ DEED_EXISTS, DEED_REMOTE },
		{ DEED_UNSUPPORTED, DEED_REMOTE },
		{ DEED_NO_KEY, DEED_NO_KEY },
	};
	struct buf b = BUF_INIT;

	(void)state;
	assert_ok(place_probe(p, err));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake.answer = cases[i].from;
		assert_status(cases[i].to,
			      place_put(p, A, "x", slice_of("x", 1), err));
		assert_status(cases[i].to, place_get(p, A, "x", 1, &b, err));
	}
	fake.answer = DEED_NOT_FOUND;
	assert_status(DEED_REMOTE, place_list(p, A, see, NULL, err));
}

static void test_clock(void **state)
{
	struct deed_error why = DEED_ERROR_INIT;

	(void)state;
	fake.answer = DEED_DENIED;
	fake.date = NOW + 3720;
	assert_status(DEED_DENIED, place_probe(p, &why));
	assert_non_null(strstr(why.message, "1 h 2 min ahead of"));
	fake.date = NOW - 20 * 60;
	assert_status(DEED_DENIED, place_probe(p, &why));
	assert_non_null(strstr(why.message, "20 min behind"));
	fake.date = NOW - 10 * 60;
	assert_status(DEED_DENIED, place_probe(p, &why));
	assert_string_equal(why.message, "it says so");
	fake.date = 0;
	fake.code = "RequestTimeTooSkewed";
	assert_status(DEED_DENIED, place_probe(p, &why));
	assert_non_null(strstr(why.message, "too far apart"));
}

static void test_lies(void **state)
{
	(void)state;
	put(A, "1", "a");
	put(A, "2", "a");
	put(B, "1", "a");
	for (int lie = FAKE_UNORDERED; lie <= FAKE_ENDLESS; lie++) {
		fake.lie = (enum fake_lie)lie;
		fake.page = lie == FAKE_REPEATS ? 1 : 0;
		assert_status(DEED_DAMAGED,
			      place_walk(p, NULL, see_all, NULL, err));
		assert_status(DEED_DAMAGED,
			      place_list(p, NULL, see, NULL, err));
		assert_status(DEED_DAMAGED, place_list(p, A, see, NULL, err));
		place_ascending(p, true);
		assert_status(DEED_DAMAGED, place_list(p, A, see, NULL, err));
		place_ascending(p, false);
	}
	fake.lie = FAKE_HONEST;
	fake.page = 0;
	assert_string_equal(list(A), "1 2 ");
}

static void test_no_means(void **state)
{
	const struct place_means no_secret = { .client = means.client };
	struct place *q;

	(void)state;
	assert_ok(place_open("q", &description, "/", NULL, &q, err));
	assert_status(DEED_CONFIG, place_probe(q, err));
	place_close(q);
	assert_ok(place_open("q", &description, "/", &no_secret, &q, err));
	assert_status(DEED_NO_KEY, place_probe(q, err));
	place_close(q);
	secret_status = DEED_NO_PASSPHRASE;
	assert_status(DEED_NO_PASSPHRASE, place_probe(p, err));
	assert_status(DEED_NO_PASSPHRASE,
		      place_put(p, A, "x", slice_of("x", 1), err));
	assert_int_equal(fake.stores, 0);
}

static void test_examine(void **state)
{
	struct place_traits t;

	(void)state;
	fake.date = NOW + 7;
	fake.conditions = true;
	put("test", "x", "x");
	assert_ok(place_examine(p, "test", "x", &t, err));
	assert_int_equal(t.condition, PLACE_CONDITION_HELD);
	assert_true(t.clock_known && t.clock == 7);
	assert_true(t.versions_known && !t.versions && !t.marker);
	assert_null(fake_find("pre/fix/test/x"));
	fake.conditions = false;
	put("test", "x", "x");
	assert_ok(place_examine(p, "test", "x", &t, err));
	assert_int_equal(t.condition, PLACE_CONDITION_UNSUPPORTED);
	fake.silent = true;
	fake.versioning = STORE_VERSIONED;
	put("test", "x", "x");
	assert_ok(place_examine(p, "test", "x", &t, err));
	assert_int_equal(t.condition, PLACE_CONDITION_IGNORED);
	assert_true(t.versions && t.marker);
	fake.date = NOW + 3600;
	put("test", "x", "x");
	assert_status(DEED_DENIED, place_examine(p, "test", "x", &t, err));
}

static enum deed_status see_version(void *arg, const struct place_version *v,
				    struct deed_error *e)
{
	(void)arg;
	(void)v;
	(void)e;
	return DEED_OK;
}

/* A bucket says once whether it keeps any; only where it says no it is not
 * asked for them. */
static void test_versions(void **state)
{
	static const struct {
		enum store_versioning kept;
		enum deed_status answer;
		unsigned asked, lists;
	} cases[] = {
		{ STORE_UNVERSIONED, DEED_OK, 1, 0 },
		{ STORE_WAS_VERSIONED, DEED_OK, 1, 3 },
		{ STORE_VERSIONED, DEED_OK, 1, 3 },
		{ STORE_UNVERSIONED, DEED_DENIED, 1, 3 },
		{ STORE_UNVERSIONED, DEED_UNSUPPORTED, 1, 3 },
		{ STORE_UNVERSIONED, DEED_NOT_FOUND, 1, 3 },
		{ STORE_UNVERSIONED, DEED_REFUSED, 3, 3 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		place_close(p);
		assert_ok(
			place_open("one", &description, "/", &means, &p, err));
		memset(fake.requests, 0, sizeof(fake.requests));
		fake.versioning = cases[i].kept;
		fake.answer = cases[i].answer;
		for (int j = 0; j < 3; j++)
			(void)!place_versions(p, A, see_version, NULL, NULL);
		fake.answer = DEED_OK;
		assert_int_equal(fake.requests[STORE_VERSIONING],
				 cases[i].asked);
		assert_int_equal(fake.requests[STORE_VERSIONS], cases[i].lists);
	}
}

/* What makes up names is not listened to for ever, nor believed. */
static void test_invented(void **state)
{
	(void)state;
	put(A, "1", "a");
	fake.versioning = STORE_VERSIONED;
	fake.lie = FAKE_INVENTS;
	seen[0] = '\0';
	assert_status(DEED_DAMAGED, place_list(p, A, see, NULL, err));
	assert_string_equal(seen, "");
	assert_in_range(fake.requests[STORE_LIST], 10, 200);
	assert_status(DEED_LIMIT, place_versions(p, A, see_version, NULL, err));
	assert_in_range(fake.requests[STORE_VERSIONS], 100, 2000);
}

static void test_traffic(void **state)
{
	struct place_traffic t;
	struct buf b = BUF_INIT;

	(void)state;
	put(A, "x", "12345");
	assert_ok(place_get(p, A, "x", 9, &b, err));
	assert_ok(place_remove(p, A, "x", err));
	(void)list("about");
	place_traffic(p, &t);
	assert_int_equal(t.put, 1);
	assert_int_equal(t.get, 1);
	assert_int_equal(t.remove, 1);
	assert_int_equal(t.list, 1);
	assert_int_equal(t.sent, 5);
	assert_int_equal(t.received, 5);
	buf_clear(&b);
}

/* Of a place that fails beside, and of no other, what it says is absent may be
 * there; also for who opens it anew. */
static void test_doubt(void **state)
{
	struct place_means kept = means;
	struct deed_error why = DEED_ERROR_INIT;
	struct place *q;

	(void)state;
	assert_ok(place_stores_new(&kept.stores, err));
	assert_ok(place_open("one", &description, "/", &kept, &q, err));
	assert_ok(place_make(q, err));
	assert_status(DEED_NOT_FOUND, place_head(q, A, "x", NULL, err));
	fake.answer = DEED_REMOTE;
	assert_status(DEED_REMOTE, place_head(q, A, "y", NULL, err));
	fake.answer = DEED_OK;
	assert_status(DEED_REMOTE, place_head(q, A, "x", NULL, &why));
	assert_non_null(strstr(why.message, "may be there"));
	place_close(q);
	assert_ok(place_open("one", &description, "/", &kept, &q, err));
	assert_status(DEED_REMOTE, place_head(q, A, "x", NULL, err));
	place_close(q);
	place_stores_free(kept.stores);

	assert_status(DEED_NOT_FOUND, place_head(p, A, "x", NULL, err));
}

/* Of an object whose hash is known, one answer that is wrong is asked for
 * again, then with all that can be compared. */
static void test_known(void **state)
{
	static const struct {
		unsigned rotten, asked, hashed;
		size_t max;
		enum deed_status known, filled;
	} list[] = {
		{ 0, 1, 0, 5, DEED_OK, DEED_OK },
		{ 1, 2, 1, 5, DEED_OK, DEED_OK },
		{ 2, 2, 1, 5, DEED_DAMAGED, DEED_DAMAGED },
		{ 0, 1, 0, 9, DEED_OK, DEED_DAMAGED },
		{ 0, 1, 0, 4, DEED_LIMIT, DEED_LIMIT },
	};
	uint8_t hash[SHA256_SIZE], into[10];
	struct place_ticket *t;

	(void)state;
	put(A, "x", "hello");
	sha256(slice_str("hello"), hash);
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct buf got = BUF_INIT;

		buf_str(&got, "-");
		fake.rotten = list[i].rotten;
		fake.hashed = fake.requests[STORE_GET] = 0;
		assert_ok(place_get_known_begin(p, A, "x", hash, list[i].max,
						&got, &t, err));
		assert_status(list[i].known, place_finish(t, err));
		assert_int_equal(fake.requests[STORE_GET], list[i].asked);
		assert_int_equal(fake.hashed, list[i].hashed);
		assert_true(slice_equal(
			buf_get(&got),
			slice_str(list[i].known == DEED_OK ? "-hello" : "-")));
		buf_clear(&got);

		fake.rotten = list[i].rotten;
		memset(into, '-', sizeof(into));
		assert_ok(place_fill_begin(p, A, "x", hash, into, list[i].max,
					   &t, err));
		assert_status(list[i].filled, place_finish(t, err));
		assert_int_equal(into[list[i].max], '-');
		if (list[i].filled == DEED_OK)
			assert_memory_equal(into, "hello-", 6);
	}
	/* So is what was put, where it is read back. */
	place_read_back(p, true);
	for (unsigned rotten = 0; rotten < 3; rotten++) {
		fake.rotten = rotten;
		fake.hashed = 0;
		assert_status(rotten < 2 ? DEED_OK : DEED_DAMAGED,
			      place_put(p, A, "y", slice_str("hello"), err));
		assert_int_equal(fake.hashed, rotten > 0);
	}
	assert_ok(place_put(p, A, "z", SLICE_NONE, err));
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_lazy),     CASE(test_keys),	   CASE(test_many),
		CASE(test_lists),    CASE(test_ascending), CASE(test_not_there),
		CASE(test_answers),  CASE(test_clock),	   CASE(test_lies),
		CASE(test_no_means), CASE(test_examine),   CASE(test_traffic),
		CASE(test_versions), CASE(test_known),	   CASE(test_doubt),
		CASE(test_invented),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
