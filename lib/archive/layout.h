/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_LAYOUT_H
#define DEED_ARCHIVE_LAYOUT_H

#include "archive/manifest.h"
#include "archive/object.h"

/* Which objects a deposit has at a place; part is 1 to n. */

/* The objects but manifest and list of sums. */
size_t layout_count(const struct manifest *m);
void layout_object(const struct manifest *m, unsigned part,
		   const uint8_t share[SHA256_SIZE], size_t i,
		   struct object_name *o);

/* The folder in which an object of the deposit lies, the manifest's or
 * another's. */
const char *layout_folder(const struct manifest *m, enum object_kind kind,
			  const char *deposit);

/*
 * Append the list for sha256sum -c that a place of the first edition has: of
 * all objects but itself and the manifest.  share is the SHA-256 of the share
 * that lies there.
 */
void layout_sums(const struct manifest *m, unsigned part,
		 const uint8_t share[SHA256_SIZE], struct buf *out);

#endif
