/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_SOURCE_H
#define DEED_ARCHIVE_SOURCE_H

#include "base/buf.h"

/*
 * The tar of a deposit as bytes that can be read at any offset without being
 * written anywhere: headers in memory, contents where they lie.  Several
 * threads may read at once.
 */
struct archive_input {
	const char *name; /* in the tar; valid as codec/tar.h says */
	int64_t mtime;
	int fd; /* a regular file, borrowed; or -1 */
	uint64_t size;
	struct slice bytes; /* where fd is -1 */
};

struct source;

/* inputs and what they point to must live as long as the source. */
enum deed_status source_new(const struct archive_input *inputs, size_t count,
			    struct source **out,
			    struct deed_error *err) DEED_MUST_USE;
void source_free(struct source *s);

uint64_t source_size(const struct source *s);

/* Copy len bytes from offset at, which lie within the size.  DEED_IO where a
 * file has become shorter. */
enum deed_status source_read(const struct source *s, uint64_t at, uint8_t *out,
			     size_t len, struct deed_error *err) DEED_MUST_USE;

#endif
