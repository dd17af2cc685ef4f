/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TLOG_TILE_H
#define DEED_TLOG_TILE_H

#include "tlog/tlog.h"

/*
 * The files of a log: where they are, how they are read and written.  A tile
 * of tile level L holds hashes of tree level 8 * L; TILE_ENTRIES in the place
 * of a level is an entry bundle.  Internal to the floor.
 */
#define TILE_ENTRIES (-1)
#define TILE_CACHE 8

/* The largest bundle: 256 entries of 65,535 bytes behind their lengths. */
#define TILE_BUNDLE_MAX (TLOG_TILE * (2 + TLOG_ENTRY_MAX))

struct tile {
	int level;
	uint64_t number;
	unsigned width; /* hashes in it; 0: not used */
	uint8_t data[TLOG_TILE * TREE_HASH];
};

struct tlog {
	char *dir;
	struct note_verifier verifier;
	struct checkpoint checkpoint;
	struct buf note;
	struct tile cache[TILE_CACHE];
	unsigned next;	   /* the cache's slot to be used next */
	struct buf bundle; /* the bundle last read by tlog_entry */
	uint64_t bundle_number;
	unsigned bundle_width; /* 0: none */
};

/* DIR/tile/LEVEL/NNN[.p/WIDTH], allocated; width TLOG_TILE is a full one. */
char *tile_path(const char *dir, int level, uint64_t number, unsigned width);

/* How many of the size entries (or hashes) fall into tile number. */
unsigned tile_width(int level, uint64_t number, uint64_t size);

/*
 * Read a tile of width hashes; *out is borrowed until the next call.  A full
 * tile serves for a partial one that is gone.  DEED_DAMAGED names the file.
 */
enum deed_status tile_read(struct tlog *log, int level, uint64_t number,
			   unsigned width, const struct tile **out,
			   struct deed_error *err) DEED_MUST_USE;

/* Read a bundle of width entries, whole; further ones are cut off. */
enum deed_status tile_read_bundle(const struct tlog *log, uint64_t number,
				  unsigned width, struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;

/* Take the next entry off a bundle; false where it is malformed. */
bool tile_next_entry(struct slice *bundle, struct slice *entry);

/* Write a tile or bundle, durable with its directories. */
enum deed_status tile_write(const char *dir, int level, uint64_t number,
			    unsigned width, struct slice data,
			    struct deed_error *err) DEED_MUST_USE;

/* Remove the partial forms of a full tile; a failure harms nothing. */
void tile_remove_partial(const char *dir, int level, uint64_t number);

/* Forget what was read, after tiles were written. */
void tile_forget(struct tlog *log);

/* A tree_read_fn over the tiles of a log whose tree has size entries. */
struct tile_reader {
	struct tlog *log;
	uint64_t size;
};
enum deed_status tile_node(void *arg, unsigned level, uint64_t number,
			   struct tree_hash *out,
			   struct deed_error *err) DEED_MUST_USE;

/* The root over count hashes, a power of two. */
void tile_fold(const uint8_t *hashes, unsigned count, struct tree_hash *out);

#endif
