/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "archive/manifests.h"
#include "base/file.h"
#include "codec/hex.h"

#define FILE_NAME "catalogue.db"
#define WAIT_MS 10000
#define ID_MIN 8

static const char schema[] =
	"CREATE TABLE IF NOT EXISTS deposit ("
	" id TEXT PRIMARY KEY, folder TEXT NOT NULL,"
	" deposited INTEGER NOT NULL, size INTEGER NOT NULL,"
	" needed INTEGER NOT NULL, places INTEGER NOT NULL,"
	" recipients INTEGER NOT NULL, label BLOB);"
	"CREATE TABLE IF NOT EXISTS recipient ("
	" id TEXT NOT NULL, certificate BLOB NOT NULL,"
	" PRIMARY KEY (id, certificate));";

static enum deed_status failed(sqlite3 *db, const char *path,
			       struct deed_error *err)
{
	int code = db == NULL ? SQLITE_NOMEM : sqlite3_errcode(db);
	enum deed_status status = DEED_IO;

	if (code == SQLITE_NOMEM)
		return deed_error_memory(err);
	if (code == SQLITE_FULL)
		status = DEED_NO_SPACE;
	else if (code == SQLITE_BUSY)
		status = DEED_LOCKED;
	else if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB ||
		 code == SQLITE_ERROR)
		status = DEED_DAMAGED;
	return deed_error_set(err, status, "catalogue '%s': %s", path,
			      db == NULL ? "" : sqlite3_errmsg(db));
}

static enum deed_status open_file(const char *path, bool create, sqlite3 **db,
				  struct deed_error *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	enum deed_status status = DEED_OK;

	*db = NULL;
	if (create)
		flags |= SQLITE_OPEN_CREATE;
	if (!create && !file_exists(path))
		return deed_error_set(err, DEED_DAMAGED, "there is no '%s'",
				      path);
	if (sqlite3_open_v2(path, db, flags, NULL) != SQLITE_OK ||
	    sqlite3_busy_timeout(*db, WAIT_MS) != SQLITE_OK ||
	    sqlite3_exec(*db, schema, NULL, NULL, NULL) != SQLITE_OK)
		status = failed(*db, path, err);
	if (status != DEED_OK) {
		sqlite3_close(*db);
		*db = NULL;
	}
	return status;
}

/* Open what is there; make it anew where it is missing or broken. */
static enum deed_status open_catalogue(struct archive *a, sqlite3 **db,
				       struct deed_error *err)
{
	char *path = path_join(a->dir, FILE_NAME);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = open_file(path, false, db, NULL);
	if (status == DEED_DAMAGED) {
		status = catalogue_rebuild(a, err);
		if (status == DEED_OK)
			status = open_file(path, false, db, err);
	} else if (status != DEED_OK) {
		status = open_file(path, false, db, err);
	}
	free(path);
	return status;
}

enum deed_status catalogue_create(const char *dir, struct deed_error *err)
{
	char *path = path_join(dir, FILE_NAME);
	enum deed_status status;
	sqlite3 *db;

	if (path == NULL)
		return deed_error_memory(err);
	status = open_file(path, true, &db, err);
	sqlite3_close(db);
	free(path);
	return status;
}

static bool insert_recipients(sqlite3 *db, const struct manifest *m,
			      const char *id)
{
	sqlite3_stmt *q = NULL;
	bool ok;
	size_t i;

	ok = sqlite3_prepare_v2(db,
				"INSERT OR IGNORE INTO recipient"
				" VALUES (?1, ?2)",
				-1, &q, NULL) == SQLITE_OK;
	for (i = 0; i < m->recipient_count && ok; i++) {
		ok = sqlite3_bind_text(q, 1, id, -1, SQLITE_STATIC) ==
			     SQLITE_OK &&
		     sqlite3_bind_blob(q, 2, m->recipient[i].certificate,
				       SHA256_SIZE,
				       SQLITE_STATIC) == SQLITE_OK &&
		     sqlite3_step(q) == SQLITE_DONE &&
		     sqlite3_reset(q) == SQLITE_OK;
	}
	sqlite3_finalize(q);
	return ok;
}

static bool insert_deposit(sqlite3 *db, const struct manifest *m,
			   const char *id)
{
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	sqlite3_stmt *q = NULL;
	bool ok;

	manifest_folder(m, folder);
	ok = sqlite3_prepare_v2(db,
				"INSERT OR IGNORE INTO deposit VALUES"
				" (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
				-1, &q, NULL) == SQLITE_OK &&
	     sqlite3_bind_text(q, 1, id, -1, SQLITE_STATIC) == SQLITE_OK &&
	     sqlite3_bind_text(q, 2, folder, -1, SQLITE_STATIC) == SQLITE_OK &&
	     sqlite3_bind_int64(q, 3, m->deposited) == SQLITE_OK &&
	     sqlite3_bind_int64(q, 4, (sqlite3_int64)manifest_size(m)) ==
		     SQLITE_OK &&
	     sqlite3_bind_int(q, 5, (int)m->k) == SQLITE_OK &&
	     sqlite3_bind_int(q, 6, (int)m->n) == SQLITE_OK &&
	     sqlite3_bind_int(q, 7, (int)m->recipient_count) == SQLITE_OK;
	if (ok && m->has_label)
		ok = sqlite3_bind_blob(q, 8, m->label, SHA256_SIZE,
				       SQLITE_STATIC) == SQLITE_OK;
	ok = ok && sqlite3_step(q) == SQLITE_DONE;
	sqlite3_finalize(q);
	return ok;
}

static enum deed_status add_to(sqlite3 *db, const char *path,
			       const struct manifest *m,
			       const uint8_t id[SHA256_SIZE],
			       struct deed_error *err)
{
	char text[CATALOGUE_ID + 1];
	enum deed_status status;

	hex_text(slice_of(id, SHA256_SIZE), text);
	if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) ==
		    SQLITE_OK &&
	    insert_deposit(db, m, text) && insert_recipients(db, m, text) &&
	    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK)
		return DEED_OK;
	status = failed(db, path, err);
	(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return status;
}

enum deed_status catalogue_add(struct archive *a, const struct manifest *m,
			       const uint8_t id[SHA256_SIZE],
			       struct deed_error *err)
{
	enum deed_status status;
	sqlite3 *db = NULL;

	status = open_catalogue(a, &db, err);
	if (status == DEED_OK)
		status = add_to(db, FILE_NAME, m, id, err);
	sqlite3_close(db);
	return status;
}

/* A manifests_fn; arg is the database. */
static enum deed_status enter(void *arg, const struct manifest *m,
			      const uint8_t id[SHA256_SIZE],
			      const uint8_t cms[SHA256_SIZE],
			      struct deed_error *err)
{
	(void)cms;
	return add_to(arg, FILE_NAME, m, id, err);
}

enum deed_status catalogue_rebuild(struct archive *a, struct deed_error *err)
{
	char *path = path_join(a->dir, FILE_NAME);
	char *fresh = path_join(a->dir, FILE_NAME ".new");
	enum deed_status status;
	sqlite3 *db = NULL;

	if (path == NULL || fresh == NULL) {
		status = deed_error_memory(err);
		goto out;
	}
	status = file_remove(fresh, err);
	if (status == DEED_OK)
		status = open_file(fresh, true, &db, err);
	if (status == DEED_OK)
		status = manifests_walk(a, enter, db, err);
	sqlite3_close(db);
	if (status == DEED_OK)
		status = file_rename(fresh, path, OUTFILE_REPLACE, err);
out:
	free(path);
	free(fresh);
	return status;
}

void catalogue_item_of(const struct manifest *m, const uint8_t id[SHA256_SIZE],
		       struct catalogue_item *item)
{
	memset(item, 0, sizeof(*item));
	hex_text(slice_of(id, SHA256_SIZE), item->id);
	manifest_folder(m, item->folder);
	item->deposited = m->deposited;
	item->size = manifest_size(m);
	item->k = m->k;
	item->n = m->n;
	item->recipients = (unsigned)m->recipient_count;
	item->has_label = m->has_label;
	if (m->has_label)
		memcpy(item->label, m->label, SHA256_SIZE);
}

bool catalogue_item_same(const struct catalogue_item *a,
			 const struct catalogue_item *b)
{
	return !strcmp(a->id, b->id) && !strcmp(a->folder, b->folder) &&
	       a->deposited == b->deposited && a->size == b->size &&
	       a->k == b->k && a->n == b->n && a->recipients == b->recipients &&
	       a->has_label == b->has_label &&
	       !memcmp(a->label, b->label, SHA256_SIZE);
}

static void read_row(sqlite3_stmt *q, struct catalogue_item *item)
{
	const unsigned char *id = sqlite3_column_text(q, 0);
	const unsigned char *folder = sqlite3_column_text(q, 1);

	memset(item, 0, sizeof(*item));
	if (id != NULL && strlen((const char *)id) == CATALOGUE_ID)
		memcpy(item->id, id, CATALOGUE_ID);
	if (folder != NULL &&
	    strlen((const char *)folder) == 2 * ARCHIVE_DEPOSIT)
		memcpy(item->folder, folder, 2 * (size_t)ARCHIVE_DEPOSIT);
	item->deposited = sqlite3_column_int64(q, 2);
	item->size = (uint64_t)sqlite3_column_int64(q, 3);
	item->k = (unsigned)sqlite3_column_int(q, 4);
	item->n = (unsigned)sqlite3_column_int(q, 5);
	item->recipients = (unsigned)sqlite3_column_int(q, 6);
	item->has_label = sqlite3_column_bytes(q, 7) == SHA256_SIZE;
	if (item->has_label)
		memcpy(item->label, sqlite3_column_blob(q, 7), SHA256_SIZE);
}

static enum deed_status find_once(struct archive *a, const char *text,
				  struct catalogue_item *out,
				  struct deed_error *err)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	enum deed_status status = open_catalogue(a, &db, err);
	int step;

	if (status != DEED_OK)
		return status;
	if (sqlite3_prepare_v2(db,
			       "SELECT * FROM deposit"
			       " WHERE substr(id, 1, length(?1)) = ?1",
			       -1, &q, NULL) != SQLITE_OK ||
	    sqlite3_bind_text(q, 1, text, -1, SQLITE_STATIC) != SQLITE_OK) {
		status = failed(db, FILE_NAME, err);
		goto out;
	}
	step = sqlite3_step(q);
	if (step == SQLITE_DONE)
		status = deed_error_set(err, DEED_NOT_FOUND,
					"there is no deposit '%s'", text);
	else if (step != SQLITE_ROW)
		status = failed(db, FILE_NAME, err);
	if (status != DEED_OK)
		goto out;
	read_row(q, out);
	if (sqlite3_step(q) == SQLITE_ROW)
		status = deed_error_set(err, DEED_USAGE,
					"'%s' begins the ids of several "
					"deposits",
					text);
out:
	sqlite3_finalize(q);
	sqlite3_close(db);
	return status;
}

enum deed_status catalogue_find(struct archive *a, const char *text,
				struct catalogue_item *out,
				struct deed_error *err)
{
	size_t len = strspn(text, "0123456789abcdef");
	enum deed_status status;

	if (len < ID_MIN || len > CATALOGUE_ID || text[len] != '\0')
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is no id of a deposit", text);
	status = find_once(a, text, out, NULL);
	if (status == DEED_OK)
		return status;
	if (status != DEED_NOT_FOUND)
		return find_once(a, text, out, err);
	/* An older catalogue may have been brought back. */
	status = catalogue_rebuild(a, err);
	return status == DEED_OK ? find_once(a, text, out, err) : status;
}

static bool append(struct catalogue_item **list, size_t *count, size_t *cap,
		   const struct catalogue_item *item)
{
	struct catalogue_item *bigger;

	if (*count == *cap) {
		*cap = *cap == 0 ? 64 : 2 * *cap;
		bigger = reallocarray(*list, *cap, sizeof(**list));
		if (bigger == NULL)
			return false;
		*list = bigger;
	}
	(*list)[(*count)++] = *item;
	return true;
}

enum deed_status catalogue_list(struct archive *a, const uint8_t *label,
				struct catalogue_item **out, size_t *count,
				struct deed_error *err)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	struct catalogue_item item;
	enum deed_status status;
	size_t cap = 0;
	int step = SQLITE_ERROR;

	*out = NULL;
	*count = 0;
	status = open_catalogue(a, &db, err);
	if (status != DEED_OK)
		return status;
	if (sqlite3_prepare_v2(db,
			       "SELECT * FROM deposit"
			       " WHERE ?1 IS NULL OR label = ?1"
			       " ORDER BY deposited, id",
			       -1, &q, NULL) == SQLITE_OK &&
	    (label == NULL || sqlite3_bind_blob(q, 1, label, SHA256_SIZE,
						SQLITE_STATIC) == SQLITE_OK))
		while (status == DEED_OK &&
		       (step = sqlite3_step(q)) == SQLITE_ROW) {
			read_row(q, &item);
			if (!append(out, count, &cap, &item))
				status = deed_error_memory(err);
		}
	if (status == DEED_OK && step != SQLITE_DONE)
		status = failed(db, FILE_NAME, err);
	sqlite3_finalize(q);
	sqlite3_close(db);
	if (status != DEED_OK) {
		free(*out);
		*out = NULL;
		*count = 0;
	}
	return status;
}
