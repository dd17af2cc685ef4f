/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_UNPACK_H
#define DEED_CODEC_UNPACK_H

#include "base/buf.h"

/*
 * Container formats by way of the helper deed-unpack, which alone links
 * libarchive: pax tar both ways.  The helper sees headers only; the content
 * of a file never passes through it, so that a tar of any size costs what
 * its headers cost.  It reads in the sandbox (base/sandbox.h).
 *
 *	unpack_start(&u, err)
 *	unpack_tar_header(u, &entry, &out, err)	then entry.size bytes of
 *						content, then
 *	unpack_tar_padding(entry.size)		zero bytes; at the end
 *	unpack_tar_end(u, &out, err)
 *	unpack_stop(u)				always
 *
 * One struct unpack belongs to one thread and reads or writes, not both.
 * Limits: UNPACK_ENTRIES entries, names of UNPACK_NAME bytes.
 */
#define UNPACK_NAME 1024
#define UNPACK_ENTRIES 4096

struct unpack;

/* Start the helper.  DEED_SYSTEM if it is not there. */
enum deed_status unpack_start(struct unpack **out,
			      struct deed_error *err) DEED_MUST_USE;
void unpack_stop(struct unpack *u);

/* A regular file in a tar.  Nothing else is written. */
struct unpack_entry {
	char name[UNPACK_NAME + 1]; /* UTF-8, relative, '/' between parts */
	uint64_t size;
	int64_t mtime;
};

/* Append the header of an entry: a multiple of 512 bytes. */
enum deed_status unpack_tar_header(struct unpack *u,
				   const struct unpack_entry *entry,
				   struct buf *out,
				   struct deed_error *err) DEED_MUST_USE;

/* Zero bytes after the content. */
static inline size_t unpack_tar_padding(uint64_t size)
{
	return (size_t)(-size & 511);
}

/* Append the end of the archive. */
enum deed_status unpack_tar_end(struct unpack *u, struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Where a tar that is read comes from: copy the next len bytes to out, or
 * with out NULL pass over them.  Fewer are DEED_DAMAGED.
 */
typedef enum deed_status unpack_read_fn(void *arg, uint8_t *out, uint64_t len,
					struct deed_error *err);

/*
 * The next entry of a tar.  The caller then takes entry->size bytes and
 * unpack_tar_padding(entry->size) more from its source itself, before it asks
 * for the next.  DEED_NOT_FOUND at the end.  Anything but a regular file, a
 * sparse file, a name that is absolute, holds "..", a control character or a
 * backslash, or is no UTF-8 is DEED_MALFORMED.
 */
enum deed_status unpack_tar_next(struct unpack *u, unpack_read_fn *read,
				 void *arg, struct unpack_entry *entry,
				 struct deed_error *err) DEED_MUST_USE;

#endif
