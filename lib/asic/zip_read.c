/* SPDX-License-Identifier: Apache-2.0 */
#include "asic/zip_read.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "asic/zip_private.h"

bool zip_looks_like(struct slice head)
{
	return head.len >= 4 && (zip_u32(head.data) == ZIP_LOCAL ||
				 zip_u32(head.data) == ZIP_END);
}

enum deed_status zip_new(int fd, const char *name, struct zip **out,
			 struct deed_error *err)
{
	struct stat st;
	struct zip *z;

	*out = NULL;
	if (fstat(fd, &st) != 0)
		return deed_error_errno(err, errno, "cannot read '%s'", name);
	z = calloc(1, sizeof(*z));
	if (z == NULL)
		return deed_error_memory(err);
	z->fd = fd;
	z->size = (uint64_t)st.st_size;
	z->name = strdup(name);
	if (z->name == NULL) {
		zip_close(z);
		return deed_error_memory(err);
	}
	*out = z;
	return DEED_OK;
}

void zip_close(struct zip *z)
{
	size_t i;

	if (z == NULL)
		return;
	for (i = 0; i < z->count; i++)
		free(z->entries[i].name);
	free(z->entries);
	free(z->by_name);
	free(z->name);
	free(z);
}

bool zip_has_comment(const struct zip *z)
{
	return z->comment;
}

size_t zip_count(const struct zip *z)
{
	return z->count;
}

const struct zip_entry *zip_at(const struct zip *z, size_t i)
{
	return &z->entries[i];
}

/* An order for the search alone: the entries themselves stay as they lie. */
static int by_name(const void *a, const void *b)
{
	const struct zip_entry *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int against_name(const void *name, const void *entry)
{
	const struct zip_entry *const *e = entry;

	return strcmp(name, (*e)->name);
}

enum deed_status zip_index(struct zip *z, struct deed_error *err)
{
	size_t i;

	z->by_name = calloc(z->count + 1, sizeof(*z->by_name));
	if (z->by_name == NULL)
		return deed_error_memory(err);
	for (i = 0; i < z->count; i++)
		z->by_name[i] = &z->entries[i];
	qsort(z->by_name, z->count, sizeof(*z->by_name), by_name);
	return DEED_OK;
}

const struct zip_entry *zip_find(const struct zip *z, const char *name)
{
	const struct zip_entry *const *found = bsearch(
		name, z->by_name, z->count, sizeof(*z->by_name), against_name);

	return found == NULL ? NULL : *found;
}
