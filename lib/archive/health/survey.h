/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_SURVEY_H
#define DEED_ARCHIVE_HEALTH_SURVEY_H

#include <pthread.h>

#include "archive/box.h"
#include "archive/health/check.h"
#include "archive/health/deleted.h"
#include "archive/object.h"

/*
 * What check and repair stand on: all that the places have of one deposit,
 * looked at once, each chunk with all its parts in memory, those that are
 * lost made from the others.  Only what the manifest names is believed, and
 * what was made anew is compared with it too.
 */
enum survey_state {
	SURVEY_UNSEEN,
	SURVEY_GOOD,
	SURVEY_MISSING,
	SURVEY_DAMAGED,
	SURVEY_TAMPERED, /* it is what its name says, and cannot be right */
	SURVEY_AWAY,
	SURVEY_MADE, /* it was missing or damaged, and is not any more */
};

struct survey_object {
	struct object_name o;
	enum survey_state state;
	bool deleted;  /* missing, and an older version is kept */
	uint64_t size; /* with presence: as the place says, where it is there */
};

/* The place of one part. */
struct survey_spot {
	struct place *place; /* NULL: the archive has none of that name */
	size_t at;	     /* its number in the archive */
	_Atomic bool away;   /* also once reading it has failed */
	bool unlisted;	     /* what it lists cannot be right */
	bool anew;	     /* what fails is missing */
	bool empty;	     /* anew, and nothing of the deposit is there */
	size_t count;
	struct survey_object
		*object;	   /* as layout_object, the earlier manifests,
					 the one in force, the sums of the
					 first edition */
	struct secret *share;	   /* read, or made from the others; or NULL */
	bool has_share;		   /* it lies there */
	struct deleted deleted[2]; /* in the deposit's folder, in the shared */
	bool deleted_read[2];	   /* once something was missing there */
	struct buf box_bytes;
	struct box box; /* where its object is good */
};

struct survey;

/* All parts of a chunk are at hand and right.  Called from any thread. */
typedef void survey_chunk_fn(struct survey *s, size_t chunk,
			     uint8_t *const part[], size_t size);

struct survey {
	struct archive *archive;
	const struct stored *d;
	const struct check_options *options;
	struct check_report *report;
	survey_chunk_fn *chunk; /* or NULL */
	void *arg;		/* the caller's */

	struct survey_spot spot[ERASURE_MAX];
	struct erasure *code;
	unsigned *left;		 /* good parts of each chunk */
	pthread_mutex_t mutex;	 /* over the report and the states */
	pthread_mutex_t deleted; /* over what was deleted */
	enum deed_status status; /* DEED_NO_MEMORY, once there was none */
};

/* Look at everything.  The caller has set the first six members, and calls
 * survey_clear in any case. */
enum deed_status survey_run(struct survey *s,
			    struct deed_error *err) DEED_MUST_USE;
void survey_clear(struct survey *s);

/* Is anything in the deposit's folder at that place deleted, and an older
 * version kept? */
bool survey_has_deleted(struct survey *s, unsigned part);

/* The folder where an object lies. */
const char *survey_folder(const struct survey *s, const struct object_name *o);

/* Tell what is amiss at a place; name is an object's. */
void survey_tell(struct survey *s, unsigned part, const char *name,
		 const char *what);

#endif
