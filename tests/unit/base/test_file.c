/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

/* Files must have names: as where the file system has no O_TMPFILE. */
static bool named;

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);

static bool refused(int flags)
{
	if (!named || (flags & O_TMPFILE) != O_TMPFILE)
		return false;
	errno = EOPNOTSUPP;
	return true;
}

int __wrap_open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	return refused(flags) ? -1 : __real_open(path, flags, mode);
}

int __wrap_open64(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	return refused(flags) ? -1 : __real_open64(path, flags, mode);
}

static char dir[] = "/tmp/deed-file-XXXXXX";
static char target[64];

/* Entries in the folder but . and .. */
static int entries(void)
{
	DIR *d = opendir(dir);
	int count = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		count++;
	(void)closedir(d);
	return count - 2;
}

static void empty_folder(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	char *p;

	while (d != NULL && (e = readdir(d)) != NULL) {
		p = path_join(dir, e->d_name);
		(void)unlink(p);
		free(p);
	}
	(void)closedir(d);
}

static void writes_and_never_clobbers(void **state)
{
	struct outfile *o;
	struct buf b = BUF_INIT;

	(void)state;
	assert_ok(outfile_open(&o, target, 0644, err));
	assert_ok(outfile_write(o, "hello", 5, err));
	assert_ok(outfile_patch(o, 1, "a", 1, err));
	assert_int_equal(outfile_size(o), 5);
	assert_int_equal(entries(), named ? 1 : 0);
	assert_false(file_exists(target));
	assert_ok(outfile_commit(o, OUTFILE_NEW, err));
	outfile_free(o);
	assert_ok(file_read(target, 5, &b, err));
	assert_true(slice_equal_str(buf_get(&b), "hallo"));
	buf_reset(&b);
	assert_status(DEED_LIMIT, file_read(target, 4, &b, err));
	assert_status(DEED_EXISTS, file_write(target, 0644, slice_str("x"),
					      OUTFILE_NEW, err));
	assert_int_equal(entries(), 1);
	assert_ok(
		file_write(target, 0644, slice_str("x"), OUTFILE_REPLACE, err));
	assert_ok(file_remove(target, err));
	assert_ok(file_remove(target, err));
	assert_int_equal(entries(), 0);
	buf_clear(&b);
}

/* What is much goes another way, and is the same. */
static void much_is_expected(void **state)
{
	static const size_t more[] = { 0, 1, 4096, 70001 };
	size_t i, at, len = 3 * 65536 - 7, size;
	uint8_t *bytes = malloc(OUTFILE_LARGE + 70001), last;
	struct buf back = BUF_INIT;
	struct outfile *o;

	(void)state;
	assert_non_null(bytes);
	for (i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		size = OUTFILE_LARGE + more[i];
		for (at = 0; at < size; at++)
			bytes[at] = (uint8_t)(at >> 8 ^ at);
		assert_ok(outfile_open(&o, target, 0644, err));
		outfile_expect(o, size);
		for (at = 0; at < size; at += len)
			assert_ok(outfile_write(
				o, bytes + at,
				size - at < len ? size - at : len, err));
		assert_int_equal(outfile_size(o), size);
		assert_int_equal(
			pread(outfile_fd(o), &last, 1, (off_t)size - 1), 1);
		assert_int_equal(last, bytes[size - 1]);
		bytes[4097] = 'x';
		assert_ok(outfile_patch(o, 4097, "x", 1, err));
		assert_ok(outfile_commit(o, OUTFILE_REPLACE, err));
		outfile_free(o);
		assert_ok(file_read(target, size, &back, err));
		assert_true(slice_equal(buf_get(&back), slice_of(bytes, size)));
		buf_reset(&back);
	}
	/* Less than was said. */
	assert_ok(outfile_open(&o, target, 0644, err));
	outfile_expect(o, OUTFILE_LARGE);
	assert_ok(outfile_write(o, bytes, 5000, err));
	assert_ok(outfile_sync_all(&o, 1, err));
	assert_ok(outfile_write(o, bytes, 1, err));
	assert_ok(outfile_commit(o, OUTFILE_REPLACE, err));
	outfile_free(o);
	assert_ok(file_read(target, 5001, &back, err));
	assert_true(back.len == 5001 && !memcmp(back.data, bytes, 5000));
	assert_ok(file_remove(target, err));
	buf_clear(&back);
	free(bytes);
}

static void an_abandoned_temporary_is_removed(void **state)
{
	struct outfile *o;

	(void)state;
	assert_ok(outfile_open(&o, target, 0644, err));
	assert_int_equal(entries(), named ? 1 : 0);
	outfile_free(o);
	assert_int_equal(entries(), 0);
	assert_ok(outfile_open(&o, target, 0644, err));
	assert_ok(outfile_link(o, err));
	assert_int_equal(entries(), 1);
	assert_true(file_exists(outfile_temporary(o)));
	outfile_drop(o);
	assert_int_equal(entries(), 0);
	outfile_free(o);
	assert_ok(outfile_open(&o, target, 0644, err));
	assert_ok(outfile_link(o, err));
	outfile_free(o);
	assert_int_equal(entries(), 0);
	outfile_free(NULL);
	assert_status(DEED_IO,
		      outfile_open(&o, "/no/such/folder/x", 0644, err));
	assert_null(o);
}

/* What a signal handler does: in a child, for it ends the process. */
static void removing_all_spares_what_is_kept(void **state)
{
	struct outfile *o[3];
	pid_t child;
	int status;

	(void)state;
	child = fork();
	if (child == 0) {
		if (outfile_open(&o[0], target, 0644, NULL) != DEED_OK ||
		    outfile_open(&o[1], target, 0644, NULL) != DEED_OK ||
		    outfile_open(&o[2], target, 0644, NULL) != DEED_OK)
			_exit(1);
		if (outfile_link(o[1], NULL) != DEED_OK)
			_exit(1);
		outfile_keep(o[1]);
		if (outfile_commit(o[2], OUTFILE_NEW, NULL) != DEED_OK)
			_exit(1);
		outfile_free(o[2]);
		outfile_remove_all();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(entries(), 2);
	assert_true(file_exists(target));
	assert_ok(file_remove(target, err));
}

static int with_names(void **state)
{
	(void)state;
	empty_folder();
	named = true;
	return 0;
}

static int without_names(void **state)
{
	(void)state;
	named = false;
	return 0;
}

/* What a killed process left is swept; what another still writes is not. */
static void the_dead_are_swept(void **state)
{
	struct outfile *o, *mine;
	char other[96], *folder = path_join(dir, "other");
	int status, ready[2];
	char byte;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		if (outfile_open(&o, target, 0644, NULL) != DEED_OK ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		(void)alarm(20);
		(void)pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(entries(), 1);
	/* Each folder is swept when the first file goes there. */
	assert_int_equal(mkdir(folder, 0700), 0);
	(void)snprintf(other, sizeof(other), "%s/x", folder);
	assert_ok(outfile_open(&mine, other, 0644, err));
	outfile_free(mine);
	assert_ok(outfile_open(&mine, target, 0644, err));
	assert_int_equal(entries(), 3);
	outfile_free(mine);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(entries(), 2);
	assert_ok(outfile_open(&mine, other, 0644, err));
	outfile_free(mine);
	assert_ok(outfile_open(&mine, target, 0644, err));
	assert_int_equal(entries(), 2);
	outfile_free(mine);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(entries(), 0);
	free(folder);
	(void)close(ready[0]);
	(void)close(ready[1]);
}

static void secrets_of_others_are_refused(void **state)
{
	struct secret *s;

	(void)state;
	assert_ok(file_write(target, 0600, slice_str("pass\n"), OUTFILE_NEW,
			     err));
	assert_ok(file_read_secret(target, &s, err));
	assert_int_equal(secret_len(s), 5);
	secret_free(s);
	assert_int_equal(chmod(target, 0640), 0);
	assert_status(DEED_REFUSED, file_read_secret(target, &s, err));
	assert_null(s);
	assert_int_equal(chmod(target, 0604), 0);
	assert_status(DEED_REFUSED, file_read_secret(target, &s, err));
	assert_int_equal(truncate(target, 0), 0);
	assert_int_equal(chmod(target, 0600), 0);
	assert_status(DEED_MALFORMED, file_read_secret(target, &s, err));
	assert_int_equal(truncate(target, SECRET_MAX + 1), 0);
	assert_status(DEED_MALFORMED, file_read_secret(target, &s, err));
	assert_status(DEED_IO, file_read_secret("/no/such", &s, err));
	assert_ok(file_remove(target, err));
}

static void paths(void **state)
{
	static const struct {
		const char *path, *dir, *base;
	} cases[] = {
		{ "a", ".", "a" },     { "/a", "/", "a" },
		{ "a/b", "a", "b" },   { "/a/b", "/a", "b" },
		{ "a/b/", "a/b", "" },
	};
	size_t i;
	char *d;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		d = path_dir(cases[i].path);
		assert_string_equal(d, cases[i].dir);
		assert_string_equal(path_base(cases[i].path), cases[i].base);
		free(d);
	}
	d = path_join("a", "b");
	assert_string_equal(d, "a/b");
	free(d);
	d = path_join("a/", "b");
	assert_string_equal(d, "a/b");
	free(d);
	assert_true(file_same("/tmp", "/tmp/."));
	assert_false(file_same("/tmp", "/no/such"));
}

static int make_folder(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(target, sizeof(target), "%s/target", dir);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	empty_folder();
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_and_never_clobbers),
		cmocka_unit_test(much_is_expected),
		cmocka_unit_test(an_abandoned_temporary_is_removed),
		cmocka_unit_test(secrets_of_others_are_refused),
		cmocka_unit_test(paths),
		cmocka_unit_test(removing_all_spares_what_is_kept),
		cmocka_unit_test_setup_teardown(writes_and_never_clobbers,
						with_names, without_names),
		cmocka_unit_test_setup_teardown(
			an_abandoned_temporary_is_removed, with_names,
			without_names),
		cmocka_unit_test_setup_teardown(
			removing_all_spares_what_is_kept, with_names,
			without_names),
		cmocka_unit_test_setup_teardown(the_dead_are_swept, with_names,
						without_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
