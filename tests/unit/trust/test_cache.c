/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "tmpdir.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "trust/cache.h"

#define URL "http://ca.test/a.crl"

static int begin(void **state)
{
	struct tmpdir *t = calloc(1, sizeof(*t));

	assert_non_null(t);
	assert_int_equal(tmpdir_make(t), 0);
	*state = t;
	return 0;
}

static int end(void **state)
{
	struct tmpdir *t = *state;

	assert_int_equal(tmpdir_remove(t), 0);
	free(t);
	return 0;
}

static void kept(const struct tmpdir *t, const char *url, struct slice request,
		 const char *expected)
{
	struct buf out = BUF_INIT;

	if (expected == NULL) {
		assert_status(DEED_NOT_FOUND,
			      cache_get(t->path, url, request, &out, err));
	} else {
		assert_ok(cache_get(t->path, url, request, &out, err));
		assert_true(slice_equal_str(buf_get(&out), expected));
	}
	buf_clear(&out);
}

static void test_put_get(void **state)
{
	const struct tmpdir *t = *state;

	kept(t, URL, SLICE_NONE, NULL);
	assert_ok(cache_put(t->path, URL, SLICE_NONE, slice_str("one"), err));
	kept(t, URL, SLICE_NONE, "one");
	assert_ok(cache_put(t->path, URL, SLICE_NONE, slice_str("two"), err));
	kept(t, URL, SLICE_NONE, "two");
	/* What was posted counts, and URLs do not run into it. */
	kept(t, URL, slice_str("q"), NULL);
	assert_ok(cache_put(t->path, URL, slice_str("q"), slice_str("three"),
			    err));
	kept(t, URL, slice_str("q"), "three");
	kept(t, URL "q", SLICE_NONE, NULL);
	kept(t, URL, SLICE_NONE, "two");
	kept(t, "http://ca.test/../../x", SLICE_NONE, NULL);
}

static void test_failures(void **state)
{
	const struct tmpdir *t = *state;
	char path[128];

	/* A file where the folder should be. */
	(void)snprintf(path, sizeof(path), "%s/cache", t->path);
	assert_ok(file_write(path, 0600, slice_str("x"), OUTFILE_NEW, err));
	assert_status(DEED_IO, cache_put(t->path, URL, SLICE_NONE,
					 slice_str("one"), err));
	kept(t, URL, SLICE_NONE, NULL);
}

static unsigned files(const struct tmpdir *t)
{
	struct dirent *entry;
	unsigned count = 0;
	char path[128];
	DIR *d;

	(void)snprintf(path, sizeof(path), "%s/cache", t->path);
	d = opendir(path);
	assert_non_null(d);
	while ((entry = readdir(d)) != NULL)
		count += entry->d_name[0] != '.';
	(void)closedir(d);
	return count;
}

/* The oldest go, and nothing that is not ours. */
static void test_trim(void **state)
{
	const struct tmpdir *t = *state;
	struct timespec times[2] = { { 0, 0 }, { 0, 0 } };
	char path[200];
	unsigned i;

	assert_ok(cache_trim(t->path, err));
	assert_ok(cache_put(t->path, URL, SLICE_NONE, slice_str("new"), err));
	for (i = 0; i < CACHE_FILES + 10; i++) {
		(void)snprintf(path, sizeof(path), "%s/cache/%064x", t->path,
			       i);
		fclose(fopen(path, "w"));
		times[1].tv_sec = 1000 + i;
		assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	}
	(void)snprintf(path, sizeof(path), "%s/cache/README", t->path);
	fclose(fopen(path, "w"));
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_ok(cache_trim(t->path, err));
	assert_int_equal(files(t), CACHE_FILES + 1);
	assert_true(file_exists(path));
	kept(t, URL, SLICE_NONE, "new");
	(void)snprintf(path, sizeof(path), "%s/cache/%064x", t->path, 10);
	assert_false(file_exists(path));
	(void)snprintf(path, sizeof(path), "%s/cache/%064x", t->path, 11);
	assert_true(file_exists(path));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(test_put_get),
		TEST(test_failures),
		TEST(test_trim),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
