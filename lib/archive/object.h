/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_OBJECT_H
#define DEED_ARCHIVE_OBJECT_H

#include "archive/place/place.h"
#include "crypto/digest.h"

/*
 * How the objects of a deposit are named in a place.  Every name carries the
 * SHA-256 of the object's bytes, HEX:
 *
 *	segment-NNNNNNNN-P-HEX		part P (from 1) of chunk N (from 0)
 *	share-P-HEX.txt			share P of S
 *	keys-HEX.cms			P for the parties
 *	box-P-HEX.tar			these three, where there is one chunk
 *	manifest-G-HEX.cms		generation G of the manifest
 *	README-HEX.txt			the commands
 *	deed-join-HEX.py		the script
 *	sha256sums-HEX.txt		of the first edition, for sha256sum -c
 *
 * and the folder is the deposit's random 16 bytes in hexadecimal; README and
 * script, which many deposits share, lie in OBJECT_ABOUT, but beside the
 * others in the first edition.
 */
#define OBJECT_ABOUT PLACE_ABOUT

enum object_kind {
	OBJECT_SEGMENT,
	OBJECT_SHARE,
	OBJECT_KEYS,
	OBJECT_README,
	OBJECT_SCRIPT,
	OBJECT_SUMS,
	OBJECT_MANIFEST,
	OBJECT_BOX,
};

struct object_name {
	enum object_kind kind;
	uint64_t number; /* chunk of a segment, generation of a manifest */
	unsigned part;	 /* of a segment, share or box */
	uint8_t sha256[SHA256_SIZE];
};

/* Write the name; number and part are used where the kind has them. */
void object_format(const struct object_name *o, char out[PLACE_NAME + 1]);

/* Read one; false if it is not exactly what object_format writes. */
bool object_parse(const char *name, struct object_name *o);

/*
 * Get an object and compare it with its name: DEED_NOT_FOUND, or DEED_DAMAGED
 * where its bytes are others.  Appends to out.
 */
enum deed_status object_get(struct place *p, const char *folder,
			    const struct object_name *o, size_t max,
			    struct buf *out,
			    struct deed_error *err) DEED_MUST_USE;

/* The same, as place_get_known_begin and place_fill_begin. */
enum deed_status object_get_begin(struct place *p, const char *folder,
				  const struct object_name *o, size_t max,
				  struct buf *out, struct place_ticket **ticket,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status object_fill_begin(struct place *p, const char *folder,
				   const struct object_name *o, uint8_t *into,
				   size_t size, struct place_ticket **ticket,
				   struct deed_error *err) DEED_MUST_USE;
enum deed_status object_get_finish(struct place *p, const struct object_name *o,
				   struct place_ticket *ticket,
				   struct deed_error *err) DEED_MUST_USE;

#endif
