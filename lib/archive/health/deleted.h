/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_HEALTH_DELETED_H
#define DEED_ARCHIVE_HEALTH_DELETED_H

#include "archive/place/place.h"
#include "archive/stored.h"

/*
 * Objects that were deleted at a place which keeps versions: a marker is in
 * force, and what it hides is still there.  Undoing that takes the marker
 * away; no other version is touched.  What comes back is compared with its
 * name by whoever reads it.
 */
struct deleted_object {
	char name[PLACE_NAME + 1];
	char *marker; /* the version in force */
};

struct deleted {
	struct deleted_object *item; /* by name */
	size_t count;
	uint64_t versions; /* that are not in force, of all objects there */
};

#define DELETED_MAX 262144 /* versions that are looked at in a folder */
#define DELETED_DEPTH 16   /* markers over one object that are undone */

/* Nothing where the place keeps no versions; DEED_LIMIT where it has more of
 * them than DELETED_MAX.  Cleared by deleted_clear, after a failure, too. */
enum deed_status deleted_list(struct place *p, const char *folder,
			      struct deleted *out,
			      struct deed_error *err) DEED_MUST_USE;
void deleted_clear(struct deleted *d);

/* One of that name, or NULL. */
const struct deleted_object *deleted_find(const struct deleted *d,
					  const char *name);

/*
 * The manifests of a deposit at all places: how many were deleted, and with
 * undo are not any more.  What cannot be asked or done is passed over.
 */
size_t deleted_manifests(struct archive *a, const char *folder, bool undo);

/*
 * All that manifest names and that was deleted at the place of a part (from 1),
 * undone; adds to *undone how many of them are whole now.
 */
enum deed_status deleted_restore(const struct stored *d, unsigned part,
				 struct place *p, size_t *undone,
				 struct deed_error *err) DEED_MUST_USE;

#endif
