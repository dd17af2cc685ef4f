/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_TAR_WIRE_H
#define DEED_CODEC_TAR_WIRE_H

#include "codec/tar.h"

/*
 * What codec/tar.c and the helper deed-unpack say to each other, in
 * frames (base/frame.h).  The caller orders; the helper answers each order
 * with one frame of the same type, or with an error.  While it works on
 * TAR_NEXT it asks for bytes of the archive with TAR_READ and the
 * caller answers in kind.
 *
 *	TAR_NEXT		nothing; the answer is an entry, or empty at
 *				the end
 *	TAR_READ		empty; the answer is TAR_BLOCK bytes
 *
 * An entry is size, mtime and mode (8 bytes each, big-endian), then the name.
 */
#define TAR_NEXT 0x12u
#define TAR_READ 0x18u

#define TAR_BLOCK 512u
#define TAR_BODY (1u << 20) /* of any frame */

void tar_put_entry(const struct tar_entry *e, struct buf *out);

/* False where it is too short or the name is not one that is allowed. */
bool tar_get_entry(struct slice body, struct tar_entry *e);

/* Relative, without "." and ".." parts, backslash and control characters,
 * UTF-8 of 1 to TAR_NAME bytes. */
bool tar_name_valid(struct slice name);

#endif
