/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue_row_priv.h"

#include "archive/catalogue_file.h"

/* A deposit entered, with the keys that open it. */

/* A label that is not given stays unbound, which is NULL. */
static bool bind_item(sqlite3_stmt *q, const struct catalogue_item *item,
		      const uint8_t *id, int64_t run)
{
	uint8_t folder[ARCHIVE_DEPOSIT];

	catalogue_row_folder(item, folder);
	return sqlite3_bind_int64(q, 1, item->deposited) == SQLITE_OK &&
	       catalogue_bind_blob(q, 2, id, SHA256_SIZE) &&
	       catalogue_bind_blob(q, 3, folder, sizeof(folder)) &&
	       catalogue_bind_blob(q, 4, item->cms, SHA256_SIZE) &&
	       sqlite3_bind_int64(q, 5, (sqlite3_int64)item->size) ==
		       SQLITE_OK &&
	       sqlite3_bind_int(q, 6, (int)item->k) == SQLITE_OK &&
	       sqlite3_bind_int(q, 7, (int)item->n) == SQLITE_OK &&
	       sqlite3_bind_int(q, 8, (int)item->recipients) == SQLITE_OK &&
	       sqlite3_bind_int(q, 9, (int)item->state) == SQLITE_OK &&
	       (!item->has_label ||
		catalogue_bind_blob(q, 10, item->label, SHA256_SIZE)) &&
	       sqlite3_bind_int64(q, 11, (sqlite3_int64)item->generation) ==
		       SQLITE_OK &&
	       sqlite3_bind_int64(q, 12, catalogue_row_mark(item)) ==
		       SQLITE_OK &&
	       sqlite3_bind_int64(q, 13, run) == SQLITE_OK;
}

/* key, time and id of one of its parties. */
static bool bind_key(sqlite3_stmt *q, const struct catalogue_row *row,
		     const uint8_t *id, size_t i)
{
	return catalogue_bind_blob(q, 1, row->key[i].id, row->key[i].len) &&
	       sqlite3_bind_int64(q, 2, row->item.deposited) == SQLITE_OK &&
	       catalogue_bind_blob(q, 3, id, SHA256_SIZE);
}

/* Those that are there stay: the keys of a deposit are the same in all its
 * generations (successor_check). */
static bool write_keys(sqlite3 *db, const struct catalogue_row *row,
		       const uint8_t *id)
{
	sqlite3_stmt *q = NULL;
	bool ok;

	ok = sqlite3_prepare_v2(db,
				"INSERT OR IGNORE INTO recipient"
				" VALUES (?1, ?2, ?3)",
				-1, &q, NULL) == SQLITE_OK;
	for (size_t i = 0; i < row->key_count && ok; i++)
		ok = bind_key(q, row, id, i) &&
		     sqlite3_step(q) == SQLITE_DONE &&
		     sqlite3_reset(q) == SQLITE_OK;
	sqlite3_finalize(q);
	return ok;
}

/* The row that is there, when it is of an earlier generation. */
static bool keep_row(sqlite3 *db, const struct catalogue_row *row,
		     const uint8_t *id)
{
	sqlite3_stmt *q = NULL;
	bool ok;

	ok = sqlite3_prepare_v2(db,
				"INSERT OR REPLACE INTO past SELECT cms, id,"
				" generation FROM deposit WHERE id = ?1 AND"
				" generation < ?2",
				-1, &q, NULL) == SQLITE_OK &&
	     catalogue_bind_blob(q, 1, id, SHA256_SIZE) &&
	     sqlite3_bind_int64(q, 2, (sqlite3_int64)row->item.generation) ==
		     SQLITE_OK &&
	     sqlite3_step(q) == SQLITE_DONE;
	sqlite3_finalize(q);
	return ok;
}

/* A manifest is one row, whichever deposit it was found with last. */
static bool write_past(sqlite3 *db, const struct catalogue_row *row,
		       const uint8_t *id)
{
	sqlite3_stmt *q = NULL;
	bool ok;

	ok = sqlite3_prepare_v2(db,
				"INSERT OR REPLACE INTO past"
				" VALUES (?1, ?2, ?3)",
				-1, &q, NULL) == SQLITE_OK;
	for (size_t i = 0; i < row->past_count && ok; i++)
		ok = catalogue_bind_blob(q, 1, row->past[i].cms, SHA256_SIZE) &&
		     catalogue_bind_blob(q, 2, id, SHA256_SIZE) &&
		     sqlite3_bind_int64(q, 3,
					(sqlite3_int64)row->past[i].number) ==
			     SQLITE_OK &&
		     sqlite3_step(q) == SQLITE_DONE &&
		     sqlite3_reset(q) == SQLITE_OK;
	sqlite3_finalize(q);
	return ok;
}

enum deed_status catalogue_row_write(sqlite3 *db,
				     const struct catalogue_row *row,
				     int64_t run, struct deed_error *err)
{
	uint8_t id[SHA256_SIZE];
	sqlite3_stmt *q = NULL;
	enum deed_status status = DEED_OK;

	catalogue_row_id(&row->item, id);
	if (row->item.generation > 1 &&
	    !(keep_row(db, row, id) && write_past(db, row, id)))
		return catalogue_failed(db, err);
	if (sqlite3_prepare_v2(db,
			       "INSERT OR REPLACE INTO deposit VALUES"
			       " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
			       " ?11, ?12, ?13)",
			       -1, &q, NULL) != SQLITE_OK ||
	    !bind_item(q, &row->item, id, run) ||
	    sqlite3_step(q) != SQLITE_DONE || !write_keys(db, row, id))
		status = catalogue_failed(db, err);
	sqlite3_finalize(q);
	return status;
}

enum deed_status catalogue_row_keys(sqlite3 *db,
				    const struct catalogue_row *row, bool *all,
				    struct deed_error *err)
{
	uint8_t id[SHA256_SIZE];
	sqlite3_stmt *q = NULL;
	enum deed_status status = DEED_OK;
	int step = SQLITE_ROW;

	*all = true;
	catalogue_row_id(&row->item, id);
	if (sqlite3_prepare_v2(db,
			       "SELECT 1 FROM recipient WHERE key = ?1 AND"
			       " deposited = ?2 AND id = ?3",
			       -1, &q, NULL) != SQLITE_OK)
		step = SQLITE_ERROR;
	for (size_t i = 0; i < row->key_count && step == SQLITE_ROW; i++) {
		step = bind_key(q, row, id, i) ? sqlite3_step(q) : SQLITE_ERROR;
		if (step == SQLITE_ROW && sqlite3_reset(q) != SQLITE_OK)
			step = SQLITE_ERROR;
	}
	if (step == SQLITE_DONE)
		*all = false;
	else if (step != SQLITE_ROW)
		status = catalogue_failed(db, err);
	sqlite3_finalize(q);
	return status;
}
