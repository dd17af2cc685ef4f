/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CONTENT_H
#define DEED_ARCHIVE_CONTENT_H

#include "archive/stored.h"
#include "codec/tar.h"

/*
 * The files of a deposit, in order, out of its tar.
 *
 *	content_open(a, d, p, &c, err)
 *	content_next(c, &entry, err)		until DEED_NOT_FOUND
 *	content_borrow(c, &bytes, err)		until there are none
 *	content_close(c)			always
 *
 * Every byte is hashed, those too that the caller does not ask for.  At the
 * end, before content_next says DEED_NOT_FOUND, all is compared with the
 * index, and the index with the manifest: what was read is good only then.
 * A deposit of the first edition has no index.
 */
struct content;

enum deed_status content_open(struct archive *a, const struct stored *d,
			      const struct secret *p, struct content **out,
			      struct deed_error *err) DEED_MUST_USE;
void content_close(struct content *c);

/* The next file; what is left of the one before is passed over.
 * DEED_NOT_FOUND at the end; DEED_DAMAGED where something is not what the
 * index or the manifest says. */
enum deed_status content_next(struct content *c, struct tar_entry *entry,
			      struct deed_error *err) DEED_MUST_USE;

/* Bytes of this file that are at hand; none at its end.  They stay until the
 * next call. */
enum deed_status content_borrow(struct content *c, struct slice *out,
				struct deed_error *err) DEED_MUST_USE;

#endif
