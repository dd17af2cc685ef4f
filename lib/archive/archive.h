/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_ARCHIVE_H
#define DEED_ARCHIVE_ARCHIVE_H

#include "base/buf.h"

struct place;
struct place_means;

/*
 * The archive of a home: a directory with
 *
 *	places.json	the places in order, and how many of them bring a
 *			deposit back
 *	places/1 ...	the local places, unless others are named
 *	catalogue.db	what was deposited; made anew from the places when
 *			it is lost (archive/catalogue.h)
 *
 * The format of a deposit is deed-archive(5).  A struct archive is read-only
 * once it is open; any number of threads may use it.
 */
#define ARCHIVE_PLACES_FILE "places.json"
#define ARCHIVE_PLACES_SCHEMA "deed.places/1"
#define ARCHIVE_PLACES_SIZE 65536 /* bytes of the file */
#define ARCHIVE_PLACES_MAX 64
#define ARCHIVE_PLACES 5   /* what archive_create makes */
#define ARCHIVE_NEEDED 3   /* of them */
#define ARCHIVE_DEPOSIT 16 /* bytes of a deposit's own random name */

struct archive {
	char *dir;
	unsigned needed; /* k */
	size_t count;	 /* n */
	struct place *place[ARCHIVE_PLACES_MAX];
};

/*
 * Make an archive in dir, which init has made: five local places, three of
 * which are needed, and an empty catalogue.  DEED_EXISTS if it is there.
 */
enum deed_status archive_create(const char *dir,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Open it.  A place that is gone (the disk died) is no error here.  *out is
 * the caller's, freed by archive_close; means (archive/place/place.h) is
 * borrowed until then, and may be NULL.
 */
enum deed_status archive_open(const char *dir, const struct place_means *means,
			      struct archive **out,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * The same by a list of places alone, wherever it lies: for who reads deposits
 * and has no archive of his own.  Relative paths are relative to its folder.
 */
enum deed_status archive_open_list(const char *path,
				   const struct place_means *means,
				   struct archive **out,
				   struct deed_error *err) DEED_MUST_USE;
void archive_close(struct archive *a);

/* The place of that name, borrowed; NULL if there is none. */
struct place *archive_place(const struct archive *a, const char *name);

/* Does any of its places answer? */
bool archive_reach(const struct archive *a);

/* Whose archive is opened, and by what (see archive_open). */
struct archive_where {
	const char *dir;
	const struct place_means *means;
};

/*
 * Write signed manifests to the places of their deposits and enter them into
 * the catalogue: the renames of deposits' events.  An event_publish_fn; arg is
 * a const struct archive_where.  what are "DEPOSIT/OBJECT" as
 * object_format names manifests, and after that, each after a space, how many
 * places must have it, if not all ("4"), and the parts whose places lack what
 * belongs to it and so get none ("-3").  Each place is synced once for all of
 * them.  status has DEED_OK for each, and receives how it came out; err the
 * first failure.  Repeating it does what is missing.  A manifest that failed
 * is taken out of the places it had reached.
 *
 * A place that does not answer by now, when a run that was killed is finished
 * say, is no reason to fail while more have it than a deposit needs: all of
 * them had all but the manifest when it was logged.  The deposit is degraded.
 *
 * One of a later generation is then written where an earlier one lies, too, if
 * that can be done.
 */
void archive_publish(void *arg, const char *const *what,
		     const struct slice *bytes, enum deed_status *status,
		     size_t count, struct deed_error *err);

#endif
