/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/lost_priv.h"

#include <stdlib.h>

#include "archive/begun.h"
#include "archive/place/place.h"
#include "base/array.h"

/* Folders that are looked at in one run. */
#define FOLDERS_MAX 65536

/* Other folders of a place, such as those for all deposits, are none of a
 * deposit's. */
static bool is_folder(const char *name)
{
	return strspn(name, "0123456789abcdef") == LOST_DIGITS &&
	       name[LOST_DIGITS] == '\0';
}

/* The name was looked at: it has LOST_DIGITS digits and a NUL. */
static enum deed_status add(struct folders *f, const char *name,
			    struct deed_error *err)
{
	if (!array_room(&f->name, &f->cap, f->count + 1))
		return deed_error_memory(err);
	memcpy(f->name[f->count++], name, LOST_DIGITS + 1);
	return DEED_OK;
}

/* Both of one length, NUL and all. */
static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Of several places the same folders are found: each is looked at once. */
static void sort(struct folders *f)
{
	size_t i, count = 0;

	if (f->count > 1)
		qsort(f->name, f->count, sizeof(*f->name), compare);
	for (i = 0; i < f->count; i++)
		if (count == 0 || strcmp(f->name[count - 1], f->name[i]) != 0)
			memmove(f->name[count++], f->name[i], LOST_DIGITS + 1);
	f->count = count;
}

/* Sorted before it is asked. */
static bool has(const struct folders *f, const char *name)
{
	return f->count > 0 && bsearch(name, f->name, f->count,
				       sizeof(*f->name), compare) != NULL;
}

/* ---- what the catalogue has ---- */

/* A catalogue_fn. */
static enum deed_status on_row(void *arg, const struct catalogue_item *item,
			       struct deed_error *err)
{
	struct rows *r = arg;

	(void)err;
	r->item[r->count++] = *item;
	return DEED_OK;
}

/* The folders of places and the rows are gone through side by side, so that
 * memory does not grow with the catalogue. */
static enum deed_status more_rows(struct lost *l, struct deed_error *err)
{
	struct catalogue_item last;
	struct catalogue_query q = { .by_folder = true, .limit = LOST_ROWS };
	enum deed_status status;

	if (l->rows.count > 0) {
		last = l->rows.item[l->rows.count - 1];
		q.after = &last;
	}
	l->rows.count = l->rows.at = 0;
	status = catalogue_list(l->c, &q, on_row, &l->rows, err);
	l->rows.end = l->rows.count < LOST_ROWS;
	return status;
}

/* Folders are asked for in ascending order. */
static enum deed_status is_entered(struct lost *l, const char *folder,
				   bool *yes, struct deed_error *err)
{
	struct rows *r = &l->rows;
	enum deed_status status = DEED_OK;

	while (status == DEED_OK) {
		while (r->at < r->count &&
		       strcmp(r->item[r->at].folder, folder) < 0)
			r->at++;
		if (r->at < r->count || r->end)
			break;
		status = more_rows(l, err);
	}
	*yes = r->at < r->count && !strcmp(r->item[r->at].folder, folder);
	return status;
}

enum deed_status lost_is_entered_now(struct lost *l, const char *folder,
				     bool *yes, struct deed_error *err)
{
	struct catalogue_item before = { .generation = 1 };
	const struct catalogue_query q = { .by_folder = true,
					   .after = &before,
					   .limit = 1 };
	struct rows *r = &l->rows;
	enum deed_status status;

	memcpy(before.folder, folder, LOST_DIGITS + 1);
	memset(before.id, '0', CATALOGUE_ID);
	r->count = 0;
	status = catalogue_list(l->c, &q, on_row, r, err);
	*yes = r->count > 0 && !strcmp(r->item[0].folder, folder);
	return status;
}

/* ---- what the places have ---- */

/* The folder that was gone through to its end. */
static enum deed_status end_folder(struct lost *l, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool entered = true;

	if (l->folder[0] != '\0' && !l->manifest)
		status = is_entered(l, l->folder, &entered, err);
	if (status == DEED_OK && !entered) {
		status = add(&l->found, l->folder, err);
		l->here++;
	}
	l->folder[0] = '\0';
	l->manifest = false;
	return status;
}

/* A place_walk_fn. */
static enum deed_status on_object(void *arg, const char *folder,
				  const char *name, uint64_t size,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct object_name o;
	struct lost *l = arg;

	(void)size;
	if (strcmp(folder, l->folder) != 0) {
		status = end_folder(l, err);
		if (status == DEED_OK && is_folder(folder))
			memcpy(l->folder, folder, LOST_DIGITS + 1);
	}
	if (object_parse(name, &o) && o.kind == OBJECT_MANIFEST)
		l->manifest = true;
	if (status == DEED_OK && l->here == FOLDERS_MAX) {
		l->out->more = true;
		return DEED_NO;
	}
	return status;
}

enum deed_status lost_answered(enum deed_status status, struct deed_error *err)
{
	if (status != DEED_DAMAGED)
		return status;
	if (err != NULL)
		err->status = DEED_REMOTE;
	return DEED_REMOTE;
}

/* A walk that was ended because enough was found is no failure; the rest is
 * for the next run (lost_report.more). */
static enum deed_status look_at_place(struct lost *l, size_t at,
				      struct deed_error *err)
{
	struct place *p = l->a->place[at];
	enum deed_status status;

	if (lost_is_unmade(l, at))
		return DEED_OK;
	l->rows = (struct rows){ .count = 0 };
	l->folder[0] = '\0';
	l->manifest = false;
	l->here = 0;
	status = lost_answered(place_walk(p, NULL, on_object, l, err), err);
	if (status == DEED_NO && l->here == FOLDERS_MAX)
		return DEED_OK;
	return status == DEED_OK ? end_folder(l, err) : status;
}

/* ---- all of them ---- */

/* A begun_folder_fn. */
static enum deed_status on_begun(void *arg, const char *folder,
				 struct deed_error *err)
{
	struct lost *l = arg;

	return add(&l->begun, folder, err);
}

/* Whoever begins after this writes in a folder that was not found. */
static enum deed_status look_at_begun(struct lost *l, struct deed_error *err)
{
	enum deed_status status = begun_folders(l->a, on_begun, l, err);

	sort(&l->begun);
	return status;
}

enum deed_status lost_answer(const struct archive *a,
			     const struct answering *places,
			     struct deed_error *err)
{
	for (size_t i = 0; i < a->count; i++)
		if (places->away[i])
			return deed_error_set(err, DEED_REMOTE,
					      "place '%s' does not answer",
					      place_name(a->place[i]));
	return DEED_OK;
}

enum deed_status lost_remove(struct archive *a, struct catalogue *c,
			     const struct lost_options *options,
			     struct lost_report *out, struct deed_error *err)
{
	struct lost *l = calloc(1, sizeof(*l));
	enum deed_status status;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (l == NULL)
		return deed_error_memory(err);
	*l = (struct lost){ .a = a, .c = c, .options = options, .out = out };
	status = lost_answer(a, options->places, err);
	for (i = 0; i < a->count && status == DEED_OK; i++)
		status = look_at_place(l, i, err);
	sort(&l->found);
	if (status == DEED_OK && l->found.count > 0)
		status = look_at_begun(l, err);
	for (i = 0; i < l->found.count && status == DEED_OK; i++)
		if (!has(&l->begun, l->found.name[i]))
			status = lost_look_at_folder(l, l->found.name[i], err);
	if (status == DEED_OK && l->failed != DEED_OK) {
		status = l->failed;
		if (err != NULL)
			*err = l->why;
	}
	free(l->found.name);
	free(l->begun.name);
	free(l);
	return status;
}
