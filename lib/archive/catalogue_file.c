/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/catalogue_schema.h"
#include "base/file.h"

#define WAIT_MS 10000

/* In the header of the file (SQLite's file format, 1.3). */
#define APPLICATION 0x64656564 /* "deed" */
#define PAGE 4096
#define HEAD 105 /* with the number of entries of the schema's page */

/* No value is longer than the statement that makes a table. */
#define VALUE_MAX 65536

/* What SQLite says of a database that contradicts itself is damage, by which
 * the catalogue is made anew; SQLITE_ERROR too, for the statements are ours
 * and the schema is not what they need then. */
static enum deed_status status_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return DEED_NO_MEMORY;
	case SQLITE_FULL:
		return DEED_NO_SPACE;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return DEED_LOCKED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
	case SQLITE_ERROR:
	case SQLITE_SCHEMA:
	case SQLITE_TOOBIG:
	case SQLITE_MISMATCH:
	case SQLITE_CONSTRAINT:
		return DEED_DAMAGED;
	default:
		return DEED_IO;
	}
}

enum deed_status catalogue_failed(sqlite3 *db, struct deed_error *err)
{
	int code = db == NULL ? SQLITE_NOMEM : sqlite3_errcode(db);
	enum deed_status status = status_of(code);

	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	return deed_error_set(err, status, "catalogue '%s': %s", CATALOGUE_FILE,
			      sqlite3_errmsg(db));
}

/* DEED_DAMAGED is what has the catalogue made anew: it holds nothing that the
 * places do not have. */
static enum deed_status broken(const char *why, struct deed_error *err)
{
	return deed_error_set(err, DEED_DAMAGED, "catalogue '%s': %s",
			      CATALOGUE_FILE, why);
}

enum deed_status catalogue_exec(sqlite3 *db, const char *sql,
				struct deed_error *err)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return DEED_OK;
	return catalogue_failed(db, err);
}

/* Big-endian, as in the header of SQLite's format. */
static uint32_t number_at(const uint8_t *p, size_t bytes)
{
	uint32_t n = 0;

	while (bytes-- > 0)
		n = n << 8 | *p++;
	return n;
}

/*
 * What deed writes once and SQLite never changes: no write-ahead log, pages of
 * one size, this version or one before, and a schema that fits the first
 * page.
 */
static bool head_is_ours(const uint8_t *head)
{
	return !memcmp(head, "SQLite format 3", 16) &&
	       number_at(head + 16, 2) == PAGE && head[18] == 1 &&
	       head[19] == 1 && head[20] == 0 && number_at(head + 44, 4) == 4 &&
	       number_at(head + 52, 4) == 0 && number_at(head + 56, 4) == 1 &&
	       number_at(head + 68, 4) == APPLICATION && head[100] == 0x0d &&
	       catalogue_schema_is_ours(number_at(head + 60, 4),
					number_at(head + 103, 2));
}

/* Neither a folder nor a pipe under this name is opened by SQLite, nor a file
 * that it would have to guess about. */
static enum deed_status look_at_head(const char *path, struct deed_error *err)
{
	uint8_t head[HEAD];
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	ssize_t got;
	int fd;

	errno = 0;
	status = file_open_regular(path, &fd, &why);
	if (status != DEED_OK && errno == ENOENT)
		return deed_error_set(err, DEED_NOT_FOUND, "there is no '%s'",
				      path);
	if (status == DEED_UNSUPPORTED || errno == EISDIR)
		return broken("it is no file", err);
	if (status != DEED_OK) {
		if (err != NULL)
			*err = why;
		return status;
	}
	got = pread(fd, head, sizeof(head), 0);
	if (got < 0)
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	else if ((size_t)got < sizeof(head) || !head_is_ours(head))
		status = broken("it is not one that this version writes", err);
	(void)close(fd);
	return status;
}

/* Nothing in the file is to run or to cost more than its own rows. */
static enum deed_status confine(sqlite3 *db, struct deed_error *err)
{
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	(void)sqlite3_busy_timeout(db, WAIT_MS);
	return catalogue_exec(db,
			      "PRAGMA cell_size_check = ON;"
			      "PRAGMA mmap_size = 0;"
			      "PRAGMA temp_store = MEMORY",
			      err);
}

enum deed_status catalogue_about_read(sqlite3 *db, struct catalogue_about *out,
				      struct deed_error *err)
{
	sqlite3_stmt *q = NULL;
	enum deed_status status = DEED_OK;
	int step;

	memset(out, 0, sizeof(*out));
	if (sqlite3_prepare_v2(db,
			       "SELECT complete, going, run, followed"
			       " FROM about WHERE one = 1",
			       -1, &q, NULL) != SQLITE_OK)
		return catalogue_failed(db, err);
	step = sqlite3_step(q);
	if (step == SQLITE_ROW) {
		out->complete = sqlite3_column_int64(q, 0) == 1;
		out->going = sqlite3_column_int64(q, 1) == 1;
		out->run = sqlite3_column_int64(q, 2);
		out->followed = (uint64_t)sqlite3_column_int64(q, 3);
		if (out->run < 1 || out->followed > INT64_MAX)
			status = broken("it says nothing of itself", err);
	} else if (step == SQLITE_DONE) {
		status = broken("it says nothing of itself", err);
	} else {
		status = catalogue_failed(db, err);
	}
	sqlite3_finalize(q);
	return status;
}

enum deed_status catalogue_about_write(sqlite3 *db,
				       const struct catalogue_about *about,
				       struct deed_error *err)
{
	sqlite3_stmt *q = NULL;
	enum deed_status status = DEED_OK;

	if (sqlite3_prepare_v2(db,
			       "INSERT OR REPLACE INTO about VALUES"
			       " (1, ?1, ?2, ?3, ?4)",
			       -1, &q, NULL) != SQLITE_OK ||
	    sqlite3_bind_int(q, 1, about->complete) != SQLITE_OK ||
	    sqlite3_bind_int(q, 2, about->going) != SQLITE_OK ||
	    sqlite3_bind_int64(q, 3, about->run) != SQLITE_OK ||
	    sqlite3_bind_int64(q, 4, (sqlite3_int64)about->followed) !=
		    SQLITE_OK ||
	    sqlite3_step(q) != SQLITE_DONE)
		status = catalogue_failed(db, err);
	sqlite3_finalize(q);
	return status;
}

/* The head is judged before SQLite sees the file; then what may run is shut
 * off, before format and schema are read. */
static enum deed_status open_file(const char *path, bool as_is, sqlite3 **db,
				  struct catalogue_about *about,
				  struct deed_error *err)
{
	enum deed_status status;

	*db = NULL;
	status = look_at_head(path, err);
	if (status == DEED_OK &&
	    sqlite3_open_v2(path, db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		status = catalogue_failed(*db, err);
	if (status == DEED_OK)
		status = confine(*db, err);
	if (status == DEED_OK)
		status = catalogue_schema_open(*db, as_is, err);
	if (status == DEED_OK)
		status = catalogue_about_read(*db, about, err);
	if (status != DEED_OK) {
		sqlite3_close(*db);
		*db = NULL;
	}
	return status;
}

enum deed_status catalogue_file_open(const char *path, sqlite3 **db,
				     struct catalogue_about *about,
				     struct deed_error *err)
{
	return open_file(path, false, db, about, err);
}

enum deed_status catalogue_file_open_as_is(const char *path, sqlite3 **db,
					   struct catalogue_about *about,
					   struct deed_error *err)
{
	return open_file(path, true, db, about, err);
}

/* The tables, and the row that says what is in them. */
static enum deed_status make_tables(sqlite3 *db, bool complete,
				    struct deed_error *err)
{
	const struct catalogue_about about = { .complete = complete,
					       .going = !complete,
					       .run = 1 };
	enum deed_status status = catalogue_exec(db, "BEGIN IMMEDIATE", err);

	if (status == DEED_OK)
		status = catalogue_schema_create(db, err);
	if (status == DEED_OK)
		status = catalogue_about_write(db, &about, err);
	return status == DEED_OK ? catalogue_exec(db, "COMMIT", err) : status;
}

/* The size of pages can be set only before there is a table; head_is_ours
 * looks for both of these. */
static enum deed_status fill_new(const char *path, bool complete,
				 struct deed_error *err)
{
	sqlite3 *db = NULL;
	enum deed_status status = DEED_OK;
	char pragma[128];

	sqlite3_snprintf(sizeof(pragma), pragma,
			 "PRAGMA page_size = %d; PRAGMA application_id = %d",
			 PAGE, APPLICATION);
	if (sqlite3_open_v2(path, &db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
				    SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		status = catalogue_failed(db, err);
	if (status == DEED_OK)
		status = catalogue_exec(db, pragma, err);
	if (status == DEED_OK)
		status = make_tables(db, complete, err);
	sqlite3_close(db);
	return status;
}

/* A journal that stays would be rolled back into the new file. */
static enum deed_status remove_with_journal(const char *path,
					    struct deed_error *err)
{
	static const char *const ends[] = { "", "-journal", "-wal", "-shm" };
	enum deed_status status = DEED_OK;

	for (size_t i = 0; i < 4 && status == DEED_OK; i++) {
		char *one = sqlite3_mprintf("%s%s", path, ends[i]);

		status = one == NULL ? deed_error_memory(err)
				     : file_remove(one, err);
		sqlite3_free(one);
	}
	return status;
}

enum deed_status catalogue_file_make(const char *path, bool complete,
				     struct deed_error *err)
{
	char *fresh = sqlite3_mprintf("%s.new", path);
	enum deed_status status;

	if (fresh == NULL)
		return deed_error_memory(err);
	status = remove_with_journal(fresh, err);
	if (status == DEED_OK)
		status = fill_new(fresh, complete, err);
	if (status == DEED_OK)
		status = remove_with_journal(path, err);
	if (status == DEED_OK)
		status = file_rename(fresh, path, OUTFILE_REPLACE, err);
	sqlite3_free(fresh);
	return status;
}

enum deed_status catalogue_file_scratch(sqlite3 **db, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	*db = NULL;
	if (sqlite3_open_v2("", db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
				    SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		status = catalogue_failed(*db, err);
	if (status == DEED_OK)
		status = make_tables(*db, false, err);
	if (status != DEED_OK) {
		sqlite3_close(*db);
		*db = NULL;
	}
	return status;
}

bool catalogue_file_moved(sqlite3 *db)
{
	int moved = 0;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) !=
	    SQLITE_OK)
		return false;
	return moved != 0;
}
