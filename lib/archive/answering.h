/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_ANSWERING_H
#define DEED_ARCHIVE_ANSWERING_H

#include "archive/archive.h"

/* Which places answer, in the order of the archive. */
struct answering {
	bool away[ARCHIVE_PLACES_MAX];
	bool anew[ARCHIVE_PLACES_MAX]; /* what cannot be read there is given
					* up */
};

/* Ask them all at once, so that those that do not answer cost their time
 * together: status[i] and why[i], unless it is NULL, are of place i. */
void answering_probe(const struct archive *a, enum deed_status status[],
		     struct deed_error why[]);

/* The same, for who goes on without some. */
enum deed_status answering_look(struct archive *a, struct answering *out,
				struct deed_error *err) DEED_MUST_USE;

#endif
