/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CHECK_H
#define DEED_ARCHIVE_CHECK_H

#include "archive/stored.h"

/*
 * Reading every byte of a deposit at every place, without a key: is each
 * object there, is each what the manifest says, and is there anything else?
 */
enum check_state {
	CHECK_GOOD,
	CHECK_DAMAGED, /* something is missing, changed or too much */
	CHECK_LOST,    /* nothing of the deposit is there */
};

#define CHECK_PROBLEMS 32 /* told a place; the rest is counted */

struct check_place {
	const char *name; /* the manifest's */
	enum check_state state;
	size_t objects;	 /* that should be there */
	size_t good;	 /* that are, and are whole */
	size_t problems; /* all of them */
	struct buf text; /* the first of them, a line each */
};

struct check_report {
	unsigned n;
	struct check_place place[ERASURE_MAX];
	bool whole;	      /* every place is good */
	bool repairable;      /* enough is left of everything */
	unsigned places_left; /* that have a good share */
};

/* DEED_OK whatever is found; clear the report in any case. */
enum deed_status check_deposit(struct archive *a, const struct stored *d,
			       struct check_report *out,
			       struct deed_error *err) DEED_MUST_USE;
void check_clear(struct check_report *r);

#endif
