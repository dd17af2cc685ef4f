/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tlog.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tlog/tile.h"
#include "base/file.h"
#include "crypto/digest.h"

#define CHECKPOINT "checkpoint"

enum deed_status tlog_create(const char *dir, const struct note_signer *signer,
			     struct deed_error *err)
{
	struct checkpoint c = { .size = 0 };
	struct buf text = BUF_INIT, note = BUF_INIT;
	char *path = NULL;
	enum deed_status status;

	memcpy(c.origin, signer->verifier.name, sizeof(c.origin));
	sha256(SLICE_NONE, c.root);
	checkpoint_format(&c, &text);
	status = buf_status(&text, err);
	if (status == DEED_OK)
		status = note_sign(signer, buf_get(&text), &note, err);
	if (status == DEED_OK)
		status = file_mkdirs(dir, 0755, err);
	if (status == DEED_OK)
		status = file_sync_parent(dir, err);
	if (status != DEED_OK)
		goto out;
	path = path_join(dir, CHECKPOINT);
	if (path == NULL)
		status = deed_error_memory(err);
	else
		status = file_write(path, 0644, buf_get(&note), OUTFILE_NEW,
				    err);
out:
	free(path);
	buf_clear(&text);
	buf_clear(&note);
	return status;
}

static enum deed_status take_checkpoint(struct tlog *log,
					struct deed_error *err)
{
	return checkpoint_open(buf_get(&log->note), &log->verifier,
			       &log->checkpoint, err);
}

/* Only where there is no file is there no log: one that does not verify keeps
 * its own status, or a broken log would be taken for an absent one. */
static enum deed_status read_checkpoint(struct tlog *log,
					struct deed_error *err)
{
	char *path = path_join(log->dir, CHECKPOINT);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	if (!file_exists(path))
		status = deed_error_set(err, DEED_NOT_FOUND,
					"there is no log in '%s'", log->dir);
	else
		status = file_read(path, NOTE_MAX, &log->note, err);
	if (status == DEED_OK) {
		status = take_checkpoint(log, err);
		if (status != DEED_OK)
			deed_error_prefix(err, "'%s'", path);
	}
	free(path);
	return status;
}

static struct tlog *tlog_new(const char *dir, const struct note_verifier *v)
{
	struct tlog *log = calloc(1, sizeof(*log));

	if (log == NULL)
		return NULL;
	log->verifier = *v;
	log->dir = strdup(dir);
	if (log->dir != NULL)
		return log;
	free(log);
	return NULL;
}

enum deed_status tlog_open(const char *dir, const struct note_verifier *v,
			   struct tlog **out, struct deed_error *err)
{
	struct tlog *log = tlog_new(dir, v);
	enum deed_status status;

	*out = NULL;
	if (log == NULL)
		return deed_error_memory(err);
	status = read_checkpoint(log, err);
	if (status == DEED_OK)
		*out = log;
	else
		tlog_close(log);
	return status;
}

enum deed_status tlog_open_note(const char *dir, const struct note_verifier *v,
				struct slice note, struct tlog **out,
				struct deed_error *err)
{
	struct tlog *log = tlog_new(dir, v);
	enum deed_status status;

	*out = NULL;
	if (log == NULL)
		return deed_error_memory(err);
	buf_slice(&log->note, note);
	status = buf_status(&log->note, err);
	if (status == DEED_OK)
		status = take_checkpoint(log, err);
	if (status == DEED_OK)
		*out = log;
	else
		tlog_close(log);
	return status;
}

void tlog_close(struct tlog *log)
{
	if (log == NULL)
		return;
	buf_clear(&log->note);
	buf_clear(&log->bundle);
	free(log->dir);
	free(log);
}

const struct checkpoint *tlog_checkpoint(const struct tlog *log)
{
	return &log->checkpoint;
}

struct slice tlog_checkpoint_note(const struct tlog *log)
{
	return buf_get(&log->note);
}

/* The bundle that holds an entry; a walk reads each once. */
static enum deed_status load_bundle(struct tlog *log, uint64_t number,
				    struct deed_error *err)
{
	unsigned width = tile_width(TILE_ENTRIES, number, log->checkpoint.size);
	enum deed_status status;

	if (log->bundle_width == width && log->bundle_number == number)
		return DEED_OK;
	log->bundle_width = 0;
	buf_reset(&log->bundle);
	status = tile_read_bundle(log, number, width, &log->bundle, err);
	if (status == DEED_OK) {
		log->bundle_number = number;
		log->bundle_width = width;
	}
	return status;
}

enum deed_status tlog_entry(struct tlog *log, uint64_t index, struct buf *out,
			    struct deed_error *err)
{
	struct slice rest, entry = SLICE_NONE;
	enum deed_status status;
	uint64_t i;

	if (index >= log->checkpoint.size)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "the log has %" PRIu64
				      " entries, and none with number %" PRIu64,
				      log->checkpoint.size, index);
	status = load_bundle(log, index / TLOG_TILE, err);
	if (status != DEED_OK)
		return status;
	rest = buf_get(&log->bundle);
	for (i = 0; i <= index % TLOG_TILE; i++)
		if (!tile_next_entry(&rest, &entry))
			return deed_error_set(err, DEED_DAMAGED,
					      "a bundle of the log is damaged");
	buf_slice(out, entry);
	return buf_status(out, err);
}

/* The root of the first size entries, by the tiles. */
static enum deed_status tlog_root(struct tlog *log, uint64_t size,
				  struct tree_hash *out, struct deed_error *err)
{
	struct tile_reader r = { log, log->checkpoint.size };

	if (size > log->checkpoint.size)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "the log has only %" PRIu64 " entries",
				      log->checkpoint.size);
	return tree_root(size, tile_node, &r, out, err);
}

enum deed_status tlog_contains(struct tlog *log, const struct checkpoint *c,
			       struct deed_error *err)
{
	struct tree_hash root;
	enum deed_status status;

	if (strcmp(c->origin, log->checkpoint.origin) != 0)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "the checkpoint is of '%s', the log is "
				      "'%s'",
				      c->origin, log->checkpoint.origin);
	if (c->size > log->checkpoint.size)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "the log has %" PRIu64
				      " entries, the checkpoint has %" PRIu64,
				      log->checkpoint.size, c->size);
	status = tlog_root(log, c->size, &root, err);
	if (status != DEED_OK)
		return status;
	if (memcmp(root.bytes, c->root, TREE_HASH) != 0)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "the log's first %" PRIu64
				      " entries are not those of the "
				      "checkpoint",
				      c->size);
	return DEED_OK;
}

enum deed_status tlog_prove(struct tlog *log, uint64_t index,
			    struct tree_proof *out, struct deed_error *err)
{
	struct tile_reader r = { log, log->checkpoint.size };

	out->count = 0;
	if (index >= log->checkpoint.size)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "the log has %" PRIu64
				      " entries, and none with number %" PRIu64,
				      log->checkpoint.size, index);
	return tree_inclusion(index, log->checkpoint.size, tile_node, &r, out,
			      err);
}

enum deed_status tlog_prove_consistency(struct tlog *log, uint64_t old,
					struct tree_proof *out,
					struct deed_error *err)
{
	struct tile_reader r = { log, log->checkpoint.size };

	out->count = 0;
	if (old > log->checkpoint.size)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "the log has only %" PRIu64 " entries",
				      log->checkpoint.size);
	return tree_consistency(old, log->checkpoint.size, tile_node, &r, out,
				err);
}
