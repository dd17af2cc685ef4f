/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/beneath.h"
#include "base/file.h"

/* A kernel without openat2, a file system without O_TMPFILE. */
static bool old_kernel, named;

long __real_syscall(long number, ...);
long __wrap_syscall(long number, int folder, const char *name,
		    const struct open_how *how, size_t size);
long __wrap_syscall(long number, int folder, const char *name,
		    const struct open_how *how, size_t size)
{
	if (number == SYS_openat2 && old_kernel) {
		errno = ENOSYS;
		return -1;
	}
	if (number == SYS_openat2 && named &&
	    (how->flags & O_TMPFILE) == O_TMPFILE) {
		errno = EOPNOTSUPP;
		return -1;
	}
	return __real_syscall(number, folder, name, how, size);
}

static char dir[] = "/tmp/deed-beneath-XXXXXX";
static char inside[64], outside[64];

static enum deed_status write_to(struct beneath *b, const char *name,
				 const char *text, bool replace)
{
	struct beneath_file f;
	enum deed_status status = beneath_create(b, name, &f, NULL);

	if (status != DEED_OK)
		return status;
	status = file_write_fd(f.fd, name, text, strlen(text), NULL);
	if (status == DEED_OK)
		status = beneath_sync(b, NULL);
	if (status == DEED_OK)
		status = beneath_name(b, &f, replace, NULL);
	beneath_drop(b, &f);
	return status;
}

static bool holds(struct beneath *b, const char *name, const char *text)
{
	char got[64] = "";
	int fd;

	if (beneath_read(b, name, &fd, NULL) != DEED_OK)
		return false;
	assert_true(read(fd, got, sizeof(got) - 1) >= 0);
	(void)close(fd);
	return !strcmp(got, text);
}

/* Entries of a folder but . and .. */
static int entries(const char *path)
{
	DIR *d = opendir(path);
	int count = -2;

	assert_non_null(d);
	while (readdir(d) != NULL)
		count++;
	(void)closedir(d);
	return count;
}

static int set_up(void **state)
{
	(void)state;
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(inside, sizeof(inside), "%s/in", dir);
	snprintf(outside, sizeof(outside), "%s/out", dir);
	return mkdir(outside, 0700);
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	old_kernel = named = false;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static void test_files(void **state)
{
	struct beneath_file f;
	struct beneath *b;
	int round, fd;

	(void)state;
	assert_ok(beneath_open(inside, &b, err));
	for (round = 0; round < 2; round++) {
		named = round == 1;
		assert_int_equal(write_to(b, "a", "one", round == 1), DEED_OK);
		assert_int_equal(write_to(b, "x/y/z", "deep", round == 1),
				 DEED_OK);
		assert_int_equal(write_to(b, "x/b", "two", round == 1),
				 DEED_OK);
		assert_true(holds(b, "a", "one"));
		assert_true(holds(b, "x/y/z", "deep"));
		assert_int_equal(write_to(b, "a", "other", false), DEED_EXISTS);
		assert_true(holds(b, "a", "one"));
		assert_int_equal(write_to(b, "a", "other", true), DEED_OK);
		assert_true(holds(b, "a", "other"));
		/* What was not named is gone. */
		assert_ok(beneath_create(b, "never", &f, err));
		assert_int_equal(entries(inside), round == 0 ? 2 : 3);
		beneath_drop(b, &f);
		assert_int_equal(entries(inside), 2);
		assert_status(DEED_NOT_FOUND,
			      beneath_read(b, "never", &fd, err));
		assert_status(DEED_NOT_FOUND,
			      beneath_read(b, "no/never", &fd, err));
		assert_status(DEED_EXISTS, beneath_read(b, "x", &fd, err));
		assert_status(DEED_EXISTS, beneath_read(b, "a/b", &fd, err));
		assert_int_equal(write_to(b, "x", "file", true), DEED_IO);
		assert_true(write_to(b, "a/b", "file", true) != DEED_OK);
	}
	beneath_close(b);
}

/* Links to the outside are refused, or replaced themselves. */
static void test_links(void **state)
{
	static const char *const leads[] = { "link/x", "a/link/x", "../out/x",
					     "a/../../out/x", "/tmp/x" };
	struct beneath *b;
	size_t i;
	int fd;

	(void)state;
	assert_ok(beneath_open(inside, &b, err));
	assert_int_equal(write_to(b, "a/b", "one", false), DEED_OK);
	assert_int_equal(chdir(inside), 0);
	assert_int_equal(symlink("../out", "link"), 0);
	assert_int_equal(symlink("../../out", "a/link"), 0);
	assert_int_equal(symlink("../../out/file", "a/file"), 0);
	for (i = 0; i < 5; i++) {
		/* The last is taken from where the folder is. */
		if (i < 4)
			assert_int_equal(write_to(b, leads[i], "x", true),
					 DEED_REFUSED);
		assert_int_equal(beneath_read(b, leads[i], &fd, NULL),
				 DEED_EXISTS);
	}
	assert_int_equal(beneath_read(b, "a/file", &fd, NULL), DEED_EXISTS);
	assert_int_equal(write_to(b, "a/file", "x", false), DEED_EXISTS);
	assert_int_equal(write_to(b, "a/file", "x", true), DEED_OK);
	assert_true(holds(b, "a/file", "x"));
	assert_int_equal(entries(outside), 0);
	assert_int_equal(chdir("/"), 0);
	beneath_close(b);
}

static void test_old_kernel(void **state)
{
	struct beneath *b;

	(void)state;
	old_kernel = true;
	assert_status(DEED_UNSUPPORTED, beneath_open(inside, &b, err));
	assert_null(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_links, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_old_kernel, set_up,
						tear_down),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
