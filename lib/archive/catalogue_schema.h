/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CATALOGUE_SCHEMA_H
#define DEED_ARCHIVE_CATALOGUE_SCHEMA_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * The tables and indexes of the catalogue's file, by version: the present one
 * and those before that are read.  A later version only has more of them, so
 * that one becomes the next by adding what it lacks.  For catalogue_file.c
 * alone.
 */

/* Is it a version that is read, with as many entries in its schema as it
 * has? */
bool catalogue_schema_is_ours(uint32_t format, uint32_t entries);

/*
 * See whether an open database has exactly the schema of its version, and give
 * it what it lacks of the present one; or, as it is, leave the file alone, and
 * have this handle see an empty table in the place of what is not there.
 * DEED_DAMAGED for any other schema.
 */
enum deed_status catalogue_schema_open(sqlite3 *db, bool as_is,
				       struct deed_error *err) DEED_MUST_USE;

/* All of it and the version, in an empty database; within a transaction. */
enum deed_status catalogue_schema_create(sqlite3 *db,
					 struct deed_error *err) DEED_MUST_USE;

#endif
