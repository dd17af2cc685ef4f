/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_INDEX_H
#define DEED_ARCHIVE_INDEX_H

#include "base/buf.h"
#include "crypto/digest.h"

/*
 * What the tar of a deposit holds, as its last member says, INDEX_NAME:
 *
 *	{"files":[{"name":...,"offset":N,"sha256":HEX,"size":N},...],
 *	 "salt":HEX,"schema":"deed.index/1"}
 *
 * in canonical JSON and a newline; every other member in order, the offset
 * being that of its content in the tar.  The manifest has the SHA-256 of this
 * text; the salt, 32 random bytes, keeps that from telling anything.
 *
 * Where all of a deposit is read, the text is not believed but made again from
 * that, and compared; where a part is, index_read says where the part lies.
 * Its length depends on names, offsets and sizes alone.
 */
#define INDEX_NAME "index.json"
#define INDEX_SALT 32
#define INDEX_MAX (32u << 20) /* bytes of the text */
#define INDEX_FILES 65537     /* a pack's documents, and deposit.json */
#define INDEX_HEADER 4096     /* bytes of the tar before a content, at most */

struct index_file {
	char *name;
	uint64_t offset, size;
	uint8_t sha256[SHA256_SIZE];
};

struct index {
	struct index_file *file;
	size_t count, room;
	uint8_t salt[INDEX_SALT];
};

#define INDEX_INIT           \
	{                    \
		.file = NULL \
	}

/* Append a file; the name is copied, its hash is that of no bytes. */
enum deed_status index_add(struct index *x, const char *name, uint64_t offset,
			   uint64_t size, struct deed_error *err) DEED_MUST_USE;
void index_clear(struct index *x);

/* Append the text. */
enum deed_status index_write(const struct index *x, struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/* Is this the text of x, but for the salt, which is taken from it?
 * DEED_DAMAGED. */
enum deed_status index_compare(struct index *x, struct slice text,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Read a text that has the SHA-256 of the manifest, into an empty index.
 * DEED_DAMAGED unless it is one of 1 to INDEX_FILES files with names that
 * tar_next allows, of which none is another's or another's folder, and
 * contents that follow each other.  Linear, but for sorting the names.
 */
enum deed_status index_read(struct slice text, struct index *out,
			    struct deed_error *err) DEED_MUST_USE;

#endif
