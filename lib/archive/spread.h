/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_SPREAD_H
#define DEED_ARCHIVE_SPREAD_H

#include "archive/archive.h"

/*
 * Over which places a deposit is spread while it is made: all of the archive,
 * but those that do not answer and those that failed.  A place that failed has
 * not all of the deposit, so it counts for nothing and is left alone from then
 * on; what it had got stays there, under the names that repair writes to.
 * Enough places must be left, or nothing is deposited.
 *
 * Not for several threads at once.
 */
struct spread {
	size_t count;  /* places, in the order of the archive */
	size_t wanted; /* that are to have all of it */
	size_t lacking;
	bool away[ARCHIVE_PLACES_MAX];	/* from the beginning */
	bool lacks[ARCHIVE_PLACES_MAX]; /* these, and those that failed */
	struct deed_error why;		/* of the last that failed */
};

/* More than a deposit needs, so that another place may be lost; but never more
 * than there are. */
size_t spread_least(size_t needed, size_t count);

/*
 * Ask the places.  min_places is how many must have a deposit, 0 for all:
 * DEED_USAGE below spread_least and above all, DEED_REMOTE where fewer
 * answer.
 */
enum deed_status spread_open(struct archive *a, size_t min_places,
			     struct spread *out,
			     struct deed_error *err) DEED_MUST_USE;

/* Place i failed, and why.  DEED_OK while enough are left. */
enum deed_status spread_fail(struct spread *s, const struct archive *a,
			     size_t i, const struct deed_error *why,
			     struct deed_error *err) DEED_MUST_USE;

/* Are enough left?  Else why the last failed. */
enum deed_status spread_status(const struct spread *s,
			       struct deed_error *err) DEED_MUST_USE;

#endif
