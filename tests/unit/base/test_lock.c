/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/pool.h"

static char path[64];

static void held_lock_names_its_holder(void **state)
{
	struct deed_error e = DEED_ERROR_INIT;
	struct lock *first, *second;
	char pid[32];

	(void)state;
	(void)snprintf(pid, sizeof(pid), "process %ld (deed test)",
		       (long)getpid());
	assert_ok(lock_acquire(path, 0, &first, err));
	assert_int_equal(lock_acquire(path, 0, &second, &e), DEED_LOCKED);
	assert_null(second);
	assert_non_null(strstr(e.message, pid));
	lock_release(first);
	assert_ok(lock_acquire(path, 0, &second, err));
	lock_release(second);
	lock_release(NULL);
}

/* Where the kernel's list shows this process's own locks. */
static void whoever_looks_sees_it(void **state)
{
	struct lock *lock;

	(void)state;
	assert_false(lock_is_held("no-such-lock"));
	assert_ok(lock_acquire(path, 0, &lock, err));
	if (access("/proc/locks", R_OK) == 0)
		assert_true(lock_is_held(path));
	lock_release(lock);
	assert_false(lock_is_held(path));
}

static void waiting_ends(void **state)
{
	struct lock *first, *second;
	int64_t start = clock_monotonic_ms(), took;

	(void)state;
	assert_ok(lock_acquire(path, 0, &first, err));
	assert_status(DEED_LOCKED, lock_acquire(path, 1, &second, err));
	took = clock_monotonic_ms() - start;
	assert_in_range(took, 1000, 5000);
	lock_release(first);
}

static void death_of_the_holder_frees(void **state)
{
	struct lock *lock;
	int ready[2];
	pid_t child;
	char c;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (child == 0) {
		if (lock_acquire(path, 0, &lock, NULL) != DEED_OK ||
		    write(ready[1], "x", 1) != 1)
			_exit(1);
		(void)pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_status(DEED_LOCKED, lock_acquire(path, 0, &lock, err));
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_ok(lock_acquire(path, 0, &lock, err));
	lock_release(lock);
}

static void release_binds_children_too(void **state)
{
	struct lock *lock;
	pid_t child;

	(void)state;
	assert_ok(lock_acquire(path, 0, &lock, err));
	child = fork();
	if (child == 0) {
		(void)pause();
		_exit(1);
	}
	lock_release(lock);
	assert_ok(lock_acquire(path, 0, &lock, err));
	lock_release(lock);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

#define ROUNDS 200

struct shared {
	int inside;
	int most;
	int count;
};

static void enter(void *arg, size_t i)
{
	struct shared *s = arg;
	struct lock *lock;

	(void)i;
	if (lock_acquire(path, 30, &lock, NULL) != DEED_OK)
		return;
	s->inside++;
	if (s->inside > s->most)
		s->most = s->inside;
	s->count++;
	s->inside--;
	lock_release(lock);
}

static void threads_exclude_each_other(void **state)
{
	struct shared s = { 0 };

	(void)state;
	pool_run(4, ROUNDS, enter, &s);
	assert_int_equal(s.most, 1);
	assert_int_equal(s.count, ROUNDS);
}

static void no_folder_is_an_error(void **state)
{
	struct lock *lock;

	(void)state;
	assert_status(DEED_IO, lock_acquire("/no/such/lock", 0, &lock, err));
	assert_null(lock);
}

static int make_folder(void **state)
{
	static char dir[] = "/tmp/deed-lock-XXXXXX";

	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/lock", dir);
	lock_set_command("deed test");
	return 0;
}

static int remove_folder(void **state)
{
	char *dir = path_dir(path);

	(void)state;
	(void)unlink(path);
	(void)rmdir(dir);
	free(dir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(held_lock_names_its_holder),
		cmocka_unit_test(whoever_looks_sees_it),
		cmocka_unit_test(waiting_ends),
		cmocka_unit_test(death_of_the_holder_frees),
		cmocka_unit_test(release_binds_children_too),
		cmocka_unit_test(threads_exclude_each_other),
		cmocka_unit_test(no_folder_is_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
