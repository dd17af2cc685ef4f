/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_SUCCESSOR_H
#define DEED_ARCHIVE_SUCCESSOR_H

#include "archive/manifest.h"

/*
 * What a later generation of a manifest may change.  The key that signs
 * manifests is used unattended, so whoever has it may move a deposit, and
 * spread it anew over more or fewer places; what the deposit is, for whom,
 * since when, and with how few places it comes back stays as the first
 * generation has it, whose hash is the id.
 */

/*
 * May m, of a later generation, be of the deposit of which first is the first
 * generation?  Placement, n, segments, boxes, shares and checkpoint are free,
 * k is not below first's, and everything else is first's.  DEED_REFUSED, and
 * what it may not change.  Whether it follows the one before it is not looked
 * at.
 */
enum deed_status successor_check(const struct manifest *first,
				 const struct manifest *m,
				 struct deed_error *err) DEED_MUST_USE;

#endif
