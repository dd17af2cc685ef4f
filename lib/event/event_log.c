/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "event/event_priv.h"

/* The checkpoint that the log had when it was last written to, as the second
 * copy has it. */
enum deed_status event_read_copy(const struct event_home *home,
				 const struct note_verifier *v,
				 struct checkpoint *c, struct deed_error *err)
{
	struct buf note = BUF_INIT;
	enum deed_status status;

	if (!file_exists(home->copy)) {
		deed_error_set(err, DEED_INCONSISTENT,
			       "the second copy of the checkpoint is gone: "
			       "'%s'",
			       home->copy);
		deed_error_hint(err, "deed audit recover");
		return DEED_INCONSISTENT;
	}
	status = file_read(home->copy, NOTE_MAX, &note, err);
	if (status == DEED_OK)
		status = checkpoint_open(buf_get(&note), v, c, err);
	if (status != DEED_OK)
		deed_error_prefix(err, "the second copy of the checkpoint");
	buf_clear(&note);
	return status;
}

enum deed_status event_store_copy(const struct event_lock *l,
				  struct deed_error *err)
{
	return file_write(l->home->copy, 0600, tlog_checkpoint_note(l->log),
			  OUTFILE_REPLACE, err);
}

/* A log that is ahead of the copy and agrees with it was interrupted between
 * the two; one that does not agree must not grow. */
static enum deed_status compare_copy(const struct event_lock *l,
				     struct deed_error *err)
{
	struct checkpoint copy;
	enum deed_status status;

	status = event_read_copy(l->home, &l->signer.verifier, &copy, err);
	if (status != DEED_OK)
		return status;
	status = tlog_contains(l->log, &copy, err);
	if (status == DEED_INCONSISTENT) {
		deed_error_prefix(err, "the log does not agree with the "
				       "second copy of its checkpoint");
		deed_error_hint(err, "deed audit recover");
	}
	if (status == DEED_OK && copy.size < tlog_checkpoint(l->log)->size)
		status = event_store_copy(l, err);
	return status;
}

enum deed_status event_lock_log(const struct event_home *home, int64_t time,
				bool check, struct event_lock *l,
				struct deed_error *err)
{
	char *path = path_join(home->audit, EVENT_LOCK_NAME);
	enum deed_status status;

	memset(l, 0, sizeof(*l));
	l->home = home;
	l->time = time;
	if (path == NULL)
		return deed_error_memory(err);
	status = lock_acquire(path, home->wait_seconds, &l->lock, err);
	free(path);
	if (status == DEED_OK)
		status = note_signer_read(home->log_key, &l->signer, err);
	if (status == DEED_OK)
		status = tlog_open(home->audit, &l->signer.verifier, &l->log,
				   err);
	if (status == DEED_OK && check)
		status = compare_copy(l, err);
	return status;
}

void event_unlock_log(struct event_lock *l)
{
	tlog_close(l->log);
	note_signer_clear(&l->signer);
	lock_release(l->lock);
	l->log = NULL;
	l->lock = NULL;
}

enum deed_status event_format(const struct entry *entries, size_t count,
			      struct buf *out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < count && status == DEED_OK; i++)
		status = entry_format(&entries[i], &out[i], err);
	return status;
}

enum deed_status event_append(struct event_lock *l, const struct buf *bytes,
			      size_t count, struct deed_error *err)
{
	struct slice *list = calloc(count, sizeof(*list));
	enum deed_status status;
	size_t i;

	if (list == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++)
		list[i] = buf_get(&bytes[i]);
	status = tlog_append(l->log, list, count, &l->signer, err);
	if (status == DEED_OK)
		status = event_store_copy(l, err);
	free(list);
	return status;
}

enum deed_status event_append_one(struct event_lock *l, struct entry *e,
				  struct deed_error *err)
{
	struct buf bytes = BUF_INIT;
	enum deed_status status = event_heads_keep(l, e, err);

	if (status == DEED_OK)
		status = entry_format(e, &bytes, err);
	if (status == DEED_OK)
		status = event_append(l, &bytes, 1, err);
	buf_clear(&bytes);
	return status;
}

enum deed_status event_create(const struct event_home *home, const char *origin,
			      struct deed_error *err)
{
	struct event_lock l = { .home = home };
	enum deed_status status;

	/* A key that is there already is the log's. */
	if (file_exists(home->log_key))
		status = note_signer_read(home->log_key, &l.signer, err);
	else
		status = note_signer_new(origin, &l.signer, err);
	if (status == DEED_OK && !file_exists(home->log_key))
		status = note_signer_write(home->log_key, &l.signer, err);
	if (status == DEED_OK)
		status = tlog_create(home->audit, &l.signer, err);
	if (status == DEED_OK)
		status = dropbox_create(home->identity, err);
	if (status == DEED_OK)
		status =
			tlog_open(home->audit, &l.signer.verifier, &l.log, err);
	if (status == DEED_OK)
		status = event_store_copy(&l, err);
	event_unlock_log(&l);
	return status;
}
