/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/object.h"
#include "base/file.h"
#include "base/pool.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_names(void **state)
{
	static const char *const good[] = {
		"segment-00000000-1-" HEX,  "segment-00000255-64-" HEX,
		"segment-123456789-2-" HEX, "share-3-" HEX ".txt",
		"keys-" HEX ".cms",	    "README-" HEX ".txt",
		"deed-join-" HEX ".py",	    "sha256sums-" HEX ".txt",
		"manifest-1-" HEX ".cms",   "box-5-" HEX ".tar",
	};
	static const char *const bad[] = {
		"",
		"segment-0-1-" HEX,
		"segment-00000000-01-" HEX,
		"segment-00000000-65-" HEX,
		"segment-000000000-1-" HEX,
		"segment-00000000-1-" HEX "0",
		"segment-99999999999-1-" HEX,
		"share-3-" HEX,
		"share-" HEX ".txt",
		"keys-" HEX ".CMS",
		"keys-1-" HEX ".cms",
		"README-" HEX ".txt.bak",
		"manifest-" HEX ".cms",
		"manifest--1-" HEX ".cms",
		"box-" HEX ".tar",
		"box-05-" HEX ".tar",
		"keys-0123456789ABCDEF0123456789abcdef0123456789abcdef01234567"
		"89abcdef.cms",
	};
	char again[PLACE_NAME + 1];
	struct object_name o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(object_parse(good[i], &o));
		object_format(&o, again);
		assert_string_equal(again, good[i]);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(object_parse(bad[i], &o));
}

/* As a home without stores has it. */
static enum deed_status open_place(const char *name, const char *where,
				   const char *base, struct place **out,
				   struct deed_error *e)
{
	const struct place_description d = { .where = where };

	return place_open(name, &d, base, NULL, out, e);
}

struct seen {
	unsigned count;
	char last[PLACE_NAME + 1];
};

static enum deed_status see(void *arg, const char *name, struct deed_error *e)
{
	struct seen *s = arg;

	(void)e;
	s->count++;
	memcpy(s->last, name, strlen(name) + 1);
	return DEED_OK;
}

/* A place from its making to its end. */
#define FOLDER "00112233445566778899aabbccddeeff"

static void at(const char *dir, const char *path, bool is_there)
{
	char text[256];

	snprintf(text, sizeof(text), "%s/%s", dir, path);
	assert_int_equal(file_exists(text), is_there);
}

static void test_directory(void **state)
{
	char dir[] = "/tmp/deed-test-place-XXXXXX", where[256];
	struct object_name o = { .kind = OBJECT_KEYS };
	char name[PLACE_NAME + 1];
	struct buf got = BUF_INIT;
	struct seen seen = { 0, "" };
	struct place *p;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(where, sizeof(where), "dir:%s/p", dir);
	assert_ok(open_place("one", where, "/nowhere", &p, err));
	assert_string_equal(place_name(p), "one");
	sha256(slice_str("hello"), o.sha256);
	object_format(&o, name);
	assert_status(DEED_REMOTE, object_get(p, "f", &o, 99, &got, err));
	assert_status(DEED_REMOTE, place_head(p, "f", name, NULL, err));
	assert_status(DEED_REMOTE, place_list(p, "f", see, &seen, err));
	assert_status(DEED_REMOTE, place_remove(p, "f", name, err));
	assert_status(DEED_REMOTE, place_remove_folder(p, "f", err));
	/* A place that is not there is not made by being written to. */
	assert_status(DEED_REMOTE,
		      place_put(p, "f", name, slice_str("hello"), err));
	assert_status(DEED_REMOTE,
		      place_put(p, FOLDER, name, slice_str("hello"), err));
	assert_status(DEED_REMOTE, place_sync(p, err));
	at(dir, "p", false);
	/* Nor is where its disk was mounted written to. */
	snprintf(where, sizeof(where), "%s/p", dir);
	assert_int_equal(mkdir(where, 0700), 0);
	assert_status(DEED_REMOTE,
		      place_put(p, "f", name, slice_str("hello"), err));
	assert_status(DEED_REMOTE,
		      place_put(p, FOLDER, name, slice_str("hello"), err));
	assert_int_equal(rmdir(where), 0);
	assert_ok(place_make(p, err));
	assert_ok(place_put(p, "f", name, slice_str("hello"), err));
	assert_ok(place_put(p, "f", name, slice_str("hello"), err));
	assert_ok(place_sync(p, err));
	assert_ok(object_get(p, "f", &o, 99, &got, err));
	assert_int_equal(got.len, 5);
	assert_status(DEED_DAMAGED, object_get(p, "f", &o, 4, &got, err));
	assert_int_equal(got.len, 5);
	assert_ok(place_list(p, "f", see, &seen, err));
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.last, name);
	/* Damage is found, and a further put repairs it. */
	snprintf(where, sizeof(where), "%s/p/f/%s", dir, name);
	assert_ok(file_write(where, 0600, slice_str("hallo"), OUTFILE_REPLACE,
			     err));
	assert_status(DEED_DAMAGED, object_get(p, "f", &o, 99, &got, err));
	assert_ok(place_put(p, "f", name, slice_str("hello"), err));
	assert_ok(object_get(p, "f", &o, 99, &got, err));
	/* A link is not followed. */
	assert_int_equal(unlink(where), 0);
	assert_int_equal(symlink("/etc/passwd", where), 0);
	assert_status(DEED_NOT_FOUND, place_get(p, "f", name, 9999, &got, err));
	assert_ok(place_remove(p, "f", name, err));
	assert_ok(place_remove(p, "f", name, err));
	assert_ok(place_remove_folder(p, "f", err));
	assert_status(DEED_NOT_FOUND, place_list(p, "f", see, &seen, err));
	buf_clear(&got);
	place_close(p);
	snprintf(where, sizeof(where), "%s/p/about", dir);
	assert_int_equal(rmdir(where), 0);
	snprintf(where, sizeof(where), "%s/p", dir);
	assert_int_equal(rmdir(where), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* A deposit's folder lies in one of two digits; one that lies without, as
 * they once did, is found and stays there. */
static void test_fan(void **state)
{
	static const char *const made[] = { "p/00/" FOLDER, "p/00", "p/about",
					    "p/zz", "p" };
	char dir[] = "/tmp/deed-test-place-XXXXXX", where[256];
	struct buf got = BUF_INIT;
	struct seen seen = { 0, "" };
	struct place *p;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(where, sizeof(where), "dir:%s/p", dir);
	assert_ok(open_place("one", where, "/nowhere", &p, err));
	assert_ok(place_make(p, err));
	assert_ok(place_put(p, FOLDER, "n", slice_str("new"), err));
	assert_ok(place_put(p, "about", "n", slice_str("text"), err));
	at(dir, "p/00/" FOLDER "/n", true);
	at(dir, "p/about/n", true);
	assert_ok(place_list(p, NULL, see, &seen, err));
	assert_int_equal(seen.count, 2);
	assert_ok(place_get(p, FOLDER, "n", 9, &got, err));
	/* As it was in older places. */
	snprintf(where, sizeof(where), "%s/p/00/" FOLDER, dir);
	{
		char old[256];

		snprintf(old, sizeof(old), "%s/p/" FOLDER, dir);
		assert_int_equal(rename(where, old), 0);
	}
	assert_ok(place_get(p, FOLDER, "n", 9, &got, err));
	assert_ok(place_put(p, FOLDER, "m", slice_str("more"), err));
	at(dir, "p/" FOLDER "/m", true);
	at(dir, "p/00/" FOLDER, false);
	seen.count = 0;
	assert_ok(place_list(p, NULL, see, &seen, err));
	assert_int_equal(seen.count, 2);
	seen.count = 0;
	assert_ok(place_list(p, FOLDER, see, &seen, err));
	assert_int_equal(seen.count, 2);
	assert_ok(place_remove(p, FOLDER, "n", err));
	assert_ok(place_remove(p, FOLDER, "m", err));
	assert_ok(place_remove_folder(p, FOLDER, err));
	at(dir, "p/" FOLDER, false);
	/* A folder of two letters is one like others. */
	assert_ok(place_put(p, "zz", "n", slice_str("x"), err));
	assert_ok(place_remove(p, "zz", "n", err));
	assert_ok(place_remove(p, "about", "n", err));
	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		snprintf(where, sizeof(where), "%s/%s", dir, made[i]);
		(void)rmdir(where);
	}
	assert_int_equal(rmdir(dir), 0);
	buf_clear(&got);
	place_close(p);
}

/* Whoever can write at a place makes a link of a folder from which the archive
 * will remove: what lies where it leads stays. */
static void test_linked_folder(void **state)
{
	static const char *const links[] = { "p/00/" FOLDER, "p/00" };
	static const char *const to[] = { "../../q/00/" FOLDER, "../q/00" };
	static const char *const made[] = { "p/about", "p", "q/00", "q/about",
					    "q" };
	char dir[] = "/tmp/deed-test-place-XXXXXX", text[256];
	struct place *p, *q;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_ok(open_place("one", "dir:p", dir, &p, err));
	assert_ok(open_place("two", "dir:q", dir, &q, err));
	assert_ok(place_make(p, err));
	assert_ok(place_make(q, err));
	assert_ok(place_put(p, FOLDER, "n", slice_str("x"), err));
	assert_ok(place_put(q, FOLDER, "n", slice_str("x"), err));
	snprintf(text, sizeof(text), "%s/q/00/" FOLDER "/.n", dir);
	assert_ok(file_write(text, 0600, SLICE_NONE, OUTFILE_NEW, err));
	assert_ok(place_remove(p, FOLDER, "n", err));
	assert_ok(place_remove_folder(p, FOLDER, err));
	for (i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), "%s/%s", dir, links[i]);
		assert_int_equal(symlink(to[i], text), 0);
		assert_ok(place_head(p, FOLDER, "n", NULL, err));
		assert_ok(place_remove(p, FOLDER, "n", err));
		(void)!place_remove_folder(p, FOLDER, NULL);
		at(dir, "q/00/" FOLDER "/n", true);
		at(dir, "q/00/" FOLDER "/.n", true);
		assert_int_equal(unlink(text), 0);
		/* The second is in the place of what held the first. */
		snprintf(text, sizeof(text), "%s/p/00", dir);
		(void)rmdir(text);
	}
	assert_ok(place_remove(q, FOLDER, "n", err));
	assert_ok(place_remove_folder(q, FOLDER, err));
	place_close(p);
	place_close(q);
	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		snprintf(text, sizeof(text), "%s/%s", dir, made[i]);
		assert_int_equal(rmdir(text), 0);
	}
	assert_int_equal(rmdir(dir), 0);
}

static void test_bad_places(void **state)
{
	static const char *const bad[] = { "..", ".x",	"a/b",
					   "",	 "a b", "\xc3\xa4" };
	struct buf got = BUF_INIT;
	struct place *p;
	size_t i;

	(void)state;
	assert_status(DEED_CONFIG, open_place("x", "ftp://host", "/", &p, err));
	assert_status(DEED_CONFIG, open_place("x", "dir:", "/", &p, err));
	assert_ok(open_place("x", "dir:rel", "/tmp/base", &p, err));
	assert_string_equal(place_location(p), "/tmp/base/rel");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_status(DEED_MALFORMED,
			      place_put(p, bad[i], "n", SLICE_NONE, err));
		assert_status(DEED_MALFORMED,
			      place_get(p, "f", bad[i], 1, &got, err));
	}
	place_close(p);
}

/* A place that is not there, a folder in which there is nothing of one, one
 * that was made and is empty, one of older times. */
static void test_probe(void **state)
{
	static const char *const others[] = { "lost+found", "00", "not-mounted",
					      "0011" };
	char dir[] = "/tmp/deed-test-place-XXXXXX", where[256], text[256];
	struct place *p;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(where, sizeof(where), "dir:%s/p", dir);
	assert_ok(open_place("one", where, "/nowhere", &p, err));
	assert_status(DEED_REMOTE, place_probe(p, err));
	snprintf(text, sizeof(text), "%s/p", dir);
	assert_int_equal(mkdir(text, 0700), 0);
	assert_status(DEED_REMOTE, place_probe(p, err));
	for (i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), "%s/p/%s", dir, others[i]);
		assert_ok(file_mkdirs(text, 0700, err));
		assert_status(DEED_REMOTE, place_probe(p, err));
		assert_int_equal(rmdir(text), 0);
	}
	snprintf(text, sizeof(text), "%s/p/" FOLDER, dir);
	assert_int_equal(mkdir(text, 0700), 0);
	assert_ok(place_probe(p, err));
	assert_ok(place_put(p, "about", "n", slice_str("text"), err));
	assert_ok(place_remove(p, "about", "n", err));
	assert_ok(place_remove_folder(p, "about", err));
	assert_ok(place_put(p, FOLDER, "n", slice_str("text"), err));
	assert_ok(place_probe(p, err));
	assert_ok(place_remove(p, FOLDER, "n", err));
	assert_ok(place_remove_folder(p, FOLDER, err));
	assert_status(DEED_REMOTE, place_probe(p, err));
	assert_ok(place_make(p, err));
	assert_ok(place_probe(p, err));
	assert_ok(place_make(p, err));
	place_close(p);
	snprintf(text, sizeof(text), "rm -rf %s", dir);
	assert_int_equal(system(text), 0);
}

struct writers {
	struct place *p;
	struct slice bytes;
	atomic_int failed;
};

static void write_one(void *arg, size_t i)
{
	struct writers *w = arg;

	(void)i;
	if (place_put(w->p, "f", "n", w->bytes, NULL) != DEED_OK)
		atomic_fetch_add(&w->failed, 1);
}

/* Several write one object at once, over what is damaged: none fails, and it
 * is whole. */
static void test_many_writers(void **state)
{
	char dir[] = "/tmp/deed-test-place-XXXXXX", where[256], text[256];
	static uint8_t bytes[100000];
	struct writers w = { .bytes = { bytes, sizeof(bytes) } };
	struct buf got = BUF_INIT;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(where, sizeof(where), "dir:%s", dir);
	snprintf(text, sizeof(text), "%s/f/n", dir);
	assert_ok(open_place("one", where, "/nowhere", &w.p, err));
	assert_ok(place_make(w.p, err));
	for (int round = 0; round < 30; round++) {
		memset(bytes, round, sizeof(bytes));
		pool_run(4, 12, write_one, &w);
		assert_int_equal(w.failed, 0);
		buf_reset(&got);
		assert_ok(place_get(w.p, "f", "n", sizeof(bytes), &got, err));
		assert_true(slice_equal(buf_get(&got), w.bytes));
	}
	assert_ok(place_remove(w.p, "f", "n", err));
	assert_ok(place_remove_folder(w.p, "f", err));
	/* Nothing was left over. */
	snprintf(text, sizeof(text), "%s/about", dir);
	assert_int_equal(rmdir(text), 0);
	assert_int_equal(rmdir(dir), 0);
	buf_clear(&got);
	place_close(w.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_fan),
		cmocka_unit_test(test_linked_folder),
		cmocka_unit_test(test_bad_places),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_many_writers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
