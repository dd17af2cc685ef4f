/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/health/rebalance.h"

#include <stdlib.h>

#include "archive/each.h"
#include "archive/generations.h"
#include "archive/layout.h"
#include "archive/place/place.h"

#define JOBS_MAX 4

/* A part on its way from one place to another. */
struct move {
	unsigned part; /* from 1 */
	struct place *from, *to;
	bool has_share; /* from has it, and its hash is known */
	uint8_t share[SHA256_SIZE];
};

struct bringing {
	struct archive *archive;
	const struct stored *d;
	const struct check_options *options;
	struct move move[ERASURE_MAX];
	size_t moves;
	unsigned away;	       /* parts whose place is, or is none */
	pthread_mutex_t mutex; /* over the three below */
	bool lacking;	       /* an old place had not all of it whole */
	enum deed_status status;
	struct deed_error why;
};

/* The count where there is none, which is no index. */
static size_t index_of(const struct archive *a, const char *name)
{
	size_t i;

	for (i = 0; i < a->count; i++)
		if (!strcmp(place_name(a->place[i]), name))
			break;
	return i;
}

enum deed_status rebalance_answers(const struct archive *a,
				   const char *const *to, size_t count,
				   const struct answering *places,
				   struct deed_error *err)
{
	size_t i, at;

	for (i = 0; i < count; i++) {
		at = index_of(a, to[i]);
		if (at == a->count)
			return deed_error_set(err, DEED_NOT_FOUND,
					      "the archive has no place '%s'",
					      to[i]);
		if (places->away[at])
			return deed_error_set(err, DEED_REMOTE,
					      "place '%s' does not answer",
					      to[i]);
	}
	return DEED_OK;
}

/* The first is the one that is told; it keeps what has not begun from
 * beginning (copy_one). */
static void fail(struct bringing *b, enum deed_status status,
		 const struct deed_error *why)
{
	(void)pthread_mutex_lock(&b->mutex);
	if (b->status == DEED_OK) {
		b->status = status;
		b->why = *why;
	}
	(void)pthread_mutex_unlock(&b->mutex);
}

/* Copies that are not begun are not begun then; those under way end. */
static bool failed(struct bringing *b)
{
	bool yes;

	(void)pthread_mutex_lock(&b->mutex);
	yes = b->status != DEED_OK;
	(void)pthread_mutex_unlock(&b->mutex);
	return yes;
}

/* What of a part is copied: all that lies with it, and the manifests before
 * the one in force, which is at hand. */
static size_t object_count(const struct stored *d)
{
	return layout_count(d->m) + d->past_count;
}

/* Everything but the manifest in force: complete writes that where it is
 * missing, and last. */
static void name_object(const struct stored *d, const struct move *move,
			size_t i, struct object_name *o)
{
	size_t count = layout_count(d->m);

	if (i < count) {
		layout_object(d->m, move->part, move->share, i, o);
		return;
	}
	*o = (struct object_name){ .kind = OBJECT_MANIFEST,
				   .number = d->past[i - count].number };
	memcpy(o->sha256, d->past[i - count].cms, SHA256_SIZE);
}

static void note_lacking(struct bringing *b)
{
	(void)pthread_mutex_lock(&b->mutex);
	b->lacking = true;
	(void)pthread_mutex_unlock(&b->mutex);
}

/* What the old place does not have whole is made from the other parts
 * later. */
static void copy(struct bringing *b, const struct move *move, size_t i)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct buf bytes = BUF_INIT;
	char name[PLACE_NAME + 1];
	enum deed_status status;
	struct object_name o;
	const char *folder;

	name_object(b->d, move, i, &o);
	if (o.kind == OBJECT_SHARE && !move->has_share)
		return;
	object_format(&o, name);
	folder = layout_folder(b->d->m, o.kind, b->d->folder);
	if (object_get(move->from, folder, &o, PLACE_OBJECT_MAX, &bytes,
		       NULL) != DEED_OK) {
		note_lacking(b);
	} else {
		rate_take(b->options->rate, bytes.len);
		status = place_put(move->to, folder, name, buf_get(&bytes),
				   &why);
		rate_take(b->options->rate, bytes.len);
		if (status != DEED_OK)
			fail(b, status, &why);
	}
	if (bytes.data != NULL)
		secret_wipe(bytes.data, bytes.cap);
	buf_clear(&bytes);
}

/* A pool_fn. */
static void copy_one(void *arg, size_t i)
{
	struct bringing *b = arg;
	size_t count = object_count(b->d);

	if (!failed(b))
		copy(b, &b->move[i / count], i % count);
}

/* A part whose place is gone or away is not copied, it is made anew from the
 * others (complete).  The name of a share can be had from its place alone. */
static enum deed_status plan_moves(struct bringing *b,
				   const struct placement *to,
				   struct deed_error *err)
{
	const struct manifest *m = b->d->m;
	enum deed_status status = DEED_OK;
	struct archive *a = b->archive;
	unsigned part;

	for (part = 0; part < m->n && status == DEED_OK; part++) {
		struct move *move = &b->move[b->moves];
		size_t from = index_of(a, m->place[part]);
		struct secret *share = NULL;

		if (from == a->count || b->options->places->away[from]) {
			b->away++;
			continue;
		}
		if (!to->moves[part])
			continue;
		move->part = part + 1;
		move->from = a->place[from];
		move->to = archive_place(a, to->place[part]);
		if (!manifest_boxed(m)) {
			status = stored_share(a, b->d, part + 1, &share,
					      move->share, NULL);
			move->has_share = status == DEED_OK;
		}
		secret_free(share);
		status = status == DEED_NO_MEMORY ? deed_error_memory(err)
						  : DEED_OK;
		b->moves++;
	}
	return status;
}

/* Before anything is read there: what repair_deposit finds is then what stays.
 */
static enum deed_status sync_moved(struct bringing *b, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < b->moves && status == DEED_OK; i++)
		status = place_sync(b->move[i].to, err);
	return status;
}

/* The deposit as it will lie at the new places; its manifest for free(). */
static enum deed_status place_anew(const struct bringing *b,
				   const struct placement *to,
				   struct stored *out, struct deed_error *err)
{
	struct manifest *m = malloc(sizeof(*m));

	if (m == NULL)
		return deed_error_memory(err);
	*m = *b->d->m;
	memcpy(m->place, to->place, sizeof(m->place));
	*out = *b->d;
	out->m = m;
	return DEED_OK;
}

/* All of it, at the new places: what is missing there is made anew, which
 * reads everything. */
static enum deed_status complete(struct bringing *b, const struct placement *to,
				 struct repair_report *out,
				 struct deed_error *err)
{
	const struct repair_options options = { .check = *b->options };
	struct stored d;
	enum deed_status status = place_anew(b, to, &d, err);
	unsigned part;

	if (status != DEED_OK)
		return status;
	status = repair_deposit(b->archive, &d, &options, out, err);
	for (part = 0; part < to->n; part++)
		out->found.place[part].name = to->place[part];
	free(d.m);
	return status;
}

/* All of it is read where it lies: is that too little?  Then out says how it
 * is, and nothing is brought. */
static enum deed_status read_whether_lost(struct bringing *b,
					  struct repair_report *out, bool *lost,
					  struct deed_error *err)
{
	enum deed_status status =
		check_deposit(b->archive, b->d, b->options, &out->found, err);

	*lost = status == DEED_OK && !out->found.repairable;
	out->state = out->found.state;
	if (!*lost)
		check_clear(&out->found);
	return status;
}

/* Is too much missing by the names of what is there?  What is damaged shows
 * when it is read. */
static enum deed_status look_whether_lost(struct bringing *b,
					  const struct stored *d, bool *maybe,
					  struct deed_error *err)
{
	struct check_options names = *b->options;
	struct check_report found;
	enum deed_status status;

	names.presence = true;
	names.about = NULL;
	status = check_deposit(b->archive, d, &names, &found, err);
	*maybe = status == DEED_OK && !found.repairable;
	check_clear(&found);
	return status;
}

/* The same at the new places, where an earlier run may have brought what the
 * old ones have no more. */
static enum deed_status look_anew(struct bringing *b,
				  const struct placement *to, bool *maybe,
				  struct deed_error *err)
{
	struct stored d;
	enum deed_status status = place_anew(b, to, &d, err);

	if (status != DEED_OK)
		return status;
	status = look_whether_lost(b, &d, maybe, err);
	free(d.m);
	return status;
}

/* A place_fn: one is enough. */
static enum deed_status see_object(void *arg, const char *name,
				   struct deed_error *err)
{
	(void)arg;
	(void)name;
	(void)err;
	return DEED_EXISTS;
}

/* Has an earlier run begun to bring it?  So it is unless all the new places say
 * that they have nothing of it. */
static bool was_begun(const struct bringing *b, const struct placement *to)
{
	enum deed_status status = DEED_NOT_FOUND;
	unsigned part;

	for (part = 0; part < to->n; part++) {
		if (!to->moves[part])
			continue;
		status = place_list(archive_place(b->archive, to->place[part]),
				    b->d->folder, see_object, NULL, NULL);
		if (status != DEED_OK && status != DEED_NOT_FOUND)
			return true;
	}
	return false;
}

/* At the new places what is missing is lost; where the deposit lies, places
 * may have it that are away. */
static enum deed_status told_where_it_lies(struct archive *a,
					   const struct stored *d,
					   const struct check_options *options,
					   struct repair_report *out,
					   struct deed_error *err)
{
	if (out->repairable)
		return DEED_OK;
	check_clear(&out->found);
	return check_deposit(a, d, options, &out->found, err);
}

/* What the old places have whole. */
static enum deed_status copy_whole(struct bringing *b, struct deed_error *err)
{
	pool_run(each_jobs(b->archive, JOBS_MAX), b->moves * object_count(b->d),
		 copy_one, b);
	if (b->status != DEED_OK && err != NULL)
		*err = b->why;
	return b->status;
}

/* What the old places have whole is copied.  What then cannot be made from the
 * rest is found out here as far as that is cheap, so that it is not read twice,
 * at the new places and where it lies.  Lost is what both have too little of.
 */
static enum deed_status copy_all(struct bringing *b, const struct placement *to,
				 struct repair_report *out, bool *lost,
				 struct deed_error *err)
{
	const struct manifest *m = b->d->m;
	enum deed_status status = DEED_OK;
	bool maybe = b->away > m->n - m->k;

	*lost = false;
	if (maybe)
		status = read_whether_lost(b, out, lost, err);
	if (status != DEED_OK || (*lost && !was_begun(b, to)))
		return status;
	status = copy_whole(b, err);
	if (status == DEED_OK && b->lacking && !maybe)
		status = look_whether_lost(b, b->d, &maybe, err);
	if (status != DEED_OK || (!*lost && !(b->lacking && maybe)))
		return status;
	status = look_anew(b, to, &maybe, err);
	if (status == DEED_OK && maybe && !*lost)
		return read_whether_lost(b, out, lost, err);
	if (*lost && !maybe)
		check_clear(&out->found);
	*lost = *lost && maybe;
	return status;
}

/* complete makes the rest from other parts, and reads everything. */
static enum deed_status bring(struct bringing *b, const struct placement *to,
			      struct repair_report *out, struct deed_error *err)
{
	bool lost;
	enum deed_status status = copy_all(b, to, out, &lost, err);

	if (status != DEED_OK || lost)
		return status;
	status = sync_moved(b, err);
	if (status == DEED_OK)
		status = complete(b, to, out, err);
	if (status == DEED_OK)
		status = told_where_it_lies(b->archive, b->d, b->options, out,
					    err);
	return status;
}

enum deed_status rebalance_bring(struct archive *a, const struct stored *d,
				 const struct placement *to,
				 const struct check_options *options,
				 struct repair_report *out,
				 struct deed_error *err)
{
	struct bringing *b = calloc(1, sizeof(*b));
	unsigned part;
	const char *names[ERASURE_MAX];
	enum deed_status status;

	memset(out, 0, sizeof(*out));
	if (b == NULL)
		return deed_error_memory(err);
	*b = (struct bringing){ .archive = a,
				.d = d,
				.options = options,
				.mutex = PTHREAD_MUTEX_INITIALIZER };
	for (part = 0; part < to->n; part++)
		names[part] = to->place[part];
	status = rebalance_answers(a, names, to->n, options->places, err);
	if (status == DEED_OK)
		status = plan_moves(b, to, err);
	if (status == DEED_OK)
		status = bring(b, to, out, err);
	(void)pthread_mutex_destroy(&b->mutex);
	free(b);
	return status;
}

/* Repaired counts; tampered never does, whatever was made anew beside it. */
static bool place_whole(const struct check_place *p, size_t made)
{
	return p->good + made == p->objects && p->state != CHECK_TAMPERED &&
	       p->state != CHECK_AWAY;
}

bool rebalance_whole(const struct check_report *r)
{
	bool whole = r->repairable;
	unsigned part;

	for (part = 0; part < r->n; part++)
		whole = whole && place_whole(&r->place[part], 0);
	return whole;
}

bool rebalance_mended(const struct repair_report *r)
{
	bool whole = r->repairable;
	unsigned part;

	for (part = 0; part < r->found.n; part++)
		whole = whole && r->place[part].failed == DEED_OK &&
			place_whole(&r->found.place[part], r->place[part].made);
	return whole;
}

/* What the next generation says of the one before: the hash of its JSON. */
static enum deed_status hash_payload(const struct manifest *m,
				     uint8_t out[SHA256_SIZE],
				     struct deed_error *err)
{
	json_t *json = NULL;
	enum deed_status status = manifest_to_json(m, &json, err);

	if (status == DEED_OK)
		status = manifest_payload(json, out, err);
	json_decref(json);
	return status;
}

enum deed_status rebalance_manifest(const struct stored *d,
				    const struct placement *to, json_t **out,
				    struct deed_error *err)
{
	struct manifest *m = malloc(sizeof(*m));
	enum deed_status status;

	*out = NULL;
	if (m == NULL)
		return deed_error_memory(err);
	*m = *d->m;
	if (m->generation++ >= GENERATIONS_MAX) {
		free(m);
		return deed_error_set(err, DEED_LIMIT,
				      "a deposit has at most %d manifests",
				      GENERATIONS_MAX);
	}
	memcpy(m->place, to->place, sizeof(m->place));
	m->checkpoint = NULL;
	status = hash_payload(d->m, m->previous, err);
	if (status == DEED_OK)
		status = manifest_to_json(m, out, err);
	free(m);
	return status;
}
