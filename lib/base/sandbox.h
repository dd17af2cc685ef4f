/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_SANDBOX_H
#define DEED_BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * A process that can only compute: after sandbox_enter it may read and write
 * the descriptors it has, take memory, and exit.  It opens nothing, connects
 * nowhere, starts nothing; a call outside the list kills it with SIGSYS.
 * One way, for the whole process; enter before threads.  Leave with _exit.
 *
 * What reads hostile input in a helper enters after its last open.  Libraries
 * that open files lazily are warmed up before (TZ=UTC0 and tzset, for one).
 */

#define SANDBOX_RECEIVES 1u /* may be handed descriptors over a socket */

/*
 * *confined says whether the kernel now holds us; where it or the build
 * cannot, the limits alone apply and *confined is false.  memory caps the
 * address space in bytes, 0 for none (and none under a sanitizer).
 * DEED_SYSTEM if a step failed that the system claims to know.
 */
enum deed_status sandbox_enter(size_t memory, unsigned flags, bool *confined,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * The same for a program whose libraries open files as they need them: it may
 * open and map what lies beneath these folders, for reading, and nothing else.
 * folders ends with NULL; those that are not there are passed over.  Opening
 * for writing kills; another file is not found to be readable (EACCES).
 *
 * Which files are opened no filter of calls can tell, so that this needs
 * landlock: DEED_INDETERMINATE where the kernel or the build cannot.
 */
enum deed_status sandbox_enter_reading(const char *const folders[],
				       size_t memory, unsigned flags,
				       struct deed_error *err) DEED_MUST_USE;

/*
 * Before sandbox_enter, in which nothing could be set any more: once this
 * process has used that many seconds of CPU, late is called as the handler of
 * a signal, and again every second.  What it may do is write and _exit.
 */
enum deed_status sandbox_watch(unsigned seconds, void (*late)(int),
			       struct deed_error *err) DEED_MUST_USE;

#endif
