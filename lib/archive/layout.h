/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_LAYOUT_H
#define DEED_ARCHIVE_LAYOUT_H

#include "archive/manifest.h"
#include "archive/object.h"

/* Which objects a deposit has at a place; part is 1 to n. */

/* The objects but list and manifest, in the order of the list. */
size_t layout_count(const struct manifest *m);
void layout_object(const struct manifest *m, unsigned part,
		   const uint8_t share[SHA256_SIZE], size_t i,
		   struct object_name *o);

/*
 * Append the list for sha256sum -c of all objects at a place but itself and
 * the manifest, which is written after it.  share is the SHA-256 of the share
 * that lies there.
 */
void layout_sums(const struct manifest *m, unsigned part,
		 const uint8_t share[SHA256_SIZE], struct buf *out);

#endif
