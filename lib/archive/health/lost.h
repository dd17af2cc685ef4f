/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_LOST_H
#define DEED_ARCHIVE_HEALTH_LOST_H

#include "archive/catalogue.h"
#include "archive/health/check.h"

/*
 * Uploads that were lost: parts of a deposit that was begun and never made,
 * whose run left no trace by which archive_sweep finds it (its home was put
 * back from a backup, say).  It is the one unknown thing that is removed, and
 * only where all of this holds of its folder:
 *
 *	- every place of the archive answers, and none shows a manifest in it;
 *	- the catalogue has no deposit of that folder;
 *	- no process of this home has begun one of that name, and none that
 *	  died is still to be finished or undone;
 *	- nothing but objects of a deposit lies in it, at any place;
 *	- all of them are older than a given time, by the places' clocks.
 *
 * The log names deposits by their manifests: whoever calls this has compared
 * it with the places, and knows that each manifest it names is at one.
 */
#define LOST_AGE 86400 /* seconds after which nobody is still uploading */

struct lost_options {
	const struct answering *places;
	int64_t before; /* what is as old as this, or older, goes */
	bool dry_run;	/* nothing is removed */
};

struct lost_report {
	uint64_t deposits; /* folders, removed or that would be */
	uint64_t objects;  /* of them, at all places */
	uint64_t young;	   /* folders that stay: something is younger */
	uint64_t strange;  /* that stay: something else lies in them */
	bool more;	   /* so many that a further run is needed */
};

/* Does every place answer?  DEED_REMOTE. */
enum deed_status lost_answer(const struct archive *a,
			     const struct answering *places,
			     struct deed_error *err) DEED_MUST_USE;

/* As lost_answer, before anything is looked at; else the first failure, after
 * which the other folders are done all the same. */
enum deed_status lost_remove(struct archive *a, struct catalogue *c,
			     const struct lost_options *options,
			     struct lost_report *out,
			     struct deed_error *err) DEED_MUST_USE;

#endif
