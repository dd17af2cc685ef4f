/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_LEFTOVER_H
#define DEED_ARCHIVE_HEALTH_LEFTOVER_H

#include "archive/health/check.h"

/*
 * What a deposit has left at places that it moved away from, or that a run
 * which was ended had begun to bring it to; and a part at a place that has
 * another now, for no place is to have two.
 *
 * Only what this deposit's manifests name is looked at, and nothing is
 * removed unless all that the manifest in force names has been read at every
 * one of its places, and is right.
 */
struct leftover_options {
	struct check_options check; /* not presence */
	int64_t before; /* what a place had goes if the manifest that leaves
			 * the place out is older than this */
	bool dry_run;	/* nothing is removed */
};

struct leftover_report {
	size_t objects; /* removed, or that would be */
	size_t places;	/* where they were */
	size_t waiting; /* places whose time has not come */
	size_t away;	/* places that do not answer, and whose time has */
	size_t kept;	/* objects whose time has come, and which stay: the
			 * deposit is not whole */
	bool read;	/* the deposit was, and this is how it is: */
	struct check_report found;
};

/* DEED_OK whatever is found, unless removing fails.  Clear the report in any
 * case. */
enum deed_status leftover_remove(struct archive *a, const struct stored *d,
				 const struct leftover_options *options,
				 struct leftover_report *out,
				 struct deed_error *err) DEED_MUST_USE;
void leftover_clear(struct leftover_report *r);

#endif
