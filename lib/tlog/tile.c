/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tile.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

char *tile_path(const char *dir, int level, uint64_t number, unsigned width)
{
	struct buf b = BUF_INIT;
	uint64_t divisor = 1;

	buf_printf(&b, "%s/tile/", dir);
	if (level == TILE_ENTRIES)
		buf_str(&b, "entries/");
	else
		buf_printf(&b, "%d/", level);
	while (number / divisor >= 1000)
		divisor *= 1000;
	for (; divisor > 1; divisor /= 1000)
		buf_printf(&b, "x%03" PRIu64 "/", number / divisor % 1000);
	buf_printf(&b, "%03" PRIu64, number % 1000);
	if (width < TLOG_TILE)
		buf_printf(&b, ".p/%u", width);
	return buf_take(&b, NULL);
}

unsigned tile_width(int level, uint64_t number, uint64_t size)
{
	unsigned shift = level <= 0 ? 0 : 8 * (unsigned)level;
	uint64_t count = shift > 63 ? 0 : size >> shift;

	if (count / TLOG_TILE > number)
		return TLOG_TILE;
	return count / TLOG_TILE == number ? (unsigned)(count % TLOG_TILE) : 0;
}

/* A file of the log, or the full form of a partial one that is gone. */
static enum deed_status read_file(const struct tlog *log, int level,
				  uint64_t number, unsigned width, size_t max,
				  struct buf *out, struct deed_error *err)
{
	char *path = tile_path(log->dir, level, number, width);
	enum deed_status status;

	if (path != NULL && width < TLOG_TILE && !file_exists(path)) {
		char *full = tile_path(log->dir, level, number, TLOG_TILE);

		if (full != NULL && file_exists(full)) {
			free(path);
			path = full;
		} else {
			free(full);
		}
	}
	if (path == NULL)
		return deed_error_memory(err);
	if (!file_exists(path))
		status = deed_error_set(err, DEED_DAMAGED, "the log lacks '%s'",
					path);
	else
		status = file_read(path, max, out, err);
	free(path);
	return status;
}

/* The file is damaged whether or not there is memory for its name. */
static enum deed_status short_file(const struct tlog *log, int level,
				   uint64_t number, unsigned width,
				   struct deed_error *err)
{
	char *path = tile_path(log->dir, level, number, width);

	deed_error_set(err, DEED_DAMAGED, "'%s' is not as long as it should be",
		       path == NULL ? "a tile" : path);
	free(path);
	return DEED_DAMAGED;
}

enum deed_status tile_read(struct tlog *log, int level, uint64_t number,
			   unsigned width, const struct tile **out,
			   struct deed_error *err)
{
	struct buf data = BUF_INIT;
	struct tile *t;
	enum deed_status status;
	unsigned i;

	*out = NULL;
	for (i = 0; i < TILE_CACHE; i++) {
		t = &log->cache[i];
		if (t->width == width && t->level == level &&
		    t->number == number) {
			*out = t;
			return DEED_OK;
		}
	}
	status = read_file(log, level, number, width,
			   sizeof(log->cache[0].data), &data, err);
	if (status == DEED_OK && (data.len < width * TREE_HASH ||
				  (data.len != width * TREE_HASH &&
				   data.len != TLOG_TILE * TREE_HASH)))
		status = short_file(log, level, number, width, err);
	if (status == DEED_OK) {
		t = &log->cache[log->next];
		log->next = (log->next + 1) % TILE_CACHE;
		t->level = level;
		t->number = number;
		t->width = width;
		memcpy(t->data, data.data, (size_t)width * TREE_HASH);
		*out = t;
	}
	buf_clear(&data);
	return status;
}

bool tile_next_entry(struct slice *bundle, struct slice *entry)
{
	size_t len;

	if (bundle->len < 2)
		return false;
	len = (size_t)bundle->data[0] << 8 | bundle->data[1];
	if (bundle->len - 2 < len)
		return false;
	*entry = slice_of(bundle->data + 2, len);
	bundle->data += 2 + len;
	bundle->len -= 2 + len;
	return true;
}

enum deed_status tile_read_bundle(const struct tlog *log, uint64_t number,
				  unsigned width, struct buf *out,
				  struct deed_error *err)
{
	size_t before = out->len;
	struct slice rest, entry;
	enum deed_status status;
	unsigned i;

	status = read_file(log, TILE_ENTRIES, number, width, TILE_BUNDLE_MAX,
			   out, err);
	if (status != DEED_OK)
		return status;
	rest = slice_of(out->data + before, out->len - before);
	for (i = 0; i < width; i++)
		if (!tile_next_entry(&rest, &entry))
			return short_file(log, TILE_ENTRIES, number, width,
					  err);
	/* More only if the full bundle took the partial one's place. */
	if (rest.len > 0) {
		char *path = tile_path(log->dir, TILE_ENTRIES, number, width);
		bool there = path == NULL || file_exists(path);

		free(path);
		if (there)
			return short_file(log, TILE_ENTRIES, number, width,
					  err);
		out->len -= rest.len;
	}
	return DEED_OK;
}

/* Make the directory of path, and sync each that is new in its parent. */
static enum deed_status make_parents(const char *path, struct deed_error *err)
{
	char *dir = path_dir(path);
	enum deed_status status = DEED_OK;

	if (dir == NULL)
		return deed_error_memory(err);
	if (!file_exists(dir)) {
		status = make_parents(dir, err);
		if (status == DEED_OK)
			status = file_mkdirs(dir, 0755, err);
		if (status == DEED_OK)
			status = file_sync_parent(dir, err);
	}
	free(dir);
	return status;
}

enum deed_status tile_write(const char *dir, int level, uint64_t number,
			    unsigned width, struct slice data,
			    struct deed_error *err)
{
	char *path = tile_path(dir, level, number, width);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = make_parents(path, err);
	/* What an interrupted append left is replaced. */
	if (status == DEED_OK)
		status = file_write(path, 0644, data, OUTFILE_REPLACE, err);
	free(path);
	return status;
}

void tile_remove_partial(const char *dir, int level, uint64_t number)
{
	char *first = tile_path(dir, level, number, 1);
	char *partial = first == NULL ? NULL : path_dir(first);
	struct dirent *d;
	char *path;
	DIR *list;

	list = partial == NULL ? NULL : opendir(partial);
	while (list != NULL && (d = readdir(list)) != NULL) {
		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
			continue;
		path = path_join(partial, d->d_name);
		if (path != NULL)
			(void)unlink(path);
		free(path);
	}
	if (list != NULL) {
		(void)closedir(list);
		(void)rmdir(partial);
	}
	free(partial);
	free(first);
}

void tile_forget(struct tlog *log)
{
	unsigned i;

	for (i = 0; i < TILE_CACHE; i++)
		log->cache[i].width = 0;
	log->bundle_width = 0;
}

void tile_fold(const uint8_t *hashes, unsigned count, struct tree_hash *out)
{
	struct tree_hash level[TLOG_TILE];
	unsigned i;

	memcpy(level, hashes, (size_t)count * TREE_HASH);
	for (; count > 1; count /= 2)
		for (i = 0; i < count / 2; i++)
			tree_node(&level[2 * i], &level[2 * i + 1], &level[i]);
	*out = level[0];
}

enum deed_status tile_node(void *arg, unsigned level, uint64_t number,
			   struct tree_hash *out, struct deed_error *err)
{
	struct tile_reader *r = arg;
	unsigned below = level % 8, width, from;
	const struct tile *t;
	enum deed_status status;
	uint64_t first;

	/* The node is over 2^below hashes of the tile that holds its level. */
	first = number << below;
	width = tile_width((int)(level / 8), first / TLOG_TILE, r->size);
	status = tile_read(r->log, (int)(level / 8), first / TLOG_TILE, width,
			   &t, err);
	if (status != DEED_OK)
		return status;
	from = (unsigned)(first % TLOG_TILE);
	tile_fold(t->data + (size_t)from * TREE_HASH, 1U << below, out);
	return DEED_OK;
}
