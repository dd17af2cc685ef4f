/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "tlog/tree.h"
#include "base/log.h"
#include "codec/hex.h"
#include "event/event_priv.h"
#include "event/event_timestamp.h"

#define OPENINGS_TYPE "deed.openings/1"
#define REGISTER_ONLY (-1)

/* Who has openings in each entry, so that a batch stays linear. */
struct reach {
	bool *any;     /* some party has one of its own */
	bool *mine;    /* this party has */
	bool *touched; /* this party's record has openings of it */
};

/* One pass over the openings for each party; to look for them entry by entry
 * would be quadratic in a batch.  One allocation, of which any is the start.
 */
static enum deed_status reach_init(const struct event *ev, int party,
				   struct reach *r, struct deed_error *err)
{
	size_t i;

	r->any = calloc(3, ev->entries);
	if (r->any == NULL)
		return deed_error_memory(err);
	r->mine = r->any + ev->entries;
	r->touched = r->mine + ev->entries;
	for (i = 0; i < ev->openings; i++) {
		const struct event_opening *o = &ev->opening[i];

		if (o->party != EVENT_ALL)
			r->any[o->entry] = true;
		if (o->party != EVENT_ALL && o->party == party)
			r->mine[o->entry] = true;
	}
	return DEED_OK;
}

/* party REGISTER_ONLY stands for a transaction without parties. */
static bool is_reader(const struct event *ev, const struct event_opening *o,
		      int party, const struct reach *r)
{
	if (party == REGISTER_ONLY)
		return ev->parties == 0;
	if (o->party != EVENT_ALL)
		return o->party == party;
	return !r->any[o->entry] || r->mine[o->entry];
}

/* {"label":...,"salt":hex,"value":...}, canonical (RFC 8785). */
static void put_opening(const struct event_opening *o, struct buf *text)
{
	/* A label is a word and a salt digits: neither needs an escape. */
	buf_printf(text, "{\"label\":\"%s\",\"salt\":\"", o->label);
	hex_encode(slice_of(o->salt, sizeof(o->salt)), text);
	buf_str(text, "\",");
	event_json_put(text, "value", buf_get(&o->value));
	buf_byte(text, '}');
}

/*
 * The openings that one party gets, entry by entry, in canonical JSON:
 * {"entries":[{"index":N,"openings":[...]},...],"type":...}.  Written as it
 * goes: of a batch it is long.  *any: is there one?
 */
static void put_list(const struct event *ev, int party, uint64_t first,
		     struct reach *r, struct buf *text, bool *any)
{
	int current = -1;
	size_t i;

	*any = false;
	buf_str(text, "{\"entries\":[");
	for (i = 0; i < ev->openings; i++) {
		const struct event_opening *o = &ev->opening[i];

		if (!is_reader(ev, o, party, r))
			continue;
		if (*any && o->entry == current) {
			buf_byte(text, ',');
		} else {
			buf_printf(
				text, "%s{\"index\":%" PRIu64 ",\"openings\":[",
				*any ? "]}," : "", first + (unsigned)o->entry);
			current = o->entry;
		}
		*any = true;
		r->touched[current] = true;
		put_opening(o, text);
	}
	buf_printf(text, "%s],\"type\":\"%s\"}", *any ? "]}" : "",
		   OPENINGS_TYPE);
}

/* Write one record, and remember it, so that a failure can take it back. */
static enum deed_status put_record(struct event *ev, int party,
				   struct slice plain,
				   uint8_t hash[DROPBOX_HASH],
				   struct deed_error *err)
{
	struct dropbox_reader to[2] = { ev->home->register_reader };
	size_t count = 1;
	void *more;
	enum deed_status status;

	if (party >= 0) {
		to[1].spki = buf_get(&ev->party[party].spki);
		to[1].ski = buf_get(&ev->party[party].ski);
		/* The register reads it once. */
		if (!slice_equal(to[0].spki, to[1].spki))
			count = 2;
	}
	more = reallocarray(ev->put, ev->puts + 1, sizeof(*ev->put));
	if (more == NULL)
		return deed_error_memory(err);
	ev->put = more;
	status = dropbox_put(ev->home->identity, to, count, plain, hash, err);
	if (status == DEED_OK)
		memcpy(ev->put[ev->puts++], hash, DROPBOX_HASH);
	return status;
}

enum deed_status event_record_now(struct event *ev, int entry, int party,
				  struct slice plain, uint8_t hash[32],
				  struct deed_error *err)
{
	enum deed_status status;

	if (!ev->locked || entry < 0 || (size_t)entry >= ev->entries ||
	    party < 0 || (size_t)party >= ev->parties)
		return deed_error_set(err, DEED_USAGE,
				      "the transaction has no such entry or "
				      "party, or is not locked");
	status = put_record(ev, party, plain, hash, err);
	if (status == DEED_OK)
		status = entry_add_record(&ev->entry[entry], hash, err);
	return status;
}

/* One record a party and transaction, and none where the party has nothing to
 * open; each entry that it has something of names it. */
static enum deed_status put_openings(struct event *ev, int party,
				     uint64_t first, struct deed_error *err)
{
	struct reach r = { NULL, NULL, NULL };
	struct buf text = BUF_INIT;
	uint8_t hash[DROPBOX_HASH];
	enum deed_status status = reach_init(ev, party, &r, err);
	bool any;
	size_t i;

	if (status != DEED_OK)
		return status;
	put_list(ev, party, first, &r, &text, &any);
	status = buf_status(&text, err);
	if (status != DEED_OK || !any)
		goto out;
	status = put_record(ev, party, buf_get(&text), hash, err);
	for (i = 0; i < ev->entries && status == DEED_OK; i++)
		if (r.touched[i])
			status = entry_add_record(&ev->entry[i], hash, err);
out:
	if (text.data != NULL)
		secret_wipe(text.data, text.len);
	buf_clear(&text);
	free(r.any);
	return status;
}

/* Everything that the entries name goes into the drop box. */
static enum deed_status put_records(struct event *ev, uint64_t first,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	uint8_t hash[DROPBOX_HASH];
	size_t i;

	for (i = 0; i < ev->records && status == DEED_OK; i++) {
		struct event_own_record *r = &ev->record[i];

		status =
			put_record(ev, r->party, buf_get(&r->plain), hash, err);
		if (status == DEED_OK)
			status = entry_add_record(&ev->entry[r->entry], hash,
						  err);
		if (status == DEED_OK && r->hash != NULL)
			memcpy(r->hash, hash, DROPBOX_HASH);
	}
	for (i = 0; i < ev->parties && status == DEED_OK; i++)
		status = put_openings(ev, (int)i, first, err);
	if (status == DEED_OK && ev->parties == 0)
		status = put_openings(ev, REGISTER_ONLY, first, err);
	return status;
}

/* What was done before the entries were logged, undone. */
static void undo(struct event *ev)
{
	enum deed_status status;
	size_t i;

	/* The pending file last: it is what knows of the outputs. */
	for (i = 0; i < ev->outs; i++)
		outfile_drop(ev->out[i].file);
	status = event_pending_remove(ev->home, NULL);
	/* What cannot be removed now is ignored and reported later: no entry
	 * names it. */
	for (i = 0; i < ev->puts && status == DEED_OK; i++)
		status = dropbox_remove(ev->home->identity, ev->put[i], NULL);
}

/* Pending file, the names that it has, then the log: the point of no return is
 * the checkpoint. */
static enum deed_status log_entries(struct event *ev, struct event_lock *l,
				    uint64_t first, struct deed_error *err)
{
	struct buf *bytes = calloc(ev->entries, sizeof(*bytes));
	struct tree_hash leaf;
	enum deed_status status;
	size_t i;

	if (bytes == NULL)
		return deed_error_memory(err);
	status = event_format(ev->entry, ev->entries, bytes, err);
	if (status == DEED_OK) {
		tree_leaf(buf_get(&bytes[ev->entries - 1]), &leaf);
		status = event_pending_write(ev, first, leaf.bytes, err);
	}
	if (status == DEED_OK)
		status = event_link(ev->out, ev->outs, err);
	if (status == DEED_OK) {
		/* From here on the temporaries are the recovery's. */
		ev->committed = true;
		status = event_append(l, bytes, ev->entries, err);
	}
	for (i = 0; i < ev->entries; i++)
		buf_clear(&bytes[i]);
	free(bytes);
	return status;
}

/*
 * The append failed, and only the disk knows how far it came: a checkpoint
 * may stand there whose directory could not be synced.  So do what the next
 * run would do; what cannot be done now it will.
 */
static void settle(struct event_lock *l)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	tlog_close(l->log);
	status = tlog_open(l->home->audit, &l->signer.verifier, &l->log, &why);
	if (status == DEED_OK)
		status = event_finish_pending(l, &why);
	if (status != DEED_OK)
		log_say(LOG_WARNING,
			"the next command that writes will "
			"finish or undo this: %s",
			why.message);
}

/* fn comes first, as it may add outputs; then the heads, which sum them up;
 * then the records, whose names go into the entries.  Once committed the
 * temporaries are kept whatever fails: only the recovery may remove them. */
static enum deed_status finish_locked(struct event *ev, struct event_lock *l,
				      event_locked_fn *fn, void *arg,
				      uint64_t *first, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	*first = tlog_checkpoint(l->log)->size;
	ev->locked = true;
	if (fn != NULL)
		status = fn(arg, ev, *first, tlog_checkpoint_note(l->log), err);
	if (status == DEED_OK)
		status = event_heads_add(ev, l, err);
	if (status == DEED_OK)
		status = put_records(ev, *first, err);
	if (status == DEED_OK)
		status = event_publish_sync(ev, err);
	if (status == DEED_OK)
		status = log_entries(ev, l, *first, err);
	if (!ev->committed) {
		undo(ev);
		return status;
	}
	for (i = 0; i < ev->outs; i++)
		outfile_keep(ev->out[i].file);
	if (status != DEED_OK) {
		settle(l);
		return status;
	}
	status = event_bring_about(l, ev->out, ev->outs, *first, err);
	if (status != DEED_OK)
		return status;
	status = event_pending_remove(ev->home, err);
	for (i = 0; i < ev->outs && status == DEED_OK; i++)
		status = ev->out[i].status;
	return status;
}

enum deed_status event_finish(struct event *ev, event_locked_fn *fn, void *arg,
			      uint64_t *first, struct deed_error *err)
{
	struct event_lock l;
	enum deed_status status;

	*first = 0;
	if (ev->entries == 0 || ev->locked)
		return deed_error_set(err, DEED_USAGE,
				      "the transaction has no entry");
	status = event_lock_log(ev->home, ev->time, true, &l, err);
	if (status == DEED_OK)
		status = event_finish_pending(&l, err);
	if (status == DEED_OK)
		status = finish_locked(ev, &l, fn, arg, first, err);
	event_unlock_log(&l);
	return status == DEED_OK ? event_timestamp_checkpoint(ev->home, err)
				 : status;
}

enum deed_status event_recover(const struct event_home *home, int64_t time,
			       struct deed_error *err)
{
	struct event_lock l;
	enum deed_status status;

	if (!event_pending_exists(home))
		return DEED_OK;
	status = event_lock_log(home, time, true, &l, err);
	if (status == DEED_OK)
		status = event_finish_pending(&l, err);
	event_unlock_log(&l);
	return status;
}
