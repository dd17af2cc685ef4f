/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sandbox.h"

#define MEMORY ((size_t)256 << 20)
#define NOT_CONFINED 77

static int computes(void)
{
	char *block = malloc(1 << 20);
	int fine = block != NULL;

	if (fine)
		memset(block, 1, 1 << 20);
	free(block);
	block = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fine = fine && block != MAP_FAILED &&
	       mprotect(block, 4096, PROT_READ) == 0;
	return fine && write(STDOUT_FILENO, "", 0) == 0 ? 0 : 1;
}

static int opens(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0 ? 0 : 1;
}

static int connects(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 1;
}

static int forks(void)
{
	return fork() >= 0 ? 0 : 1;
}

static int executes(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static int kills(void)
{
	return kill(getppid(), 0);
}

static int maps_a_file(void)
{
	return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 0, 0) == MAP_FAILED;
}

static int maps_memory_to_run(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int runs_what_it_wrote(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED || mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

/* The wait status of fn run in the sandbox. */
static int in_sandbox(int (*fn)(void))
{
	bool confined;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (sandbox_enter(MEMORY, 0, &confined, NULL) != DEED_OK)
			_exit(1);
		if (!confined)
			_exit(NOT_CONFINED);
		_exit(fn());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void it_can_compute(void **state)
{
	int status = in_sandbox(computes);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 0 ||
		    WEXITSTATUS(status) == NOT_CONFINED);
}

static void it_can_do_nothing_else(void **state)
{
	int (*const forbidden[])(void) = {
		opens,
		connects,
		forks,
		executes,
		kills,
		maps_a_file,
		maps_memory_to_run,
		runs_what_it_wrote,
	};
	size_t i;
	int status;

	(void)state;
	for (i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		status = in_sandbox(forbidden[i]);
		if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_CONFINED)
			continue; /* a build or kernel without it */
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
			fail_msg("call %zu was not killed: %x", i,
				 (unsigned)status);
	}
}

/* ---- with files to read ---- */

static char folder[] = "/tmp/deed-sandbox-XXXXXX";
static char inside[sizeof(folder) + 8];

static int reads_there(void)
{
	char byte;
	int fd = open(inside, O_RDONLY);
	void *map;

	if (fd < 0 || read(fd, &byte, 1) != 1 || byte != 'x')
		return 1;
	map = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0);
	return map != MAP_FAILED && *(char *)map == 'x' ? 0 : 1;
}

static int reads_elsewhere(void)
{
	return open("/etc/passwd", O_RDONLY) < 0 && open("/", O_RDONLY) < 0 ? 0
									    : 1;
}

static int writes_there(void)
{
	return open(inside, O_RDWR) >= 0 ? 0 : 1;
}

static int makes_a_file(void)
{
	return open(folder, O_TMPFILE | O_WRONLY, 0600) >= 0 ? 0 : 1;
}

static int runs_a_file(void)
{
	int fd = open(inside, O_RDONLY);

	return mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) !=
	       MAP_FAILED;
}

static int in_reading_sandbox(int (*fn)(void))
{
	const char *const folders[] = { "/nowhere/at/all", folder, NULL };
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status entered;
	int status;
	pid_t child = fork();

	if (child == 0) {
		entered = sandbox_enter_reading(folders, MEMORY, 0, &err);
		if (entered == DEED_INDETERMINATE)
			_exit(NOT_CONFINED);
		_exit(entered == DEED_OK ? fn() : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static int make_folder(void **state)
{
	int fd;

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(inside, sizeof(inside), "%s/file", folder);
	fd = open(inside, O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || write(fd, "x", 1) != 1)
		return -1;
	return close(fd);
}

static int remove_folder(void **state)
{
	(void)state;
	(void)unlink(inside);
	return rmdir(folder);
}

static void what_is_named_can_be_read(void **state)
{
	int (*const fine[])(void) = { computes, reads_there, reads_elsewhere };
	size_t i;
	int status;

	(void)state;
	for (i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		status = in_reading_sandbox(fine[i]);
		if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_CONFINED)
			continue; /* and there is no such sandbox without */
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("call %zu: %x", i, (unsigned)status);
	}
}

static void a_reader_can_do_nothing_else(void **state)
{
	int (*const forbidden[])(void) = {
		writes_there,
		makes_a_file,
		runs_a_file,
		connects,
		forks,
		executes,
		kills,
		maps_memory_to_run,
		runs_what_it_wrote,
	};
	size_t i;
	int status;

	(void)state;
	for (i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		status = in_reading_sandbox(forbidden[i]);
		if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_CONFINED)
			continue;
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
			fail_msg("call %zu was not killed: %x", i,
				 (unsigned)status);
	}
}

static void late(int number)
{
	(void)number;
	_exit(7);
}

static void time_is_watched(void **state)
{
	volatile unsigned spin = 0;
	bool confined;
	int status;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		if (sandbox_watch(1, late, NULL) != DEED_OK ||
		    sandbox_enter(MEMORY, 0, &confined, NULL) != DEED_OK)
			_exit(1);
		for (;;)
			spin++;
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

#ifndef DEED_SANITIZERS
static int takes_too_much(void)
{
	volatile char *block = malloc(MEMORY * 2);

	return block == NULL ? 3 : 0;
}

static void memory_is_capped(void **state)
{
	int status = in_sandbox(takes_too_much);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 3 ||
		    WEXITSTATUS(status) == NOT_CONFINED);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_can_compute),
		cmocka_unit_test(it_can_do_nothing_else),
		cmocka_unit_test(time_is_watched),
		cmocka_unit_test(what_is_named_can_be_read),
		cmocka_unit_test(a_reader_can_do_nothing_else),
#ifndef DEED_SANITIZERS
		cmocka_unit_test(memory_is_capped),
#endif
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
