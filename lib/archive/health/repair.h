/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_REPAIR_H
#define DEED_ARCHIVE_HEALTH_REPAIR_H

#include "archive/health/check.h"

/*
 * Making anew, under the same names, what places lost of a deposit: from any
 * k good parts and shares, without a key.  What is written is compared with
 * the manifest before, and read back when it is durable; the manifest comes
 * last at each place.  Only what is missing, or does not hold what its name
 * says, is written; nothing is removed; a place that is away is left alone.
 * What was deleted where older versions are kept (archive/health/deleted.h) is
 * not made, but its deletion undone, if what comes back is right.
 *
 * A run that was ended is taken up by the next, and any number may run at
 * once.
 */
struct repair_options {
	struct check_options check; /* not presence */
	bool dry_run;		    /* nothing is written */
	/* Places may tell what they had a while ago.  Before anything is
	 * written they are asked whether the manifest stands (stored_stands);
	 * where that is not plain, or there is anything but lost objects,
	 * nothing is written, and found.newer is set. */
	bool ahead;
};

struct repair_place {
	size_t made;		/* objects, or that would be */
	size_t undone;		/* that were deleted, and are not any more */
	enum check_state state; /* afterwards */
	enum deed_status failed;
	struct deed_error why; /* where it failed: it was left then */
};

struct repair_report {
	struct check_report found;
	struct repair_place place[ERASURE_MAX];
	size_t made, undone;
	enum check_state state; /* of the deposit, afterwards */
	bool repairable;
};

/*
 * Have places made anew that are away (DEED_NOT_FOUND for a name that the
 * archive has not): they are empty then, and written to.  Of one that answers
 * nothing is given up, and *answers is told.
 */
enum deed_status repair_abandon(struct archive *a, const char *name,
				bool dry_run, struct answering *places,
				bool *answers,
				struct deed_error *err) DEED_MUST_USE;

/* DEED_OK whatever becomes of it; clear the report in any case. */
enum deed_status repair_deposit(struct archive *a, const struct stored *d,
				const struct repair_options *options,
				struct repair_report *out,
				struct deed_error *err) DEED_MUST_USE;
void repair_clear(struct repair_report *r);

#endif
