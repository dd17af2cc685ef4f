/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/folders.h"

#include <stdio.h>
#include <stdlib.h>

#include "archive/each.h"
#include "archive/place/place.h"
#include "base/array.h"

/* Names that are read at once: what a LIST tells; of a folder of this machine
 * more, for it is sorted each time. */
#define PAGE 1000
#define PAGE_LOCAL 8192

#define FOLDER (2 * ARCHIVE_DEPOSIT)

struct entry {
	char folder[FOLDER + 1];
	struct object_name o;
};

/* What one place has from where it was read to. */
struct source {
	struct place *place;
	struct entry *entry; /* manifests alone */
	size_t count, cap, at;
	size_t seen;			     /* names of this page */
	size_t of_folder;		     /* manifests of the last folder */
	char last[FOLDER + 1];		     /* folder that was seen */
	char after[FOLDER + PLACE_NAME + 2]; /* the page ended with; or empty */
	bool full, done;
	enum deed_status failed; /* it could not be read to its end */
};

struct folders {
	struct archive *a;
	struct source source[ARCHIVE_PLACES_MAX];
	size_t lacking[ARCHIVE_PLACES_MAX], lacking_count; /* a page */
	char folder[FOLDER + 1];
	struct folders_name *name; /* of that folder */
	size_t count, cap;
};

/* ---- a page ---- */

/* Other names are passed over before they take memory. */
static bool is_manifest(const char *name, struct object_name *o)
{
	return object_parse(name, o) && o->kind == OBJECT_MANIFEST &&
	       o->number >= 1;
}

/* What is none may stand beside them, in a bucket shared with something else.
 */
static bool is_folder(const char *folder)
{
	return strlen(folder) == FOLDER &&
	       strspn(folder, "0123456789abcdef") == FOLDER;
}

/* The room of one page is used for the next (read_on). */
static enum deed_status keep(struct source *s, const char *folder,
			     const struct object_name *o,
			     struct deed_error *err)
{
	if (!array_room(&s->entry, &s->cap, s->count + 1))
		return deed_error_memory(err);
	memcpy(s->entry[s->count].folder, folder, FOLDER + 1);
	s->entry[s->count++].o = *o;
	return DEED_OK;
}

/* What is not in its order was passed already and cannot be merged with the
 * others: it is passed over, and so is what is over the limit of a folder. */
static enum deed_status see(struct source *s, const char *folder,
			    const char *name, struct deed_error *err)
{
	int order = strcmp(folder, s->last);
	struct object_name o;

	if (order > 0) {
		memcpy(s->last, folder, FOLDER + 1);
		s->of_folder = 0;
	}
	if (order < 0 || !is_manifest(name, &o) ||
	    s->of_folder == FOLDERS_NAMES)
		return DEED_OK;
	s->of_folder++;
	return keep(s, folder, &o, err);
}

/* A place_walk_fn.  It is ended behind the last of a page, so that no further
 * one is asked for; but not behind what cannot be said to be behind. */
static enum deed_status on_name(void *arg, const char *folder, const char *name,
				uint64_t size, struct deed_error *err)
{
	struct source *s = arg;
	enum deed_status status;

	(void)size;
	s->seen++;
	if (!is_folder(folder) || name[0] == '\0' || strlen(name) > PLACE_NAME)
		return DEED_OK;
	status = see(s, folder, name, err);
	if (status != DEED_OK)
		return status;
	(void)snprintf(s->after, sizeof(s->after), "%s/%s", folder, name);
	s->full = s->seen >= (place_is_local(s->place) ? PAGE_LOCAL : PAGE);
	return s->full ? deed_error_set(err, DEED_LIMIT, "a page is full")
		       : DEED_OK;
}

/* A pool_fn: pages until one has a manifest. */
static void read_on(void *arg, size_t i)
{
	struct folders *f = arg;
	struct source *s = &f->source[f->lacking[i]];

	s->count = s->at = 0;
	while (!s->done && s->count == 0) {
		char after[sizeof(s->after)];
		enum deed_status status;

		memcpy(after, s->after, sizeof(after));
		s->seen = 0;
		s->full = false;
		status = place_walk(s->place, after[0] == '\0' ? NULL : after,
				    on_name, s, NULL);
		s->done = !s->full;
		if (!s->full && status != DEED_OK)
			s->failed = status;
	}
}

/* A page for each that has none. */
static enum deed_status fill(struct folders *f, struct deed_error *err)
{
	f->lacking_count = 0;
	for (size_t i = 0; i < f->a->count; i++) {
		const struct source *s = &f->source[i];

		if (s->at == s->count && !s->done)
			f->lacking[f->lacking_count++] = i;
	}
	each_run(f->a, f->lacking_count, read_on, f);
	for (size_t i = 0; i < f->a->count; i++)
		if (f->source[i].failed == DEED_NO_MEMORY)
			return deed_error_memory(err);
	return DEED_OK;
}

/* ---- one folder ---- */

/* NULL where the page at hand is read to its end; whether another follows is
 * for fill. */
static const struct entry *head(const struct source *s)
{
	return s->at < s->count ? &s->entry[s->at] : NULL;
}

/* The first of all that are at hand; false where there is none. */
static bool find_folder(struct folders *f)
{
	const struct entry *first = NULL;

	for (size_t i = 0; i < f->a->count; i++) {
		const struct entry *e = head(&f->source[i]);

		if (e != NULL &&
		    (first == NULL || strcmp(e->folder, first->folder) < 0))
			first = e;
	}
	if (first != NULL)
		memcpy(f->folder, first->folder, sizeof(f->folder));
	return first != NULL;
}

/* Of a folder there are a few names mostly: they are searched one by one.
 * FOLDERS_NAMES a place bounds them. */
static enum deed_status take(struct folders *f, const struct object_name *o,
			     uint64_t place, struct deed_error *err)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->name[i].o.number == o->number &&
		    !memcmp(f->name[i].o.sha256, o->sha256, SHA256_SIZE)) {
			f->name[i].places |= place;
			return DEED_OK;
		}
	if (!array_room(&f->name, &f->cap, f->count + 1))
		return deed_error_memory(err);
	f->name[f->count++] = (struct folders_name){ .o = *o, .places = place };
	return DEED_OK;
}

/* All of it that is at hand; *more where a page ended with it. */
static enum deed_status take_folder(struct folders *f, bool *more,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	*more = false;
	for (size_t i = 0; i < f->a->count; i++) {
		struct source *s = &f->source[i];
		bool took = false;

		for (; status == DEED_OK && head(s) != NULL &&
		       !strcmp(head(s)->folder, f->folder);
		     s->at++) {
			status = take(f, &head(s)->o, UINT64_C(1) << i, err);
			took = true;
		}
		*more = *more || (took && head(s) == NULL && !s->done);
	}
	return status;
}

/* The first generation comes first: whoever reads on needs it to judge the
 * others. */
static int by_number(const void *a, const void *b)
{
	const struct folders_name *x = a, *y = b;

	return x->o.number < y->o.number ? -1 : x->o.number > y->o.number;
}

enum deed_status folders_next(struct folders *f, struct folders_one *out,
			      struct deed_error *err)
{
	enum deed_status status = fill(f, err);
	bool more = true;

	f->count = 0;
	if (status == DEED_OK && !find_folder(f))
		return DEED_NOT_FOUND;
	while (status == DEED_OK && more) {
		status = take_folder(f, &more, err);
		if (status == DEED_OK && more)
			status = fill(f, err);
	}
	if (f->count > 1)
		qsort(f->name, f->count, sizeof(*f->name), by_number);
	*out = (struct folders_one){ .folder = f->folder,
				     .name = f->name,
				     .count = f->count };
	for (size_t i = 0; i < f->a->count; i++)
		if (f->source[i].failed == DEED_OK)
			out->listed |= UINT64_C(1) << i;
	return status;
}

enum deed_status folders_new(struct archive *a, struct folders **out,
			     struct deed_error *err)
{
	struct folders *f = calloc(1, sizeof(*f));

	*out = f;
	if (f == NULL)
		return deed_error_memory(err);
	f->a = a;
	for (size_t i = 0; i < a->count; i++)
		f->source[i].place = a->place[i];
	return DEED_OK;
}

bool folders_unread(const struct folders *f)
{
	for (size_t i = 0; i < f->a->count; i++)
		if (f->source[i].failed != DEED_OK &&
		    f->source[i].failed != DEED_NOT_FOUND)
			return true;
	return false;
}

void folders_free(struct folders *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->a->count; i++)
		free(f->source[i].entry);
	free(f->name);
	free(f);
}
