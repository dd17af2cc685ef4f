/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_SANDBOX_FILES_H
#define DEED_BASE_SANDBOX_FILES_H

#include <stdbool.h>

/*
 * The half of base/sandbox.h that takes the file system away, whatever the
 * filter of calls lets through: landlock.  What is open stays open.
 *
 * Afterwards nothing can be opened but what lies beneath these folders, for
 * reading; folders ends with NULL, or is NULL.  False where the kernel or the
 * build cannot; PR_SET_NO_NEW_PRIVS must be set.
 */
bool sandbox_take_files(const char *const folders[]);

#endif
