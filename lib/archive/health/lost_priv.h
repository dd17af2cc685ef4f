/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_LOST_PRIV_H
#define DEED_ARCHIVE_HEALTH_LOST_PRIV_H

#include "archive/health/lost.h"

/* What going through all places (lost.c) and looking at one folder
 * (lost_folder.c) share. */
#define LOST_DIGITS (2 * (size_t)ARCHIVE_DEPOSIT)
#define LOST_ROWS 128 /* that are read at once */

typedef char folder_name[LOST_DIGITS + 1];

struct folders {
	folder_name *name;
	size_t count, cap;
};

/* Deposits of the catalogue, in the order of their folders. */
struct rows {
	struct catalogue_item item[LOST_ROWS];
	size_t count, at;
	bool end;
};

struct lost {
	struct archive *a;
	struct catalogue *c;
	const struct lost_options *options;
	struct lost_report *out;
	struct folders found, begun;
	enum deed_status failed; /* the first that did; the others go on */
	struct deed_error why;

	/* While a place is gone through. */
	struct rows rows;
	folder_name folder;
	bool manifest; /* it shows one there */
	size_t here;   /* folders that were found at this place */
};

/* One that would be made anew: it is not there, and has nothing. */
static inline bool lost_is_unmade(const struct lost *l, size_t at)
{
	return l->options->dry_run && l->options->places->anew[at];
}

/* What a place answers that cannot be right is as good as no answer. */
enum deed_status lost_answered(enum deed_status status, struct deed_error *err);

/* Has the catalogue a deposit of that folder, as it is now? */
enum deed_status lost_is_entered_now(struct lost *l, const char *folder,
				     bool *yes,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * Remove one that nobody has begun, where no place shows a manifest: as it is
 * now, and not as it was when the place was gone through.  What fails is noted
 * in l; DEED_NO_MEMORY.
 */
enum deed_status lost_look_at_folder(struct lost *l, const char *folder,
				     struct deed_error *err) DEED_MUST_USE;

#endif
