/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"

#define NOT_CONFINED 77

static char folder[] = "/tmp/deed-confine-XXXXXX";
static char inside[sizeof(folder) + 8], beside[sizeof(folder) + 8];

static int reads(void)
{
	char byte;
	int fd = open(inside, O_RDONLY);

	return fd >= 0 && read(fd, &byte, 1) == 1 && byte == 'x' ? 0 : 1;
}

static int writes(void)
{
	return open(inside, O_WRONLY) < 0 && open(inside, O_RDWR) < 0 ? 0 : 1;
}

static int makes(void)
{
	return open(beside, O_WRONLY | O_CREAT, 0600) < 0 &&
			       mkdir(beside, 0700) < 0 &&
			       rename(inside, beside) < 0 && unlink(inside) < 0
		       ? 0
		       : 1;
}

static int has_a_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 &&
			       socket(AF_UNIX, SOCK_STREAM, 0) >= 0
		       ? 0
		       : 1;
}

static int has_none(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 &&
			       socket(AF_UNIX, SOCK_STREAM, 0) < 0
		       ? 0
		       : 1;
}

static int forks(void)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(writes());
	return child > 0 && waitpid(child, &status, 0) == child && status == 0
		       ? 0
		       : 1;
}

static int executes(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

/* The wait status of fn run so. */
static int confined_to(unsigned flags, int (*fn)(void))
{
	bool confined;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (confine(flags, &confined, NULL) != DEED_OK)
			_exit(1);
		_exit(confined ? fn() : NOT_CONFINED);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void it_reads_and_that_is_all(void **state)
{
	static const struct {
		int (*fn)(void);
		unsigned flags;
	} list[] = {
		{ reads, 0 },
		{ writes, 0 },
		{ makes, 0 },
		{ has_none, 0 },
		{ forks, 0 },
		{ has_a_socket, CONFINE_SPEAKS },
		{ writes, CONFINE_SPEAKS },
	};
	size_t i;
	int status;

	(void)state;
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		status = confined_to(list[i].flags, list[i].fn);
		if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_CONFINED)
			continue; /* a build or kernel without it */
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("call %zu: %x", i, (unsigned)status);
	}
}

static void it_starts_nothing(void **state)
{
	int status = confined_to(0, executes);

	(void)state;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_CONFINED)
		return;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static int make_folder(void **state)
{
	int fd;

	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(inside, sizeof(inside), "%s/file", folder);
	(void)snprintf(beside, sizeof(beside), "%s/other", folder);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_reads_and_that_is_all),
		cmocka_unit_test(it_starts_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
