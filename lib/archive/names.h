/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_NAMES_H
#define DEED_ARCHIVE_NAMES_H

#include <stddef.h>

#include "base/error.h"

/*
 * Can these files lie in one folder?  Two that cannot: the same name twice, or
 * a name that another has for a folder ("a" and "a/b").  Case counts.
 * DEED_OK with their numbers in *a < *b; DEED_NOT_FOUND where there are none,
 * which err is not told of.  Time is that of sorting.
 */
enum deed_status names_find_clash(const char *const *name, size_t count,
				  size_t *a, size_t *b,
				  struct deed_error *err) DEED_MUST_USE;

#endif
