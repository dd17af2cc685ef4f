/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_EVENT_ACTS_H
#define DEED_EVENT_ACTS_H

#include "identity/dropbox.h"
#include "tlog/entry.h"

struct deposit_key;

/*
 * The index by which acts are found: what the commitments of the log hold, a
 * thousand entries a file, each enveloped to the register's key alone.
 *
 * Every transaction extends it by the openings that go into the drop box, for
 * those are enveloped to the register already; to write them there a second
 * time would make each signature dearer, and leave salts in one more place.
 * Whoever searches with the register's key opens those that no block has yet,
 * and merges them: block N is of the entries 1000 N to 1000 N + 999, the last
 * of as many as there are, and one that has grown takes the place of what was
 * there in one rename.  A run that is killed leaves the old or the new; two
 * that merge at a time write the same.  So 100,000 entries are 100 files.
 *
 * A block is a cache and is believed in nothing.  Every opening must be one of
 * a commitment of its entry in the log, and every commitment must be opened;
 * where a block lies or lacks, the records of the drop box are read, and the
 * block is made anew.  Thus nobody hides an act by changing the index, and
 * whoever takes it away makes the next search slow.  An erasure of records
 * removes the blocks of their entries too; what is left is merged again.
 *
 *	DIR/000017.cms, AuthEnvelopedData (cms/envelope.h) around
 *
 *	offset	length	content
 *	0	12	"deed.acts/1" LF
 *	12	8	N, the block's number
 *	20	2	entries in it, 1 to 1000
 *	22		each entry: the number of openings in 2, and each
 *			opening: the length of the label in 1, the label
 *			and 00, the salt in 32, the length of the value in
 *			2, the value
 *
 * Integers are big-endian.  The blocks hold names and what was done with
 * which document: wipe what was read (acts_clear).
 *
 * Limits: ACTS_MAX bytes; of what is longer an entry has no openings, and is
 * read from the drop box.  Reading is linear and makes no copies.
 */
#define ACTS_BLOCK 1000
#define ACTS_MAX ((size_t)64 << 20)

struct acts_opening {
	const char *label; /* a word, with a NUL */
	const uint8_t *salt;
	struct slice value;
};

/* A block as read: what it holds of entry i are the bytes from at[i] to
 * at[i + 1]. */
struct acts {
	struct buf text;
	size_t count;
	uint32_t at[ACTS_BLOCK + 1];
};

#define ACTS_INIT          \
	{                  \
		.count = 0 \
	}

/* Forget it, and wipe it. */
void acts_clear(struct acts *a);

/* Begin a block; then each entry in order, of which openings is what
 * acts_begin_entry and acts_put made, or none. */
void acts_begin(uint64_t number, struct buf *text);
void acts_add(struct buf *text, struct slice entry);

/* What a block holds of one entry. */
void acts_begin_entry(struct buf *entry);
void acts_put(struct buf *entry, const struct acts_opening *o);

/*
 * Read a block, whose bytes text owns and hands over.  DEED_MALFORMED where
 * it is none, or of another number; a is as after ACTS_INIT then.
 */
enum deed_status acts_parse(struct buf *text, uint64_t number, struct acts *a,
			    struct deed_error *err) DEED_MUST_USE;

/* The openings of entry i of a block, for acts_next; none where i is not in
 * it. */
struct slice acts_entry(const struct acts *a, size_t i);
bool acts_next(struct slice *entry, struct acts_opening *out);

/*
 * Read a block from its file with the first key that opens it.
 * DEED_NOT_FOUND; DEED_DAMAGED where it is no block, or for others.
 */
enum deed_status acts_read(const char *dir, uint64_t number,
			   const struct deposit_key *const *keys, size_t count,
			   struct acts *a,
			   struct deed_error *err) DEED_MUST_USE;

/* Envelope a block to one reader, and put it in the place of what is there;
 * the folder is made.  Durable afterwards. */
enum deed_status acts_write(const char *dir, uint64_t number,
			    const struct dropbox_reader *to, struct slice text,
			    struct deed_error *err) DEED_MUST_USE;

#endif
