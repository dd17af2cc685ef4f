/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ASIC_ZIP_WIRE_H
#define DEED_ASIC_ZIP_WIRE_H

#include "asic/zip_read.h"

/*
 * What zip_open found, as bytes, and back: the structure of a container is
 * read by a process that can only compute (judge/parser.h), its content by the
 * one that judges.
 */

/* z is NULL where fault is found. */
void zip_directory_write(const struct zip *z, const struct zip_fault *fault,
			 struct buf *out);

/*
 * As zip_open, from those bytes, whoever wrote them: entries have good names
 * and lie in the file, in order.  DEED_MALFORMED where it is no directory.
 */
enum deed_status zip_directory_read(struct slice in, int fd, const char *name,
				    struct zip **out, struct zip_fault *fault,
				    struct deed_error *err) DEED_MUST_USE;

#endif
