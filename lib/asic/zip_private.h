/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ASIC_ZIP_PRIVATE_H
#define DEED_ASIC_ZIP_PRIVATE_H

#include "asic/zip_format.h"
#include "asic/zip_read.h"

/* Between zip_read.c (content) and zip_directory.c (structure). */
#define ZIP_WINDOW 65536

struct zip {
	int fd;
	char *name; /* of the container, for messages */
	uint64_t size;
	struct zip_entry *entries;
	size_t count;
};

/* Note a fault; the first one stays. */
void zip_faulty(struct zip_fault *fault, const char *id, const char *fmt, ...)
	DEED_PRINTF(3, 4);

/* All len bytes at an offset that lies in the file. */
enum deed_status zip_pread(const struct zip *z, uint64_t at, void *out,
			   size_t len, struct deed_error *err) DEED_MUST_USE;

#endif
