/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue_schema.h"

#include <string.h>

#include "archive/catalogue_file.h"

/* A pragma takes no parameter, so that the number stands in the text. */
#define TEXT_OF(number) #number
#define WRITE_FORMAT(number) "PRAGMA user_version = " TEXT_OF(number)
#define FORMAT 5
#define FORMAT_UNSEEN 4 /* the same, without what places listed */
#define FORMAT_OLDEST 3 /* ... and without what is looked up by folder */

/* What places listed, a table that older versions lack. */
#define LISTED                                                  \
	"TABLE listed (id BLOB NOT NULL, digest BLOB NOT NULL," \
	" PRIMARY KEY (id)) WITHOUT ROWID"

static const char *const schema[] = {
	"CREATE TABLE about (one INTEGER PRIMARY KEY,"
	" complete INTEGER NOT NULL, going INTEGER NOT NULL,"
	" run INTEGER NOT NULL, followed INTEGER NOT NULL)",
	"CREATE TABLE deposit (deposited INTEGER NOT NULL, id BLOB NOT NULL,"
	" folder BLOB NOT NULL, cms BLOB NOT NULL, size INTEGER NOT NULL,"
	" needed INTEGER NOT NULL, places INTEGER NOT NULL,"
	" recipients INTEGER NOT NULL, state INTEGER NOT NULL, label BLOB,"
	" generation INTEGER NOT NULL, mark INTEGER NOT NULL, run INTEGER NOT "
	"NULL,"
	" PRIMARY KEY (deposited, id)) WITHOUT ROWID",
	"CREATE TABLE recipient (key BLOB NOT NULL,"
	" deposited INTEGER NOT NULL, id BLOB NOT NULL,"
	" PRIMARY KEY (key, deposited, id)) WITHOUT ROWID",
	"CREATE TABLE past (cms BLOB NOT NULL, id BLOB NOT NULL,"
	" generation INTEGER NOT NULL, PRIMARY KEY (cms)) WITHOUT ROWID",
	"CREATE UNIQUE INDEX deposit_id ON deposit (id)",
	"CREATE UNIQUE INDEX deposit_cms ON deposit (cms)",
	"CREATE INDEX deposit_label ON deposit (label, deposited, id)"
	" WHERE label IS NOT NULL",
	"CREATE INDEX deposit_state ON deposit (state, deposited, id)"
	" WHERE state > 0",
	"CREATE INDEX deposit_folder ON deposit (folder, id)",
	"CREATE INDEX past_id ON past (id)",
	"CREATE " LISTED,
};

#define SCHEMA_ENTRIES (sizeof(schema) / sizeof(*schema))

/* How many of them a version has that is read; else none. */
static size_t entries_of(int64_t format)
{
	if (format == FORMAT)
		return SCHEMA_ENTRIES;
	if (format == FORMAT_UNSEEN)
		return SCHEMA_ENTRIES - 1;
	return format == FORMAT_OLDEST ? SCHEMA_ENTRIES - 3 : 0;
}

bool catalogue_schema_is_ours(uint32_t format, uint32_t entries)
{
	return entries > 0 && entries_of(format) == entries;
}

/* Has it the first so many entries of the schema, and nothing else? */
static enum deed_status compare_schema(sqlite3 *db, size_t entries,
				       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	sqlite3_stmt *q = NULL;
	size_t i = 0;
	int step;

	if (sqlite3_prepare_v2(db,
			       "SELECT sql FROM sqlite_master ORDER BY rowid",
			       -1, &q, NULL) != SQLITE_OK)
		return catalogue_failed(db, err);
	while ((step = sqlite3_step(q)) == SQLITE_ROW && i < entries) {
		const char *sql = (const char *)sqlite3_column_text(q, 0);

		if (sql == NULL || strcmp(sql, schema[i]) != 0)
			break;
		i++;
	}
	if (step == SQLITE_ROW || (step == SQLITE_DONE && i < entries))
		status = deed_error_set(err, DEED_DAMAGED,
					"catalogue '%s': it has another schema",
					CATALOGUE_FILE);
	else if (step != SQLITE_DONE)
		status = catalogue_failed(db, err);
	sqlite3_finalize(q);
	return status;
}

/* Asked of SQLite and not of the head that was read before: meanwhile somebody
 * may have brought the file forward. */
static enum deed_status read_format(sqlite3 *db, int *out,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &q, NULL) ==
		    SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		*out = sqlite3_column_int(q, 0);
	else
		status = catalogue_failed(db, err);
	sqlite3_finalize(q);
	return status;
}

/* Under SQLite's own lock: somebody else may have been first. */
static enum deed_status add_entries(sqlite3 *db, struct deed_error *err)
{
	int format = 0;
	enum deed_status status = read_format(db, &format, err);
	size_t before = entries_of(format);

	if (status != DEED_OK || before == 0 || before == SCHEMA_ENTRIES)
		return status;
	status = compare_schema(db, before, err);
	for (size_t i = before; i < SCHEMA_ENTRIES; i++)
		if (status == DEED_OK)
			status = catalogue_exec(db, schema[i], err);
	return status == DEED_OK ? catalogue_exec(db, WRITE_FORMAT(FORMAT), err)
				 : status;
}

/* One of a version before becomes one of this: reading all places again for
 * indexes would be a bill. */
static enum deed_status bring_forward(sqlite3 *db, struct deed_error *err)
{
	int format = 0;
	enum deed_status status = read_format(db, &format, err);

	if (status != DEED_OK || format == FORMAT)
		return status;
	status = catalogue_exec(db, "BEGIN IMMEDIATE", err);
	if (status == DEED_OK)
		status = add_entries(db, err);
	if (status == DEED_OK)
		status = catalogue_exec(db, "COMMIT", err);
	if (status != DEED_OK)
		(void)!catalogue_exec(db, "ROLLBACK", NULL);
	return status;
}

/* The indexes that it lacks cost time alone, as no statement demands them by
 * name; the table is one of this handle, in memory. */
static enum deed_status take_as_is(sqlite3 *db, struct deed_error *err)
{
	enum deed_status status = catalogue_exec(db, "BEGIN", err);
	int format = 0;

	if (status == DEED_OK)
		status = read_format(db, &format, err);
	if (status == DEED_OK)
		status = compare_schema(db, entries_of(format), err);
	if (status == DEED_OK)
		status = catalogue_exec(db, "COMMIT", err);
	if (status == DEED_OK && format != FORMAT)
		status = catalogue_exec(db, "CREATE TEMP " LISTED, err);
	return status;
}

enum deed_status catalogue_schema_open(sqlite3 *db, bool as_is,
				       struct deed_error *err)
{
	enum deed_status status;

	if (as_is)
		return take_as_is(db, err);
	status = bring_forward(db, err);
	return status == DEED_OK ? compare_schema(db, SCHEMA_ENTRIES, err)
				 : status;
}

enum deed_status catalogue_schema_create(sqlite3 *db, struct deed_error *err)
{
	enum deed_status status = catalogue_exec(db, WRITE_FORMAT(FORMAT), err);

	for (size_t i = 0; i < SCHEMA_ENTRIES && status == DEED_OK; i++)
		status = catalogue_exec(db, schema[i], err);
	return status;
}
