/* SPDX-License-Identifier: Apache-2.0 */
#include "net/confine.h"

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
/* The kernel's numbers, as in base/sandbox.c: all rights of the first ABI,
 * but those to read files and folders. */
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
/* What is not listed stays allowed: what libcurl and its resolver call is not
 * known here.  The process is killed, for no honest run does any of this. */
static bool start_nothing(void)
{
	static const int denied[] = {
		SCMP_SYS(execve),
		SCMP_SYS(execveat),
		SCMP_SYS(ptrace),
		SCMP_SYS(process_vm_readv),
		SCMP_SYS(process_vm_writev),
	};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool held = filter != NULL;
	size_t i;

	for (i = 0; held && i < sizeof(denied) / sizeof(denied[0]); i++)
		held = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS,
					denied[i], 0) == 0;
	held = held && seccomp_load(filter) == 0;
	if (filter != NULL)
		seccomp_release(filter);
	return held;
}
#else
static bool start_nothing(void)
{
	return false;
}
#endif

enum deed_status net_confine(bool *confined, struct deed_error *err)
{
	const struct rlimit none = { 0, 0 };

	*confined = false;
	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return deed_error_set(err, DEED_SYSTEM,
				      "cannot give up what is not needed");
	*confined = only_read();
	*confined = start_nothing() && *confined;
	return DEED_OK;
}
