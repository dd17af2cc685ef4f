/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tlog/tlog.h"
#include "codec/hex.h"
#include "crypto/random.h"
#include "event/audit.h"
#include "event/event_priv.h"
#include "event/event_timestamp.h"

void audit_report_clear(struct audit_report *r)
{
	free(r->finding);
	*r = (struct audit_report)AUDIT_REPORT_INIT;
}

enum deed_status audit_report_status(const struct audit_report *r)
{
	size_t i;

	for (i = 0; i < r->findings; i++)
		if (r->finding[i].status != DEED_OK)
			return r->finding[i].status;
	return DEED_OK;
}

static enum deed_status find(struct audit_report *r, enum deed_status status,
			     const char *id, struct deed_error *err,
			     const char *fmt, ...) DEED_PRINTF(5, 6);

/* One more finding.  Fails for want of memory only. */
static enum deed_status find(struct audit_report *r, enum deed_status status,
			     const char *id, struct deed_error *err,
			     const char *fmt, ...)
{
	struct audit_finding *more, *f;
	va_list args;

	more = reallocarray(r->finding, r->findings + 1, sizeof(*more));
	if (more == NULL)
		return deed_error_memory(err);
	r->finding = more;
	f = &more[r->findings++];
	f->status = status;
	(void)snprintf(f->id, sizeof(f->id), "%s", id);
	va_start(args, fmt);
	(void)vsnprintf(f->message, sizeof(f->message), fmt, args);
	va_end(args);
	return DEED_OK;
}

enum deed_status audit_report_add(struct audit_report *r,
				  enum deed_status status, const char *id,
				  const char *message, struct deed_error *err)
{
	return find(r, status, id, err, "%s", message);
}

enum deed_status audit_report_judge(struct audit_report *r,
				    enum deed_status status, const char *id,
				    const char *about,
				    const struct deed_error *why,
				    struct deed_error *err)
{
	if (status == DEED_OK)
		return DEED_OK;
	if (deed_status_exit(status) != 1) {
		if (err != NULL)
			*err = *why;
		return status;
	}
	return find(r, status, id, err, "%s%s%s", about,
		    about[0] == 0 ? "" : ": ", why->message);
}

/* A hash table of records that entries name, open addressing. */
struct names {
	uint8_t (*hash)[DROPBOX_HASH];
	uint8_t *state; /* 0 free, 1 named, 2 erased, 3 seen in the box */
	size_t size, count;
	uint64_t key[DROPBOX_HASH / 4];
};

#define NAMED 1
#define ERASED 2
#define SEEN 3

/* By a key that nobody knows before (multilinear, of the words of 32 bits):
 * whoever writes the log could give all names one beginning. */
static size_t names_slot(const struct names *n,
			 const uint8_t hash[DROPBOX_HASH])
{
	uint64_t sum = 0;
	uint32_t word;
	size_t i, at;

	for (i = 0; i < DROPBOX_HASH / sizeof(word); i++) {
		memcpy(&word, hash + i * sizeof(word), sizeof(word));
		sum += n->key[i] * word;
	}
	at = (size_t)(sum >> 32) & (n->size - 1);
	while (n->state[at] != 0 &&
	       memcmp(n->hash[at], hash, DROPBOX_HASH) != 0)
		at = (at + 1) & (n->size - 1);
	return at;
}

/* The size stays a power of two, and no more than half of it is taken:
 * names_slot masks, and ends at a free slot. */
static bool names_grow(struct names *n)
{
	struct names more = { .size = n->size == 0 ? 1024 : 2 * n->size };
	size_t i, at;

	more.hash = calloc(more.size, sizeof(*more.hash));
	more.state = calloc(more.size, 1);
	memcpy(more.key, n->key, sizeof(more.key));
	if (more.hash == NULL || more.state == NULL) {
		free(more.hash);
		free(more.state);
		return false;
	}
	for (i = 0; i < n->size; i++) {
		if (n->state[i] == 0)
			continue;
		at = names_slot(&more, n->hash[i]);
		memcpy(more.hash[at], n->hash[i], DROPBOX_HASH);
		more.state[at] = n->state[i];
	}
	more.count = n->count;
	free(n->hash);
	free(n->state);
	*n = more;
	return true;
}

/* What comes last counts: a record that was named and then erased need not be
 * in the box. */
static bool names_set(struct names *n, const uint8_t hash[DROPBOX_HASH],
		      uint8_t state)
{
	size_t at;

	if (2 * (n->count + 1) > n->size && !names_grow(n))
		return false;
	at = names_slot(n, hash);
	if (n->state[at] == 0) {
		memcpy(n->hash[at], hash, DROPBOX_HASH);
		n->count++;
	}
	n->state[at] = state;
	return true;
}

static void names_clear(struct names *n)
{
	free(n->hash);
	free(n->state);
}

struct verify {
	const struct event_home *home;
	struct audit_report *report;
	struct names names;
};

/* What is wrong with an entry is a finding, and the walk goes on to the
 * others; only want of memory ends it. */
static enum deed_status see_entry(void *arg, uint64_t index, struct slice bytes,
				  struct deed_error *err)
{
	struct verify *v = arg;
	struct deed_error why = DEED_ERROR_INIT;
	struct entry e;
	uint64_t other;
	size_t i;
	enum deed_status status = entry_parse(bytes, &e, &why);
	bool erasure;

	v->report->entries++;
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK)
		return find(v->report, DEED_INCONSISTENT, "entry", err,
			    "entry %" PRIu64 ": %s", index, why.message);
	erasure = !strcmp(e.event, "erase");
	if (erasure)
		v->report->erasures++;
	if (!strcmp(e.event, "void")) {
		v->report->voids++;
		if (!entry_get_number(&e, "entry", &other) || other >= index)
			status =
				find(v->report, DEED_INCONSISTENT, "entry", err,
				     "entry %" PRIu64
				     " is void and names no earlier entry",
				     index);
	}
	for (i = 0; i < e.records && status == DEED_OK; i++)
		if (!names_set(&v->names, e.record[i].hash,
			       erasure ? ERASED : NAMED))
			status = deed_error_memory(err);
	entry_clear(&e);
	return status;
}

/* A record that no entry names is what a run left that was killed before its
 * entries were logged, or somebody's who may write there: it says nothing, and
 * does no harm. */
static enum deed_status see_record(void *arg, const char *name,
				   const uint8_t *hash, struct deed_error *err)
{
	struct verify *v = arg;
	struct deed_error why = DEED_ERROR_INIT;
	struct buf bytes = BUF_INIT;
	uint8_t state = 0;
	enum deed_status status;
	size_t at = 0;

	if (hash == NULL)
		return find(v->report, DEED_OK, "unnamed", err,
			    "'%s' in the drop box is no record; it is ignored",
			    name);
	if (v->names.size > 0) {
		at = names_slot(&v->names, hash);
		state = v->names.state[at];
	}
	if (state == 0)
		return find(v->report, DEED_OK, "unnamed", err,
			    "no entry names the record '%s'; it is ignored",
			    name);
	if (state == ERASED)
		return find(v->report, DEED_OK, "erased", err,
			    "the record '%s' was erased, and is there again",
			    name);
	v->names.state[at] = SEEN;
	v->report->records++;
	status = dropbox_get(v->home->identity, hash, &bytes, &why);
	buf_clear(&bytes);
	return audit_report_judge(v->report, status, "record", "", &why, err);
}

/* The list marks those that are there; what is then named still is missing. */
static enum deed_status verify_box(struct verify *v, struct deed_error *err)
{
	char name[2 * DROPBOX_HASH + 1];
	enum deed_status status =
		dropbox_list(v->home->identity, see_record, v, err);
	size_t i;

	for (i = 0; i < v->names.size && status == DEED_OK; i++) {
		if (v->names.state[i] != NAMED)
			continue;
		hex_text(slice_of(v->names.hash[i], DROPBOX_HASH), name);
		status = find(v->report, DEED_DAMAGED, "missing", err,
			      "the drop box lacks the record '%s', which an "
			      "entry names",
			      name);
	}
	return status;
}

/*
 * The copy in the keystore may be behind after a crash, never ahead.  note
 * was read before the log was, or a change made meanwhile would look so.
 */
static enum deed_status verify_copy(struct tlog *log, struct slice note,
				    const struct note_verifier *key,
				    struct audit_report *r,
				    struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct checkpoint copy;
	enum deed_status status;

	if (note.len == 0)
		return find(r, DEED_INCONSISTENT, "copy", err,
			    "the second copy of the checkpoint is gone");
	status = checkpoint_open(note, key, &copy, &why);
	if (status == DEED_OK)
		status = tlog_contains(log, &copy, &why);
	/* A copy that is no checkpoint is a copy that is damaged. */
	if (status == DEED_MALFORMED || status == DEED_NO_SIGNATURE ||
	    status == DEED_LIMIT)
		status = DEED_INCONSISTENT;
	if (status != DEED_OK)
		return audit_report_judge(r, status, "copy",
					  "the second copy of the checkpoint",
					  &why, err);
	if (copy.size < tlog_checkpoint(log)->size)
		return find(r, DEED_OK, "copy-behind", err,
			    "the second copy of the checkpoint is behind; the "
			    "next change brings it up to date");
	return DEED_OK;
}

/* A log that cannot be opened is a finding, of which everything below would
 * only be an echo. */
static enum deed_status verify_log(struct verify *v, struct slice copy,
				   const struct note_verifier *key,
				   struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct audit_report *r = v->report;
	struct tlog *log = NULL;
	enum deed_status status = tlog_open(v->home->audit, key, &log, &why);

	if (status == DEED_MALFORMED || status == DEED_NO_SIGNATURE ||
	    status == DEED_LIMIT)
		status = DEED_INCONSISTENT;
	if (status != DEED_OK)
		return audit_report_judge(r, status, "checkpoint", "", &why,
					  err);
	r->checkpoint = *tlog_checkpoint(log);
	status = tlog_verify(log, see_entry, v, &why);
	status = audit_report_judge(r, status, "tree", "", &why, err);
	if (status == DEED_OK)
		status = verify_copy(log, copy, key, r, err);
	/* The records are those of all entries, or nothing can be said. */
	if (status == DEED_OK && r->entries == r->checkpoint.size)
		status = verify_box(v, err);
	tlog_close(log);
	return status;
}

/* One time-stamp: its token, and its checkpoint against the log. */
static enum deed_status see_timestamp(void *arg, const char *name,
				      struct slice checkpoint, int64_t time,
				      const char *fault, struct deed_error *err)
{
	struct verify *v = arg;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	if (fault != NULL)
		return find(v->report, DEED_DAMAGED, "timestamp", err,
			    "the time-stamp '%s' proves nothing: %s", name,
			    fault);
	status = audit_against(v->home, checkpoint, name, v->report, &why);
	/* That it could not be read says nothing of it. */
	if (deed_status_exit(status) == deed_status_exit(DEED_IO)) {
		if (err != NULL)
			*err = why;
		return status;
	}
	if (status != DEED_OK)
		return find(v->report, DEED_DAMAGED, "timestamp", err,
			    "the time-stamp '%s' proves nothing: %s", name,
			    why.message);
	v->report->timestamps++;
	if (v->report->timestamps == 1 || time > v->report->stamped)
		v->report->stamped = time;
	return DEED_OK;
}

enum deed_status audit_verify(const struct event_home *home,
			      struct audit_report *r, struct deed_error *err)
{
	struct verify v = { .home = home, .report = r };
	struct buf copy = BUF_INIT;
	struct note_verifier key;
	enum deed_status status = audit_key(home, &key, err);

	if (status == DEED_OK)
		status = random_bytes(v.names.key, sizeof(v.names.key), err);
	if (status == DEED_OK && file_exists(home->copy))
		status = file_read(home->copy, NOTE_MAX, &copy, err);
	if (status == DEED_OK)
		status = verify_log(&v, buf_get(&copy), &key, err);
	if (status == DEED_OK)
		status = event_timestamps_each(home, see_timestamp, &v, err);
	if (status == DEED_OK && event_pending_exists(home))
		status = find(r, DEED_OK, "pending", err,
			      "a change was interrupted; the next command that "
			      "writes finishes or undoes it");
	names_clear(&v.names);
	buf_clear(&copy);
	return status;
}
