/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_CATALOGUE_ROW_PRIV_H
#define DEED_ARCHIVE_CATALOGUE_ROW_PRIV_H

#include "archive/catalogue_row.h"

/* What reading, entering and finding rows share. */

/* The check value of a row: it tells a disk that forgets and a hand that
 * edits. */
int64_t catalogue_row_mark(const struct catalogue_item *item);

/*
 * A column, if it is of exactly this type, and this length or range.  It may
 * have anything in it, whatever its declared type is: SQLite converts, and that
 * is not what was written.  The blob is the statement's.
 */
bool catalogue_read_blob(sqlite3_stmt *q, int column, size_t size,
			 const void **out);
bool catalogue_read_number(sqlite3_stmt *q, int column, int64_t min,
			   int64_t max, int64_t *out);

/* Copied by SQLite, since the bytes may be gone before the statement is run.
 */
static inline bool catalogue_bind_blob(sqlite3_stmt *q, int at,
				       const void *data, size_t len)
{
	return sqlite3_bind_blob(q, at, data, (int)len, SQLITE_TRANSIENT) ==
	       SQLITE_OK;
}

/* As catalogue_row_of_id, by the manifest in force alone. */
enum deed_status catalogue_row_of_cms(sqlite3 *db,
				      const uint8_t cms[SHA256_SIZE],
				      struct catalogue_item *item, int64_t *run,
				      struct deed_error *err) DEED_MUST_USE;

#endif
