/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_DIRECT_H
#define DEED_BASE_DIRECT_H

#include "base/error.h"
#include "base/slice.h"

/*
 * Writing past the kernel's cache, where the file system allows and as usual
 * elsewhere: to copy them there is the greater part of what large files cost,
 * and nobody reads them soon.  A writer belongs to one thread; from direct_new
 * to direct_end nobody else writes to the file.
 */
struct direct;

/* At the beginning of an empty file that is open for writing; fd and name (for
 * messages) are borrowed. */
enum deed_status direct_new(int fd, const char *name, struct direct **out,
			    struct deed_error *err) DEED_MUST_USE;
enum deed_status direct_add(struct direct *d, const void *data, size_t len,
			    struct deed_error *err) DEED_MUST_USE;

/* What is still to be written; the file is as any other from now on. */
enum deed_status direct_end(struct direct *d,
			    struct deed_error *err) DEED_MUST_USE;
void direct_free(struct direct *d);

/*
 * All of a file in one call: from DIRECT_MIN bytes on in this way.  What lies
 * at a multiple of DIRECT_ALIGN in memory is not copied first.
 */
#define DIRECT_ALIGN 4096
#define DIRECT_MIN (512u << 10)

enum deed_status direct_write(int fd, const char *name, struct slice bytes,
			      struct deed_error *err) DEED_MUST_USE;

#endif
