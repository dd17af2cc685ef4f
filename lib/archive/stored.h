/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_STORED_H
#define DEED_ARCHIVE_STORED_H

#include "archive/box.h"
#include "archive/manifest.h"
#include "base/secret.h"
#include "sign/statement.h"

/*
 * A deposit that exists: its manifest, judged, and the way back to its
 * content.
 *
 *	stored_load(a, folder, trust, &d, err)
 *	stored_keys(a, d, &cms, err)		P, enveloped for the parties
 *	... the caller opens it with a party's key ...
 *	stored_reader_new(a, d, p, 0, &r, err)
 *	stored_read(r, out, len, err)		the tar, from its beginning
 *	stored_reader_free(r)
 *
 * A struct stored is read-only; a reader belongs to one thread, and uses
 * several.  Which of several generations is in force: archive/generations.h.
 */

/* A generation before the one in force. */
struct stored_past {
	uint64_t number;
	uint8_t cms[SHA256_SIZE]; /* of the signed manifest: in its name */
	uint64_t read; /* place i of the archive gave it whole: bit i */
};

/* Signed and whole, and yet not in force: beside the chain, where it is not
 * above the one in force, or ahead of it, where too few places show it. */
struct stored_aside {
	uint64_t number;
	uint8_t cms[SHA256_SIZE];
	uint64_t places; /* bit i: place i of the archive shows it */
	bool logged;
};

/* What the log says, where it was asked. */
enum stored_word {
	STORED_UNASKED, /* all places agree */
	STORED_LOGGED,	/* it names the generation in force */
	STORED_UNLOGGED,
	STORED_BEHIND, /* it names a later one, which no place shows */
	STORED_SILENT, /* it could not be read */
};

struct stored {
	struct manifest *m;	 /* in force */
	uint8_t id[SHA256_SIZE]; /* of the first generation */
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	struct buf cms;			 /* the signed manifest */
	uint8_t cms_sha256[SHA256_SIZE]; /* in the name of its object */
	uint64_t read;			 /* as of those before it */

	struct stored_past *past; /* from the first on */
	size_t past_count;
	struct stored_aside *aside;
	size_t aside_count;
	enum stored_word word;
	/* The highest of the chain that place i of the archive shows, or 0;
	 * and which places could be listed at all. */
	uint64_t shows[ARCHIVE_PLACES_MAX];
	uint64_t answered;
};

/*
 * What the log knows of a deposit.  It is asked only where places do not
 * agree, or do not show what was expected.  ask says of each signed manifest
 * whether an entry names it, and in newest, where *ahead is set, which one an
 * entry names that follows them and is none of them.  Both are false before.
 */
struct stored_log {
	enum deed_status (*ask)(void *arg, const uint8_t (*cms)[SHA256_SIZE],
				size_t count, bool *named, bool *ahead,
				uint8_t newest[SHA256_SIZE],
				struct deed_error *err);
	void *arg;
	const uint8_t *expected; /* the signed manifest by the catalogue, or
				  * NULL */
	uint64_t generation;	 /* its number; 0: unknown */
};

/*
 * Load the deposit of a folder from the places that have a manifest that is
 * whole, that the office signed, and that is of this folder.  Of trust the
 * source is used: the certificate must hold at the time of the deposit, that
 * of a later generation when it was signed.  Without trust no signature is
 * judged: for what claims nothing.  id, which may be NULL, is the
 * archive id that it must have; log may be NULL.  DEED_NOT_FOUND where no
 * place has a manifest; DEED_DAMAGED where none of those is whole;
 * DEED_BAD_SIGNATURE, DEED_NOT_VERIFIED of the last that was judged;
 * DEED_INDETERMINATE where there are two of one generation, of which the log
 * does not name one alone; DEED_UNSUPPORTED where the newest has what this
 * version does not know.  *out is freed by stored_free.
 */
enum deed_status
stored_load_logged(struct archive *a, const char *folder, const char *id,
		   const struct pki_params *trust, const struct stored_log *log,
		   struct stored **out, struct deed_error *err) DEED_MUST_USE;

/* The same without a log. */
enum deed_status stored_load(struct archive *a, const char *folder,
			     const char *id, const struct pki_params *trust,
			     struct stored **out,
			     struct deed_error *err) DEED_MUST_USE;

/* ... by what places have listed of its folder. */
struct folders_one;
enum deed_status stored_load_shown(struct archive *a, const char *folder,
				   const struct folders_one *shown,
				   const struct pki_params *trust,
				   struct stored **out,
				   struct deed_error *err) DEED_MUST_USE;
void stored_free(struct stored *d);

/* Is the manifest in force not at the place of this part, though the place
 * answers?  *shows is the generation that is there, or 0. */
bool stored_lags(struct archive *a, const struct stored *d, unsigned part,
		 uint64_t *shows);

/*
 * Where places told of it what they had read ahead: do all of them list now
 * what it was chosen from, and nothing else?  A list each, nothing is read;
 * not of those that are known to be empty (bit i is the archive's i).
 * False also where that is not plain: it is loaded again then, by fresh lists.
 */
bool stored_stands(struct archive *a, const struct stored *d, uint64_t empty);

/* Of what reading at a place ended with: it was not read, and may be there. */
bool stored_is_away(enum deed_status status);

/* Append keys.cms from any place that has it whole: DEED_DAMAGED, or
 * DEED_REMOTE where one that may have it is away. */
enum deed_status stored_keys(struct archive *a, const struct stored *d,
			     struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/* Is this P? */
bool stored_is_p(const struct stored *d, const struct secret *p);

struct stored_reader;

/*
 * Join the shares and begin.  p is copied.  DEED_DAMAGED, and how many there
 * are, where fewer shares than needed are good.
 */
enum deed_status stored_reader_new(struct archive *a, const struct stored *d,
				   const struct secret *p, unsigned jobs,
				   struct stored_reader **out,
				   struct deed_error *err) DEED_MUST_USE;
void stored_reader_free(struct stored_reader *r);

/*
 * The next len bytes, into out or (NULL) passed over.  DEED_DAMAGED where too
 * few segments of a chunk are good, and past the end.
 */
enum deed_status stored_read(struct stored_reader *r, uint8_t *out,
			     uint64_t len,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Go on from offset from, wherever the reader is; of what lies behind offset to
 * no chunk is brought back.
 */
void stored_seek(struct stored_reader *r, uint64_t from, uint64_t to);

/*
 * Bytes that are at hand without copying, up to max; *len is 0 at the end.
 * They stay until the next call.
 */
enum deed_status stored_borrow(struct stored_reader *r, uint64_t max,
			       struct slice *out,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Read the box of a part and compare all of it with the manifest: its hash,
 * its form, the segment, the share's commitment, the keys.  Appends its bytes
 * to out, which box points into; wipe them, for it holds a share.
 */
enum deed_status stored_box(struct archive *a, const struct stored *d,
			    unsigned part, struct buf *out, struct box *box,
			    struct deed_error *err) DEED_MUST_USE;

/* A part that is wanted, and what became of it: DEED_DAMAGED, DEED_NOT_FOUND
 * and what a place may answer. */
struct stored_part {
	unsigned number;
	enum deed_status status;
};

/* Several boxes at the same time, each into its own bytes; the same holds of
 * them.  What became of each is in its part. */
void stored_boxes(struct archive *a, const struct stored *d,
		  struct stored_part *part, size_t count, struct buf *bytes,
		  struct box *box);

/*
 * Read some parts of a chunk and compare them with the manifest.  Appends each
 * in its turn, anything as long where it is not good.  DEED_NO_MEMORY.
 */
enum deed_status stored_segments(struct archive *a, const struct stored *d,
				 size_t chunk, struct stored_part *part,
				 size_t count, struct buf *out,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * Read the share of a part, whose name carries a hash that the manifest does
 * not know, and compare it with its commitment.  hash (may be NULL) receives
 * the hash in its name, where it has one and lies in no box.
 */
enum deed_status stored_share(struct archive *a, const struct stored *d,
			      unsigned part, struct secret **out, uint8_t *hash,
			      struct deed_error *err) DEED_MUST_USE;

/* Several at the same time. */
void stored_shares(struct archive *a, const struct stored *d,
		   struct stored_part *part, size_t count, struct secret **out);

/* Is this the share of that part? */
bool stored_share_fits(const struct stored *d, unsigned part,
		       struct slice share);

#endif
