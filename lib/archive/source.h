/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_SOURCE_H
#define DEED_ARCHIVE_SOURCE_H

#include <sys/types.h>
#include <time.h>

#include "archive/index.h"

/*
 * The tar of a deposit as bytes that are read once, without being written
 * anywhere: headers in memory, contents where they lie.  It ends with the
 * index of what was read (archive/index.h): what is hashed are the very bytes
 * that source_read has handed out.
 */
struct archive_input {
	const char *name; /* in the tar; valid as codec/tar.h says */
	int64_t mtime;
	int fd; /* a regular file, borrowed; or -1 */
	uint64_t size;
	struct slice bytes;		   /* where fd is -1 */
	const struct archive_found *found; /* or instead of these; or NULL */
};

/* A regular file as it was found: it is opened when it is read, and must be
 * that one, unchanged, from before the first byte until after the last. */
struct archive_found {
	const char *path;
	dev_t device;
	ino_t inode;
	uint64_t size;
	struct timespec mtime;
};

struct source;

/* inputs and what they point to must live as long as the source. */
enum deed_status source_new(const struct archive_input *inputs, size_t count,
			    struct source **out,
			    struct deed_error *err) DEED_MUST_USE;
void source_free(struct source *s);

uint64_t source_size(const struct source *s);

/*
 * Copy len bytes from offset at.  The stretches that are asked for must follow
 * each other; several threads may ask at once, and each waits until those
 * before it are hashed.  DEED_IO where a file has become shorter, and after
 * source_abort.
 */
enum deed_status source_read(struct source *s, uint64_t at, uint8_t *out,
			     size_t len, struct deed_error *err) DEED_MUST_USE;

/* Nobody waits any more: a stretch will not be asked for. */
void source_abort(struct source *s);

/* After all was read: SHA-256 of input i, and of the index; its salt. */
const uint8_t *source_sha256(const struct source *s, size_t i);
const uint8_t *source_index(const struct source *s);
const uint8_t *source_salt(const struct source *s);

#endif
