/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_RESTORE_TREE_H
#define DEED_OFFICE_RESTORE_TREE_H

#include "office/life/backup.h"
#include "office/life/restore_read.h"

/*
 * A home while it is brought back: everything is written into
 * ".NAME.deed-restore" beside it, which becomes the home in one rename.
 * Whoever restores holds a lock on that folder; what a run that was killed
 * left in it is removed by the next.
 *
 * Every name in the tar is relative and without ".." (codec/tar.h), and the
 * folder begins empty and never holds a link: so nothing is written outside.
 */
struct restore_tree {
	char *home; /* where it is to be */
	char *path; /* where it is being made */
	int fd;	    /* of that folder, locked */
	bool there; /* to be removed, unless it became the home */
	uint64_t files, size;
};

/* DEED_EXISTS where home is anything but an empty folder; DEED_LOCKED. */
enum deed_status restore_tree_check(const char *home,
				    struct deed_error *err) DEED_MUST_USE;
enum deed_status restore_tree_open(struct restore_tree *t, const char *home,
				   struct deed_error *err) DEED_MUST_USE;

/* Write what the backup holds; t NULL reads it and writes nothing.  Durable
 * afterwards. */
enum deed_status restore_tree_fill(struct restore_tree *t,
				   struct backup_reader *r,
				   backup_progress_fn *progress,
				   void *progress_arg, uint64_t *files,
				   struct deed_error *err) DEED_MUST_USE;

/* It is the home now. */
enum deed_status restore_tree_commit(struct restore_tree *t,
				     struct deed_error *err) DEED_MUST_USE;

/* Removes what was not committed. */
void restore_tree_close(struct restore_tree *t);

#endif
