/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACED_H
#define DEED_ARCHIVE_PLACED_H

#include "archive/stored.h"

/*
 * Where a deposit lay before: the manifests before the one in force, which
 * the places keep.  Their signatures were judged when it was loaded.
 */
struct placed {
	struct manifest **m; /* newest first */
	int64_t *until;	     /* when the one after each was signed */
	size_t count;
	bool lacks;    /* one of them can be read nowhere */
	int64_t since; /* when the one in force was signed */
};

/* DEED_INDETERMINATE where the log names a later manifest, which no place
 * shows: where it lies now is not known. */
enum deed_status placed_load(struct archive *a, const struct stored *d,
			     struct placed *out,
			     struct deed_error *err) DEED_MUST_USE;
void placed_clear(struct placed *p);

/*
 * Did it lie at the place of that name?  *until is when the first manifest was
 * signed that left the place out.  Where one can be read nowhere it may have
 * lain anywhere.
 */
bool placed_before(const struct placed *p, const char *name, int64_t *until);

#endif
