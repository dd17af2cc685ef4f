/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "event/audit.h"
#include "event/event_priv.h"

/* The second copy: there or not, and what it says. */
static enum deed_status read_copy(const struct event_home *home,
				  const struct note_verifier *v,
				  struct buf *note, struct checkpoint *c,
				  bool *there, struct deed_error *err)
{
	enum deed_status status;

	*there = false;
	if (!file_exists(home->copy))
		return DEED_OK;
	status = file_read(home->copy, NOTE_MAX, note, err);
	if (status != DEED_OK)
		return status;
	status = checkpoint_open(buf_get(note), v, c, NULL);
	*there = status == DEED_OK;
	return status == DEED_NO_MEMORY ? deed_error_memory(err) : DEED_OK;
}

/* The log as its files are, whatever its copy says: closed and open again. */
static enum deed_status reopen(struct event_lock *l, struct deed_error *err)
{
	tlog_close(l->log);
	l->log = NULL;
	return tlog_open(l->home->audit, &l->signer.verifier, &l->log, err);
}

/* Does the log hold all that the copy speaks of, only that its checkpoint was
 * lost or put back? */
static enum deed_status is_all_there(const struct event_lock *l,
				     struct slice copy, bool *there,
				     struct deed_error *err)
{
	struct tlog *log;
	enum deed_status status = tlog_open_note(
		l->home->audit, &l->signer.verifier, copy, &log, err);

	*there = false;
	if (status != DEED_OK)
		return status;
	status = tlog_verify(log, NULL, NULL, err);
	tlog_close(log);
	*there = status == DEED_OK;
	/* What could not be read may well be there. */
	return deed_status_exit(status) == deed_status_exit(DEED_IO) ? status
								     : DEED_OK;
}

/* Then the copy is the checkpoint. */
static enum deed_status restore(struct event_lock *l, struct slice copy,
				struct deed_error *err)
{
	char *path = path_join(l->home->audit, "checkpoint");
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = file_write(path, 0644, copy, OUTFILE_REPLACE, err);
	free(path);
	return status == DEED_OK ? reopen(l, err) : status;
}

/* What lies in the home is taken as it is, and the entry stands for it: what
 * is lost or was put back stays so, and the log has where. */
static enum deed_status take_heads(struct event_lock *l, struct entry *e,
				   struct deed_error *err)
{
	uint8_t heads[32];
	bool changed;
	enum deed_status status;

	if (l->home->heads == NULL)
		return DEED_OK;
	status = event_heads_take(l, true, heads, &changed, err);
	return status == DEED_OK ? entry_add_hash(e, "heads", heads, err)
				 : status;
}

/* The log and its copy agree, but the home is not what the last entry says:
 * something of it was lost or put back.  It is taken as it is, and the log has
 * where; with dry_run it is only told. */
static enum deed_status record_heads(struct event_lock *l, bool dry_run,
				     struct audit_recovered *out,
				     struct deed_error *err)
{
	struct entry e = ENTRY_INIT;
	uint8_t heads[32];
	bool changed = false;
	enum deed_status status;

	status = event_heads_take(l, false, heads, &changed, err);
	if (status != DEED_OK || !changed)
		return status;
	out->what = AUDIT_TAKEN;
	out->index = tlog_checkpoint(l->log)->size;
	if (dry_run)
		return DEED_OK;
	status = event_entry_init(&e, "recover", l->time, err);
	if (status == DEED_OK)
		status = take_heads(l, &e, err);
	if (status == DEED_OK)
		status = event_append_one(l, &e, err);
	entry_clear(&e);
	return status;
}

/* The gap, in the log. */
static enum deed_status record_gap(struct event_lock *l,
				   const struct checkpoint *expected,
				   struct audit_recovered *out,
				   struct deed_error *err)
{
	const struct checkpoint *found = tlog_checkpoint(l->log);
	struct entry e;
	enum deed_status status = event_entry_init(&e, "recover", l->time, err);

	out->index = found->size;
	if (status == DEED_OK)
		status = entry_add_number(&e, "found", found->size, err);
	if (status == DEED_OK)
		status = entry_add_hash(&e, "found-root", found->root, err);
	if (status == DEED_OK && expected != NULL)
		status = entry_add_number(&e, "expected", expected->size, err);
	if (status == DEED_OK && expected != NULL)
		status = entry_add_hash(&e, "expected-root", expected->root,
					err);
	if (status == DEED_OK)
		status = take_heads(l, &e, err);
	if (status == DEED_OK)
		status = event_append_one(l, &e, err);
	entry_clear(&e);
	return status;
}

/* The log is sound and agrees with its copy: only what was interrupted. */
static enum deed_status finish(struct event_lock *l, bool dry_run,
			       const struct checkpoint *copy,
			       struct audit_recovered *out,
			       struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (event_pending_exists(l->home) ||
	    copy->size < tlog_checkpoint(l->log)->size)
		out->what = AUDIT_FINISHED;
	if (dry_run && out->what == AUDIT_FINISHED)
		return DEED_OK;
	if (dry_run)
		return record_heads(l, true, out, err);
	if (copy->size < tlog_checkpoint(l->log)->size)
		status = event_store_copy(l, err);
	if (status == DEED_OK)
		status = event_finish_pending(l, err);
	return status == DEED_OK ? record_heads(l, false, out, err) : status;
}

/* First the copy is tried as the checkpoint, by which nothing is lost; a gap
 * is what is left.  The log is verified as a whole before an entry is signed
 * over it, for that would vouch for what is not sound. */
static enum deed_status recover_locked(struct event_lock *l, bool dry_run,
				       struct audit_recovered *out,
				       struct deed_error *err)
{
	struct buf note = BUF_INIT;
	struct checkpoint copy = { .size = 0 };
	bool there, restored = false;
	enum deed_status status = read_copy(l->home, &l->signer.verifier, &note,
					    &copy, &there, err);

	if (status == DEED_OK && there &&
	    (l->log == NULL || tlog_checkpoint(l->log)->size < copy.size))
		status = is_all_there(l, buf_get(&note), &restored, err);
	if (status != DEED_OK)
		goto out;
	if (restored) {
		out->what = AUDIT_RESTORED;
		if (!dry_run)
			status = restore(l, buf_get(&note), err);
		if (status == DEED_OK && !dry_run)
			status = event_finish_pending(l, err);
		goto out;
	}
	status = reopen(l, err);
	if (status == DEED_OK)
		status = tlog_verify(l->log, NULL, NULL, err);
	if (status != DEED_OK) {
		deed_error_prefix(err, "the log must come back from a backup");
		goto out;
	}
	if (there && tlog_contains(l->log, &copy, NULL) == DEED_OK) {
		status = finish(l, dry_run, &copy, out, err);
		goto out;
	}
	out->what = there ? AUDIT_GAP : AUDIT_COPIED;
	out->found = tlog_checkpoint(l->log)->size;
	out->expected = there ? copy.size : out->found;
	if (!dry_run)
		status = record_gap(l, there ? &copy : NULL, out, err);
	if (status == DEED_OK && !dry_run)
		status = event_finish_pending(l, err);
out:
	buf_clear(&note);
	return status;
}

enum deed_status audit_recover(const struct event_home *home, int64_t time,
			       bool dry_run, struct audit_recovered *out,
			       struct deed_error *err)
{
	struct event_lock l;
	enum deed_status status = event_lock_log(home, time, false, &l, err);

	memset(out, 0, sizeof(*out));
	/* Without a checkpoint that can be read there is still the copy. */
	if (status == DEED_NOT_FOUND || status == DEED_MALFORMED ||
	    status == DEED_BAD_SIGNATURE || status == DEED_NO_SIGNATURE)
		status = l.signer.seed != NULL ? DEED_OK : status;
	if (status == DEED_OK)
		status = recover_locked(&l, dry_run, out, err);
	event_unlock_log(&l);
	return status;
}
