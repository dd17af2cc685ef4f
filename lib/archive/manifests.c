/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/manifests.h"

#include <stdlib.h>

#include "archive/answering.h"
#include "archive/generations.h"

/* Of one folder. */
#define NAMES_MAX (2 * (size_t)GENERATIONS_MAX)

struct walk {
	struct archive *a;
	manifests_known_fn *known;
	manifests_fn *fn;
	void *arg;
	struct place *place;
	const char *folder;
	struct object_name *name; /* the manifests in it */
	size_t count, cap;
	bool failed; /* fn did */
	bool unread;
};

/* It is gone, or is not what it should be: what is there was read. */
static bool was_read(enum deed_status status)
{
	return status == DEED_OK || status == DEED_NOT_FOUND ||
	       status == DEED_MALFORMED || status == DEED_DAMAGED;
}

static enum deed_status on_object(void *arg, const char *name,
				  struct deed_error *err)
{
	struct walk *w = arg;
	size_t cap = w->cap == 0 ? 4 : 2 * w->cap;
	struct object_name o, *more;

	if (!object_parse(name, &o) || o.kind != OBJECT_MANIFEST ||
	    o.number < 1 || o.number > GENERATIONS_MAX || w->count == NAMES_MAX)
		return DEED_OK;
	if (w->count == w->cap) {
		more = reallocarray(w->name, cap, sizeof(*more));
		if (more == NULL)
			return deed_error_memory(err);
		w->name = more;
		w->cap = cap;
	}
	w->name[w->count++] = o;
	return DEED_OK;
}

static bool is_known(const struct walk *w, const struct object_name *o)
{
	return w->known != NULL && w->known(w->arg, w->folder, o->sha256);
}

static enum deed_status tell(struct walk *w, const struct manifests_item *item,
			     struct deed_error *err)
{
	enum deed_status status = w->fn(w->arg, item, err);

	w->failed = status != DEED_OK;
	return status;
}

/* A broken manifest here may be whole elsewhere; check reports it. */
static enum deed_status see_first(struct walk *w, const struct object_name *o,
				  struct deed_error *err)
{
	uint8_t payload[SHA256_SIZE];
	struct manifests_item item = { .id = payload, .cms = o->sha256 };
	struct buf bytes = BUF_INIT;
	struct manifest *m = NULL;
	enum deed_status status;

	status = object_get(w->place, w->folder, o, PLACE_OBJECT_MAX, &bytes,
			    NULL);
	w->unread |= !was_read(status);
	if (status == DEED_OK &&
	    manifest_peek(buf_get(&bytes), &m, payload, NULL) == DEED_OK &&
	    m->generation == 1) {
		item.m = m;
		status = tell(w, &item, err);
	} else {
		status = DEED_OK;
	}
	manifest_free(m);
	buf_clear(&bytes);
	return status;
}

/* Which of several is in force all places say together.  Where that cannot be
 * told there is still the first. */
static enum deed_status see_several(struct walk *w, bool *done,
				    struct deed_error *err)
{
	struct stored *d = NULL;
	enum deed_status status =
		stored_load(w->a, w->folder, NULL, NULL, &d, NULL);

	*done = status == DEED_OK;
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	status = DEED_OK;
	if (*done &&
	    !(w->known != NULL && w->known(w->arg, w->folder, d->cms_sha256))) {
		const struct manifests_item item = {
			.m = d->m,
			.id = d->id,
			.cms = d->cms_sha256,
			.past = d->past,
			.past_count = d->past_count,
		};

		status = tell(w, &item, err);
	}
	stored_free(d);
	return status;
}

static enum deed_status see_folder(struct walk *w, struct deed_error *err)
{
	bool known = true, several = false, done = false;
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < w->count; i++) {
		known = is_known(w, &w->name[i]) && known;
		several = several || w->name[i].number > 1;
	}
	if (known)
		return DEED_OK;
	if (several)
		status = see_several(w, &done, err);
	for (i = 0; i < w->count && !done && status == DEED_OK; i++)
		if (w->name[i].number == 1 && !is_known(w, &w->name[i]))
			status = see_first(w, &w->name[i], err);
	return status;
}

/* A folder or place that is not there, is none, or does not answer is passed
 * over: what it should have the others have, too. */
static enum deed_status list_place(struct walk *w, const char *folder,
				   place_fn *fn, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = place_list(w->place, folder, fn, w, &why);

	if (!w->failed && status != DEED_NO_MEMORY) {
		/* A list that is wrong may lack what is there. */
		w->unread |= !was_read(status) || status == DEED_DAMAGED;
		return DEED_OK;
	}
	if (err != NULL)
		*err = why;
	return status;
}

static enum deed_status on_folder(void *arg, const char *name,
				  struct deed_error *err)
{
	struct walk *w = arg;
	enum deed_status status;

	if (name[0] == '.')
		return DEED_OK;
	w->folder = name;
	w->count = 0;
	status = list_place(w, name, on_object, err);
	return status == DEED_OK ? see_folder(w, err) : status;
}

enum deed_status manifests_walk(struct archive *a, manifests_known_fn *known,
				manifests_fn *fn, void *arg, bool *unread,
				struct deed_error *err)
{
	struct walk w = { .a = a, .known = known, .fn = fn, .arg = arg };
	enum deed_status status = DEED_OK, there[ARCHIVE_PLACES_MAX];

	/* All at once, what does not answer costs its time. */
	answering_probe(a, there, NULL);
	for (size_t i = 0; i < a->count && status == DEED_OK; i++) {
		w.place = a->place[i];
		place_ascending(w.place, true);
		status = list_place(&w, NULL, on_folder, err);
		place_ascending(w.place, false);
	}
	if (unread != NULL)
		*unread = w.unread;
	free(w.name);
	return status;
}

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

bool manifests_everywhere(struct archive *a, const struct manifest *m,
			  const uint8_t cms[SHA256_SIZE])
{
	char folder[2 * ARCHIVE_DEPOSIT + 1], name[PLACE_NAME + 1];
	enum deed_status status[ARCHIVE_PLACES_MAX];
	struct place *place[ARCHIVE_PLACES_MAX];
	bool has = true;
	unsigned i;

	manifest_folder(m, folder);
	name_of(m->generation, cms, name);
	for (i = 0; i < m->n; i++)
		place[i] = archive_place(a, m->place[i]);
	ask(place, m->n, folder, name, status);
	for (i = 0; i < m->n; i++)
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
