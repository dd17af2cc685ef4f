/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/sandbox_files.h"

#ifdef HAVE_SECCOMP
#include <seccomp.h>
#include <sys/mman.h>
#endif

/* Descriptors of one that receives them: the standard ones, and one at a
 * time. */
#define RECEIVED 24

/* And what a library has open at once. */
#define READING 32

#define SANDBOX_READS 0x80u /* the flag of sandbox_enter_reading */

/* Hard and soft: the process cannot raise it again. */
static enum deed_status set_limit(int what, rlim_t value,
				  struct deed_error *err)
{
	struct rlimit limit = { value, value };

	if (setrlimit((__rlimit_resource_t)what, &limit) != 0) {
		deed_error_errno(err, errno, "cannot limit resource %d", what);
		return DEED_SYSTEM;
	}
	return DEED_OK;
}

#ifdef HAVE_SECCOMP
/* Computing, and the pipes that are open. */
static const int allowed[] = {
	SCMP_SYS(read),	       SCMP_SYS(write),	       SCMP_SYS(readv),
	SCMP_SYS(writev),      SCMP_SYS(exit),	       SCMP_SYS(exit_group),
	SCMP_SYS(munmap),      SCMP_SYS(mremap),       SCMP_SYS(brk),
	SCMP_SYS(futex),       SCMP_SYS(getrandom),    SCMP_SYS(clock_gettime),
	SCMP_SYS(munlock),     SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(lseek),       SCMP_SYS(pread64),      SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),  SCMP_SYS(close),	       SCMP_SYS(madvise),
	SCMP_SYS(mlock),
#ifdef DEED_SANITIZERS
	SCMP_SYS(sigaltstack), SCMP_SYS(gettid),       SCMP_SYS(getpid),
	SCMP_SYS(sched_yield),
#endif
};

/* Descriptors over a socket: poll where there is such a call, else ppoll. */
static const int receiving[] = {
	SCMP_SYS(recvmsg),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
};

/* Looking for files and reading them; landlock says which. */
static const int reading[] = {
	SCMP_SYS(getdents64), SCMP_SYS(readlink),  SCMP_SYS(readlinkat),
	SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(statx),
	SCMP_SYS(statfs),     SCMP_SYS(fstatfs),   SCMP_SYS(sysinfo),
};

/* Without conditions on the arguments: for calls that can do no harm with what
 * is open already. */
static int allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int failed = 0;
	size_t i;

	for (i = 0; failed == 0 && i < count; i++)
		failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return failed;
}

/* Memory that is written and then run would be another program: no
 * PROT_EXEC, which both calls have in their third argument. */
static int allow_data(scmp_filter_ctx filter, int call)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

/* No flag that writes or makes; a file in memory is none that runs. */
static int allow_reading(scmp_filter_ctx filter)
{
	static const int questions[] = { F_GETFD, F_SETFD, F_GETFL };
	const scmp_datum_t writes =
		O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
	int failed =
		allow(filter, reading, sizeof(reading) / sizeof(reading[0]));
	size_t i;

	if (failed == 0)
		failed = seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
			SCMP_A2(SCMP_CMP_MASKED_EQ, writes, O_RDONLY));
	if (failed == 0)
		failed = allow_data(filter, SCMP_SYS(mmap));
	for (i = 0; failed == 0 && i < sizeof(questions) / sizeof(questions[0]);
	     i++)
		failed = seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
			SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)questions[i]));
	return failed;
}

/* The flags only ever add calls.  Several rules for the same call are
 * alternatives. */
static int add_rules(scmp_filter_ctx filter, unsigned flags)
{
	int failed =
		allow(filter, allowed, sizeof(allowed) / sizeof(allowed[0]));

	/* Memory of no file: MAP_ANONYMOUS must be set. */
	if (failed == 0)
		failed = seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
			SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
			SCMP_A3(SCMP_CMP_MASKED_EQ, 0x20, 0x20));
	if (failed == 0)
		failed = allow_data(filter, SCMP_SYS(mprotect));
	if (failed == 0 && (flags & SANDBOX_RECEIVES) != 0)
		failed = allow(filter, receiving,
			       sizeof(receiving) / sizeof(receiving[0]));
	if (failed == 0 && (flags & SANDBOX_READS) != 0)
		failed = allow_reading(filter);
	return failed;
}

/* A process that calls what is not listed is killed, not refused: a parser
 * that was taken over gets no second try. */
static enum deed_status filter_calls(unsigned flags, bool *confined,
				     struct deed_error *err)
{
	scmp_filter_ctx filter;
	int failed;

	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0)
		return DEED_OK; /* a kernel without it */
	filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (filter == NULL)
		return deed_error_memory(err);
	failed = add_rules(filter, flags);
	/* Each call is looked up: by a tree, not along the list. */
	if (failed == 0)
		(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (failed == 0)
		failed = seccomp_load(filter);
	seccomp_release(filter);
	if (failed != 0) {
		deed_error_errno(err, -failed, "cannot enter the sandbox");
		if (err != NULL)
			err->status = DEED_SYSTEM;
		return DEED_SYSTEM;
	}
	*confined = true;
	return DEED_OK;
}
#else
static enum deed_status filter_calls(unsigned flags, bool *confined,
				     struct deed_error *err)
{
	(void)flags;
	(void)confined;
	(void)err;
	return DEED_OK;
}
#endif

/* Equal all of them: warm_up only wants qsort to have run. */
static int as_they_are(const void *a, const void *b)
{
	(void)a;
	(void)b;
	return 0;
}

/* glibc's qsort asks once how much memory there is, when it first sorts more
 * than a kilobyte; the filter has no such call. */
static void warm_up(void)
{
	uint8_t two[2][1024] = { { 0 } };

	qsort(two, 2, sizeof(two[0]), as_they_are);
}

/* What holds where the kernel has no filter of calls: no core, no child, no
 * descriptor beyond those that the orders send.  Sanitizers map far more than
 * they use. */
static enum deed_status limit_all(size_t memory, unsigned flags,
				  struct deed_error *err)
{
	rlim_t files = 0;
	enum deed_status status;

	if ((flags & SANDBOX_RECEIVES) != 0)
		files += RECEIVED;
	if ((flags & SANDBOX_READS) != 0)
		files += READING;
	status = set_limit(RLIMIT_CORE, 0, err);
	if (status == DEED_OK)
		status = set_limit(RLIMIT_NOFILE, files, err);
	if (status == DEED_OK)
		status = set_limit(RLIMIT_NPROC, 0, err);
#ifndef DEED_SANITIZERS
	if (status == DEED_OK && memory > 0)
		status = set_limit(RLIMIT_AS, memory, err);
#else
	(void)memory;
#endif
	return status;
}

/* The order matters: without new privileges first, or an ordinary user may
 * load no filter; folders and limits before the filter, which has no call for
 * either. */
static enum deed_status enter(const char *const *folders, size_t memory,
			      unsigned flags, bool *files, bool *confined,
			      struct deed_error *err)
{
	enum deed_status status;

	*confined = false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		deed_error_errno(err, errno, "cannot enter the sandbox");
		return DEED_SYSTEM;
	}
	warm_up();
	/* Takes a descriptor for a moment. */
	*files = sandbox_take_files(folders);
	status = limit_all(memory, flags, err);
	return status == DEED_OK ? filter_calls(flags, confined, err) : status;
}

enum deed_status sandbox_enter(size_t memory, unsigned flags, bool *confined,
			       struct deed_error *err)
{
	bool files; /* without landlock the filter stands alone */

	return enter(NULL, memory, flags, &files, confined, err);
}

enum deed_status sandbox_enter_reading(const char *const folders[],
				       size_t memory, unsigned flags,
				       struct deed_error *err)
{
	enum deed_status status;
	bool files, confined;

	status = enter(folders, memory, flags | SANDBOX_READS, &files,
		       &confined, err);
	if (status == DEED_OK && !(files && confined))
		status = deed_error_set(err, DEED_INDETERMINATE,
					"the kernel or this build has no "
					"sandbox for a program that reads "
					"files (landlock, seccomp)");
	return status;
}

enum deed_status sandbox_watch(unsigned seconds, void (*late)(int),
			       struct deed_error *err)
{
	struct sigaction action = { .sa_flags = SA_RESTART };
	struct rlimit limit;

	action.sa_handler = late;
	(void)sigemptyset(&action.sa_mask);
	if (getrlimit(RLIMIT_CPU, &limit) != 0 ||
	    sigaction(SIGXCPU, &action, NULL) != 0) {
		deed_error_errno(err, errno, "cannot limit the time");
		return DEED_SYSTEM;
	}
	/* A limit of whoever started us stays. */
	if (limit.rlim_cur < seconds)
		return DEED_OK;
	limit.rlim_cur = seconds;
	if (setrlimit(RLIMIT_CPU, &limit) != 0) {
		deed_error_errno(err, errno, "cannot limit the time");
		return DEED_SYSTEM;
	}
	return DEED_OK;
}
