/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/manifests.h"

#include <stdlib.h>

#include "archive/folders.h"
#include "archive/generations.h"

/* Manifests that are being read. */
#define WINDOW 16

struct reading {
	char folder[2 * ARCHIVE_DEPOSIT + 1];
	struct folders_name name;
	size_t at; /* the place that is asked */
	struct buf bytes;
	struct place_ticket *ticket;
	enum deed_status status; /* of begin */
};

struct walk {
	struct archive *a;
	manifests_known_fn *known;
	manifests_fn *fn;
	void *arg;
	struct reading reading[WINDOW];
	size_t first, count; /* of those, in turn */
	size_t turn;	     /* the next place that is asked first */
	bool unread;
};

/* It is gone, or is not what it should be: what is there was read. */
static bool was_read(enum deed_status status)
{
	return status == DEED_OK || status == DEED_NOT_FOUND ||
	       status == DEED_MALFORMED || status == DEED_DAMAGED;
}

/* A manifest never changes under its name: what is in the catalogue need not
 * be read again. */
static bool is_known(const struct walk *w, const char *folder,
		     const struct object_name *o)
{
	return w->known != NULL && w->known(w->arg, folder, o->sha256);
}

/* ---- one manifest ---- */

/* Of the places that list it each in turn is the first. */
static size_t next_place(struct walk *w, uint64_t places)
{
	size_t at;

	do
		at = w->turn++ % w->a->count;
	while (!(places >> at & 1));
	return at;
}

/* The window has room (see_folder).  A failure to begin is one of the reading,
 * and the other places are asked for it then. */
static void begin(struct walk *w, const char *folder,
		  const struct folders_name *name)
{
	struct reading *r = &w->reading[(w->first + w->count++) % WINDOW];

	*r = (struct reading){ .name = *name,
			       .at = next_place(w, name->places),
			       .bytes = BUF_INIT };
	memcpy(r->folder, folder, sizeof(r->folder));
	r->status =
		object_get_begin(w->a->place[r->at], r->folder, &r->name.o,
				 PLACE_OBJECT_MAX, &r->bytes, &r->ticket, NULL);
}

/* From the place that was asked, else from another that lists it. */
static enum deed_status finish(struct walk *w, struct reading *r)
{
	enum deed_status status = r->status;

	if (status == DEED_OK)
		status = object_get_finish(w->a->place[r->at], &r->name.o,
					   r->ticket, NULL);
	w->unread |= !was_read(status);
	for (size_t i = 0;
	     i < w->a->count && status != DEED_OK && status != DEED_NO_MEMORY;
	     i++) {
		if (i == r->at || !(r->name.places >> i & 1))
			continue;
		status = object_get(w->a->place[i], r->folder, &r->name.o,
				    PLACE_OBJECT_MAX, &r->bytes, NULL);
		w->unread |= !was_read(status);
	}
	return status;
}

/* The one that has been read for longest.  A broken manifest is passed over;
 * check reports it. */
static enum deed_status see_first(struct walk *w, struct deed_error *err)
{
	struct reading *r = &w->reading[w->first];
	uint8_t payload[SHA256_SIZE];
	struct manifests_item item = { .id = payload,
				       .cms = r->name.o.sha256,
				       .shown = r->name.places };
	struct manifest *m = NULL;
	enum deed_status status = finish(w, r);

	if (status == DEED_OK)
		status = manifest_peek(buf_get(&r->bytes), &m, payload, NULL);
	if (status == DEED_NO_MEMORY) {
		(void)deed_error_memory(err);
	} else if (status == DEED_OK && m->generation == 1) {
		item.m = m;
		status = w->fn(w->arg, &item, err);
	} else {
		status = DEED_OK;
	}
	manifest_free(m);
	buf_clear(&r->bytes);
	w->first = (w->first + 1) % WINDOW;
	w->count--;
	return status;
}

/* In their order, until none is under way: what follows may depend on all of
 * them having been told. */
static enum deed_status see_firsts(struct walk *w, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	while (w->count > 0 && status == DEED_OK)
		status = see_first(w, err);
	return status;
}

/* Nobody is told of those. */
static void drop(struct walk *w)
{
	for (; w->count > 0; w->count--) {
		struct reading *r = &w->reading[w->first];

		if (r->status == DEED_OK)
			(void)!place_finish(r->ticket, NULL);
		buf_clear(&r->bytes);
		w->first = (w->first + 1) % WINDOW;
	}
}

/* ---- one folder ---- */

/* By the hash alone, which names one manifest whatever number stands before
 * it. */
static uint64_t places_of(const struct folders_one *f,
			  const uint8_t cms[SHA256_SIZE])
{
	for (size_t i = 0; i < f->count; i++)
		if (!memcmp(f->name[i].o.sha256, cms, SHA256_SIZE))
			return f->name[i].places;
	return 0;
}

/* Which of several is in force all places say together.  Where that cannot be
 * told there is still the first. */
static enum deed_status see_several(struct walk *w, const struct folders_one *f,
				    bool *done, struct deed_error *err)
{
	struct stored *d = NULL;
	enum deed_status status =
		stored_load_shown(w->a, f->folder, f, NULL, &d, NULL);

	*done = status == DEED_OK;
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	status = DEED_OK;
	if (*done &&
	    !(w->known != NULL && w->known(w->arg, f->folder, d->cms_sha256))) {
		const struct manifests_item item = {
			.m = d->m,
			.id = d->id,
			.cms = d->cms_sha256,
			.past = d->past,
			.past_count = d->past_count,
			.shown = places_of(f, d->cms_sha256),
		};

		status = w->fn(w->arg, &item, err);
	}
	stored_free(d);
	return status;
}

/* Where all are known nothing is read.  With a later generation the firsts
 * that are being read are seen before it, so that folders are told in their
 * order. */
static enum deed_status see_folder(struct walk *w, const struct folders_one *f,
				   struct deed_error *err)
{
	bool known = true, several = false, done = false;
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < f->count; i++) {
		known = is_known(w, f->folder, &f->name[i].o) && known;
		several = several || f->name[i].o.number > 1;
	}
	if (known)
		return DEED_OK;
	if (several)
		status = see_firsts(w, err);
	if (several && status == DEED_OK)
		status = see_several(w, f, &done, err);
	for (i = 0; i < f->count && !done && status == DEED_OK; i++) {
		if (f->name[i].o.number > 1 ||
		    is_known(w, f->folder, &f->name[i].o))
			continue;
		if (w->count == WINDOW)
			status = see_first(w, err);
		if (status == DEED_OK)
			begin(w, f->folder, &f->name[i]);
	}
	return status;
}

/* A place that is not there, is none, or does not answer is passed over: what
 * it should have the others have, too. */
enum deed_status manifests_walk(struct archive *a, manifests_known_fn *known,
				manifests_fn *fn, void *arg, bool *unread,
				struct deed_error *err)
{
	struct walk *w = calloc(1, sizeof(*w));
	struct folders *folders = NULL;
	enum deed_status status = DEED_NO_MEMORY;
	struct folders_one f;

	if (w == NULL)
		return deed_error_memory(err);
	*w = (struct walk){ .a = a, .known = known, .fn = fn, .arg = arg };
	status = folders_new(a, &folders, err);
	while (status == DEED_OK) {
		status = folders_next(folders, &f, err);
		if (status == DEED_OK)
			status = see_folder(w, &f, err);
	}
	if (status == DEED_NOT_FOUND)
		status = see_firsts(w, err);
	drop(w);
	if (unread != NULL)
		*unread = w->unread ||
			  (folders != NULL && folders_unread(folders));
	folders_free(folders);
	free(w);
	return status;
}

/* What a place must list for it to have this manifest. */
static void name_of(uint64_t number, const uint8_t cms[SHA256_SIZE],
		    char out[PLACE_NAME + 1])
{
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = number };

	memcpy(o.sha256, cms, SHA256_SIZE);
	object_format(&o, out);
}

/* Which of some places have something under a name?  NULL is no place. */
static void ask(struct place *const place[], size_t count, const char *folder,
		const char *name, enum deed_status status[])
{
	struct place_ticket *ticket[ARCHIVE_PLACES_MAX];
	size_t i;

	for (i = 0; i < count; i++)
		status[i] = place[i] == NULL
				    ? DEED_NOT_FOUND
				    : place_head_begin(place[i], folder, name,
						       NULL, &ticket[i], NULL);
	for (i = 0; i < count; i++)
		if (status[i] == DEED_OK)
			status[i] = place_finish(ticket[i], NULL);
}

/* Did it list it? */
static bool shows(const struct archive *a, const struct manifests_item *item,
		  const struct place *p)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->place[i] == p)
			return item->shown >> i & 1;
	return false;
}

bool manifests_everywhere(struct archive *a, const struct manifests_item *item)
{
	char folder[2 * ARCHIVE_DEPOSIT + 1], name[PLACE_NAME + 1];
	enum deed_status status[ARCHIVE_PLACES_MAX];
	struct place *place[ARCHIVE_PLACES_MAX] = { NULL };
	const struct manifest *m = item->m;
	bool has = true;
	size_t count = 0;

	manifest_folder(m, folder);
	name_of(m->generation, item->cms, name);
	for (unsigned i = 0; i < m->n; i++) {
		place[count] = archive_place(a, m->place[i]);
		count += place[count] == NULL || !shows(a, item, place[count]);
	}
	ask(place, count, folder, name, status);
	for (size_t i = 0; i < count; i++)
		has = has && status[i] == DEED_OK;
	return has;
}

unsigned manifests_shown(struct archive *a, const char *folder, uint64_t number,
			 const uint8_t cms[SHA256_SIZE], unsigned *unsure)
{
	enum deed_status status[ARCHIVE_PLACES_MAX];
	char name[PLACE_NAME + 1];
	unsigned count = 0, unknown = 0;

	name_of(number, cms, name);
	ask(a->place, a->count, folder, name, status);
	for (size_t i = 0; i < a->count; i++) {
		count += status[i] == DEED_OK;
		unknown += status[i] != DEED_OK && status[i] != DEED_NOT_FOUND;
	}
	if (unsure != NULL)
		*unsure = unknown;
	return count;
}
