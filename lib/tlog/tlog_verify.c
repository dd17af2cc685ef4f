/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "tlog/tile.h"
#include "tlog/tlog.h"

#define LEVELS 8

/* The right edge of the tree while it is computed: a tile for each level. */
struct edge {
	uint8_t data[LEVELS][TLOG_TILE * TREE_HASH];
	unsigned width[LEVELS];
	uint64_t number[LEVELS];
};

/* Compare the tile that was computed with the file. */
static enum deed_status compare(struct tlog *log, const struct edge *e,
				int level, struct deed_error *err)
{
	const struct tile *t;
	enum deed_status status;
	char *path;

	status = tile_read(log, level, e->number[level], e->width[level], &t,
			   err);
	if (status != DEED_OK)
		return status;
	if (!memcmp(t->data, e->data[level],
		    (size_t)e->width[level] * TREE_HASH))
		return DEED_OK;
	path = tile_path(log->dir, level, e->number[level], e->width[level]);
	deed_error_set(err, DEED_INCONSISTENT,
		       "'%s' is not the tree of the entries",
		       path == NULL ? "a tile" : path);
	free(path);
	return DEED_INCONSISTENT;
}

/* One more hash at a level; a tile that is full is compared and goes up. */
static enum deed_status add_hash(struct tlog *log, struct edge *e,
				 struct tree_hash hash, struct deed_error *err)
{
	enum deed_status status;
	int level;

	for (level = 0; level < LEVELS; level++) {
		memcpy(e->data[level] + (size_t)e->width[level] * TREE_HASH,
		       hash.bytes, TREE_HASH);
		e->width[level]++;
		if (e->width[level] < TLOG_TILE)
			break;
		status = compare(log, e, level, err);
		if (status != DEED_OK)
			return status;
		tile_fold(e->data[level], TLOG_TILE, &hash);
		e->number[level]++;
		e->width[level] = 0;
	}
	return DEED_OK;
}

struct walk {
	struct tlog *log;
	struct edge *edge;
	tlog_entry_fn *fn;
	void *arg;
};

/* The bundle is let go before the next is read: a log of any length is
 * verified in the memory of one bundle and the edge. */
static enum deed_status walk_bundle(const struct walk *w, uint64_t number,
				    struct deed_error *err)
{
	unsigned width =
		tile_width(TILE_ENTRIES, number, w->log->checkpoint.size);
	struct buf bundle = BUF_INIT;
	struct slice rest, entry;
	struct tree_hash hash;
	enum deed_status status;
	unsigned i;

	status = tile_read_bundle(w->log, number, width, &bundle, err);
	rest = buf_get(&bundle);
	for (i = 0; status == DEED_OK && i < width; i++) {
		if (!tile_next_entry(&rest, &entry))
			break;
		tree_leaf(entry, &hash);
		status = add_hash(w->log, w->edge, hash, err);
		if (status == DEED_OK && w->fn != NULL)
			status = w->fn(w->arg, number * TLOG_TILE + i, entry,
				       err);
	}
	buf_clear(&bundle);
	return status;
}

/* A tree_read_fn over the edge: complete subtrees of the tree's root are in
 * the tiles that are not full. */
static enum deed_status edge_node(void *arg, unsigned level, uint64_t number,
				  struct tree_hash *out, struct deed_error *err)
{
	const struct edge *e = arg;
	unsigned below = level % 8;
	uint64_t first = number << below;

	(void)err;
	tile_fold(e->data[level / 8] + (first % TLOG_TILE) * TREE_HASH,
		  1U << below, out);
	return DEED_OK;
}

enum deed_status tlog_verify(struct tlog *log, tlog_entry_fn *fn, void *arg,
			     struct deed_error *err)
{
	struct walk w = { log, NULL, fn, arg };
	uint64_t size = log->checkpoint.size, number;
	struct tree_hash root;
	enum deed_status status = DEED_OK;
	int level;

	w.edge = calloc(1, sizeof(*w.edge));
	if (w.edge == NULL)
		return deed_error_memory(err);
	for (number = 0; status == DEED_OK && number * TLOG_TILE < size;
	     number++)
		status = walk_bundle(&w, number, err);
	for (level = 0; status == DEED_OK && level < LEVELS; level++)
		if (w.edge->width[level] > 0)
			status = compare(log, w.edge, level, err);
	if (status == DEED_OK)
		status = tree_root(size, edge_node, w.edge, &root, err);
	if (status == DEED_OK &&
	    memcmp(root.bytes, log->checkpoint.root, TREE_HASH) != 0)
		status = deed_error_set(err, DEED_INCONSISTENT,
					"the checkpoint is not the tree of "
					"the %" PRIu64 " entries",
					size);
	free(w.edge);
	return status;
}
