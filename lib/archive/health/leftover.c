/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/leftover.h"

#include <stdlib.h>

#include "archive/flight.h"
#include "archive/layout.h"
#include "archive/placed.h"
#include "archive/place/place.h"
#include "archive/health/rebalance.h"
#include "base/array.h"

/* Objects of one place that are to go. */
struct found {
	struct object_name *o;
	size_t count, room;
};

struct leftover {
	struct archive *a;
	const struct stored *d;
	const struct leftover_options *options;
	struct leftover_report *out;
	struct placed placed;
	struct found found[ARCHIVE_PLACES_MAX];
	size_t count; /* of all */

	/* The name of a share is known to who has it, that of the sums too:
	 * asked for when one is met. */
	bool learned, has_share[ERASURE_MAX];
	uint8_t share[ERASURE_MAX][SHA256_SIZE], sums[ERASURE_MAX][SHA256_SIZE];

	size_t at; /* the place that is listed, and its part, or 0 */
	unsigned part;
};

/* Once a run, and only where a share or a list of sums was met: each costs a
 * read at its place.  A share that cannot be read there is not known, and then
 * what may be it stays. */
static enum deed_status learn(struct leftover *l, struct deed_error *err)
{
	const struct manifest *m = l->d->m;
	unsigned i;

	for (i = 0; i < m->n && !l->learned; i++) {
		struct secret *share = NULL;
		struct buf sums = BUF_INIT;
		enum deed_status status;

		status = stored_share(l->a, l->d, i + 1, &share, l->share[i],
				      NULL);
		secret_free(share);
		if (status == DEED_NO_MEMORY)
			return deed_error_memory(err);
		if (status != DEED_OK)
			continue;
		layout_sums(m, i + 1, l->share[i], &sums);
		status = buf_status(&sums, err);
		if (status == DEED_OK)
			sha256(buf_get(&sums), l->sums[i]);
		buf_clear(&sums);
		if (status != DEED_OK)
			return status;
		l->has_share[i] = true;
	}
	l->learned = true;
	return DEED_OK;
}

/* By its hash alone; number and part are compared by the caller. */
static bool equal(const uint8_t *a, const struct object_name *o)
{
	return !memcmp(a, o->sha256, SHA256_SIZE);
}

/* The share of its part, or the sums of any but the place's own. */
static bool is_secret(const struct leftover *l, const struct object_name *o)
{
	unsigned i;

	if (o->kind == OBJECT_SHARE)
		return l->has_share[o->part - 1] &&
		       equal(l->share[o->part - 1], o);
	for (i = 0; i < l->d->m->n; i++)
		if (l->has_share[i] && equal(l->sums[i], o))
			return i + 1 != l->part;
	return false;
}

/* The one in force and those before it.  A manifest of another hash is left
 * alone: nobody has judged it. */
static bool is_manifest(const struct stored *d, const struct object_name *o)
{
	size_t i;

	for (i = 0; i < d->past_count; i++)
		if (o->number == d->past[i].number && equal(d->past[i].cms, o))
			return true;
	return o->number == d->m->generation && equal(d->cms_sha256, o);
}

/* Does it belong to a part of the deposit that does not lie here, or, where
 * none does, to the deposit at all? */
static bool is_left(const struct leftover *l, const struct object_name *o)
{
	const struct manifest *m = l->d->m;

	if (o->part > 0 && (o->part > m->n || o->part == l->part))
		return false;
	switch (o->kind) {
	case OBJECT_SEGMENT:
		return o->part > 0 && o->number < m->chunk_count &&
		       equal(m->chunk[o->number].segment[o->part - 1], o);
	case OBJECT_BOX:
		return o->part > 0 && manifest_boxed(m) &&
		       equal(m->box[o->part - 1], o);
	case OBJECT_SHARE:
		return o->part > 0 && is_secret(l, o);
	case OBJECT_SUMS:
		return is_secret(l, o);
	case OBJECT_KEYS:
		return l->part == 0 && equal(m->keys, o);
	case OBJECT_README:
		return l->part == 0 && equal(m->readme, o);
	case OBJECT_SCRIPT:
		return l->part == 0 && equal(m->script, o);
	case OBJECT_MANIFEST:
		return l->part == 0 && is_manifest(l->d, o);
	}
	return false;
}

/* A place_fn. */
static enum deed_status on_name(void *arg, const char *name,
				struct deed_error *err)
{
	struct leftover *l = arg;
	struct found *f = &l->found[l->at];
	enum deed_status status = DEED_OK;
	struct object_name o;

	if (!object_parse(name, &o))
		return DEED_OK;
	if (o.kind == OBJECT_SHARE || o.kind == OBJECT_SUMS)
		status = learn(l, err);
	if (status != DEED_OK || !is_left(l, &o))
		return status;
	if (!array_room(&f->o, &f->room, f->count + 1))
		return deed_error_memory(err);
	f->o[f->count++] = o;
	return DEED_OK;
}

/* 0: no part of the deposit in force lies at that place. */
static unsigned part_at(const struct manifest *m, const struct place *p)
{
	unsigned i;

	for (i = 0; i < m->n; i++)
		if (!strcmp(m->place[i], place_name(p)))
			return i + 1;
	return 0;
}

/* Only a place that has no part and had one before may have to wait for its
 * time; what lies beside a place's own part goes at once. */
static enum deed_status look_at_place(struct leftover *l,
				      struct deed_error *err)
{
	struct place *p = l->a->place[l->at];
	struct found *f = &l->found[l->at];
	bool away = l->options->check.places->away[l->at];
	bool named, due = true;
	enum deed_status status;
	int64_t until;

	l->part = part_at(l->d->m, p);
	named = l->part == 0 &&
		placed_before(&l->placed, place_name(p), &until);
	if (named)
		due = until <= l->options->before;
	if (!away) {
		status = place_list(p, l->d->folder, on_name, l, NULL);
		if (status == DEED_NO_MEMORY)
			return deed_error_memory(err);
		away = status != DEED_OK && status != DEED_NOT_FOUND;
	}
	l->out->away += away && named && due;
	if (!due) {
		l->out->waiting += f->count > 0;
		f->count = 0;
	}
	l->count += f->count;
	return DEED_OK;
}

/* Manifests last: as long as anything lies there, so do they. */
static int by_kind(const void *a, const void *b)
{
	const struct object_name *x = a, *y = b;

	return (x->kind == OBJECT_MANIFEST) - (y->kind == OBJECT_MANIFEST);
}

/* Removing at one place. */
struct removing {
	struct flight flight;
	size_t gone;
	enum deed_status status; /* of the first that failed */
	struct deed_error why;
};

/* A flight_fn. */
static void removed(void *arg, void *what, unsigned part,
		    enum deed_status status, const struct deed_error *why)
{
	struct removing *r = arg;

	(void)what;
	(void)part;
	r->gone += status == DEED_OK;
	if (status != DEED_OK && r->status == DEED_OK) {
		r->status = status;
		r->why = *why;
	}
}

/* After the first failure nothing more is begun there, the manifests above
 * all: what is left can be found by them in the next run. */
static enum deed_status remove_at(struct leftover *l, size_t at,
				  struct deed_error *err)
{
	struct place *p = l->a->place[at];
	struct removing r = { .status = DEED_OK };
	struct found *f = &l->found[at];
	enum deed_status status;
	char name[PLACE_NAME + 1];
	size_t i;

	if (f->count == 0)
		return DEED_OK;
	qsort(f->o, f->count, sizeof(*f->o), by_kind);
	flight_init(&r.flight, place_transfers(p), removed, &r);
	for (i = 0; i < f->count && r.status == DEED_OK; i++) {
		struct place_ticket *ticket;

		/* The others are gone before a manifest goes. */
		if (f->o[i].kind == OBJECT_MANIFEST)
			flight_land(&r.flight);
		object_format(&f->o[i], name);
		if (r.status == DEED_OK)
			r.status = place_remove_begin(p, l->d->folder, name,
						      &ticket, &r.why);
		if (r.status == DEED_OK)
			flight_add(&r.flight, ticket, NULL, 0);
	}
	flight_clear(&r.flight);
	if (r.status != DEED_OK && err != NULL)
		*err = r.why;
	status = r.status;
	l->out->objects += r.gone;
	l->out->places++;
	if (status == DEED_OK && part_at(l->d->m, p) == 0)
		status = place_remove_folder(p, l->d->folder, err);
	return status;
}

/* Read all that is to stay, then let go. */
static enum deed_status remove_all(struct leftover *l, struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	status = check_deposit(l->a, l->d, &l->options->check, &l->out->found,
			       err);
	if (status != DEED_OK)
		return status;
	l->out->read = true;
	if (!rebalance_whole(&l->out->found)) {
		l->out->kept = l->count;
		return DEED_OK;
	}
	if (l->options->dry_run) {
		l->out->objects = l->count;
		for (i = 0; i < l->a->count; i++)
			l->out->places += l->found[i].count > 0;
		return DEED_OK;
	}
	for (i = 0; i < l->a->count && status == DEED_OK; i++)
		status = remove_at(l, i, err);
	return status;
}

/* Where nothing is to go nothing is read. */
enum deed_status leftover_remove(struct archive *a, const struct stored *d,
				 const struct leftover_options *options,
				 struct leftover_report *out,
				 struct deed_error *err)
{
	struct leftover *l = calloc(1, sizeof(*l));
	enum deed_status status;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (l == NULL)
		return deed_error_memory(err);
	l->a = a;
	l->d = d;
	l->options = options;
	l->out = out;
	status = placed_load(a, d, &l->placed, err);
	for (l->at = 0; l->at < a->count && status == DEED_OK; l->at++)
		status = look_at_place(l, err);
	if (status == DEED_OK && l->count > 0)
		status = remove_all(l, err);
	for (i = 0; i < a->count; i++)
		free(l->found[i].o);
	placed_clear(&l->placed);
	free(l);
	return status;
}

void leftover_clear(struct leftover_report *r)
{
	check_clear(&r->found);
}
