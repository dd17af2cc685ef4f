/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TLOG_TLOG_H
#define DEED_TLOG_TLOG_H

#include "tlog/note.h"
#include "tlog/proof.h"
#include "tlog/tree.h"

/*
 * A log as static files (c2sp.org/tlog-tiles) in one directory:
 *
 *	checkpoint		the newest signed checkpoint
 *	tile/LEVEL/NNN[.p/W]	256 hashes (or W) of level 8 * LEVEL
 *	tile/entries/NNN[.p/W]	256 entries (or W), each behind its length
 *				in two bytes
 *
 * NNN is the tile's number in groups of three digits, all but the last group
 * with an x before it (x001/234).  What the checkpoint does not cover is not
 * there: files left by an append that was interrupted are written anew.
 * When a tile is full its partial forms are removed.
 *
 * Every call reads the files it needs; the caller holds a lock around
 * tlog_append and what leads to it.  A reader needs none: a checkpoint is
 * written after all that it covers, in one rename.  Every file is synced, and
 * its directory, before the checkpoint is.
 *
 * Limits: an entry of TLOG_ENTRY_MAX bytes, 2^53 entries.
 */
#define TLOG_ENTRY_MAX TREE_ENTRY_MAX
#define TLOG_TILE 256 /* hashes a tile, entries a bundle */

struct tlog;

/* Make the files of an empty log; the origin is the signer's name.
 * DEED_EXISTS where there is a log. */
enum deed_status tlog_create(const char *dir, const struct note_signer *signer,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Open the log and verify its checkpoint by v.  DEED_NOT_FOUND where there is
 * none; DEED_BAD_SIGNATURE, DEED_MALFORMED.  The entries and tiles are read
 * when they are asked for; tlog_verify checks all of them.
 */
enum deed_status tlog_open(const char *dir, const struct note_verifier *v,
			   struct tlog **out,
			   struct deed_error *err) DEED_MUST_USE;

/* The same as this checkpoint would have it, whatever lies there as one. */
enum deed_status tlog_open_note(const char *dir, const struct note_verifier *v,
				struct slice note, struct tlog **out,
				struct deed_error *err) DEED_MUST_USE;
void tlog_close(struct tlog *log);

const struct checkpoint *tlog_checkpoint(const struct tlog *log);
struct slice tlog_checkpoint_note(const struct tlog *log); /* as signed */

/*
 * Append entries: bundles, tiles, checkpoint.  Afterwards the log stands at
 * its new size.  After a failure it stands at the old in memory; on disk too,
 * but where the new checkpoint has its name and that could not be synced.
 */
enum deed_status tlog_append(struct tlog *log, const struct slice *entries,
			     size_t count, const struct note_signer *signer,
			     struct deed_error *err) DEED_MUST_USE;

/* Append the bytes of entry index to out: DEED_NOT_FOUND, DEED_DAMAGED. */
enum deed_status tlog_entry(struct tlog *log, uint64_t index, struct buf *out,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * Is an older (or equal) state of this log what c says?  DEED_INCONSISTENT
 * where c is of another origin, longer, or has another root.
 */
enum deed_status tlog_contains(struct tlog *log, const struct checkpoint *c,
			       struct deed_error *err) DEED_MUST_USE;

/* Proofs against the present checkpoint. */
enum deed_status tlog_prove(struct tlog *log, uint64_t index,
			    struct tree_proof *out,
			    struct deed_error *err) DEED_MUST_USE;
enum deed_status tlog_prove_consistency(struct tlog *log, uint64_t old,
					struct tree_proof *out,
					struct deed_error *err) DEED_MUST_USE;

/* Sees each entry in order while tlog_verify reads it. */
typedef enum deed_status tlog_entry_fn(void *arg, uint64_t index,
				       struct slice entry,
				       struct deed_error *err);

/*
 * Compute the tree from the bundles and compare every tile and the
 * checkpoint's root with it: DEED_INCONSISTENT names the first file that
 * differs or lacks.  fn may be NULL; its first failure ends the walk.
 */
enum deed_status tlog_verify(struct tlog *log, tlog_entry_fn *fn, void *arg,
			     struct deed_error *err) DEED_MUST_USE;

#endif
