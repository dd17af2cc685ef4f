/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <fcntl.h>
#include <signal.h>
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
	int (*const forbidden[])(void) = { opens,    connects, forks,
					   executes, kills,    maps_a_file };
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
#ifndef DEED_SANITIZERS
		cmocka_unit_test(memory_is_capped),
#endif
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
