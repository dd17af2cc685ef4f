/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_REBALANCE_H
#define DEED_ARCHIVE_HEALTH_REBALANCE_H

#include "archive/placement.h"
#include "archive/health/repair.h"

/*
 * Bringing the parts of a deposit to other places, under the same names, and
 * without a key: copied where the old place has them whole, else made from
 * the others.  What is written is compared with the manifest before, and all
 * that the new places have is read when it is durable.  Then the caller has
 * the next generation of the manifest signed and published; what lies at the
 * old places is archive/health/leftover.h's.
 *
 * A run that was ended is taken up by the next: what lies there is not copied
 * again.  Nobody else may bring this deposit elsewhere meanwhile.
 */

/* Is each of these one of the archive's places (DEED_NOT_FOUND), and does it
 * answer (DEED_REMOTE)? */
enum deed_status rebalance_answers(const struct archive *a,
				   const char *const *to, size_t count,
				   const struct answering *places,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * As rebalance_answers, with nothing changed, of the places that keep their
 * part, too; what writing answered; else DEED_OK, and out
 * says what the places have now: nothing is missing where rebalance_mended.
 * Of what is not repairable it says how it is where it lies.  Clear the report
 * in any case; its names are those of to, or of d.
 */
enum deed_status rebalance_bring(struct archive *a, const struct stored *d,
				 const struct placement *to,
				 const struct check_options *options,
				 struct repair_report *out,
				 struct deed_error *err) DEED_MUST_USE;

/* Does every place have all that it should, read and compared? */
bool rebalance_whole(const struct check_report *r);
bool rebalance_mended(const struct repair_report *r);

/* The next generation, which says where the parts are now: a new reference,
 * without the log's checkpoint. */
enum deed_status rebalance_manifest(const struct stored *d,
				    const struct placement *to, json_t **out,
				    struct deed_error *err) DEED_MUST_USE;

#endif
