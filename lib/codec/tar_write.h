/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_TAR_WRITE_H
#define DEED_CODEC_TAR_WRITE_H

#include "codec/tar.h"

/*
 * Writing a tar: the headers alone, as bytes that depend on nothing but the
 * entry.
 *
 *	tar_header(&entry, &out, err)	then entry.size bytes of content, then
 *	tar_padding(entry.size)		zero bytes; at the end
 *	tar_end(&out)
 *
 * A header is one of ustar, 512 bytes: owner and group 0, neither named.
 * Where a name is longer than 100 bytes or not ASCII, a file of 8 GiB or more
 * or a time before 1970, records of pax stand before it.
 */
#define TAR_END_SIZE 1024

/* Append the header of an entry: a multiple of 512 bytes.  DEED_UNSUPPORTED
 * for a name that tar_next would refuse. */
enum deed_status tar_header(const struct tar_entry *entry, struct buf *out,
			    struct deed_error *err) DEED_MUST_USE;

/* Is this what tar_header makes of a file of this name and size, with mode 0
 * and whatever time? */
bool tar_header_is(struct slice header, const char *name, uint64_t size);

/* Append the end of the archive: TAR_END_SIZE zero bytes. */
void tar_end(struct buf *out);

#endif
