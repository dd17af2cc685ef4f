/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_STORED_LOAD_PRIV_H
#define DEED_ARCHIVE_STORED_LOAD_PRIV_H

#include "archive/generations.h"
#include "archive/stored.h"

/* What stored_load.c, stored_judge.c and stored_choose.c share. */

/* On the way to the manifest in force. */
struct stored_loading {
	struct archive *archive;
	const char *folder, *id;
	const struct pki_params *trust;
	const struct stored_log *log;
	struct generations g;
	size_t first_at;      /* generation 1, in g */
	struct stored *first; /* ... as it is at first_read */
	size_t first_read;
	struct stored *last; /* the last good one after it, or NULL */
	size_t last_at;
	unsigned strays[ARCHIVE_PLACES_MAX]; /* read, of each place */
	bool again; /* of one there are several wrappings */
	enum stored_word word;
};

/* Read a manifest from a place that shows it, and judge it; the id of *out is
 * its own payload's.  stored_judge.c. */
enum deed_status stored_load_one(const struct stored_loading *l,
				 struct generation *g, struct stored **out,
				 struct deed_error *err) DEED_MUST_USE;

/* Is it the one that the catalogue names?  stored_choose.c. */
bool stored_is_expected(const struct stored_loading *l,
			const struct generation *g);

/* Which of those that were read is in force; asks the log where places do not
 * agree.  DEED_INDETERMINATE, DEED_UNSUPPORTED.  stored_choose.c. */
enum deed_status stored_choose(struct stored_loading *l, size_t *chosen,
			       struct deed_error *err) DEED_MUST_USE;

#endif
