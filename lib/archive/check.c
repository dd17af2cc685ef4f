/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/check.h"

#include <pthread.h>
#include <stdlib.h>

#include "archive/layout.h"
#include "archive/place/place.h"
#include "archive/texts.h"
#include "base/pool.h"

#define JOBS_MAX 4

/* What should lie at one place, by name. */
struct expected {
	size_t count;
	struct object_name *object;
	char (*name)[PLACE_NAME + 1];
	bool *good;
	struct place *place;
	bool have_share;
};

struct work {
	struct archive *archive;
	const struct stored *d;
	struct check_report *report;
	struct expected at[ERASURE_MAX];
	struct check_place *now; /* the place being listed */
	const struct expected *listed;
	size_t *left;	       /* good segments of each chunk */
	pthread_mutex_t mutex; /* over the report, while the pool runs */
};

static void problem(struct check_place *p, const char *what, const char *name)
{
	if (p->problems++ < CHECK_PROBLEMS)
		buf_printf(&p->text, "%s: %s\n", name, what);
}

/* The manifest, and sha256sums in the first edition. */
static size_t beyond(const struct manifest *m)
{
	return m->edition == 1 ? 2 : 1;
}

static enum deed_status expect_sums(const struct work *w, unsigned part,
				    const uint8_t share[SHA256_SIZE],
				    struct object_name *o,
				    struct deed_error *err)
{
	struct buf sums = BUF_INIT;
	enum deed_status status;

	layout_sums(w->d->m, part, share, &sums);
	status = buf_status(&sums, err);
	if (status == DEED_OK)
		sha256(buf_get(&sums), o->sha256);
	o->kind = OBJECT_SUMS;
	buf_clear(&sums);
	return status;
}

static const char *folder_of(const struct work *w, const struct object_name *o)
{
	return layout_folder(w->d->m, o->kind, w->d->folder);
}

static enum deed_status expect(struct work *w, unsigned part,
			       struct expected *e, struct deed_error *err)
{
	uint8_t share[SHA256_SIZE] = { 0 };
	struct secret *secret = NULL;
	size_t i, count = layout_count(w->d->m);
	enum deed_status status;

	e->place = archive_place(w->archive, w->d->m->place[part - 1]);
	e->count = count + beyond(w->d->m);
	e->object = calloc(e->count, sizeof(*e->object));
	e->name = calloc(e->count, sizeof(*e->name));
	e->good = calloc(e->count, sizeof(*e->good));
	if (e->object == NULL || e->name == NULL || e->good == NULL)
		return deed_error_memory(err);
	status = stored_share(w->archive, w->d, part, &secret, share, NULL);
	e->have_share = status == DEED_OK;
	secret_free(secret);
	for (i = 0; i < count; i++)
		layout_object(w->d->m, part, share, i, &e->object[i]);
	e->object[count].kind = OBJECT_MANIFEST;
	e->object[count].number = w->d->m->generation;
	memcpy(e->object[count].sha256, w->d->cms_sha256, SHA256_SIZE);
	status = w->d->m->edition == 1 ? expect_sums(w, part, share,
						     &e->object[count + 1], err)
				       : DEED_OK;
	for (i = 0; i < e->count; i++)
		object_format(&e->object[i], e->name[i]);
	return status;
}

/* A name that is not one of those expected is told. */
static enum deed_status on_name(void *arg, const char *name,
				struct deed_error *err)
{
	struct work *w = arg;
	size_t i;

	(void)err;
	for (i = 0; i < w->listed->count; i++)
		if (!strcmp(w->listed->name[i], name) &&
		    folder_of(w, &w->listed->object[i]) == w->d->folder)
			return DEED_OK;
	problem(w->now, "does not belong to the deposit", name);
	return DEED_OK;
}

static const char *told(enum deed_status status)
{
	if (status == DEED_NOT_FOUND)
		return "missing";
	return status == DEED_DAMAGED ? "damaged" : "cannot be read";
}

/* One object of one place.  Without a good share its list is unknown. */
static void check_object(struct work *w, unsigned part, size_t i)
{
	struct check_place *report = &w->report->place[part];
	struct expected *e = &w->at[part];
	const struct object_name *o = &e->object[i];
	bool unknown = !e->have_share &&
		       (o->kind == OBJECT_SHARE || o->kind == OBJECT_SUMS);
	struct buf bytes = BUF_INIT;
	enum deed_status status;
	struct box box;

	if (unknown)
		status = DEED_DAMAGED;
	else if (o->kind == OBJECT_BOX)
		status = stored_box(w->archive, w->d, o->part, &bytes, &box,
				    NULL);
	else if (o->kind == OBJECT_SEGMENT)
		status = stored_segment(w->archive, w->d, (size_t)o->number,
					o->part, &bytes, NULL);
	else
		status = object_get(e->place, folder_of(w, o), o,
				    PLACE_OBJECT_MAX, &bytes, NULL);
	buf_clear(&bytes);
	(void)pthread_mutex_lock(&w->mutex);
	e->good[i] = status == DEED_OK;
	if (status == DEED_OK &&
	    (o->kind == OBJECT_SEGMENT || o->kind == OBJECT_BOX))
		w->left[o->number]++;
	if (status != DEED_OK)
		problem(report, told(status), unknown ? "share" : e->name[i]);
	else
		report->good++;
	(void)pthread_mutex_unlock(&w->mutex);
}

/* A pool_fn: object i / n of place i % n. */
static void check_item(void *arg, size_t i)
{
	struct work *w = arg;
	unsigned part = (unsigned)(i % w->d->m->n);

	if (w->at[part].place != NULL &&
	    w->report->place[part].state != CHECK_LOST)
		check_object(w, part, i / w->d->m->n);
}

static enum deed_status list_place(struct work *w, unsigned part,
				   struct deed_error *err)
{
	struct check_place *report = &w->report->place[part];
	struct expected *e = &w->at[part];
	enum deed_status status = DEED_NOT_FOUND;

	report->name = w->d->m->place[part];
	report->objects = e->count;
	w->now = report;
	w->listed = e;
	if (e->place != NULL)
		status = place_list(e->place, w->d->folder, on_name, w, NULL);
	if (status == DEED_OK)
		return DEED_OK;
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	report->state = CHECK_LOST;
	problem(report, "nothing of the deposit is here", report->name);
	return DEED_OK;
}

/* Is enough left of everything to make the rest anew? */
static bool repairable(const struct work *w)
{
	const struct manifest *m = w->d->m;
	bool keys = false;
	unsigned part;
	size_t i;

	for (part = 0; part < m->n; part++)
		for (i = 0; i < w->at[part].count; i++)
			if (w->at[part].object[i].kind == OBJECT_KEYS ||
			    w->at[part].object[i].kind == OBJECT_BOX)
				keys |= w->at[part].good[i];
	for (i = 0; i < m->chunk_count; i++)
		if (w->left[i] < m->k)
			return false;
	return keys && w->report->places_left >= m->k;
}

static void conclude(struct work *w)
{
	unsigned part;

	w->report->whole = true;
	for (part = 0; part < w->d->m->n; part++) {
		struct check_place *p = &w->report->place[part];

		if (p->state == CHECK_GOOD && p->problems > 0)
			p->state = CHECK_DAMAGED;
		if (p->state != CHECK_GOOD)
			w->report->whole = false;
		w->report->places_left += w->at[part].have_share;
	}
	w->report->repairable = repairable(w);
}

enum deed_status check_deposit(struct archive *a, const struct stored *d,
			       struct check_report *out, struct deed_error *err)
{
	struct work w = { .archive = a,
			  .d = d,
			  .report = out,
			  .mutex = PTHREAD_MUTEX_INITIALIZER };
	enum deed_status status = DEED_OK;
	unsigned part, jobs = pool_processors();

	memset(out, 0, sizeof(*out));
	out->n = d->m->n;
	w.left = calloc(d->m->chunk_count, sizeof(*w.left));
	if (w.left == NULL)
		status = deed_error_memory(err);
	for (part = 0; part < d->m->n && status == DEED_OK; part++) {
		status = expect(&w, part + 1, &w.at[part], err);
		if (status == DEED_OK)
			status = list_place(&w, part, err);
	}
	if (status == DEED_OK) {
		pool_run(jobs > JOBS_MAX ? JOBS_MAX : jobs,
			 w.at[0].count * d->m->n, check_item, &w);
		conclude(&w);
	}
	for (part = 0; part < d->m->n; part++) {
		free(w.at[part].object);
		free(w.at[part].name);
		free(w.at[part].good);
		if (status == DEED_OK)
			status = buf_status(&out->place[part].text, err);
	}
	free(w.left);
	return status;
}

void check_clear(struct check_report *r)
{
	unsigned i;

	for (i = 0; i < r->n; i++)
		buf_clear(&r->place[i].text);
}
