/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "codec/hex.h"
#include "crypto/digest.h"

#define FOLDER "cache"
#define NAME_LENGTH ((size_t)2 * SHA256_SIZE)

/* directory/cache/HEX, allocated; NULL: no memory. */
static char *path_of(const char *directory, const char *url,
		     struct slice request)
{
	struct buf text = BUF_INIT;
	uint8_t hash[SHA256_SIZE];

	/* A URL holds no NUL: the two cannot run into each other. */
	buf_str(&text, url);
	buf_byte(&text, 0);
	buf_slice(&text, request);
	sha256(buf_get(&text), hash);
	if (text.failed) {
		buf_clear(&text);
		return NULL;
	}
	buf_reset(&text);
	buf_printf(&text, "%s/" FOLDER "/", directory);
	hex_encode(slice_of(hash, sizeof(hash)), &text);
	buf_byte(&text, 0);
	return buf_take(&text, NULL);
}

/* NULL: no memory.  Whether the folder is there is for the callers: cache_put
 * makes it. */
static char *folder_of(const char *directory)
{
	struct buf text = BUF_INIT;

	buf_printf(&text, "%s/" FOLDER, directory);
	buf_byte(&text, 0);
	return buf_take(&text, NULL);
}

enum deed_status cache_put(const char *directory, const char *url,
			   struct slice request, struct slice data,
			   struct deed_error *err)
{
	char *path = path_of(directory, url, request);
	char *folder = folder_of(directory);
	enum deed_status status;

	if (path == NULL || folder == NULL)
		status = deed_error_memory(err);
	else if (data.len > CACHE_OBJECT_MAX)
		status = deed_error_set(err, DEED_LIMIT,
					"more than %u octets to be kept",
					CACHE_OBJECT_MAX);
	else
		status = file_mkdirs(folder, 0700, err);
	if (status == DEED_OK)
		status = file_write(path, 0600, data, OUTFILE_REPLACE, err);
	free(path);
	free(folder);
	return status;
}

enum deed_status cache_get(const char *directory, const char *url,
			   struct slice request, struct buf *out,
			   struct deed_error *err)
{
	char *path = path_of(directory, url, request);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	if (!file_exists(path))
		status = deed_error_set(err, DEED_NOT_FOUND,
					"nothing is kept of '%s'", url);
	else
		status = file_read(path, CACHE_OBJECT_MAX, out, err);
	free(path);
	return status;
}

struct kept {
	char name[NAME_LENGTH + 1];
	struct timespec changed;
};

/* By name where the times are equal, so that the order is the same at each
 * run. */
static int oldest_first(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->changed.tv_sec != y->changed.tv_sec)
		return x->changed.tv_sec < y->changed.tv_sec ? -1 : 1;
	if (x->changed.tv_nsec != y->changed.tv_nsec)
		return x->changed.tv_nsec < y->changed.tv_nsec ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Only names of the length that a digest has: whatever else lies in the folder
 * is not ours to remove. */
static enum deed_status list(DIR *d, struct buf *out, struct deed_error *err)
{
	struct dirent *entry;
	struct kept one;
	struct stat st;

	while ((entry = readdir(d)) != NULL) {
		/* Temporaries of others have longer names. */
		if (strlen(entry->d_name) != NAME_LENGTH ||
		    fstatat(dirfd(d), entry->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		memcpy(one.name, entry->d_name, sizeof(one.name));
		one.changed = st.st_mtim;
		buf_append(out, &one, sizeof(one));
	}
	return buf_status(out, err);
}

enum deed_status cache_trim(const char *directory, struct deed_error *err)
{
	struct buf all = BUF_INIT;
	enum deed_status status;
	char *folder = folder_of(directory);
	struct kept *kept;
	size_t i, count;
	DIR *d;

	if (folder == NULL)
		return deed_error_memory(err);
	d = opendir(folder);
	if (d == NULL) {
		status = errno == ENOENT
				 ? DEED_OK
				 : deed_error_errno(err, errno,
						    "cannot read '%s'", folder);
		free(folder);
		return status;
	}
	status = list(d, &all, err);
	count = all.len / sizeof(*kept);
	if (status == DEED_OK && count > CACHE_FILES) {
		kept = (struct kept *)(void *)all.data;
		qsort(kept, count, sizeof(*kept), oldest_first);
		/* Somebody else may have removed it: that is as good. */
		for (i = 0; i < count - CACHE_FILES; i++)
			(void)unlinkat(dirfd(d), kept[i].name, 0);
	}
	(void)closedir(d);
	free(folder);
	buf_clear(&all);
	return status;
}
