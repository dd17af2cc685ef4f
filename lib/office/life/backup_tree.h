/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_BACKUP_TREE_H
#define DEED_OFFICE_BACKUP_TREE_H

#include <sys/stat.h>

#include "base/error.h"

/*
 * The files of a home that belong into a backup, in one fixed order: all
 * regular files but the archive's folders (places, what is begun), its
 * catalogue, which is copied under a lock of its own, lock files (those that
 * end in ".lock"), the log's pending file, BACKUP_GONE and temporaries.  What
 * is neither file nor folder is DEED_UNSUPPORTED: a backup must not pass over
 * in silence what it cannot hold.
 *
 * Limits: BACKUP_DEPTH folders deep.
 */
#define BACKUP_DEPTH 16

/* path is relative to root, the inode that of the path at this moment. */
typedef enum deed_status backup_file_fn(void *arg, const char *path,
					const struct stat *st,
					struct deed_error *err);

/*
 * Call fn for each.  What vanishes meanwhile is passed over, so that others
 * may work on the home.
 */
enum deed_status backup_walk(const char *root, backup_file_fn *fn, void *arg,
			     struct deed_error *err) DEED_MUST_USE;

/* The order of the walk: below, at or above zero. */
int backup_order(const char *a, const char *b);

#endif
