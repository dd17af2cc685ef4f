/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ASIC_ZIP_READ_H
#define DEED_ASIC_ZIP_READ_H

#include "base/buf.h"

/*
 * Reading the ZIP of an ASiC container (PKWARE APPNOTE 6.3.3), strictly: a
 * signature is worth nothing if two readers find different files under it.
 * So every byte of the file must belong to exactly one entry, to the central
 * directory, to its end records or to the comment behind them; local and
 * central headers must agree; no name may come twice; every entry must be an
 * ordinary file or a folder, by its flags and attributes.  What breaks this is
 * a fault of the container (struct zip_fault), not an error: a judge reports
 * it and goes no further.
 *
 * Names whose bit 11 is absent are in code page 437, but where they are UTF-8;
 * two that are one name by either count as the same.
 *
 * The file is read by pread in windows; the object holds names and places
 * only.  Entries are checked against size and CRC-32 as they are read.
 *
 * Limits: ZIP_ENTRIES entries, names of ZIP_NAME bytes, and not more than
 * ZIP_EXPANSION times the container's size, or ZIP_FREE bytes, uncompressed.
 */
#define ZIP_ENTRIES 10000
#define ZIP_NAME 1024
#define ZIP_EXPANSION 200
#define ZIP_FREE (UINT64_C(256) << 20)

enum zip_method {
	ZIP_STORED = 0,
	ZIP_DEFLATED = 8,
};

struct zip_entry {
	char *name; /* UTF-8, relative, checked; a folder ends with '/' */
	enum zip_method method;
	uint64_t offset; /* of the local header */
	uint64_t data;	 /* of the content */
	uint64_t packed; /* its size as it lies there */
	uint64_t size;	 /* and unpacked */
	uint32_t crc;
	bool extra; /* the local header has an extra field */
};

/* The first rule that the container breaks; id is for reasons[].id. */
struct zip_fault {
	bool found;
	char id[32];
	char message[256];
};

struct zip;

/* Does the file begin like a ZIP? */
bool zip_looks_like(struct slice head);

/*
 * Read the directory of fd, which stays open and the caller's; name is for
 * messages.  DEED_OK with *out, or with fault->found and *out NULL; an error
 * is I/O or memory.
 */
enum deed_status zip_open(int fd, const char *name, struct zip **out,
			  struct zip_fault *fault,
			  struct deed_error *err) DEED_MUST_USE;
void zip_close(struct zip *z);

/* Is there a comment behind the end record? */
bool zip_has_comment(const struct zip *z);

/* In the order of the file. */
size_t zip_count(const struct zip *z);
const struct zip_entry *zip_at(const struct zip *z, size_t i);
const struct zip_entry *zip_find(const struct zip *z, const char *name);

/* Takes the content, in order. */
typedef enum deed_status zip_take_fn(void *arg, struct slice bytes,
				     struct deed_error *err);

/*
 * Unpack an entry.  Content that does not unpack, or has another size or
 * CRC-32 than was said, sets fault after some of it may have been taken.
 */
enum deed_status zip_read(const struct zip *z, const struct zip_entry *entry,
			  zip_take_fn *take, void *arg, struct zip_fault *fault,
			  struct deed_error *err) DEED_MUST_USE;

/* The whole of an entry of at most max bytes (more is a fault) into b. */
enum deed_status zip_read_all(const struct zip *z,
			      const struct zip_entry *entry, size_t max,
			      struct buf *b, struct zip_fault *fault,
			      struct deed_error *err) DEED_MUST_USE;

#endif
