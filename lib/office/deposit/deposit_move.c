/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_move.h"

#include <stdio.h>
#include <stdlib.h>

#include "archive/object.h"
#include "archive/placed.h"
#include "base/file.h"
#include "base/lock.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "event/event.h"
#include "office/deposit/deposit_signer.h"
#include "office/party/home_events.h"

struct deposit_mover {
	const struct deposit_move_order *order;
	struct lock *lock;
	struct event_home *events;
	struct deposit_signer signer; /* where there is a to */
};

/* Only where something is to be published: a mover that lets go alone signs
 * nothing, and works without the keystore's service key. */
static enum deed_status open_key(struct deposit_mover *m, const struct home *h,
				 struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status = keystore_open(h->keystore, &ks, err);

	if (status == DEED_OK)
		status =
			deposit_signer_open(ks, m->order->now, &m->signer, err);
	keystore_close(ks);
	return status;
}

/* One mover at a time: what another has begun to bring looks like what a
 * killed one left. */
static enum deed_status lock(struct deposit_mover *m, const struct home *h,
			     struct deed_error *err)
{
	char *path = path_join(h->archive, "rebalance.lock");
	enum deed_status status =
		path == NULL
			? deed_error_memory(err)
			: lock_acquire(path, m->order->wait, &m->lock, err);

	free(path);
	if (status == DEED_OK)
		status = event_recover(m->events, m->order->now, err);
	return status;
}

/* The key before the lock: who cannot sign waits for nobody. */
enum deed_status deposit_mover_open(const struct home *h,
				    const struct deposit_move_order *order,
				    struct deposit_mover **out,
				    struct deed_error *err)
{
	struct deposit_mover *m = calloc(1, sizeof(*m));
	enum deed_status status;

	*out = NULL;
	if (m == NULL)
		return deed_error_memory(err);
	m->order = order;
	status = home_events_open(h, order->wait, &m->events, err);
	if (status == DEED_OK && order->to != NULL)
		status = open_key(m, h, err);
	if (status == DEED_OK && !order->dry_run)
		status = lock(m, h, err);
	if (status == DEED_OK)
		*out = m;
	else
		deposit_mover_close(m);
	return status;
}

void deposit_mover_close(struct deposit_mover *m)
{
	if (m == NULL)
		return;
	lock_release(m->lock);
	home_events_close(m->events);
	deposit_signer_clear(&m->signer);
	free(m);
}

enum deed_status deposit_move_plan(const struct deposit_mover *mover,
				   struct archive *a, const struct stored *d,
				   struct placement *out,
				   struct deed_error *err)
{
	const struct deposit_move_order *o = mover->order;
	struct placed placed;
	enum deed_status status = placed_load(a, d, &placed, err);

	if (status == DEED_OK)
		status = placement_plan(
			d->m, (const struct manifest *const *)placed.m,
			placed.count, o->to, o->to_count, out, err);
	placed_clear(&placed);
	return status;
}

/* All of it is copied out of d, which may be freed before the commit. */
static enum deed_status prepare(const struct stored *d,
				const struct placement *to,
				struct deposit_move **out,
				struct deed_error *err)
{
	struct deposit_move *move = calloc(1, sizeof(*move));
	enum deed_status status;

	if (move == NULL)
		return deed_error_memory(err);
	hex_text(slice_of(d->id, SHA256_SIZE), move->id);
	memcpy(move->folder, d->folder, sizeof(move->folder));
	memcpy(move->previous, d->cms_sha256, SHA256_SIZE);
	move->to = *to;
	move->generation = d->m->generation + 1;
	status = rebalance_manifest(d, to, &move->manifest, err);
	if (status == DEED_OK)
		*out = move;
	else
		deposit_move_free(move);
	return status;
}

enum deed_status deposit_move_bring(struct deposit_mover *mover,
				    struct archive *a, const struct stored *d,
				    const struct placement *to,
				    const struct check_options *options,
				    struct repair_report *report,
				    struct deposit_move **out,
				    struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	if (mover->order->dry_run) {
		memset(report, 0, sizeof(*report));
		return check_deposit(a, d, options, &report->found, err);
	}
	status = rebalance_bring(a, d, to, options, report, err);
	if (status != DEED_OK || !rebalance_mended(report))
		return status;
	return prepare(d, to, out, err);
}

void deposit_move_free(struct deposit_move *move)
{
	if (move == NULL)
		return;
	json_decref(move->manifest);
	free(move);
}

/* What goes into one transaction. */
struct committing {
	const struct deposit_mover *mover;
	struct deposit_move *const *move;
	int *entry;
	size_t count;
};

/* The manifest is complete but for the checkpoint, which is known under the
 * lock of the log only. */
static enum deed_status sign(const struct deposit_mover *mover,
			     struct deposit_move *move, struct slice checkpoint,
			     struct buf *cms, struct deed_error *err)
{
	json_t *text =
		json_stringn((const char *)checkpoint.data, checkpoint.len);

	if (json_object_set_new(move->manifest, "checkpoint", text) != 0)
		return deed_error_memory(err);
	return deposit_signer_sign(&mover->signer, move->manifest,
				   mover->order->now, cms, err);
}

static enum deed_status publish_one(const struct deposit_mover *mover,
				    struct deposit_move *move, struct event *ev,
				    int entry, struct slice checkpoint,
				    struct deed_error *err)
{
	struct object_name o = { .kind = OBJECT_MANIFEST,
				 .number = move->generation };
	char name[PLACE_NAME + 1], what[sizeof(move->folder) + sizeof(name)];
	struct buf cms = BUF_INIT;
	enum deed_status status;

	status = sign(mover, move, checkpoint, &cms, err);
	if (status == DEED_OK) {
		sha256(buf_get(&cms), o.sha256);
		object_format(&o, name);
		snprintf(what, sizeof(what), "%s/%s", move->folder, name);
		status = event_hash(ev, entry, "manifest", o.sha256, err);
	}
	if (status == DEED_OK)
		status = event_hash(ev, entry, "previous", move->previous, err);
	if (status == DEED_OK)
		status = event_publish(ev, entry, what, buf_get(&cms), err);
	buf_clear(&cms);
	return status;
}

/* An event_locked_fn: what carries a checkpoint is signed under the lock. */
static enum deed_status publish(void *arg, struct event *ev, uint64_t first,
				struct slice checkpoint, struct deed_error *err)
{
	const struct committing *c = arg;
	enum deed_status status = DEED_OK;
	size_t i;

	(void)first;
	for (i = 0; i < c->count && status == DEED_OK; i++)
		status = publish_one(c->mover, c->move[i], ev, c->entry[i],
				     checkpoint, err);
	return status;
}

/* *ev is the caller's in any case: after a failure it tells which entries were
 * logged. */
static enum deed_status transact(const struct committing *c, struct event **ev,
				 uint64_t *first, struct deed_error *err)
{
	const struct deposit_mover *m = c->mover;
	enum deed_status status;
	size_t i;

	status = event_begin(m->events, m->order->now, ev, err);
	for (i = 0; i < c->count && status == DEED_OK; i++)
		status = event_entry(*ev, "rebalance", &c->entry[i], err);
	if (status == DEED_OK)
		status = event_finish(*ev, publish, (void *)(uintptr_t)c, first,
				      err);
	return status;
}

/* Were the entries logged although not all could be published? */
static bool partly(const struct committing *c, const struct event *ev)
{
	size_t i;

	for (i = 0; i < c->count && ev != NULL; i++)
		if (event_output_status(ev, c->entry[i]) != DEED_OK)
			return true;
	return false;
}

/* Until the entries are logged all have the status of the whole; afterwards
 * each is asked for its own. */
void deposit_move_commit(struct deposit_mover *mover,
			 struct deposit_move *const move[], size_t count)
{
	int entry[DEPOSIT_MOVES];
	struct committing c = {
		.mover = mover, .move = move, .entry = entry, .count = count
	};
	struct deed_error err = DEED_ERROR_INIT;
	struct event *ev = NULL;
	enum deed_status status;
	uint64_t first = 0;
	bool logged;
	size_t i;

	for (i = 0; i < count; i++)
		entry[i] = -1;
	status = transact(&c, &ev, &first, &err);
	logged = status == DEED_OK || partly(&c, ev);
	for (i = 0; i < count; i++) {
		struct deed_error why = err;

		move[i]->status =
			logged ? event_output_why(ev, entry[i], &why) : status;
		if (move[i]->status != DEED_OK)
			move[i]->error = why;
		else
			move[i]->log_index = first + (uint64_t)entry[i];
	}
	event_free(ev);
}
