/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_DELETED_PRIV_H
#define DEED_ARCHIVE_HEALTH_DELETED_PRIV_H

#include "archive/health/deleted.h"

/* What undoing (deleted_undo.c) and those who want it undone share. */

/* What becomes of one of a list. */
enum undo { UNDO_NOT, UNDO_DUE, UNDO_DONE, UNDO_FAILED };

struct undoing {
	struct place *place;
	const char *folder;
	const struct deleted *list;
	enum undo *each;
	size_t due;
	enum deed_status status; /* the first that failed */
	struct deed_error why;
};

/*
 * Undo what is due of the list, and any marker beneath: the caller has set the
 * first four members.  One that fails keeps none of the others, and the first
 * failure is the answer; what is still due then is deleted still.
 */
enum deed_status deleted_undo(struct undoing *u,
			      struct deed_error *err) DEED_MUST_USE;

#endif
