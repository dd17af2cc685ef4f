/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_BOX_H
#define DEED_ARCHIVE_BOX_H

#include "base/buf.h"

/*
 * What a place has of a deposit of one chunk, in one object: a tar of exactly
 * three members, "segment", "share.txt" and "keys.cms", their headers those of
 * codec/tar_write.h with time 0, and the end.  Nothing in it is parsed: it is
 * cut where the sizes say, made again and compared.
 */
struct box {
	struct slice segment, share, keys; /* borrowed */
};

/* Append the tar of a box.  It holds a share: wipe it. */
enum deed_status box_write(const struct box *b, struct buf *out,
			   struct deed_error *err) DEED_MUST_USE;

/*
 * Cut a box whose segment has so many bytes, and whose keys are one element
 * of DER.  What out has points into bytes.  DEED_DAMAGED unless bytes are
 * exactly what box_write makes of it.
 */
enum deed_status box_open(struct slice bytes, size_t segment, struct box *out,
			  struct deed_error *err) DEED_MUST_USE;

#endif
