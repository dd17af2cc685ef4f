/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_LOCK_H
#define DEED_BASE_LOCK_H

#include <stdbool.h>

#include "base/error.h"

/*
 * An exclusive lock between processes and threads, on a file that stays
 * where it is: removing it would let two writers hold two files of one name.
 * While it is held the file names the holder's process and command.  The
 * kernel drops the lock when the holder dies.  Readers need none.
 */
struct lock;

/* How long a writer waits unless it was told otherwise, in seconds. */
#define LOCK_WAIT 10

/*
 * What the holder is called in the lock file ("deed sign"); set once, before
 * threads start.  The text is the caller's and must live on.
 */
void lock_set_command(const char *command);

/*
 * Make the file if need be (mode 0600) and lock it, trying for wait seconds;
 * 0 tries once.  DEED_LOCKED names the holder.  *out is released by
 * lock_release.
 */
enum deed_status lock_acquire(const char *path, unsigned wait,
			      struct lock **out,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Does anybody hold it, as the kernel's list of locks says?  Takes nothing,
 * so that who only looks disturbs nobody.  False where there is no such list.
 */
bool lock_is_held(const char *path);

/* Unlock, also for children that inherited the descriptor.  NULL is fine. */
void lock_release(struct lock *lock);

#endif
