/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sandbox.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

/* Descriptors of one that receives them: the standard ones, and one at a
 * time. */
#define RECEIVED 8

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

/*
 * Landlock takes the file system away, whatever the filter lets through.  The
 * numbers are the kernel's (linux/landlock.h): its header may be older than
 * the kernel, and older than all of these rights.
 */
#ifdef SYS_landlock_create_ruleset
#define LANDLOCK_VERSION 1u /* flag: ask for the ABI */
#define LANDLOCK_RIGHTS_1 0x1fffull
#define LANDLOCK_RIGHTS_2 0x3fffull /* ABI 2: refer */
#define LANDLOCK_RIGHTS_3 0x7fffull /* ABI 3: truncate */

static void take_files_away(void)
{
	uint64_t rights = LANDLOCK_RIGHTS_1;
	long abi, set;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
	if (abi < 1)
		return; /* a kernel without it: the filter stands alone */
	if (abi >= 3)
		rights = LANDLOCK_RIGHTS_3;
	else if (abi == 2)
		rights = LANDLOCK_RIGHTS_2;
	set = syscall(SYS_landlock_create_ruleset, &rights, sizeof(rights), 0);
	if (set < 0)
		return;
	(void)syscall(SYS_landlock_restrict_self, set, 0);
	(void)close((int)set);
}
#else
static void take_files_away(void)
{
}
#endif

#ifdef HAVE_SECCOMP
/* Computing, and the pipes that are open. */
static const int allowed[] = {
	SCMP_SYS(read),	       SCMP_SYS(write),	       SCMP_SYS(readv),
	SCMP_SYS(writev),      SCMP_SYS(exit),	       SCMP_SYS(exit_group),
	SCMP_SYS(munmap),      SCMP_SYS(mremap),       SCMP_SYS(brk),
	SCMP_SYS(futex),       SCMP_SYS(getrandom),    SCMP_SYS(clock_gettime),
	SCMP_SYS(mprotect),    SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(lseek),       SCMP_SYS(pread64),      SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),  SCMP_SYS(close),	       SCMP_SYS(madvise),
	SCMP_SYS(mlock),       SCMP_SYS(munlock),
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

static int add_rules(scmp_filter_ctx filter, unsigned flags)
{
	int failed = 0;
	size_t i;

	for (i = 0; failed == 0 && i < sizeof(allowed) / sizeof(allowed[0]);
	     i++)
		failed =
			seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	/* Memory of no file: MAP_ANONYMOUS must be set. */
	if (failed == 0)
		failed = seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
			SCMP_A3(SCMP_CMP_MASKED_EQ, 0x20, 0x20));
	for (i = 0; failed == 0 && (flags & SANDBOX_RECEIVES) != 0 &&
		    i < sizeof(receiving) / sizeof(receiving[0]);
	     i++)
		failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, receiving[i],
					  0);
	return failed;
}

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

static int by_byte(const void *a, const void *b)
{
	return *(const uint8_t *)a - *(const uint8_t *)b;
}

/* glibc's qsort asks once how much memory there is, when it first sorts more
 * than a kilobyte; the filter has no such call. */
static void warm_up(void)
{
	uint8_t some[2048] = { 0 };

	qsort(some, sizeof(some), 1, by_byte);
}

enum deed_status sandbox_enter(size_t memory, unsigned flags, bool *confined,
			       struct deed_error *err)
{
	enum deed_status status;

	*confined = false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		deed_error_errno(err, errno, "cannot enter the sandbox");
		return DEED_SYSTEM;
	}
	warm_up();
	take_files_away(); /* takes a descriptor for a moment */
	status = set_limit(RLIMIT_CORE, 0, err);
	if (status == DEED_OK)
		status = set_limit(
			RLIMIT_NOFILE,
			(flags & SANDBOX_RECEIVES) != 0 ? RECEIVED : 0, err);
	if (status == DEED_OK)
		status = set_limit(RLIMIT_NPROC, 0, err);
#ifndef DEED_SANITIZERS
	if (status == DEED_OK && memory > 0)
		status = set_limit(RLIMIT_AS, memory, err);
#else
	(void)memory;
#endif
	return status == DEED_OK ? filter_calls(flags, confined, err) : status;
}
