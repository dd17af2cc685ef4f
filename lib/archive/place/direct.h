/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACE_DIRECT_H
#define DEED_ARCHIVE_PLACE_DIRECT_H

#include "base/error.h"
#include "base/slice.h"

/*
 * Write bytes at the beginning of an empty file that is open for writing.
 * From DIRECT_MIN bytes on they go past the kernel's cache, where the file
 * system allows: to copy them there is the greater part of what a large
 * deposit costs, and nobody reads them soon.  name is for messages.
 */
#define DIRECT_MIN (512u << 10)

enum deed_status direct_write(int fd, const char *name, struct slice bytes,
			      struct deed_error *err) DEED_MUST_USE;

#endif
