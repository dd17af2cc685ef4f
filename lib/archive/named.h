/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_NAMED_H
#define DEED_ARCHIVE_NAMED_H

#include "archive/archive.h"

/*
 * Is a place still needed?  DEED_REFUSED where a manifest of a deposit that any
 * place has names it, from the newest there to the one that the catalogue has
 * in force (all, where that one is not there, or there is no catalogue: it is
 * not made for this); where an earlier one did, and something of the deposit
 * is left there; and where manifests cannot be read.  No signature is judged:
 * what anybody says is needed stays, and nothing that anybody writes hides
 * what is named.
 */
enum deed_status named_nowhere(struct archive *a, struct place *place,
			       struct deed_error *err) DEED_MUST_USE;

#endif
