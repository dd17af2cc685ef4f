/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/backup_seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* A clock's tick and more: what changed this shortly before it was read may
 * change again and bear the same time. */
#define TICK_MS 100

static int64_t milliseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000 + t->tv_nsec / 1000000;
}

enum deed_status backup_list_add(struct backup_list *list, const char *path,
				 const struct stat *st, struct deed_error *err)
{
	struct backup_seen *seen;
	struct timespec now;

	if (!array_room(&list->item, &list->cap, list->count + 1))
		return deed_error_memory(err);
	(void)clock_gettime(CLOCK_REALTIME, &now);
	seen = &list->item[list->count];
	*seen = (struct backup_seen){
		.path = strdup(path),
		.inode = st->st_ino,
		.size = (uint64_t)st->st_size,
		.changed = st->st_ctim,
		.sure = milliseconds(&st->st_ctim) + TICK_MS <
			milliseconds(&now),
	};
	if (seen->path == NULL)
		return deed_error_memory(err);
	list->count++;
	return DEED_OK;
}

void backup_list_clear(struct backup_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free(list->item[i].path);
	free(list->item);
	*list = (struct backup_list)BACKUP_LIST_INIT;
}

/* A file whose time was not sure is copied once more, rather than taken for
 * the same. */
bool backup_same(const struct backup_seen *seen, const struct stat *st)
{
	return seen->sure && seen->inode == st->st_ino &&
	       seen->size == (uint64_t)st->st_size &&
	       seen->changed.tv_sec == st->st_ctim.tv_sec &&
	       seen->changed.tv_nsec == st->st_ctim.tv_nsec;
}
