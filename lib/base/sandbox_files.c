/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sandbox_files.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The numbers are the kernel's (linux/landlock.h): its header may be older
 * than the kernel, and older than all of these rights. */
#ifdef SYS_landlock_create_ruleset
#define LANDLOCK_VERSION 1u /* flag: ask for the ABI */
#define LANDLOCK_RIGHTS_1 0x1fffull
#define LANDLOCK_RIGHTS_2 0x3fffull /* ABI 2: refer */
#define LANDLOCK_RIGHTS_3 0x7fffull /* ABI 3: truncate */
#define LANDLOCK_BENEATH 1u	    /* kind of a rule */
#define LANDLOCK_READ 0xcull	    /* files and folders */

/* struct landlock_path_beneath_attr. */
struct beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

/* Reading only: every other right of the set stays denied, running what lies
 * there among them.  A folder that is missing needs no rule. */
static bool let_read(long set, const char *folder)
{
	struct beneath rule = { .allowed = LANDLOCK_READ };
	bool held;

	rule.parent = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (rule.parent < 0)
		return true; /* there is nothing to be read */
	held = syscall(SYS_landlock_add_rule, set, LANDLOCK_BENEATH, &rule,
		       0) == 0;
	(void)close(rule.parent);
	return held;
}

bool sandbox_take_files(const char *const folders[])
{
	uint64_t rights = LANDLOCK_RIGHTS_1;
	bool held = true;
	long abi, set;

	abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
	if (abi < 1)
		return false;
	if (abi >= 3)
		rights = LANDLOCK_RIGHTS_3;
	else if (abi == 2)
		rights = LANDLOCK_RIGHTS_2;
	set = syscall(SYS_landlock_create_ruleset, &rights, sizeof(rights), 0);
	if (set < 0)
		return false;
	for (; held && folders != NULL && *folders != NULL; folders++)
		held = let_read(set, *folders);
	held = held && syscall(SYS_landlock_restrict_self, set, 0) == 0;
	(void)close((int)set);
	return held;
}
#else
bool sandbox_take_files(const char *const folders[])
{
	(void)folders;
	return false;
}
#endif
