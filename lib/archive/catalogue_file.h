/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CATALOGUE_FILE_H
#define DEED_ARCHIVE_CATALOGUE_FILE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * The file of the catalogue: one SQLite database of exactly the schema that
 * deed writes.  Whatever else stands under its name (another database, one
 * of a much older deed, a trigger, a view) is broken, never read, and replaced
 * by an empty one that is filled from the places again; one of the version
 * before this is given the indexes that it lacks.
 *
 *	about		one row: see struct catalogue_about
 *	deposit		in the order of time, each row with a check value; also
 *			by folder
 *	past		the manifests of generations before a row's
 *	recipient	which deposits a key opens, in the order of time
 */
#define CATALOGUE_FILE "catalogue.db"
#define CATALOGUE_LOCK "catalogue.lock"

struct catalogue_about {
	bool complete;	   /* was it ever filled to the end? */
	bool going;	   /* a run over the places has not come to its end */
	int64_t run;	   /* which; a row has the one that saw it last */
	uint64_t followed; /* entries of the log before this one are in it */
};

/* What SQLite says of its last call, as a status: DEED_DAMAGED where the
 * database is broken. */
enum deed_status catalogue_failed(sqlite3 *db, struct deed_error *err);

/*
 * Open what is there and see whether it is a catalogue.  DEED_NOT_FOUND where
 * nothing is there; DEED_DAMAGED for anything else.  The file's first page is
 * looked at before SQLite is, so that it reads no schema but this one.
 */
enum deed_status catalogue_file_open(const char *path, sqlite3 **db,
				     struct catalogue_about *about,
				     struct deed_error *err) DEED_MUST_USE;

/* The same, and one of the version before stays as it is in the file: to this
 * handle alone it looks as if nothing had been listed. */
enum deed_status
catalogue_file_open_as_is(const char *path, sqlite3 **db,
			  struct catalogue_about *about,
			  struct deed_error *err) DEED_MUST_USE;

/* The same tables in a database of SQLite's own that has no name. */
enum deed_status catalogue_file_scratch(sqlite3 **db,
					struct deed_error *err) DEED_MUST_USE;

/*
 * Put an empty one in the place of whatever is there, with its journal.  Who
 * holds CATALOGUE_LOCK alone may replace.
 */
enum deed_status catalogue_file_make(const char *path, bool complete,
				     struct deed_error *err) DEED_MUST_USE;

/* Does another file stand under its name by now, or none? */
bool catalogue_file_moved(sqlite3 *db);

enum deed_status catalogue_about_read(sqlite3 *db, struct catalogue_about *out,
				      struct deed_error *err) DEED_MUST_USE;
enum deed_status catalogue_about_write(sqlite3 *db,
				       const struct catalogue_about *about,
				       struct deed_error *err) DEED_MUST_USE;

/* Several statements without a result. */
enum deed_status catalogue_exec(sqlite3 *db, const char *sql,
				struct deed_error *err) DEED_MUST_USE;

#endif
