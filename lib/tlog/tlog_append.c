/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "tlog/tile.h"
#include "tlog/tlog.h"
#include "base/file.h"

#define CHECKPOINT "checkpoint"
#define LEVELS 8 /* of tiles: 2^53 entries fill seven */

/* The hashes that one level of tiles grows by. */
struct growth {
	struct tree_hash *hash;
	size_t count;
};

/*
 * Before anything is built on it: are the last tiles those of the
 * checkpoint, and the entries in the last bundle those of its tile?
 */
static enum deed_status check_edge(struct tlog *log, struct buf *bundle,
				   struct deed_error *err)
{
	uint64_t size = log->checkpoint.size, number = size / TLOG_TILE;
	unsigned width = (unsigned)(size % TLOG_TILE), i;
	const struct tile *t;
	struct slice rest, entry;
	struct tree_hash hash;
	enum deed_status status;

	status = tlog_contains(log, &log->checkpoint, err);
	if (status != DEED_OK || width == 0)
		return status;
	status = tile_read_bundle(log, number, width, bundle, err);
	if (status == DEED_OK)
		status = tile_read(log, 0, number, width, &t, err);
	if (status != DEED_OK)
		return status;
	rest = buf_get(bundle);
	for (i = 0; i < width && tile_next_entry(&rest, &entry); i++) {
		tree_leaf(entry, &hash);
		if (memcmp(hash.bytes, t->data + (size_t)i * TREE_HASH,
			   TREE_HASH) != 0)
			return deed_error_set(err, DEED_INCONSISTENT,
					      "entry %" PRIu64
					      " is not what its tile says",
					      number * TLOG_TILE + i);
	}
	return DEED_OK;
}

/* The bundles that the entries go into; the first begins with what is there. */
static enum deed_status write_bundles(struct tlog *log, struct buf *bundle,
				      const struct slice *entries, size_t count,
				      struct deed_error *err)
{
	uint64_t at = log->checkpoint.size;
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < count && status == DEED_OK; i++) {
		buf_byte(bundle, (uint8_t)(entries[i].len >> 8));
		buf_byte(bundle, (uint8_t)entries[i].len);
		buf_slice(bundle, entries[i]);
		at++;
		if (at % TLOG_TILE != 0 && i + 1 < count)
			continue;
		status = buf_status(bundle, err);
		if (status == DEED_OK)
			status = tile_write(
				log->dir, TILE_ENTRIES, (at - 1) / TLOG_TILE,
				(unsigned)((at - 1) % TLOG_TILE) + 1,
				buf_get(bundle), err);
		buf_reset(bundle);
	}
	return status;
}

/*
 * Write the tiles of one level, which had before hashes, with those of g
 * behind them.  The roots of the tiles that are full then go into up.
 */
static enum deed_status write_level(struct tlog *log, int level,
				    uint64_t before, const struct growth *g,
				    struct growth *up, struct deed_error *err)
{
	uint8_t data[TLOG_TILE * TREE_HASH];
	unsigned width = (unsigned)(before % TLOG_TILE);
	uint64_t number = before / TLOG_TILE;
	const struct tile *t;
	enum deed_status status = DEED_OK;
	size_t i;

	if (width > 0) {
		status = tile_read(log, level, number, width, &t, err);
		if (status != DEED_OK)
			return status;
		memcpy(data, t->data, (size_t)width * TREE_HASH);
	}
	for (i = 0; i < g->count; i++) {
		memcpy(data + (size_t)width * TREE_HASH, g->hash[i].bytes,
		       TREE_HASH);
		width++;
		if (width < TLOG_TILE && i + 1 < g->count)
			continue;
		status = tile_write(log->dir, level, number, width,
				    slice_of(data, (size_t)width * TREE_HASH),
				    err);
		if (status != DEED_OK)
			return status;
		if (width == TLOG_TILE) {
			tile_fold(data, TLOG_TILE, &up->hash[up->count++]);
			number++;
			width = 0;
		}
	}
	return DEED_OK;
}

/* Leaves into level 0, then the roots of the tiles that became full one level
 * up, until none does. 2^53 entries fill fewer levels than there are. */
static enum deed_status write_tiles(struct tlog *log,
				    const struct slice *entries, size_t count,
				    struct deed_error *err)
{
	struct growth now = { NULL, count }, up = { NULL, 0 };
	enum deed_status status = DEED_OK;
	size_t i;
	int level;

	now.hash = calloc(count, sizeof(*now.hash));
	up.hash = calloc(count / TLOG_TILE + 1, sizeof(*up.hash));
	if (now.hash == NULL || up.hash == NULL)
		status = deed_error_memory(err);
	for (i = 0; status == DEED_OK && i < count; i++)
		tree_leaf(entries[i], &now.hash[i]);
	for (level = 0; status == DEED_OK && now.count > 0 && level < LEVELS;
	     level++) {
		up.count = 0;
		status = write_level(log, level,
				     log->checkpoint.size >> (8 * level), &now,
				     &up, err);
		/* What went up is no more than what there is room for below. */
		if (up.count > 0)
			memcpy(now.hash, up.hash, up.count * sizeof(*up.hash));
		now.count = up.count;
	}
	free(now.hash);
	free(up.hash);
	return status;
}

/* Sign the tree as it is on disk now, and publish it. */
static enum deed_status write_checkpoint(struct tlog *log,
					 struct checkpoint *next,
					 const struct note_signer *signer,
					 struct buf *note,
					 struct deed_error *err)
{
	struct tile_reader r = { log, next->size };
	struct buf text = BUF_INIT;
	struct tree_hash root;
	char *path = path_join(log->dir, CHECKPOINT);
	enum deed_status status;

	tile_forget(log);
	status = path == NULL
			 ? deed_error_memory(err)
			 : tree_root(next->size, tile_node, &r, &root, err);
	if (status == DEED_OK) {
		memcpy(next->root, root.bytes, TREE_HASH);
		checkpoint_format(next, &text);
		status = buf_status(&text, err);
	}
	if (status == DEED_OK)
		status = note_sign(signer, buf_get(&text), note, err);
	if (status == DEED_OK)
		status = file_write(path, 0644, buf_get(note), OUTFILE_REPLACE,
				    err);
	tile_forget(log);
	buf_clear(&text);
	free(path);
	return status;
}

/* Partial tiles that the full ones now stand for. */
static void remove_partial(const struct tlog *log, uint64_t before)
{
	uint64_t from, to, number;
	int level;

	for (level = 0; level < LEVELS; level++) {
		from = before >> (8 * level);
		to = log->checkpoint.size >> (8 * level);
		for (number = from / TLOG_TILE; number < to / TLOG_TILE;
		     number++) {
			tile_remove_partial(log->dir, level, number);
			if (level == 0)
				tile_remove_partial(log->dir, TILE_ENTRIES,
						    number);
		}
	}
}

enum deed_status tlog_append(struct tlog *log, const struct slice *entries,
			     size_t count, const struct note_signer *signer,
			     struct deed_error *err)
{
	struct checkpoint next = log->checkpoint;
	struct buf bundle = BUF_INIT, note = BUF_INIT;
	uint64_t before = log->checkpoint.size;
	enum deed_status status;
	size_t i;

	for (i = 0; i < count; i++)
		if (entries[i].len > TLOG_ENTRY_MAX)
			return deed_error_set(err, DEED_LIMIT,
					      "an entry has more than %d bytes",
					      TLOG_ENTRY_MAX);
	if (count == 0)
		return DEED_OK;
	status = check_edge(log, &bundle, err);
	if (status == DEED_OK)
		status = write_bundles(log, &bundle, entries, count, err);
	if (status == DEED_OK)
		status = write_tiles(log, entries, count, err);
	next.size += count;
	if (status == DEED_OK)
		status = write_checkpoint(log, &next, signer, &note, err);
	if (status == DEED_OK) {
		log->checkpoint = next;
		buf_clear(&log->note);
		log->note = note;
		note = (struct buf)BUF_INIT;
		remove_partial(log, before);
	}
	buf_clear(&bundle);
	buf_clear(&note);
	return status;
}
