/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue.h"

#include <stdlib.h>
#include <time.h>

#include "archive/catalogue_priv.h"
#include "archive/catalogue_row.h"
#include "base/file.h"
#include "base/lock.h"

/* A file that somebody is putting in its place is there after a moment. */
#define TRIES 50
#define PAUSE_NS 20000000

enum deed_status catalogue_create(const char *dir, struct deed_error *err)
{
	char *path = path_join(dir, CATALOGUE_FILE);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = catalogue_file_make(path, true, err);
	free(path);
	return status;
}

/* An empty one, unless somebody is at it or was first. */
static void replace_broken(struct archive *a, const char *path)
{
	char *name = path_join(a->dir, CATALOGUE_LOCK);
	struct catalogue_about about;
	struct lock *lock = NULL;
	sqlite3 *db = NULL;
	enum deed_status status = DEED_OK;

	if (name != NULL && lock_acquire(name, 0, &lock, NULL) == DEED_OK)
		status = catalogue_file_open(path, &db, &about, NULL);
	if (status == DEED_NOT_FOUND || status == DEED_DAMAGED)
		(void)!catalogue_file_make(path, false, NULL);
	sqlite3_close(db);
	lock_release(lock);
	free(name);
}

/* What is to be entered, and room for one row. */
struct adding {
	const struct catalogue_new *item;
	size_t count;
	struct catalogue_row row;
};

/* Under the number of the run that goes on, so that its end does not take them
 * out as unseen.  The past is borrowed; the row does not free it. */
static enum deed_status write_rows(sqlite3 *db, struct adding *adding,
				   struct deed_error *err)
{
	struct catalogue_about about;
	enum deed_status status = catalogue_about_read(db, &about, err);
	size_t i;

	for (i = 0; i < adding->count && status == DEED_OK; i++) {
		const struct catalogue_new *item = &adding->item[i];

		catalogue_row_of(item->m, item->id, item->cms, &adding->row);
		adding->row.item.state = item->state;
		adding->row.past = (struct stored_past *)(uintptr_t)item->past;
		adding->row.past_count = item->past_count;
		status = catalogue_row_write(db, &adding->row, about.run, err);
	}
	return status;
}

/* In one transaction, and into the file that has the name. */
static enum deed_status add_to(sqlite3 *db, struct adding *adding, bool *moved,
			       struct deed_error *err)
{
	enum deed_status status = catalogue_exec(db, "BEGIN IMMEDIATE", err);

	if (status != DEED_OK)
		return status;
	*moved = catalogue_file_moved(db);
	if (!*moved)
		status = write_rows(db, adding, err);
	if (status == DEED_OK && !*moved)
		status = catalogue_exec(db, "COMMIT", err);
	if (status != DEED_OK || *moved)
		(void)!catalogue_exec(db, "ROLLBACK", NULL);
	return status;
}

/* A file that is replaced while rows are written to it would take them along:
 * they are then written to the new one.  Bounded, for a disk may bring forth a
 * broken one each time. */
static enum deed_status add_rows(struct archive *a, const char *path,
				 struct adding *adding, struct deed_error *err)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	struct catalogue_about about;
	enum deed_status status = DEED_DAMAGED;
	bool moved = true;

	for (int i = 0; i < TRIES && (moved || status == DEED_DAMAGED); i++) {
		sqlite3 *db = NULL;

		if (i > 1)
			(void)nanosleep(&pause, NULL);
		moved = false;
		status = catalogue_file_open(path, &db, &about, err);
		if (status == DEED_OK)
			status = add_to(db, adding, &moved, err);
		sqlite3_close(db);
		if (status == DEED_NOT_FOUND)
			status = DEED_DAMAGED;
		if (status == DEED_DAMAGED)
			replace_broken(a, path);
	}
	return status;
}

enum deed_status catalogue_add_all(struct archive *a,
				   const struct catalogue_new *items,
				   size_t count, struct deed_error *err)
{
	struct adding *adding = calloc(1, sizeof(*adding));
	char *path = path_join(a->dir, CATALOGUE_FILE);
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	if (path == NULL || adding == NULL) {
		status = deed_error_memory(&why);
	} else {
		adding->item = items;
		adding->count = count;
		status = add_rows(a, path, adding, &why);
	}
	free(path);
	free(adding);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

enum deed_status catalogue_add_stored(struct archive *a, const struct stored *d,
				      struct deed_error *err)
{
	const struct catalogue_new item = { .m = d->m,
					    .id = d->id,
					    .cms = d->cms_sha256,
					    .past = d->past,
					    .past_count = d->past_count };

	return catalogue_add_all(a, &item, 1, err);
}

enum deed_status catalogue_follow(struct catalogue *c, uint64_t entries,
				  struct deed_error *err)
{
	enum deed_status status = catalogue_exec(c->db, "BEGIN IMMEDIATE", err);

	if (status != DEED_OK)
		return status;
	status = catalogue_about_read(c->db, &c->about, err);
	c->about.followed = entries;
	if (status == DEED_OK)
		status = catalogue_about_write(c->db, &c->about, err);
	if (status == DEED_OK)
		status = catalogue_exec(c->db, "COMMIT", err);
	if (status != DEED_OK)
		(void)!catalogue_exec(c->db, "ROLLBACK", NULL);
	return status;
}

/* The row is read again under the lock, as it goes into the check value with
 * all it has by then. */
static enum deed_status change_state(sqlite3 *db, const char *id,
				     enum catalogue_state state,
				     struct deed_error *err)
{
	enum deed_status status = catalogue_exec(db, "BEGIN IMMEDIATE", err);

	if (status != DEED_OK)
		return status;
	status = catalogue_row_state(db, id, state, err);
	if (status == DEED_OK)
		status = catalogue_exec(db, "COMMIT", err);
	if (status != DEED_OK)
		(void)!catalogue_exec(db, "ROLLBACK", NULL);
	return status;
}

enum deed_status catalogue_set_state(struct catalogue *c, const char *id,
				     enum catalogue_state state,
				     struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct catalogue_item item;
	enum deed_status status = catalogue_find(c, id, &item, &why);

	if (status == DEED_NOT_FOUND ||
	    (status == DEED_OK && item.state == state))
		return DEED_OK;
	if (status == DEED_OK)
		return change_state(c->db, item.id, state, err);
	if (err != NULL)
		*err = why;
	return status;
}
