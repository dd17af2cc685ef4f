/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_TAR_H
#define DEED_CODEC_TAR_H

#include "base/buf.h"

/*
 * pax tar, read by way of the helper deed-unpack, which alone links
 * libarchive; codec/tar_write.h writes it.  The helper sees headers only; the
 * content of a file never passes through it, so that a tar of any size costs
 * what its headers cost.  It reads in the sandbox (base/sandbox.h).
 *
 *	tar_start(&t, err)
 *	tar_next(t, read, arg, &entry, err)	until DEED_NOT_FOUND
 *	tar_stop(t)				always
 *
 * A struct tar belongs to one thread.  Limits: TAR_ENTRIES entries, unless
 * tar_limit says otherwise, names of TAR_NAME bytes.
 */
#define TAR_NAME 1024
#define TAR_ENTRIES 4096

struct tar;

/* Start the helper.  DEED_SYSTEM if it is not there. */
enum deed_status tar_start(struct tar **out,
			   struct deed_error *err) DEED_MUST_USE;
void tar_stop(struct tar *t);

/* Read so many entries at most. */
void tar_limit(struct tar *t, size_t entries);

/* A regular file in a tar: nothing else is written or read. */
struct tar_entry {
	char name[TAR_NAME + 1]; /* UTF-8, relative, '/' between parts */
	uint64_t size;
	int64_t mtime;
	unsigned mode; /* permissions; written as 0644 where 0 */
};

/* Zero bytes after the content. */
static inline size_t tar_padding(uint64_t size)
{
	return (size_t)(-size & 511);
}

/*
 * Where a tar that is read comes from: copy the next len bytes to out, or
 * with out NULL pass over them.  Fewer are DEED_DAMAGED.
 */
typedef enum deed_status tar_read_fn(void *arg, uint8_t *out, uint64_t len,
				     struct deed_error *err);

/*
 * The next entry of a tar.  The caller then takes entry->size bytes and
 * tar_padding(entry->size) more from its source itself, before it asks
 * for the next.  DEED_NOT_FOUND at the end.  Anything but a regular file, a
 * sparse file, a name that is absolute, holds "..", a control character or a
 * backslash, or is no UTF-8 is DEED_MALFORMED.
 */
enum deed_status tar_next(struct tar *t, tar_read_fn *read, void *arg,
			  struct tar_entry *entry,
			  struct deed_error *err) DEED_MUST_USE;

#endif
