/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ASIC_ZIP_PRIVATE_H
#define DEED_ASIC_ZIP_PRIVATE_H

#include "asic/zip_format.h"
#include "asic/zip_read.h"

/* Between zip_read.c (the container and its entries), zip_unpack.c (their
 * content) and those that read structure: zip_end.c (the end records),
 * zip_header.c (the bytes of one header), zip_header_check.c (its name, and
 * whether it is allowed), zip_local.c (local headers against central ones),
 * zip_directory.c (the whole). */
#define ZIP_WINDOW 65536

struct zip {
	int fd;
	char *name; /* of the container, for messages */
	uint64_t size;
	bool comment;
	struct zip_entry *entries;
	size_t count;
	const struct zip_entry **by_name; /* the same, in that order */
};

/* Of this file, without entries yet; zip_close frees it. */
enum deed_status zip_new(int fd, const char *name, struct zip **out,
			 struct deed_error *err) DEED_MUST_USE;

/* Where the central directory lies, from the end records. */
struct zip_directory {
	uint64_t offset, size, entries;
	uint64_t end; /* where the end records begin */
};

/* A central header, or what a local one says of the same. */
struct zip_header {
	uint32_t flags, method, crc;
	uint32_t attributes; /* central only */
	uint64_t packed, size, offset;
	struct slice raw, extra; /* the name's bytes; borrowed */
	bool has_path;
	struct slice path; /* of the Unicode Path field; borrowed */
	uint32_t mode;	   /* of the ASi Unix field; 0 */
	bool linked;	   /* the PKWARE Unix field has a link or device */
	/* As zip_header_name made them; owned. */
	char *name;
	char *other; /* as other readers may take it; NULL: they do not */
};

/* Note a fault; the first one stays. */
void zip_faulty(struct zip_fault *fault, const char *id, const char *fmt, ...)
	DEED_PRINTF(3, 4);

/* Fill by_name, once the entries stand. */
enum deed_status zip_index(struct zip *z, struct deed_error *err) DEED_MUST_USE;

/* All len bytes at an offset that lies in the file. */
enum deed_status zip_pread(const struct zip *z, uint64_t at, void *out,
			   size_t len, struct deed_error *err) DEED_MUST_USE;

/* Find the end record and read it; d is not held against the file but in
 * where it ends. */
enum deed_status zip_read_end(struct zip *z, struct zip_directory *d,
			      struct zip_fault *fault,
			      struct deed_error *err) DEED_MUST_USE;

/* The central header at *at of the directory's bytes, and behind it; false
 * where it is none. */
bool zip_header_central(struct slice dir, size_t *at, struct zip_header *h);

/* A local header of ZIP_LOCAL_SIZE bytes, and the name and extra field behind
 * it. */
bool zip_header_local(const uint8_t fixed[ZIP_LOCAL_SIZE], struct slice rest,
		      struct zip_header *h);

/* The name in UTF-8; h->name stays NULL where it is not allowed. */
enum deed_status zip_header_name(struct zip_header *h,
				 struct deed_error *err) DEED_MUST_USE;
void zip_header_clear(struct zip_header *h);

/* Is the name the same in all character sets? */
bool zip_header_ascii(const struct zip_header *h);

/* Method, flags and attributes: is it an ordinary file, or a folder?  h has
 * its name. */
void zip_header_check(const struct zip_header *h, struct zip_fault *fault);

/*
 * Hold the local header of each entry against its central one, and set where
 * its content lies; entries and headers are in the order of the file, end is
 * where the directory begins.  Whether the bytes can be read is the status.
 */
enum deed_status zip_check_locals(struct zip *z,
				  const struct zip_header *headers,
				  uint64_t end, struct zip_fault *fault,
				  struct deed_error *err) DEED_MUST_USE;

#endif
