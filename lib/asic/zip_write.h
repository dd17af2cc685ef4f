/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ASIC_ZIP_WRITE_H
#define DEED_ASIC_ZIP_WRITE_H

#include "asic/zip_read.h"

/*
 * Writing the ZIP of an ASiC container: the same bytes for the same input.
 * Entries are stored, not packed, so that what was signed lies in the file as
 * it is; there is no extra field (but ZIP64's where a file needs it), no data
 * descriptor and no comment; names are flagged as UTF-8; every entry has the
 * same time.  The first entry must be "mimetype": its content is then at
 * offset 38, where EN 319 162-1 A.1 wants it.
 *
 * Output goes through a function, in order but for the sizes and the CRC-32
 * of a streamed file, which are patched in place when they are known.
 */
struct zip_writer;

struct zip_sink {
	enum deed_status (*write)(void *arg, struct slice bytes,
				  struct deed_error *err);
	/* Overwrite bytes written before. */
	enum deed_status (*patch)(void *arg, uint64_t at, struct slice bytes,
				  struct deed_error *err);
	void *arg;
};

/* time is of every entry, in UTC, at a resolution of two seconds from 1980
 * on.  The sink is copied. */
enum deed_status zip_writer_new(struct zip_writer **out,
				const struct zip_sink *sink, int64_t time,
				struct deed_error *err) DEED_MUST_USE;
void zip_writer_free(struct zip_writer *w);

/* An entry that is in memory.  Names as zip_read.h allows them; a name that
 * was added before is DEED_USAGE. */
enum deed_status zip_add(struct zip_writer *w, const char *name,
			 struct slice content,
			 struct deed_error *err) DEED_MUST_USE;

/*
 * An entry in pieces: begin, any number of content, end.  expected is how
 * long it will be, as far as is known: a file over 4 GiB - 64 KiB must be
 * announced (else DEED_LIMIT).
 */
enum deed_status zip_begin(struct zip_writer *w, const char *name,
			   uint64_t expected,
			   struct deed_error *err) DEED_MUST_USE;
enum deed_status zip_content(struct zip_writer *w, struct slice bytes,
			     struct deed_error *err) DEED_MUST_USE;
enum deed_status zip_end(struct zip_writer *w,
			 struct deed_error *err) DEED_MUST_USE;

/*
 * An entry of another container, under a name that may be another: its
 * content as it is packed there, octet for octet, with this writer's headers
 * around it.  It is not unpacked, so its CRC-32 is not checked.
 */
enum deed_status zip_copy(struct zip_writer *w, const struct zip *z,
			  const struct zip_entry *entry, const char *name,
			  struct deed_error *err) DEED_MUST_USE;

/* The central directory.  Nothing may be added afterwards. */
enum deed_status zip_finish(struct zip_writer *w,
			    struct deed_error *err) DEED_MUST_USE;

#endif
