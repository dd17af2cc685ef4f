/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_ERROR_H
#define DEED_BASE_ERROR_H

#include "base/status.h"

/*
 * What went wrong, in words for the user.  The caller owns the storage and
 * passes it last; it may pass NULL.  It is untouched on success.  All
 * functions here accept a NULL error and return the status they were given,
 * so that a failure is one line:
 *
 *	return deed_error_set(err, DEED_MALFORMED, "'%s' is no PDF", name);
 *
 * A message names the thing in quotes and what was expected, starts in lower
 * case and has no full stop; text from outside is cleaned of control
 * characters when it is printed, not here.
 */
#define DEED_ERROR_HINTS 2

struct deed_error {
	enum deed_status status;
	char message[768];
	char hint[DEED_ERROR_HINTS][256];
};

/* All zero: no error yet. */
#define DEED_ERROR_INIT           \
	{                         \
		.status = DEED_OK \
	}

/* Set status and message, dropping what was there.  Returns status. */
enum deed_status deed_error_set(struct deed_error *err, enum deed_status status,
				const char *fmt, ...) DEED_PRINTF(3, 4);

/*
 * The same for a failed system call: ": " and the text of errnum follow the
 * message, and the status is told from errnum (ENOSPC and EDQUOT are
 * DEED_NO_SPACE, ENOMEM is DEED_NO_MEMORY, anything else DEED_IO).
 */
enum deed_status deed_error_errno(struct deed_error *err, int errnum,
				  const char *fmt, ...) DEED_PRINTF(3, 4);

/* Out of memory.  Returns DEED_NO_MEMORY. */
enum deed_status deed_error_memory(struct deed_error *err);

/* Put "fmt: " before the message.  Nothing to return: err may be NULL, and what
 * failed is the caller's status then, too. */
void deed_error_prefix(struct deed_error *err, const char *fmt, ...)
	DEED_PRINTF(2, 3);

/* Add a hint: a command that can be pasted.  A third is dropped. */
void deed_error_hint(struct deed_error *err, const char *fmt, ...)
	DEED_PRINTF(2, 3);

/*
 * The same where the remedy is an option or a command that takes some: what
 * it is called is for cmd to say (cmd/frame/remedy.c), by a word.  about is
 * what it is to be done to, a party for instance, or NULL.  The hint is
 * "@word about" until it is printed, also across processes.
 */
#define DEED_ERROR_REMEDY '@'

void deed_error_remedy(struct deed_error *err, const char *word,
		       const char *about);

#endif
