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
 * several.
 */
struct stored {
	struct manifest *m;
	uint8_t id[SHA256_SIZE];
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	struct buf cms;			 /* the signed manifest */
	uint8_t cms_sha256[SHA256_SIZE]; /* in the name of its object */
};

/*
 * Load the deposit of a folder from whichever place has a manifest that is
 * whole, that the office signed, and that is of this folder.  Of trust the
 * source is used: the certificate must hold at the time of the deposit.  id,
 * which may be NULL, is the archive id that it must have.  DEED_NOT_FOUND
 * where no place has a manifest; DEED_DAMAGED where none of those is whole;
 * DEED_BAD_SIGNATURE, DEED_NOT_VERIFIED of the last that was judged.
 * *out is freed by stored_free.
 */
enum deed_status stored_load(struct archive *a, const char *folder,
			     const char *id, const struct pki_params *trust,
			     struct stored **out,
			     struct deed_error *err) DEED_MUST_USE;
void stored_free(struct stored *d);

/* Append keys.cms from any place that has it whole: DEED_DAMAGED. */
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

/* Read one part of a chunk and compare it with the manifest; appends. */
enum deed_status stored_segment(struct archive *a, const struct stored *d,
				size_t chunk, unsigned part, struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Read the share of a part, whose name carries a hash that the manifest does
 * not know, and compare it with its commitment.  hash (may be NULL) receives
 * the hash in its name, where it has one and lies in no box.
 */
enum deed_status stored_share(struct archive *a, const struct stored *d,
			      unsigned part, struct secret **out, uint8_t *hash,
			      struct deed_error *err) DEED_MUST_USE;

/* Is this the share of that part? */
bool stored_share_fits(const struct stored *d, unsigned part,
		       struct slice share);

#endif
