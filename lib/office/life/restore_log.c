/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "tlog/proof.h"
#include "base/file.h"
#include "office/party/home_events.h"
#include "office/life/restore_priv.h"

/* ---- the log by itself ---- */

/* What the log itself says wrong is no log to go on with; a record that was
 * missing already is told. */
static enum deed_status check_sound(const struct restore *r,
				    struct deed_error *err)
{
	size_t i;

	for (i = 0; i < r->report.findings; i++) {
		const struct audit_finding *f = &r->report.finding[i];

		if (f->status != DEED_OK && f->status != DEED_DAMAGED)
			return deed_error_set(err, f->status,
					      "the log in the backup: %s",
					      f->message);
	}
	return DEED_OK;
}

/* The checkpoint in the index and the log in the home have to be the same:
 * pieces of two backups put together would differ here. */
static enum deed_status check_index(const struct backup_reader *b,
				    const struct note_verifier *key,
				    const struct restore *r,
				    struct deed_error *err)
{
	struct checkpoint c;
	enum deed_status status;

	status = checkpoint_open(slice_str(b->index.checkpoint), key, &c, err);
	if (status == DEED_OK &&
	    (c.size != r->checkpoint.size ||
	     memcmp(c.root, r->checkpoint.root, sizeof(c.root)) != 0))
		return deed_error_set(err, DEED_INCONSISTENT,
				      "the log in '%s' is not that of its "
				      "index",
				      b->name);
	if (status != DEED_OK)
		deed_error_prefix(err, "the index of '%s'", b->name);
	return status;
}

/* ---- what was kept ---- */

/* The newest that was kept. */
struct newest {
	struct buf note;
	uint64_t size;
};

/* A proof of an entry that is not here shows which one it was. */
static enum deed_status see_lost(const struct restore_kept *kept,
				 const struct note_verifier *key,
				 struct restore *r, struct deed_error *err)
{
	struct entry e = ENTRY_INIT;
	struct restore_lost *lost;
	json_t *openings = NULL;
	struct checkpoint c;
	uint64_t index = 0;
	enum deed_status status = DEED_OK;

	if (!proof_is_inclusion(kept->bytes))
		return DEED_OK;
	status = audit_check_proof(kept->bytes, key, &index, &c, &e, &openings,
				   err);
	if (status == DEED_OK && index >= r->checkpoint.size) {
		lost = reallocarray(r->lost, r->lost_count + 1, sizeof(*lost));
		if (lost == NULL) {
			status = deed_error_memory(err);
		} else {
			r->lost = lost;
			lost += r->lost_count++;
			lost->index = index;
			lost->time = e.time;
			memcpy(lost->event, e.event, sizeof(lost->event));
		}
	}
	json_decref(openings);
	entry_clear(&e);
	return status;
}

/* What was kept is of no later time than the backup, so the log has to contain
 * it. */
static enum deed_status compare_older(const struct event_home *log,
				      const struct restore_kept *kept,
				      struct deed_error *err)
{
	struct audit_report report = AUDIT_REPORT_INIT;
	enum deed_status status;

	status = audit_against(log, kept->bytes, kept->name, &report, err);
	if (status == DEED_OK) {
		status = audit_report_status(&report);
		if (status != DEED_OK)
			deed_error_set(err, status,
				       "the backup is not of that log: %s",
				       report.finding[0].message);
	}
	audit_report_clear(&report);
	return status;
}

/* Of what was kept elsewhere each is a checkpoint, newer or older than the
 * backup: a newer one tells what the backup lacks. */
static enum deed_status compare(const struct event_home *log,
				const struct note_verifier *key,
				const struct restore_kept *kept,
				struct restore *r, struct newest *newest,
				struct deed_error *err)
{
	struct buf note = BUF_INIT;
	struct checkpoint c = { .size = 0 };
	enum deed_status status;

	status = audit_find_checkpoint(kept->bytes, &note, err);
	if (status == DEED_OK)
		status = checkpoint_open(buf_get(&note), key, &c, err);
	/* By another key, or none: of another log. */
	if (status == DEED_NO_SIGNATURE)
		status = deed_error_set(err, DEED_INCONSISTENT,
					"it is not signed by the log of the "
					"backup, '%s'",
					r->checkpoint.origin);
	if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", kept->name);
	else if (c.size <= r->checkpoint.size)
		status = compare_older(log, kept, err);
	else
		status = see_lost(kept, key, r, err);
	if (status == DEED_OK && c.size >= newest->size) {
		newest->size = c.size;
		buf_clear(&newest->note);
		newest->note = note;
		note = (struct buf)BUF_INIT;
	}
	buf_clear(&note);
	return status;
}

/* Who says that nothing happened since must have kept the very last. */
static enum deed_status check_moved(const struct restore *r,
				    struct deed_error *err)
{
	if (!r->moved || r->expected == r->checkpoint.size)
		return DEED_OK;
	return deed_error_set(err, DEED_REFUSED,
			      "what was kept is of %" PRIu64
			      " entries, the backup has %" PRIu64
			      ": it is not the last of a home that was moved",
			      r->expected, r->checkpoint.size);
}

/*
 * The second copy of the checkpoint keeps writers away until audit_recover
 * was run: it speaks of entries that are missing, or is not there.
 */
static enum deed_status mark(const struct event_home *log,
			     const struct newest *newest, struct restore *r,
			     struct deed_error *err)
{
	enum deed_status status;

	r->expected = newest->size;
	r->recover = !r->moved;
	status = check_moved(r, err);
	if (status != DEED_OK || r->moved)
		return status;
	if (newest->size > r->checkpoint.size)
		return file_write(log->copy, 0600, buf_get(&newest->note),
				  OUTFILE_REPLACE, err);
	return file_remove(log->copy, err);
}

enum deed_status restore_check_log(const struct home *h,
				   const struct backup_reader *b,
				   struct restore *r, struct deed_error *err)
{
	struct newest newest = { .note = BUF_INIT };
	struct event_home *log = NULL;
	struct note_verifier key;
	enum deed_status status = home_events_open(h, 0, &log, err);
	size_t i;

	if (status == DEED_OK)
		status = audit_key(log, &key, err);
	if (status == DEED_OK)
		status = audit_verify(log, &r->report, err);
	if (status == DEED_OK)
		status = check_sound(r, err);
	if (status == DEED_OK) {
		r->checkpoint = r->report.checkpoint;
		status = check_index(b, &key, r, err);
	}
	for (i = 0; i < r->kepts && status == DEED_OK; i++)
		status = compare(log, &key, &r->kept[i], r, &newest, err);
	if (status == DEED_OK)
		status = mark(log, &newest, r, err);
	buf_clear(&newest.note);
	home_events_close(log);
	return status;
}

/* ---- without the home ---- */

/* The signatures are not looked at: there is no key yet to do it with. */
static enum deed_status peek(struct slice bytes, struct checkpoint *c,
			     struct deed_error *err)
{
	struct note n;
	enum deed_status status = note_parse(bytes, &n, err);

	return status == DEED_OK ? checkpoint_parse(n.text, c, err) : status;
}

/* Without a key nothing is verified, so this refuses only what could never
 * agree: it is asked before gigabytes are unpacked, and asked again with the
 * log. */
static enum deed_status peek_kept(const struct restore_kept *kept,
				  struct restore *r, struct deed_error *err)
{
	struct buf note = BUF_INIT;
	struct checkpoint c;
	enum deed_status status;

	status = audit_find_checkpoint(kept->bytes, &note, err);
	if (status == DEED_OK)
		status = peek(buf_get(&note), &c, err);
	if (status == DEED_OK && strcmp(c.origin, r->checkpoint.origin) != 0)
		status = deed_error_set(err, DEED_INCONSISTENT,
					"it is of '%s', the backup of '%s'",
					c.origin, r->checkpoint.origin);
	if (status == DEED_OK && c.size == r->checkpoint.size &&
	    memcmp(c.root, r->checkpoint.root, sizeof(c.root)) != 0)
		status = deed_error_set(
			err, DEED_INCONSISTENT,
			"the log in the backup has other entries");
	if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", kept->name);
	else if (c.size > r->expected)
		r->expected = c.size;
	buf_clear(&note);
	return status;
}

enum deed_status restore_peek_log(const struct backup_reader *b,
				  struct restore *r, struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	status = peek(slice_str(b->index.checkpoint), &r->checkpoint, err);
	if (status != DEED_OK) {
		deed_error_prefix(err, "the index of '%s'", b->name);
		return status;
	}
	for (i = 0; i < r->kepts && status == DEED_OK; i++)
		status = peek_kept(&r->kept[i], r, err);
	r->recover = !r->moved;
	return status == DEED_OK ? check_moved(r, err) : status;
}
