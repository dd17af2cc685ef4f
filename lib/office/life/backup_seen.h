/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_BACKUP_SEEN_H
#define DEED_OFFICE_BACKUP_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "base/error.h"

/*
 * What was seen of a file when it was read, to tell later whether it is
 * another now.  Files of a home are made under a temporary name and renamed,
 * never written to again, so that the inode and its times tell.
 */
struct backup_seen {
	char *path;
	uint64_t inode, size;
	struct timespec changed;
	bool sure; /* changed long enough before it was read */
};

struct backup_list {
	struct backup_seen *item;
	size_t count, cap;
};

#define BACKUP_LIST_INIT   \
	{                  \
		NULL, 0, 0 \
	}

enum deed_status backup_list_add(struct backup_list *list, const char *path,
				 const struct stat *st,
				 struct deed_error *err) DEED_MUST_USE;
void backup_list_clear(struct backup_list *list);

/* Is the file still what was seen? */
bool backup_same(const struct backup_seen *seen, const struct stat *st);

#endif
