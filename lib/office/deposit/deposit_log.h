/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_LOG_H
#define DEED_OFFICE_DEPOSIT_LOG_H

#include "archive/stored.h"
#include "office/home.h"

/*
 * The generations of a deposit's manifest, and the log.  An entry "deposit"
 * names the SHA-256 of the first signed manifest, as "manifest"; an entry
 * "rebalance" that of a later one, and as "previous" that of the one before.
 *
 * Reading all of the log takes a while: it is asked where places do not agree,
 * or where they show another manifest than the catalogue has.
 */

/* Does an entry name a signed manifest? */
struct entry;
bool deposit_names_manifest(const struct entry *e, uint8_t cms[SHA256_SIZE]);

/* What stored_load_logged asks.  expected, which is borrowed, and generation
 * are the catalogue's, or NULL and 0.  *out is used as long as h lives. */
void deposit_log(const struct home *h, const uint8_t *expected,
		 uint64_t generation, struct stored_log *out);

/*
 * What there is to say of the generations of a deposit that was loaded, a line
 * each: places that lag, manifests beside the one in force, what the log does
 * not know or no place shows.  Nothing, mostly.
 */
enum deed_status deposit_doubts(struct archive *a, const struct stored *d,
				struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

#endif
