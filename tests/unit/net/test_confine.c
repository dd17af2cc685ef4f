/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/confine.h"

/* What a child tells by its exit code, after it has confined itself. */
#define NOT_HELD 77

typedef int child_fn(void);

static int in_child(child_fn *fn)
{
	pid_t pid = fork();
	bool confined;
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		if (net_confine(&confined, NULL) != DEED_OK)
			_exit(99);
		_exit(confined ? fn() : NOT_HELD);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int reads(void)
{
	char c;
	int fd = open("/etc/hosts", O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, &c, 1) >= 0 ? 0 : 1;
}

static int connects(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0 ? 0 : 1;
}

static int writes(void)
{
	return open("confined-write", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) <
				       0 &&
			       errno == EACCES
		       ? 0
		       : 1;
}

static int changes(void)
{
	return open("config.status", O_RDWR | O_CLOEXEC) < 0 &&
			       errno == EACCES &&
			       unlink("config.status") != 0 &&
			       errno == EACCES &&
			       mkdir("confined-folder", 0700) != 0 &&
			       errno == EACCES
		       ? 0
		       : 1;
}

static int starts(void)
{
	static char *const argv[] = { (char *)(uintptr_t) "true", NULL };

	(void)execv("/bin/true", argv);
	return 1;
}

static void test_confined(void **state)
{
	(void)state;
	if (in_child(reads) == NOT_HELD) {
		print_message("the kernel or the build does not confine\n");
		return;
	}
	assert_int_equal(in_child(reads), 0);
	assert_int_equal(in_child(connects), 0);
	assert_int_equal(in_child(writes), 0);
	assert_int_not_equal(access("confined-write", F_OK), 0);
	assert_int_equal(in_child(changes), 0);
	assert_int_equal(access("config.status", F_OK), 0);
	assert_int_equal(in_child(starts), -SIGSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_confined),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
