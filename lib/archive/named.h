/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_NAMED_H
#define DEED_ARCHIVE_NAMED_H

#include "archive/archive.h"

/*
 * Is a place still needed?  DEED_REFUSED where the newest manifest of a
 * deposit that any place has names it, or one of those, where several are
 * newest; where an earlier one did, and something of the deposit is left
 * there; and where manifests cannot be read.  No signature is judged: what
 * anybody says is needed stays.
 */
enum deed_status named_nowhere(struct archive *a, struct place *place,
			       struct deed_error *err) DEED_MUST_USE;

#endif
