/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue_places.h"

#include <stdlib.h>

#include "archive/catalogue_file.h"
#include "archive/catalogue_row.h"
#include "archive/manifests.h"
#include "base/file.h"
#include "base/lock.h"
#include "codec/hex.h"

/* Deposits that are written together: who puts one waits no longer. */
#define BATCH 256

/* One run over the places. */
struct filling {
	struct archive *a;
	sqlite3 *db;
	struct catalogue_about about;
	struct catalogue_changes *changes;
	struct catalogue_row *row; /* BATCH of them */
	size_t count;
};

static void drop(struct filling *f)
{
	while (f->count > 0)
		free(f->row[--f->count].past);
}

/* One transaction, and none is open between batches: who enters a deposit
 * waits for one of them at most.  What failed is dropped, as the run ends
 * then. */
static enum deed_status flush(struct filling *f, struct deed_error *err)
{
	enum deed_status status;

	if (f->count == 0)
		return DEED_OK;
	status = catalogue_exec(f->db, "BEGIN IMMEDIATE", err);
	if (status != DEED_OK)
		return status;
	for (size_t i = 0; i < f->count && status == DEED_OK; i++)
		status = catalogue_row_write(f->db, &f->row[i], f->about.run,
					     err);
	if (status == DEED_OK)
		status = catalogue_exec(f->db, "COMMIT", err);
	if (status != DEED_OK)
		(void)!catalogue_exec(f->db, "ROLLBACK", NULL);
	drop(f);
	return status;
}

/* One that waits to be written, of this folder. */
static struct catalogue_row *waiting(const struct filling *f,
				     const char *folder)
{
	for (size_t i = f->count; i-- > 0;)
		if (!strcmp(f->row[i].item.folder, folder))
			return &f->row[i];
	return NULL;
}

/* Also as an earlier one: a manifest of the past need not be read to be known.
 */
static bool has_manifest(const struct catalogue_row *row,
			 const uint8_t cms[SHA256_SIZE])
{
	if (!memcmp(row->item.cms, cms, SHA256_SIZE))
		return true;
	for (size_t i = 0; i < row->past_count; i++)
		if (!memcmp(row->past[i].cms, cms, SHA256_SIZE))
			return true;
	return false;
}

/* A manifests_known_fn: this run has it already. */
static bool is_known(void *arg, const char *folder,
		     const uint8_t cms[SHA256_SIZE])
{
	struct filling *f = arg;
	const struct catalogue_row *row = waiting(f, folder);
	struct catalogue_item item;
	uint64_t generation;
	int64_t run;

	if (row != NULL && has_manifest(row, cms))
		return true;
	return catalogue_row_of_manifest(f->db, cms, &item, &generation, &run,
					 NULL) == DEED_OK &&
	       run == f->about.run && !strcmp(item.folder, folder);
}

/* Of two manifests of a deposit that one run sees the later counts, of two
 * wrappings of the first generation that which more places show, else the first
 * that was seen. */
static bool outdone(struct archive *a, const struct catalogue_item *old,
		    const struct catalogue_item *item)
{
	unsigned shown, unsure;

	if (!memcmp(old->cms, item->cms, SHA256_SIZE))
		return false;
	if (old->generation > 1 || item->generation > 1 ||
	    strcmp(old->folder, item->folder) != 0)
		return old->generation >= item->generation;
	shown = manifests_shown(a, old->folder, 1, old->cms, &unsure);
	return shown + unsure >=
	       manifests_shown(a, item->folder, 1, item->cms, NULL);
}

/*
 * What a manifest says against the row that is there.  What was seen of the
 * deposit before holds on, unless the row led elsewhere; a place without the
 * manifest degrades it.
 */
static enum deed_status compare(struct filling *f, struct catalogue_row *row,
				bool everywhere, bool *done,
				struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	uint8_t id[SHA256_SIZE];
	struct catalogue_item old;
	enum deed_status status;
	bool keys = true;
	int64_t run = 0;

	*done = false;
	catalogue_row_id(&row->item, id);
	status = catalogue_row_of_id(f->db, id, &old, &run, &why);
	if (status == DEED_NOT_FOUND) {
		f->changes->added++;
		status = DEED_OK;
	} else if (status == DEED_DAMAGED && run != 0) {
		f->changes->changed++;
		status = DEED_OK;
	} else if (status == DEED_OK && run == f->about.run &&
		   outdone(f->a, &old, &row->item)) {
		*done = true;
		return DEED_OK;
	} else if (status == DEED_OK) {
		if (!strcmp(old.folder, row->item.folder))
			row->item.state = old.state;
		status = catalogue_row_keys(f->db, row, &keys, err);
		if (!keys || !catalogue_item_same(&old, &row->item))
			f->changes->changed++;
	} else if (err != NULL) {
		*err = why;
	}
	if (!everywhere && row->item.state == CATALOGUE_HEALTHY)
		row->item.state = CATALOGUE_DEGRADED;
	return status;
}

/* The item's is borrowed for the length of the call, and the row waits for its
 * batch. */
static enum deed_status keep_past(struct catalogue_row *row,
				  const struct manifests_item *item,
				  struct deed_error *err)
{
	if (item->past_count == 0)
		return DEED_OK;
	row->past = malloc(item->past_count * sizeof(*row->past));
	if (row->past == NULL)
		return deed_error_memory(err);
	memcpy(row->past, item->past, item->past_count * sizeof(*row->past));
	row->past_count = item->past_count;
	return DEED_OK;
}

/* The row that is made; the next is the caller's to fill. */
static enum deed_status enter_row(struct filling *f, bool everywhere,
				  const struct manifests_item *item,
				  struct deed_error *err)
{
	struct catalogue_row *row = &f->row[f->count];
	bool done;
	enum deed_status status = compare(f, row, everywhere, &done, err);

	if (status == DEED_OK && !done) {
		status = keep_past(row, item, err);
		if (status == DEED_OK)
			f->count++;
	}
	return status == DEED_OK && f->count == BATCH ? flush(f, err) : status;
}

static enum deed_status enter_item(struct filling *f,
				   const struct manifests_item *item,
				   struct deed_error *err)
{
	struct catalogue_row *row = &f->row[f->count];

	memset(row, 0, sizeof(*row));
	catalogue_row_of(item->m, item->id, item->cms, row);
	return enter_row(f, manifests_everywhere(f->a, item), item, err);
}

/*
 * The first generation of a deposit of which the catalogue has a later one.
 * It is the place's fault, which lags; or nobody can tell without the log
 * which one is in force, and what is there stays.
 */
static enum deed_status enter_moved(struct filling *f,
				    const struct manifests_item *item,
				    const struct catalogue_item *old,
				    struct deed_error *err)
{
	struct manifests_item newest = { .m = item->m };
	struct catalogue_row *row = &f->row[f->count];
	enum deed_status status;
	struct stored *d = NULL;
	unsigned unsure;

	status = stored_load(f->a, old->folder, NULL, NULL, &d, NULL);
	if (status == DEED_OK) {
		newest = (struct manifests_item){ .m = d->m,
						  .id = d->id,
						  .cms = d->cms_sha256,
						  .past = d->past,
						  .past_count = d->past_count };
		status = enter_item(f, &newest, err);
		stored_free(d);
		return status;
	}
	/* A place that does not answer may well have it. */
	if (manifests_shown(f->a, old->folder, old->generation, old->cms,
			    &unsure) == 0 &&
	    unsure == 0)
		return enter_item(f, item, err);
	memset(row, 0, sizeof(*row));
	catalogue_row_of(item->m, item->id, item->cms, row);
	row->item = *old;
	return enter_row(f, true, &newest, err);
}

/* A manifests_fn. */
static enum deed_status enter(void *arg, const struct manifests_item *item,
			      struct deed_error *err)
{
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	enum deed_status status = DEED_OK;
	struct catalogue_item old;
	struct filling *f = arg;
	int64_t run;

	manifest_folder(item->m, folder);
	if (waiting(f, folder) != NULL)
		status = flush(f, err);
	if (status != DEED_OK)
		return status;
	if (item->m->generation == 1 &&
	    catalogue_row_of_id(f->db, item->id, &old, &run, NULL) == DEED_OK &&
	    old.generation > 1 && !strcmp(old.folder, folder))
		return enter_moved(f, item, &old, err);
	return enter_item(f, item, err);
}

/* What no place has any more goes; but where something could not be read it may
 * be there. */
static enum deed_status take_out(struct filling *f, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char sql[96];

	sqlite3_snprintf(sizeof(sql), sql,
			 "DELETE FROM deposit WHERE run <> %lld",
			 (sqlite3_int64)f->about.run);
	if (!f->changes->unread)
		status = catalogue_exec(f->db, sql, err);
	if (status == DEED_OK && !f->changes->unread)
		f->changes->removed = (uint64_t)sqlite3_changes(f->db);
	if (status == DEED_OK &&
	    (f->changes->removed > 0 || f->changes->changed > 0))
		status = catalogue_exec(
			f->db,
			"DELETE FROM recipient WHERE NOT EXISTS (SELECT 1"
			" FROM deposit d WHERE d.deposited ="
			" recipient.deposited AND d.id = recipient.id);"
			"DELETE FROM past WHERE NOT EXISTS (SELECT 1"
			" FROM deposit d WHERE d.id = past.id);"
			"DELETE FROM listed WHERE NOT EXISTS (SELECT 1"
			" FROM deposit d WHERE d.id = listed.id)",
			err);
	return status;
}

/* The run is over. */
static enum deed_status finish(struct filling *f, struct deed_error *err)
{
	enum deed_status status = catalogue_exec(f->db, "BEGIN IMMEDIATE", err);

	if (status != DEED_OK)
		return status;
	status = take_out(f, err);
	if (status == DEED_OK)
		status = catalogue_about_read(f->db, &f->about, err);
	f->about.complete = true;
	f->about.going = false;
	if (status == DEED_OK)
		status = catalogue_about_write(f->db, &f->about, err);
	if (status == DEED_OK)
		status = catalogue_exec(f->db, "COMMIT", err);
	if (status != DEED_OK)
		(void)!catalogue_exec(f->db, "ROLLBACK", NULL);
	return status;
}

/* Begin a run, or take up the one that was ended. */
static enum deed_status begin(struct filling *f, struct deed_error *err)
{
	enum deed_status status = catalogue_exec(
		f->db, "PRAGMA cache_size = -32768; BEGIN IMMEDIATE", err);

	if (status != DEED_OK)
		return status;
	status = catalogue_about_read(f->db, &f->about, err);
	if (status == DEED_OK && !f->about.going) {
		f->about.going = true;
		f->about.run++;
		status = catalogue_about_write(f->db, &f->about, err);
	}
	if (status == DEED_OK)
		status = catalogue_exec(f->db, "COMMIT", err);
	if (status != DEED_OK)
		(void)!catalogue_exec(f->db, "ROLLBACK", NULL);
	return status;
}

/* All places away is no reason to think that nothing was deposited. */
static enum deed_status any_place(struct archive *a, struct deed_error *err)
{
	if (archive_reach(a))
		return DEED_OK;
	return deed_error_set(err, DEED_REMOTE,
			      "no place of the archive answers");
}

static enum deed_status fill(struct archive *a, sqlite3 *db,
			     struct catalogue_changes *changes,
			     struct deed_error *err)
{
	struct filling f = { .a = a, .db = db, .changes = changes };
	enum deed_status status = any_place(a, err);

	f.row = calloc(BATCH, sizeof(*f.row));
	if (status == DEED_OK && f.row == NULL)
		status = deed_error_memory(err);
	if (status == DEED_OK)
		status = begin(&f, err);
	if (status == DEED_OK)
		status = manifests_walk(a, is_known, enter, &f,
					&changes->unread, err);
	if (status == DEED_OK)
		status = flush(&f, err);
	if (status == DEED_OK)
		status = finish(&f, err);
	if (status == DEED_OK)
		status = catalogue_row_count(db, &changes->deposits, err);
	if (f.row != NULL)
		drop(&f);
	free(f.row);
	return status;
}

static enum deed_status fresh(const char *path, sqlite3 **db,
			      struct catalogue_about *about,
			      struct deed_error *err)
{
	enum deed_status status;

	sqlite3_close(*db);
	*db = NULL;
	status = catalogue_file_make(path, false, err);
	if (status == DEED_OK)
		status = catalogue_file_open(path, db, about, err);
	return status;
}

static enum deed_status take_lock(struct archive *a, unsigned wait,
				  struct lock **lock, struct deed_error *err)
{
	char *path = path_join(a->dir, CATALOGUE_LOCK);
	enum deed_status status;

	*lock = NULL;
	status = path == NULL ? deed_error_memory(err)
			      : lock_acquire(path, wait, lock, err);
	free(path);
	return status;
}

/* Fill it to its end; where it turns out to be broken, from the beginning. */
static enum deed_status fill_up(struct archive *a, const char *path,
				sqlite3 **db, bool made, struct deed_error *err)
{
	struct catalogue_changes changes = { .deposits = 0 };
	struct deed_error why = DEED_ERROR_INIT;
	struct catalogue_about about;
	enum deed_status status = fill(a, *db, &changes, &why);

	if (status == DEED_DAMAGED && !made) {
		status = fresh(path, db, &about, &why);
		if (status == DEED_OK)
			status = fill(a, *db, &changes, &why);
	}
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

/* Under the lock. */
static enum deed_status rebuild(struct archive *a, const char *path,
				sqlite3 *broken, struct deed_error *err)
{
	struct catalogue_about about = { .run = 0 };
	struct deed_error why = DEED_ERROR_INIT;
	bool made = broken != NULL && !catalogue_file_moved(broken);
	sqlite3 *db = NULL;
	enum deed_status status = DEED_DAMAGED;

	if (!made)
		status = catalogue_file_open(path, &db, &about, &why);
	if (status == DEED_NOT_FOUND || status == DEED_DAMAGED) {
		made = true;
		status = fresh(path, &db, &about, &why);
	}
	if (status == DEED_OK && !about.complete)
		status = fill_up(a, path, &db, made, &why);
	sqlite3_close(db);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

enum deed_status catalogue_rebuild(struct archive *a, const char *path,
				   sqlite3 *broken, struct deed_error *err)
{
	struct lock *lock = NULL;
	enum deed_status status = take_lock(a, LOCK_WAIT, &lock, err);

	if (status == DEED_OK)
		status = rebuild(a, path, broken, err);
	lock_release(lock);
	return status;
}

/* Are the indexes and the tables at one?  Reading every page tells:
 * DEED_DAMAGED. */
static enum deed_status sound(sqlite3 *db, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	sqlite3_stmt *q = NULL;
	const char *text;

	if (sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &q, NULL) !=
		    SQLITE_OK ||
	    sqlite3_step(q) != SQLITE_ROW)
		status = catalogue_failed(db, err);
	text = status == DEED_OK ? (const char *)sqlite3_column_text(q, 0)
				 : NULL;
	if (status == DEED_OK && (text == NULL || strcmp(text, "ok") != 0))
		status = deed_error_set(err, DEED_DAMAGED, "catalogue '%s': %s",
					CATALOGUE_FILE,
					text == NULL ? "" : text);
	sqlite3_finalize(q);
	return status;
}

static bool is_broken(enum deed_status status)
{
	return status == DEED_NOT_FOUND || status == DEED_DAMAGED;
}

static enum deed_status reindex(struct archive *a, const char *path,
				unsigned wait, struct catalogue_changes *out,
				struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct catalogue_about about;
	struct lock *lock = NULL;
	sqlite3 *db = NULL;
	enum deed_status status = take_lock(a, wait, &lock, &why);

	if (status == DEED_OK) {
		status = catalogue_file_open(path, &db, &about, &why);
		if (status == DEED_OK)
			status = sound(db, &why);
		out->fresh = is_broken(status);
		if (out->fresh)
			status = fresh(path, &db, &about, &why);
	}
	if (status == DEED_OK)
		status = fill(a, db, out, &why);
	if (status == DEED_DAMAGED && !out->fresh) {
		*out = (struct catalogue_changes){ .fresh = true };
		status = fresh(path, &db, &about, &why);
		if (status == DEED_OK)
			status = fill(a, db, out, &why);
	}
	sqlite3_close(db);
	lock_release(lock);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

/* What the rows of scratch would change in those of db. */
static enum deed_status difference(sqlite3 *scratch, sqlite3 *db,
				   struct catalogue_changes *out,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK, found;
	struct catalogue_item item, old;
	uint64_t rows, there = 0;
	uint8_t id[SHA256_SIZE];
	sqlite3_stmt *q = NULL;
	int step = SQLITE_ERROR;
	int64_t run;

	out->added = out->changed = 0;
	if (sqlite3_prepare_v2(scratch,
			       "SELECT " CATALOGUE_COLUMNS " FROM deposit d",
			       -1, &q, NULL) == SQLITE_OK)
		while (status == DEED_OK &&
		       (step = sqlite3_step(q)) == SQLITE_ROW) {
			status = catalogue_row_read(q, &item, err);
			catalogue_row_id(&item, id);
			found = catalogue_row_of_id(db, id, &old, &run, NULL);
			if (found == DEED_OK || run != 0)
				there++;
			if (found != DEED_OK && run == 0)
				out->added++;
			else if (found != DEED_OK ||
				 !catalogue_item_same(&old, &item))
				out->changed++;
		}
	if (status == DEED_OK && step != SQLITE_DONE)
		status = catalogue_failed(scratch, err);
	sqlite3_finalize(q);
	if (status == DEED_OK)
		status = catalogue_row_count(db, &rows, err);
	if (status == DEED_OK && !out->unread)
		out->removed = rows - there;
	return status;
}

/* As reindex, into a database that nobody sees. */
static enum deed_status rehearse(struct archive *a, const char *path,
				 struct catalogue_changes *out,
				 struct deed_error *err)
{
	sqlite3 *scratch = NULL, *db = NULL;
	struct deed_error why = DEED_ERROR_INIT;
	struct catalogue_about about;
	enum deed_status status =
		catalogue_file_open_as_is(path, &db, &about, &why);

	if (status == DEED_OK)
		status = sound(db, &why);
	out->fresh = is_broken(status);
	if (out->fresh)
		status = DEED_OK;
	else if (status != DEED_OK && err != NULL)
		*err = why;
	if (status == DEED_OK)
		status = catalogue_file_scratch(&scratch, err);
	if (status == DEED_OK)
		status = fill(a, scratch, out, err);
	if (status == DEED_OK && !out->fresh)
		status = difference(scratch, db, out, err);
	sqlite3_close(db);
	sqlite3_close(scratch);
	return status;
}

enum deed_status catalogue_reindex(struct archive *a, unsigned wait,
				   bool dry_run, struct catalogue_changes *out,
				   struct deed_error *err)
{
	char *path = path_join(a->dir, CATALOGUE_FILE);
	enum deed_status status;

	*out = (struct catalogue_changes){ .deposits = 0 };
	if (path == NULL)
		return deed_error_memory(err);
	status = dry_run ? rehearse(a, path, out, err)
			 : reindex(a, path, wait, out, err);
	free(path);
	return status;
}
