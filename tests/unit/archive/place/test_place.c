/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/place/place.h"
#include "base/file.h"

#define ONE "00112233445566778899aabbccddeeff"
#define TWO "00ffffffffffffffffffffffffffffff"
#define SIX "60000000000000000000000000000000"
#define OLD "00800000000000000000000000000000"

struct world {
	char dir[32], where[64];
	struct place *p;
};

static void make(struct world *w, bool made)
{
	const struct place_description d = { .where = w->where };

	*w = (struct world){ .dir = "/tmp/deed-test-place-XXXXXX" };
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->where, sizeof(w->where), "dir:%s/p", w->dir);
	assert_ok(place_open("one", &d, "/nowhere", NULL, &w->p, err));
	if (made)
		assert_ok(place_make(w->p, err));
}

static void take_away(struct world *w)
{
	char text[64];

	place_close(w->p);
	snprintf(text, sizeof(text), "rm -rf %s", w->dir);
	assert_int_equal(system(text), 0);
}

static void put(struct world *w, const char *folder, const char *name,
		const char *text)
{
	assert_ok(place_put(w->p, folder, name, slice_str(text), err));
}

/* What a file of the place holds, behind its back. */
static void change(struct world *w, const char *path, const char *text)
{
	char file[256];

	snprintf(file, sizeof(file), "%s/p/%s", w->dir, path);
	if (text == NULL)
		assert_int_equal(unlink(file), 0);
	else
		assert_ok(file_write(file, 0600, slice_str(text),
				     OUTFILE_REPLACE, err));
}

/* Absent is what a place says that answers; one that is not there says
 * nothing. */
static void test_absent_and_away(void **state)
{
	struct buf got = BUF_INIT;
	char text[64], gone[64];
	struct world w;
	uint64_t size = 7;

	(void)state;
	make(&w, true);
	put(&w, ONE, "n", "hello");
	assert_ok(place_head(w.p, ONE, "n", &size, err));
	assert_int_equal(size, 5);
	assert_status(DEED_NOT_FOUND, place_head(w.p, ONE, "m", NULL, err));
	assert_status(DEED_NOT_FOUND, place_head(w.p, TWO, "m", NULL, err));
	assert_status(DEED_NOT_FOUND, place_get(w.p, ONE, "m", 9, &got, err));
	assert_status(DEED_NOT_FOUND, place_list(w.p, TWO, NULL, NULL, err));
	assert_ok(place_remove(w.p, ONE, "m", err));
	assert_ok(place_remove(w.p, TWO, "m", err));
	assert_ok(place_remove_folder(w.p, TWO, err));
	/* The disk goes; what was mounted over comes to light. */
	snprintf(text, sizeof(text), "%s/p", w.dir);
	snprintf(gone, sizeof(gone), "%s/gone", w.dir);
	assert_int_equal(rename(text, gone), 0);
	for (int round = 0; round < 2; round++) {
		assert_status(DEED_REMOTE, place_probe(w.p, err));
		assert_status(DEED_REMOTE,
			      place_head(w.p, ONE, "n", NULL, err));
		assert_status(DEED_REMOTE,
			      place_get(w.p, ONE, "n", 9, &got, err));
		assert_status(DEED_REMOTE,
			      place_get_range(w.p, ONE, "n", 0, 2, &got, err));
		assert_status(DEED_REMOTE,
			      place_put(w.p, ONE, "n", slice_str("x"), err));
		assert_status(DEED_REMOTE, place_remove(w.p, ONE, "n", err));
		assert_status(DEED_REMOTE, place_remove_folder(w.p, ONE, err));
		assert_status(DEED_REMOTE,
			      place_list(w.p, ONE, NULL, NULL, err));
		assert_status(DEED_REMOTE,
			      place_list(w.p, NULL, NULL, NULL, err));
		assert_status(DEED_REMOTE,
			      place_walk(w.p, NULL, NULL, NULL, err));
		assert_int_equal(got.len, 0);
		if (round == 0)
			assert_int_equal(mkdir(text, 0700), 0);
	}
	assert_int_equal(rmdir(text), 0);
	assert_int_equal(rename(gone, text), 0);
	assert_ok(place_get(w.p, ONE, "n", 9, &got, err));
	assert_int_equal(got.len, 5);
	buf_clear(&got);
	take_away(&w);
}

/* A folder that may not be read is not one that is absent. */
static void test_denied(void **state)
{
	struct buf got = BUF_INIT;
	struct world w;
	char text[64];

	(void)state;
	/* Nothing is denied to root. */
	if (geteuid() == 0)
		assert_int_equal(seteuid(1), 0);
	make(&w, true);
	put(&w, ONE, "n", "hello");
	snprintf(text, sizeof(text), "%s/p/00", w.dir);
	assert_int_equal(chmod(text, 0), 0);
	assert_status(DEED_DENIED, place_head(w.p, ONE, "n", NULL, err));
	assert_status(DEED_DENIED, place_get(w.p, ONE, "n", 9, &got, err));
	assert_status(DEED_DENIED, place_list(w.p, ONE, NULL, NULL, err));
	assert_status(DEED_DENIED, place_remove(w.p, ONE, "n", err));
	assert_status(DEED_DENIED,
		      place_put(w.p, ONE, "m", slice_str("x"), err));
	assert_int_equal(chmod(text, 0700), 0);
	snprintf(text, sizeof(text), "%s/p", w.dir);
	assert_int_equal(chmod(text, 0), 0);
	assert_status(DEED_DENIED, place_probe(w.p, err));
	assert_int_equal(chmod(text, 0700), 0);
	assert_ok(place_head(w.p, ONE, "n", NULL, err));
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	take_away(&w);
}

static void test_ranges(void **state)
{
	static const struct {
		uint64_t from;
		size_t len;
		const char *want;
	} range[] = {
		{ 0, 5, "hello" }, { 0, 2, "he" },     { 3, 2, "lo" },
		{ 3, 9, "lo" },	   { 5, 1, "" },       { 99, 4, "" },
		{ 1, 0, "" },	   { 0, 99, "hello" },
	};
	struct place_ticket *t;
	struct world w;

	(void)state;
	make(&w, true);
	put(&w, "f", "n", "hello");
	for (size_t i = 0; i < sizeof(range) / sizeof(range[0]); i++) {
		struct buf got = BUF_INIT;

		buf_str(&got, "-");
		assert_ok(place_get_range(w.p, "f", "n", range[i].from,
					  range[i].len, &got, err));
		buf_byte(&got, 0);
		assert_string_equal((char *)got.data + 1, range[i].want);
		buf_clear(&got);
	}
	/* All that is behind an offset, and no more than was said. */
	for (size_t max = 1; max < 5; max++) {
		struct buf got = BUF_INIT;

		assert_ok(
			place_get_begin(w.p, "f", "n", 2, max, &got, &t, err));
		assert_status(max < 3 ? DEED_LIMIT : DEED_OK,
			      place_finish(t, err));
		assert_int_equal(got.len, max < 3 ? 0 : 3);
		buf_clear(&got);
	}
	take_away(&w);
}

/* Bytes that are others are not given out, and not asked for again. */
static void test_known(void **state)
{
	uint8_t hash[SHA256_SIZE], into[8];
	struct place_ticket *t;
	struct buf got = BUF_INIT;
	struct world w;

	(void)state;
	make(&w, true);
	put(&w, "f", "n", "hello");
	sha256(slice_str("hello"), hash);
	for (size_t size = 4; size < 7; size++) {
		memset(into, '-', sizeof(into));
		assert_ok(place_fill_begin(w.p, "f", "n", hash, into, size, &t,
					   err));
		assert_status(size == 4	  ? DEED_LIMIT
			      : size == 5 ? DEED_OK
					  : DEED_DAMAGED,
			      place_finish(t, err));
		assert_int_equal(into[size], '-');
	}
	assert_ok(place_get_known_begin(w.p, "f", "n", hash, 9, &got, &t, err));
	assert_ok(place_finish(t, err));
	assert_true(slice_equal(buf_get(&got), slice_str("hello")));
	hash[0] ^= 1;
	assert_ok(place_get_known_begin(w.p, "f", "n", hash, 9, &got, &t, err));
	assert_status(DEED_DAMAGED, place_finish(t, err));
	assert_int_equal(got.len, 5);
	assert_ok(place_fill_begin(w.p, "f", "n", hash, into, 5, &t, err));
	assert_status(DEED_DAMAGED, place_finish(t, err));
	assert_ok(place_fill_begin(w.p, "f", "m", hash, into, 5, &t, err));
	assert_status(DEED_NOT_FOUND, place_finish(t, err));
	buf_clear(&got);
	take_away(&w);
}

/* Many at once, finished in another order; then what it came to. */
static void test_tickets(void **state)
{
	struct place_ticket *t[20];
	struct place_traffic traffic;
	struct buf got[20];
	uint64_t size[20];
	char name[16], text[16];
	struct world w;

	(void)state;
	make(&w, true);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		snprintf(text, sizeof(text), "%d", i);
		assert_ok(place_put_begin(w.p, ONE, name, slice_str(text),
					  &t[i], err));
		memset(text, 'x', sizeof(text));
	}
	for (int i = 20; i-- > 0;)
		assert_ok(place_finish(t[i], err));
	for (int i = 0; i < 20; i++) {
		got[i] = (struct buf)BUF_INIT;
		snprintf(name, sizeof(name), "n%d", i);
		assert_ok(place_get_begin(w.p, ONE, name, 0, 9, &got[i], &t[i],
					  err));
		assert_int_equal(got[i].len, 0);
	}
	for (int i = 20; i-- > 0;) {
		assert_ok(place_finish(t[i], err));
		buf_byte(&got[i], 0);
		assert_int_equal(strtol((char *)got[i].data, NULL, 10), i);
		buf_clear(&got[i]);
	}
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "n%d", i + 1);
		assert_ok(
			place_head_begin(w.p, ONE, name, &size[i], &t[i], err));
	}
	for (int i = 0; i < 19; i++) {
		assert_ok(place_finish(t[i], err));
		assert_int_equal(size[i], i < 9 ? 1 : 2);
	}
	assert_status(DEED_NOT_FOUND, place_finish(t[19], err));
	assert_ok(place_finish(NULL, err));
	assert_ok(place_remove_begin(w.p, ONE, "n0", &t[0], err));
	assert_ok(place_finish(t[0], err));
	place_traffic(w.p, &traffic);
	assert_int_equal(traffic.put, 20);
	assert_int_equal(traffic.get, 20);
	assert_int_equal(traffic.head, 20);
	assert_int_equal(traffic.remove, 1);
	assert_int_equal(traffic.sent, 30);
	assert_int_equal(traffic.received, 30);
	take_away(&w);
}

/* What was put, and is something else by the time it is read again. */
static void test_read_back(void **state)
{
	struct place_ticket *t[2];
	struct world w;

	(void)state;
	make(&w, true);
	for (int settled = 0; settled < 2; settled++) {
		place_read_back(w.p, true);
		put(&w, "f", "n", "hello");
		assert_ok(place_put_begin(w.p, "f", "n", slice_str("hello"),
					  &t[0], err));
		assert_ok(place_put_begin(w.p, "f", "m", slice_str("there"),
					  &t[1], err));
		for (int i = 0; i < 2 && settled == 1; i++)
			place_settle(t[i]);
		change(&w, "f/n", "hallo");
		change(&w, "f/m", NULL);
		assert_status(DEED_DAMAGED, place_finish(t[0], err));
		assert_status(DEED_REMOTE, place_finish(t[1], err));
		assert_ok(place_put_begin(w.p, "f", "n", slice_str("hello"),
					  &t[0], err));
		change(&w, "f/n", "hello and more");
		assert_status(DEED_DAMAGED, place_finish(t[0], err));
		place_read_back(w.p, false);
		assert_ok(place_put_begin(w.p, "f", "n", slice_str("hello"),
					  &t[0], err));
		change(&w, "f/n", "hallo");
		assert_ok(place_finish(t[0], err));
	}
	take_away(&w);
}

struct seen {
	char text[1024];
	uint64_t sizes;
	int left; /* until it is given up */
};

static enum deed_status see(void *arg, const char *folder, const char *name,
			    uint64_t size, struct deed_error *e)
{
	struct seen *s = arg;
	size_t len = strlen(s->text);

	snprintf(s->text + len, sizeof(s->text) - len, "%.4s/%s ", folder,
		 name);
	s->sizes += size;
	return --s->left == 0 ? deed_error_set(e, DEED_NO, "enough") : DEED_OK;
}

static void test_walk(void **state)
{
	static const struct {
		const char *after, *want;
	} walk[] = {
		{ NULL, "0011/a 0011/b 0080/o 00ff/c 6000/.t 6000/d "
			"abou/r f-g/y f/x f/z " },
		{ ONE "/a", "0011/b 0080/o 00ff/c 6000/.t 6000/d "
			    "abou/r f-g/y f/x f/z " },
		{ ONE, "0080/o 00ff/c 6000/.t 6000/d abou/r f-g/y f/x f/z " },
		{ OLD "/zzz", "00ff/c 6000/.t 6000/d abou/r f-g/y f/x f/z " },
		{ "1", "6000/.t 6000/d abou/r f-g/y f/x f/z " },
		{ "f-g", "f/x f/z " },
		{ "f/x", "f/z " },
		{ "f", "" },
		{ "g/a", "" },
	};
	struct seen seen;
	struct world w;

	(void)state;
	make(&w, false);
	seen = (struct seen){ .left = 99 };
	assert_status(DEED_REMOTE, place_walk(w.p, NULL, see, &seen, err));
	assert_ok(place_make(w.p, err));
	put(&w, SIX, "d", "d");
	put(&w, ONE, "b", "bb");
	put(&w, ONE, "a", "aaa");
	put(&w, TWO, "c", "");
	put(&w, "f", "z", "zzzz");
	put(&w, "f", "x", "x");
	put(&w, "f-g", "y", "");
	put(&w, "about", "r", "readme");
	change(&w, "60/" SIX "/.t", "t");
	change(&w, "stray", "no object");
	/* As places once had it. */
	put(&w, "old", "o", "old");
	{
		char from[64], to[80];

		snprintf(from, sizeof(from), "%s/p/old", w.dir);
		snprintf(to, sizeof(to), "%s/p/" OLD, w.dir);
		assert_int_equal(rename(from, to), 0);
	}
	for (size_t i = 0; i < sizeof(walk) / sizeof(walk[0]); i++) {
		seen = (struct seen){ .left = 99 };
		assert_ok(place_walk(w.p, walk[i].after, see, &seen, err));
		assert_string_equal(seen.text, walk[i].want);
	}
	seen = (struct seen){ .left = 99 };
	assert_ok(place_walk(w.p, NULL, see, &seen, err));
	assert_int_equal(seen.sizes, 3 + 2 + 3 + 0 + 1 + 1 + 6 + 0 + 1 + 4);
	seen = (struct seen){ .left = 4 };
	assert_status(DEED_NO, place_walk(w.p, NULL, see, &seen, err));
	assert_string_equal(seen.text, "0011/a 0011/b 0080/o 00ff/c ");
	take_away(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_absent_and_away),
		cmocka_unit_test(test_denied),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_tickets),
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_walk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
