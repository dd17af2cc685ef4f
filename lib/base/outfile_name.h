/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_OUTFILE_NAME_H
#define DEED_BASE_OUTFILE_NAME_H

#include <stdbool.h>

/*
 * The names that an outfile (base/file.h) has before its last one, and how
 * they go when the process does: by a trace that a signal handler follows, or
 * where a process was killed by being swept.
 */
enum outfile_name_kind {
	/* ".NAME.deed-XXXXXXXX": nobody's to remove but whoever knows of it,
	 * which is the log's pending file. */
	OUTFILE_NAME_KNOWN,
	/* ".NAME.deed~XXXXXXXX": held by the process that writes it, where
	 * the file system has no files without a name; and swept. */
	OUTFILE_NAME_OWN,
};

/* Beside the target; draw: by a new random number, after a collision.
 * Allocated; NULL without memory. */
char *outfile_name(const char *target, enum outfile_name_kind kind, bool draw);

/* The name is there to be removed by outfile_remove_all until it is
 * forgotten.  NULL without memory; forgetting NULL does nothing. */
struct outfile_trace;
struct outfile_trace *outfile_trace_leave(const char *path);
void outfile_trace_forget(struct outfile_trace *t);

/* Hold a file that was just made under an OUTFILE_NAME_OWN; false where it
 * was swept before it was held. */
bool outfile_hold(int fd);

/* Remove what nobody holds any more from a folder; once, until another is
 * swept. */
void outfile_sweep(const char *folder);

#endif
