/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_GLANCE_H
#define DEED_ARCHIVE_HEALTH_GLANCE_H

#include "archive/catalogue.h"
#include "archive/health/check.h"

/*
 * Is all of a deposit there by name and size, as when it was last seen whole?
 * What all places listed then is kept in the catalogue as one digest, so that
 * no manifest is read: the names in it carry the hashes of the objects, the
 * manifest's own and its generation among them.
 *
 *	SHA-256 over	the id, the hash of the manifest in force,
 *			README and script, by their hashes, or zeros,
 *			of each place that has something, by name: its name,
 *			and each object in the deposit's folder, by name: its
 *			name and its size
 *
 * each text with its length before it, and each number of 8 bytes, the highest
 * first.  Whatever is not so is nothing to be told: the manifest is read then.
 *
 * Which README and which script a deposit has its manifest says; the digest is
 * tried with those that this run has seen (struct check_about).
 */

/* More objects of a deposit at a place are not looked at so. */
#define GLANCE_OBJECTS 65536

/* Of what is listed now, where a check has found d to be whole. */
enum deed_status glance_digest(struct archive *a, const struct stored *d,
			       uint8_t out[SHA256_SIZE], bool *known,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Are they the same?  Then the report is that of a deposit that is whole; it is
 * empty else.  Nothing but lists is asked for.  Clear the report in any case.
 */
enum deed_status glance_same(struct archive *a,
			     const struct catalogue_item *item,
			     const uint8_t digest[SHA256_SIZE],
			     const struct check_about *about,
			     struct check_report *out, bool *same,
			     struct deed_error *err) DEED_MUST_USE;

#endif
