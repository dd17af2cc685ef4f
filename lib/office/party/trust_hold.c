/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/trust_hold.h"

#include <stdlib.h>

#include "base/lock.h"
#include "event/event.h"
#include "office/party/home_events.h"

/* What a change of the lists has open. */
struct holding {
	struct lock *lock;
	struct event_home *log;
	struct event *ev;
	struct held_files files;
	int entry;
};

/* The lock of the lists is let go last. */
static void close_holding(struct holding *w)
{
	event_free(w->ev);
	home_events_close(w->log);
	held_files_clear(&w->files);
	lock_release(w->lock);
}

/* What an interrupted run left is finished before the list is looked at; who
 * only looks takes no lock. */
static enum deed_status open_holding(const struct home *h, bool dry_run,
				     int64_t now, unsigned wait,
				     struct holding *w, struct deed_error *err)
{
	char *path;
	enum deed_status status;

	*w = (struct holding){ .files = { .text = BUF_INIT } };
	if (dry_run)
		return DEED_OK;
	path = path_join(h->trust, "lists.lock");
	status = path == NULL ? deed_error_memory(err)
			      : lock_acquire(path, wait, &w->lock, err);
	free(path);
	if (status == DEED_OK)
		status = home_events_open(h, wait, &w->log, err);
	return status == DEED_OK ? event_recover(w->log, now, err) : status;
}

/* The name is committed to and not written into the log: whom an office
 * believes is its own business. */
static enum deed_status begin(struct holding *w, const char *type, int64_t now,
			      const char *name, struct deed_error *err)
{
	enum deed_status status = event_begin(w->log, now, &w->ev, err);

	if (status == DEED_OK)
		status = event_entry(w->ev, type, &w->entry, err);
	if (status == DEED_OK)
		status = event_commit(w->ev, w->entry, EVENT_ALL, "name",
				      slice_str(name), err);
	return status;
}

/* Hashes stand in clear: whoever has the list can see in the log that it was
 * held, and when. */
static enum deed_status say(struct holding *w, const struct held_list *l,
			    struct deed_error *err)
{
	enum deed_status status =
		event_hash(w->ev, w->entry, "statement", l->file, err);

	if (status == DEED_OK)
		status = event_hash(w->ev, w->entry, "list",
				    l->statement->sha256, err);
	if (status == DEED_OK)
		status = event_hash(w->ev, w->entry, "signer",
				    cert_sha256(l->signer), err);
	return status;
}

/* Statement and note are one transaction, so that a list is never held with
 * the signer of another. */
static enum deed_status commit_hold(struct holding *w, const struct home *h,
				    struct trust_hold *t,
				    struct deed_error *err)
{
	const char *type =
		t->offer.signer != NULL ? "trust-add" : "trust-update";
	const struct held_list *l = t->list;
	enum deed_status status = held_files_of(h->trust, l, &w->files, err);

	if (status == DEED_OK)
		status = begin(w, type, t->now, l->name, err);
	if (status == DEED_OK)
		status = say(w, l, err);
	if (status == DEED_OK)
		status = event_commit(w->ev, w->entry, EVENT_ALL, "from",
				      slice_str(l->from), err);
	if (status == DEED_OK)
		status = event_output_bytes(w->ev, w->entry, w->files.statement,
					    OUTFILE_REPLACE, t->offer.der, err);
	if (status == DEED_OK)
		status = event_output_bytes(w->ev, w->entry, w->files.note,
					    OUTFILE_REPLACE,
					    buf_get(&w->files.text), err);
	return status == DEED_OK
		       ? event_finish(w->ev, NULL, NULL, &t->index, err)
		       : status;
}

/* Judged under the lock of the lists: no other run puts another list under
 * that name in between. */
enum deed_status trust_hold(const struct home *h, struct trust_hold *t,
			    struct deed_error *err)
{
	struct holding w;
	enum deed_status status =
		open_holding(h, t->dry_run, t->now, t->wait, &w, err);

	t->list = NULL;
	t->news = HELD_NOTHING;
	if (status == DEED_OK)
		status = held_list_judge(h->trust, &t->offer, &t->list,
					 &t->news, err);
	if (status == DEED_OK && t->news != HELD_NOTHING && !t->dry_run)
		status = commit_hold(&w, h, t, err);
	close_holding(&w);
	return status;
}

/* The entry first: a list that an interrupted run left is held still, and
 * goes with the next. */
static enum deed_status commit_drop(struct holding *w, const struct home *h,
				    struct trust_drop *t,
				    struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct held_list *l = NULL;
	enum deed_status status =
		begin(w, "trust-remove", t->now, t->name, err);

	if (status == DEED_OK &&
	    held_list_read(h->trust, t->name, &l, &why) == DEED_OK)
		status = say(w, l, err);
	if (status == DEED_OK)
		status = event_gone(w->ev, w->files.note, err);
	if (status == DEED_OK)
		status = event_gone(w->ev, w->files.statement, err);
	if (status == DEED_OK)
		status = event_finish(w->ev, NULL, NULL, &t->index, err);
	if (status == DEED_OK && file_exists(w->files.note))
		status = file_remove(w->files.note, err);
	if (status == DEED_OK && file_exists(w->files.statement))
		status = file_remove(w->files.statement, err);
	held_list_free(l);
	return status;
}

enum deed_status trust_drop(const struct home *h, struct trust_drop *t,
			    struct deed_error *err)
{
	struct holding w;
	enum deed_status status =
		open_holding(h, t->dry_run, t->now, t->wait, &w, err);

	if (status == DEED_OK)
		status = held_files_find(h->trust, t->name, &w.files, err);
	if (status == DEED_OK && !t->dry_run)
		status = commit_drop(&w, h, t, err);
	close_holding(&w);
	return status;
}
