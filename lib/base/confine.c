/* SPDX-License-Identifier: Apache-2.0 */
#include "base/confine.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#ifdef SYS_landlock_create_ruleset
/* The kernel's numbers, as in base/sandbox_files.c: all rights of the first
 * ABI, but those to read files and folders. */
#define LANDLOCK_VERSION 1u
#define RIGHTS_1 (0x1fffull & ~0xcull)
#define RIGHT_REFER 0x2000ull
#define RIGHT_TRUNCATE 0x4000ull

/* A right that the set handles and that no rule grants is denied everywhere;
 * reading is not handled, and so stays.  The kernel refuses a set with a right
 * that its ABI does not know. */
static bool only_read(void)
{
	uint64_t rights = RIGHTS_1;
	long abi, set;
	bool held;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
	if (abi < 1)
		return false;
	if (abi >= 2)
		rights |= RIGHT_REFER;
	if (abi >= 3)
		rights |= RIGHT_TRUNCATE;
	set = syscall(SYS_landlock_create_ruleset, &rights, sizeof(rights), 0);
	if (set < 0)
		return false;
	held = syscall(SYS_landlock_restrict_self, set, 0) == 0;
	(void)close((int)set);
	return held;
}
#else
static bool only_read(void)
{
	return false;
}
#endif

#ifdef HAVE_SECCOMP
/* No honest run does any of this, so that the process is killed. */
static const int deadly[] = {
	SCMP_SYS(execve),	    SCMP_SYS(execveat),
	SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
#ifndef DEED_SANITIZERS /* who looks for leaks at the end does it */
	SCMP_SYS(ptrace),
#endif
};

/* Honest libraries do, to ask who the user is for one: they are refused.  The
 * last makes sockets and more by a queue that no filter sees. */
static const int silent[] = {
	SCMP_SYS(socket),	  SCMP_SYS(connect), SCMP_SYS(bind),
	SCMP_SYS(listen),	  SCMP_SYS(accept),  SCMP_SYS(accept4),
	SCMP_SYS(io_uring_setup),
};

static bool deny(scmp_filter_ctx filter, uint32_t action, const int *calls,
		 size_t count)
{
	bool held = true;
	size_t i;

	for (i = 0; held && i < count; i++)
		held = seccomp_rule_add(filter, action, calls[i], 0) == 0;
	return held;
}

/* What is not listed stays allowed: what libraries call is not known here. */
static bool start_nothing(unsigned flags)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool held = filter != NULL;

	held = held && deny(filter, SCMP_ACT_KILL_PROCESS, deadly,
			    sizeof(deadly) / sizeof(deadly[0]));
	if ((flags & CONFINE_SPEAKS) == 0)
		held = held && deny(filter, SCMP_ACT_ERRNO(EACCES), silent,
				    sizeof(silent) / sizeof(silent[0]));
	held = held && seccomp_load(filter) == 0;
	if (filter != NULL)
		seccomp_release(filter);
	return held;
}
#else
static bool start_nothing(unsigned flags)
{
	(void)flags;
	return false;
}
#endif

/* Who looks for leaks at the end reads our memory from outside. */
#ifdef DEED_SANITIZERS
#define DUMPABLE 1
#else
#define DUMPABLE 0
#endif

enum deed_status confine(unsigned flags, bool *confined, struct deed_error *err)
{
	const struct rlimit none = { 0, 0 };

	*confined = false;
	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_DUMPABLE, DUMPABLE, 0, 0, 0) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return deed_error_set(err, DEED_SYSTEM,
				      "cannot give up what is not needed");
	*confined = only_read();
	*confined = start_nothing(flags) && *confined;
	return DEED_OK;
}
