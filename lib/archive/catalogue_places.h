/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CATALOGUE_PLACES_H
#define DEED_ARCHIVE_CATALOGUE_PLACES_H

#include <sqlite3.h>

#include "archive/archive.h"

/*
 * Have a whole catalogue at path: whoever comes first, by CATALOGUE_LOCK, fills
 * it from the places, the others find it made.  broken is the database in
 * which something wrong was read (or NULL): if it is still that one, an empty
 * one takes its place first.
 */
enum deed_status catalogue_rebuild(struct archive *a, const char *path,
				   sqlite3 *broken,
				   struct deed_error *err) DEED_MUST_USE;

#endif
