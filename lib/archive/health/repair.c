/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/repair.h"

#include "archive/health/check_priv.h"
#include "archive/each.h"
#include "archive/layout.h"
#include "archive/place/place.h"
#include "archive/texts.h"

#define JOBS_MAX 4

struct repair {
	const struct repair_options *options;
	struct repair_report *out;
	pthread_mutex_t mutex;	/* over what is in out */
	pthread_mutex_t asking; /* over the two below */
	bool asked, stands;
};

enum deed_status repair_abandon(struct archive *a, const char *name,
				bool dry_run, struct answering *places,
				bool *answers, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	*answers = false;
	for (i = 0; i < a->count; i++)
		if (!strcmp(place_name(a->place[i]), name))
			break;
	if (i == a->count)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "the archive has no place '%s'", name);
	/* What it fails to read is not lost for that. */
	*answers = !places->away[i] && !places->anew[i];
	if (*answers)
		return DEED_OK;
	if (places->away[i] && !dry_run)
		status = place_make(a->place[i], err);
	if (status == DEED_OK) {
		places->away[i] = false;
		places->anew[i] = true;
	}
	return status;
}

/* The place is left alone from now on, the others are not. */
static void fail(struct repair *r, unsigned part, enum deed_status status,
		 const struct deed_error *why)
{
	struct repair_place *p = &r->out->place[part];

	(void)pthread_mutex_lock(&r->mutex);
	if (p->failed == DEED_OK) {
		p->failed = status;
		p->why = *why;
	}
	(void)pthread_mutex_unlock(&r->mutex);
}

/* The place is left alone from then on; the others are mended. */
static bool failed(struct repair *r, unsigned part)
{
	bool yes;

	(void)pthread_mutex_lock(&r->mutex);
	yes = r->out->place[part].failed != DEED_OK;
	(void)pthread_mutex_unlock(&r->mutex);
	return yes;
}

/* Does a place have something that it should not, or only keep it? */
static bool is_strange(struct survey *s, unsigned part)
{
	struct survey_spot *spot = &s->spot[part];

	if (s->report->place[part].strangers > 0)
		return true;
	for (size_t i = 0; i < spot->count; i++)
		if (spot->object[i].o.kind != OBJECT_SEGMENT &&
		    spot->object[i].deleted)
			return true;
	/* Segments are being looked at: the place says it of all. */
	return !manifest_boxed(s->d->m) && !spot->away &&
	       survey_has_deleted(s, part);
}

/* What was read of objects is fresh; what was listed may not be. */
static bool stands(struct survey *s)
{
	const struct repair *r = s->arg;
	uint64_t empty = 0;
	unsigned part;

	for (part = 0; part < s->d->m->n && r->options->ahead; part++) {
		if (is_strange(s, part))
			return false;
		if (s->spot[part].empty)
			empty |= UINT64_C(1) << s->spot[part].at;
	}
	return !r->options->ahead || stored_stands(s->archive, s->d, empty);
}

/* Asked once, when something is known to be lost. */
static bool may_write(struct survey *s)
{
	struct repair *r = s->arg;
	bool yes;

	(void)pthread_mutex_lock(&r->asking);
	if (!r->asked)
		r->stands = stands(s);
	r->asked = true;
	yes = r->stands;
	(void)pthread_mutex_unlock(&r->asking);
	return yes;
}

/* Is it to be made? */
static bool wanted(struct survey *s, unsigned part, size_t i)
{
	struct survey_spot *spot = &s->spot[part];
	enum survey_state state = spot->object[i].state;

	return !spot->away && !failed(s->arg, part) &&
	       (state == SURVEY_MISSING || state == SURVEY_DAMAGED) &&
	       may_write(s);
}

/* Write an object that is right. */
static void write_right(struct survey *s, unsigned part, size_t i,
			struct slice bytes)
{
	struct survey_spot *spot = &s->spot[part];
	struct survey_object *e = &spot->object[i];
	struct deed_error why = DEED_ERROR_INIT;
	struct repair *r = s->arg;
	enum deed_status status = DEED_OK;
	char name[PLACE_NAME + 1];

	object_format(&e->o, name);
	if (!r->options->dry_run)
		status = place_put(spot->place, survey_folder(s, &e->o), name,
				   bytes, &why);
	rate_take(s->options->rate, bytes.len);
	if (status != DEED_OK) {
		fail(r, part, status, &why);
		return;
	}
	(void)pthread_mutex_lock(&r->mutex);
	e->state = SURVEY_MADE;
	if (r->options->dry_run && e->deleted) {
		r->out->place[part].undone++;
		r->out->undone++;
	} else {
		r->out->place[part].made++;
		r->out->made++;
	}
	(void)pthread_mutex_unlock(&r->mutex);
}

/* Write an object if it is right by its hash. */
static void write_object(struct survey *s, unsigned part, size_t i,
			 struct slice bytes)
{
	uint8_t hash[SHA256_SIZE];

	sha256(bytes, hash);
	if (!memcmp(hash, s->spot[part].object[i].o.sha256, SHA256_SIZE))
		write_right(s, part, i, bytes);
}

/* The place of a good box, which has the parties' keys. */
static const struct survey_spot *good_box(const struct survey *s)
{
	unsigned part;

	for (part = 0; part < s->d->m->n; part++)
		if (s->spot[part].object[0].state == SURVEY_GOOD)
			return &s->spot[part];
	return NULL;
}

/* Out of the segment, the share as the others make it, and the keys of a box
 * that is good; write_object compares it all by the hash in its name. */
static void make_box(struct survey *s, unsigned part, struct slice segment)
{
	const struct survey_spot *good = good_box(s);
	struct buf tar = BUF_INIT;
	struct box box;

	if (good == NULL || s->spot[part].share == NULL)
		return;
	box.segment = segment;
	box.share = secret_slice(s->spot[part].share);
	box.keys = good->box.keys;
	if (box_write(&box, &tar, NULL) == DEED_OK)
		write_object(s, part, 0, buf_get(&tar));
	if (tar.data != NULL)
		secret_wipe(tar.data, tar.cap);
	buf_clear(&tar);
}

/* A survey_chunk_fn: of parts that were compared with the manifest. */
static void mend_chunk(struct survey *s, size_t chunk, uint8_t *const part[],
		       size_t size)
{
	bool boxed = manifest_boxed(s->d->m);
	unsigned j;

	for (j = 0; j < s->d->m->n; j++) {
		struct slice bytes = slice_of(part[j], size);

		if (!wanted(s, j, boxed ? 0 : chunk))
			continue;
		if (boxed)
			make_box(s, j, bytes);
		else
			write_right(s, j, chunk, bytes);
	}
}

/* From a place that has it: it is the same at all of them. */
static bool copy(struct survey *s, size_t i, const struct object_name *o,
		 struct buf *out)
{
	unsigned part;

	for (part = 0; part < s->d->m->n; part++)
		if (s->spot[part].object[i].state == SURVEY_GOOD &&
		    object_get(s->spot[part].place, survey_folder(s, o), o,
			       PLACE_OBJECT_MAX, out, NULL) == DEED_OK)
			return true;
	return false;
}

/* What an object beside the parts holds; false where nobody knows. */
static bool make_other(struct survey *s, unsigned part, size_t i,
		       struct buf *out)
{
	const struct manifest *m = s->d->m;
	const struct survey_spot *spot = &s->spot[part];
	const struct object_name *o = &spot->object[i].o;
	uint8_t share[SHA256_SIZE];

	if (o->kind == OBJECT_MANIFEST && o->number == m->generation) {
		buf_slice(out, buf_get(&s->d->cms));
		return true;
	}
	if (o->kind == OBJECT_SHARE || o->kind == OBJECT_SUMS) {
		if (spot->share == NULL)
			return false;
		sha256(secret_slice(spot->share), share);
		if (o->kind == OBJECT_SHARE)
			buf_slice(out, secret_slice(spot->share));
		else
			layout_sums(m, part + 1, share, out);
		return true;
	}
	if (copy(s, i, o, out))
		return true;
	if (o->kind == OBJECT_README)
		texts_readme(m->k, m->n, out);
	else if (o->kind == OBJECT_SCRIPT)
		buf_slice(out, texts_script());
	return out->len > 0;
}

/* Whether it is wanted is asked first, for making it may cost a read at
 * another place.  It may hold a share. */
static void mend_other(struct survey *s, unsigned part, size_t i)
{
	struct buf bytes = BUF_INIT;

	if (wanted(s, part, i) && make_other(s, part, i, &bytes) &&
	    !bytes.failed)
		write_object(s, part, i, buf_get(&bytes));
	if (bytes.data != NULL)
		secret_wipe(bytes.data, bytes.cap);
	buf_clear(&bytes);
}

/* Manifests are written last: a place that shows one has the rest. */
static bool is_manifest(const struct survey *s, unsigned part, size_t i)
{
	return s->spot[part].object[i].o.kind == OBJECT_MANIFEST;
}

/* All that is beside the parts: but the manifest, or the manifest alone. */
static void mend_others(struct survey *s, bool manifest)
{
	unsigned part;
	size_t i;

	for (part = 0; part < s->d->m->n; part++)
		for (i = 0; i < s->spot[part].count; i++) {
			enum object_kind kind = s->spot[part].object[i].o.kind;

			if (kind != OBJECT_SEGMENT && kind != OBJECT_BOX &&
			    is_manifest(s, part, i) == manifest)
				mend_other(s, part, i);
		}
}

struct back {
	struct survey *s;
	unsigned part;
	bool manifest;
};

/* What was written comes back: else it is not made.  A pool_fn. */
static void read_one_back(void *arg, size_t i)
{
	const struct back *b = arg;
	struct survey *s = b->s;
	struct survey_spot *spot = &s->spot[b->part];
	struct survey_object *e = &spot->object[i];
	struct deed_error why = DEED_ERROR_INIT;
	struct buf bytes = BUF_INIT;
	struct repair *r = s->arg;
	enum deed_status status;

	if (e->state != SURVEY_MADE ||
	    is_manifest(s, b->part, i) != b->manifest)
		return;
	status = object_get(spot->place, survey_folder(s, &e->o), &e->o,
			    PLACE_OBJECT_MAX, &bytes, &why);
	rate_take(s->options->rate, bytes.len);
	if (bytes.data != NULL)
		secret_wipe(bytes.data, bytes.cap);
	buf_clear(&bytes);
	if (status == DEED_OK)
		return;
	/* It took the object, and has it not. */
	if (status == DEED_NOT_FOUND || status == DEED_DAMAGED) {
		status = why.status = DEED_REMOTE;
		deed_error_prefix(&why, "it does not give back what it took");
	}
	(void)pthread_mutex_lock(&r->mutex);
	e->state = SURVEY_DAMAGED;
	r->out->place[b->part].made--;
	r->out->made--;
	(void)pthread_mutex_unlock(&r->mutex);
	fail(r, b->part, status, &why);
}

/* Durable, and there. */
static void settle(struct survey *s, bool manifest)
{
	struct back b = { .s = s, .manifest = manifest };
	struct repair *r = s->arg;
	unsigned part;

	for (part = 0; part < s->d->m->n; part++) {
		struct deed_error why = DEED_ERROR_INIT;
		enum deed_status status = DEED_OK;

		if (r->options->dry_run || r->out->place[part].made == 0)
			continue;
		status = place_sync(s->spot[part].place, &why);
		if (status != DEED_OK)
			fail(r, part, status, &why);
		b.part = part;
		pool_run(each_jobs(s->archive, JOBS_MAX), s->spot[part].count,
			 read_one_back, &b);
	}
}

/* Strangers are never removed: with them a place stays degraded.  What is
 * tampered with or away was not mended. */
static void conclude_place(struct survey *s, unsigned part)
{
	const struct survey_spot *spot = &s->spot[part];
	const struct check_place *found = &s->report->place[part];
	struct repair *r = s->arg;
	struct repair_place *p = &r->out->place[part];
	bool all = found->strangers == 0 && p->failed == DEED_OK;
	size_t i;

	for (i = 0; i < spot->count; i++)
		all = all && (spot->object[i].state == SURVEY_GOOD ||
			      spot->object[i].state == SURVEY_MADE);
	if (found->state == CHECK_TAMPERED || found->state == CHECK_AWAY)
		p->state = found->state;
	else
		p->state = all ? CHECK_HEALTHY : CHECK_DEGRADED;
}

/* Unreadable is worse than any place by itself, and tampered is worse than
 * that. */
static void conclude(struct survey *s)
{
	struct repair *r = s->arg;
	unsigned part;

	for (part = 0; part < s->d->m->n; part++) {
		conclude_place(s, part);
		if (r->out->place[part].state > r->out->state)
			r->out->state = r->out->place[part].state;
	}
	r->out->repairable = s->report->repairable;
	if (!s->report->repairable && !s->report->waits &&
	    r->out->state < CHECK_UNREADABLE)
		r->out->state = CHECK_UNREADABLE;
}

/* Before anything is made: what comes back by this is not missing.  A place
 * that fails here is asked again by the survey. */
static enum deed_status undo_deleted(struct archive *a, const struct stored *d,
				     const struct answering *places,
				     struct repair_report *out,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned part;
	size_t i;

	for (part = 0; part < d->m->n && status == DEED_OK; part++) {
		struct repair_place *p = &out->place[part];

		for (i = 0; i < a->count; i++)
			if (!strcmp(place_name(a->place[i]), d->m->place[part]))
				break;
		if (i == a->count || places->away[i] || places->anew[i])
			continue;
		status = deleted_restore(d, part + 1, a->place[i], &p->undone,
					 NULL);
		out->undone += p->undone;
		status = status == DEED_NO_MEMORY ? deed_error_memory(err)
						  : DEED_OK;
	}
	return status;
}

enum deed_status repair_deposit(struct archive *a, const struct stored *d,
				const struct repair_options *options,
				struct repair_report *out,
				struct deed_error *err)
{
	struct repair r = { .options = options,
			    .out = out,
			    .mutex = PTHREAD_MUTEX_INITIALIZER,
			    .asking = PTHREAD_MUTEX_INITIALIZER };
	struct survey s = { .archive = a,
			    .d = d,
			    .options = &options->check,
			    .report = &out->found,
			    .chunk = mend_chunk,
			    .arg = &r,
			    .mutex = PTHREAD_MUTEX_INITIALIZER,
			    .deleted = PTHREAD_MUTEX_INITIALIZER };
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	status = DEED_OK;
	if (!options->ahead && !options->dry_run)
		status = undo_deleted(a, d, options->check.places, out, err);
	if (status == DEED_OK)
		status = survey_run(&s, err);
	if (status == DEED_OK) {
		mend_others(&s, false);
		settle(&s, false);
		mend_others(&s, true);
		settle(&s, true);
		check_conclude(&s);
		conclude(&s);
		if (options->ahead && !r.stands && check_is_amiss(&out->found))
			out->found.newer = true;
	}
	survey_clear(&s);
	(void)pthread_mutex_destroy(&r.mutex);
	(void)pthread_mutex_destroy(&r.asking);
	return status;
}

void repair_clear(struct repair_report *r)
{
	check_clear(&r->found);
}
