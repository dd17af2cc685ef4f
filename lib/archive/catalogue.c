/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/catalogue.h"

#include <stdlib.h>

#include "archive/catalogue_list.h"
#include "archive/catalogue_places.h"
#include "archive/catalogue_priv.h"
#include "archive/catalogue_row.h"
#include "base/file.h"
#include "codec/hex.h"

/* Make it anew; why says what is wrong with the one that is open, or with the
 * one that could not be opened. */
static enum deed_status mend(struct catalogue *c, enum deed_status status,
			     const struct deed_error *why,
			     struct deed_error *err)
{
	c->mended = true;
	if (status == DEED_DAMAGED) {
		free(c->remade);
		c->remade = strdup(why->message);
	}
	status = catalogue_rebuild(c->a, c->path, c->db, err);
	sqlite3_close(c->db);
	c->db = NULL;
	if (status == DEED_OK)
		status = catalogue_file_open(c->path, &c->db, &c->about, err);
	return status;
}

/* After a question that failed: may it be asked again? */
static bool again(struct catalogue *c, enum deed_status *status,
		  struct deed_error *why)
{
	struct deed_error first = *why;

	if (*status != DEED_DAMAGED || c->mended)
		return false;
	*status = mend(c, *status, &first, why);
	return *status == DEED_OK;
}

/* What was asked may be asked again (again): err is told of the last time
 * alone. */
static enum deed_status answer(enum deed_status status,
			       const struct deed_error *why,
			       struct deed_error *err)
{
	if (status != DEED_OK && err != NULL)
		*err = *why;
	return status;
}

/* What is there is opened and judged, and nothing made: whoever calls decides
 * whether a broken one is made anew. */
static enum deed_status open_file(struct archive *a, bool as_is,
				  struct catalogue *c, struct deed_error *err)
{
	c->a = a;
	c->path = path_join(a->dir, CATALOGUE_FILE);
	if (c->path == NULL)
		return deed_error_memory(err);
	return as_is ? catalogue_file_open_as_is(c->path, &c->db, &c->about,
						 err)
		     : catalogue_file_open(c->path, &c->db, &c->about, err);
}

/* One that could not be opened is closed with all that is in it. */
static enum deed_status hand_over(enum deed_status status, struct catalogue *c,
				  const struct deed_error *why,
				  struct catalogue **out,
				  struct deed_error *err)
{
	if (status == DEED_OK)
		*out = c;
	else
		catalogue_close(c);
	return answer(status, why, err);
}

enum deed_status catalogue_open(struct archive *a, struct catalogue **out,
				struct deed_error *err)
{
	struct catalogue *c = calloc(1, sizeof(*c));
	struct deed_error why = DEED_ERROR_INIT, first;
	enum deed_status status;

	*out = NULL;
	if (c == NULL)
		return deed_error_memory(err);
	status = open_file(a, false, c, &why);
	first = why;
	if (status == DEED_NOT_FOUND || status == DEED_DAMAGED ||
	    (status == DEED_OK && !c->about.complete)) {
		bool begun = status == DEED_OK;

		sqlite3_close(c->db);
		c->db = NULL;
		status = mend(c, status, &first, &why);
		/* One that was only filled up may be broken still. */
		c->mended = !begun;
	}
	return hand_over(status, c, &why, out, err);
}

enum deed_status catalogue_open_as_is(struct archive *a, struct catalogue **out,
				      struct deed_error *err)
{
	struct catalogue *c = calloc(1, sizeof(*c));
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	*out = NULL;
	if (c == NULL)
		return deed_error_memory(err);
	c->mended = true;
	status = open_file(a, true, c, &why);
	if (status == DEED_OK && !c->about.complete)
		status = deed_error_set(&why, DEED_DAMAGED,
					"catalogue '%s': it is being made",
					CATALOGUE_FILE);
	return hand_over(status, c, &why, out, err);
}

void catalogue_close(struct catalogue *c)
{
	if (c == NULL)
		return;
	catalogue_seen_flush(c);
	free(c->seen);
	sqlite3_close(c->db);
	free(c->remade);
	free(c->path);
	free(c);
}

const char *catalogue_remade(const struct catalogue *c)
{
	return c->remade;
}

/* The only row that a statement finds; DEED_USAGE for several. */
static enum deed_status one_row(sqlite3 *db, sqlite3_stmt *q,
				struct catalogue_item *out,
				struct deed_error *err)
{
	enum deed_status status;
	int step = sqlite3_step(q);

	if (step == SQLITE_DONE)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "there is no such deposit");
	if (step != SQLITE_ROW)
		return catalogue_failed(db, err);
	status = catalogue_row_read(q, out, err);
	if (status == DEED_OK && sqlite3_step(q) == SQLITE_ROW)
		status = deed_error_set(err, DEED_USAGE,
					"there are several such deposits");
	return status;
}

/* Two rows are enough to see that a beginning names several. */
static enum deed_status find_between(sqlite3 *db,
				     const uint8_t from[SHA256_SIZE],
				     const uint8_t to[SHA256_SIZE],
				     struct catalogue_item *out,
				     struct deed_error *err)
{
	enum deed_status status;
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(db,
			       "SELECT " CATALOGUE_COLUMNS " FROM deposit d"
			       " WHERE d.id BETWEEN ?1 AND ?2 LIMIT 2",
			       -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_bind_blob(q, 1, from, SHA256_SIZE, SQLITE_STATIC) ==
		    SQLITE_OK &&
	    sqlite3_bind_blob(q, 2, to, SHA256_SIZE, SQLITE_STATIC) ==
		    SQLITE_OK)
		status = one_row(db, q, out, err);
	else
		status = catalogue_failed(db, err);
	sqlite3_finalize(q);
	return status;
}

/* The ids that begin with the digits of text lie between two of them. */
static bool range_of(const char *text, uint8_t from[SHA256_SIZE],
		     uint8_t to[SHA256_SIZE])
{
	size_t len = strspn(text, "0123456789abcdef");

	if (len < CATALOGUE_ID_MIN || len > CATALOGUE_ID || text[len] != '\0')
		return false;
	memset(from, 0, SHA256_SIZE);
	memset(to, 0xff, SHA256_SIZE);
	for (size_t i = 0; i < len; i++) {
		unsigned digit = (unsigned)hex_digit((uint8_t)text[i]);
		unsigned shift = i % 2 == 0 ? 4 : 0;

		from[i / 2] = (uint8_t)(from[i / 2] | digit << shift);
		to[i / 2] = (uint8_t)((to[i / 2] & ~(0xfu << shift)) |
				      digit << shift);
	}
	return true;
}

enum deed_status catalogue_find(struct catalogue *c, const char *text,
				struct catalogue_item *out,
				struct deed_error *err)
{
	uint8_t from[SHA256_SIZE], to[SHA256_SIZE];
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	if (!range_of(text, from, to))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is no id of a deposit", text);
	do {
		status = find_between(c->db, from, to, out, &why);
	} while (again(c, &status, &why));
	if (status == DEED_NOT_FOUND)
		return deed_error_set(err, status, "there is no deposit '%s'",
				      text);
	if (status == DEED_USAGE)
		return deed_error_set(err, status,
				      "'%s' begins the ids of several deposits",
				      text);
	return answer(status, &why, err);
}

enum deed_status catalogue_find_manifest(struct catalogue *c,
					 const uint8_t cms[SHA256_SIZE],
					 struct catalogue_item *out,
					 uint64_t *generation,
					 struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	uint64_t number;
	int64_t run;

	if (generation == NULL)
		generation = &number;
	do {
		status = catalogue_row_of_manifest(c->db, cms, out, generation,
						   &run, &why);
	} while (again(c, &status, &why));
	return answer(status, &why, err);
}

enum deed_status catalogue_list(struct catalogue *c,
				const struct catalogue_query *query,
				catalogue_fn *fn, void *arg,
				struct deed_error *err)
{
	struct catalogue_page *page = malloc(sizeof(*page));
	struct deed_error why = DEED_ERROR_INIT;
	const struct catalogue_item *after = query->after;
	struct catalogue_item last;
	enum deed_status status =
		page == NULL ? deed_error_memory(&why) : DEED_OK;
	uint64_t left = query->limit == 0 ? UINT64_MAX : query->limit;

	while (status == DEED_OK && left > 0) {
		page->want =
			left < CATALOGUE_PAGE ? (size_t)left : CATALOGUE_PAGE;
		do {
			status = catalogue_list_page(c->db, query, after, page,
						     &why);
		} while (again(c, &status, &why));
		for (size_t i = 0; status == DEED_OK && i < page->count; i++)
			status = fn(arg, &page->item[i], &why);
		if (status != DEED_OK || page->count < page->want)
			break;
		last = page->item[page->count - 1];
		after = &last;
		left -= page->count;
	}
	free(page);
	return answer(status, &why, err);
}

enum deed_status catalogue_past(struct catalogue *c,
				const struct catalogue_item *item,
				struct stored_past **out, size_t *count,
				struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	uint8_t id[SHA256_SIZE];

	catalogue_row_id(item, id);
	do {
		status = catalogue_row_past(c->db, id, out, count, &why);
	} while (again(c, &status, &why));
	return answer(status, &why, err);
}

enum deed_status catalogue_count(struct catalogue *c, uint64_t *out,
				 struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	do {
		status = catalogue_row_count(c->db, out, &why);
	} while (again(c, &status, &why));
	return answer(status, &why, err);
}

enum deed_status catalogue_agrees(struct catalogue *c, const struct manifest *m,
				  const uint8_t id[SHA256_SIZE],
				  const uint8_t cms[SHA256_SIZE], bool *agrees,
				  struct deed_error *err)
{
	struct catalogue_row *row = calloc(1, sizeof(*row));
	struct deed_error why = DEED_ERROR_INIT;
	struct catalogue_item there;
	enum deed_status status;

	*agrees = false;
	if (row == NULL)
		return deed_error_memory(err);
	catalogue_row_of(m, id, cms, row);
	status = catalogue_find(c, row->item.id, &there, &why);
	if (status == DEED_OK && catalogue_item_same(&there, &row->item))
		status = catalogue_row_keys(c->db, row, agrees, &why);
	free(row);
	return status == DEED_NOT_FOUND ? DEED_OK : answer(status, &why, err);
}

enum deed_status catalogue_followed(struct catalogue *c, uint64_t *out,
				    struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	do {
		status = catalogue_about_read(c->db, &c->about, &why);
	} while (again(c, &status, &why));
	*out = c->about.followed;
	return answer(status, &why, err);
}
