/* SPDX-License-Identifier: Apache-2.0 */
#include "office/document/sign_group.h"

#include <stdlib.h>

#include "base/log.h"
#include "codec/hex.h"
#include "office/document/sign.h"

static bool waits(const struct sign_result *r)
{
	return r->status == DEED_OK && r->pending != NULL &&
	       r->pending->out != NULL;
}

/* What cannot be synced here is tried again, and told, file by file. */
static void sync_together(struct sign_result *const results[], size_t count)
{
	struct outfile **outs = calloc(count, sizeof(struct outfile *));
	size_t i, n = 0;

	for (i = 0; outs != NULL && i < count; i++) {
		if (waits(results[i]))
			outs[n++] = results[i]->pending->out;
	}
	if (outs != NULL && outfile_sync_all(outs, n, NULL) != DEED_OK)
		log_say(LOG_DECISION, "the group is synced one by one");
	free(outs);
}

/* Digests are committed as hexadecimal text, as everything that is opened is
 * text. */
static enum deed_status commit_digest(struct event *ev, int entry, int party,
				      const char *label,
				      const uint8_t sha256[SHA256_SIZE],
				      struct deed_error *err)
{
	char text[2 * SHA256_SIZE + 1];

	hex_text(slice_of(sha256, SHA256_SIZE), text);
	return event_commit(ev, entry, party, label, slice_str(text), err);
}

/* An act is found again by what was read, and by what was made, whichever of
 * them somebody still has. */
static enum deed_status commit_files(struct event *ev, int entry, int party,
				     const struct sign_result *r,
				     struct deed_error *err)
{
	const struct sign_pending *p = r->pending;
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < p->inputs && status == DEED_OK; i++) {
		const struct sign_input *in = &p->input[i];

		if (memcmp(in->sha256, p->document, SHA256_SIZE) != 0)
			status = commit_digest(ev, entry, party, "input",
					       in->sha256, err);
		if (status == DEED_OK && in->name != NULL)
			status = event_commit(ev, entry, party, "file",
					      slice_str(in->name), err);
	}
	if (status == DEED_OK &&
	    memcmp(r->sha256, p->document, SHA256_SIZE) != 0)
		status = commit_digest(ev, entry, party, "output", r->sha256,
				       err);
	return status;
}

/* Commitments, not words: the log is public to whoever has a copy, and says
 * nothing of who signed what. */
static enum deed_status log_one(const struct sign_group *g, struct event *ev,
				int party, struct sign_result *r, int *entry,
				struct deed_error *err)
{
	struct sign_pending *p = r->pending;
	enum deed_status status;

	status = event_entry(ev, p->seal ? "seal" : "sign", entry, err);
	if (status == DEED_OK)
		status = event_commit(ev, *entry, party, "party",
				      slice_str(g->who->party), err);
	if (status == DEED_OK)
		status = commit_digest(ev, *entry, party, "document",
				       p->document, err);
	if (status == DEED_OK)
		status = commit_digest(ev, *entry, party, "certificate",
				       cert_sha256(g->who->chain[0]), err);
	if (status == DEED_OK)
		status = commit_files(ev, *entry, party, r, err);
	if (status == DEED_OK && r->told.passed[0] != '\0')
		status = event_commit(ev, *entry, party, "despite",
				      slice_str(r->told.passed), err);
	if (status == DEED_OK)
		status = event_output(ev, *entry, &p->out, p->mode, r->sha256,
				      err);
	return status;
}

/* The party reads the openings with its deposit key.  The entries are made in
 * the order of the results, so that each finds its own again. */
static enum deed_status transact(const struct sign_group *g, struct event *ev,
				 struct sign_result *const results[],
				 size_t count, int *entries, uint64_t *first,
				 struct deed_error *err)
{
	const struct dropbox_reader reader = keys_reader(&g->keys);
	enum deed_status status;
	size_t i;
	int party;

	status = event_party(ev, &reader, &party, err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		if (waits(results[i]))
			status = log_one(g, ev, party, results[i], &entries[i],
					 err);
	}
	if (status == DEED_OK)
		status = event_finish(ev, NULL, NULL, first, err);
	return status;
}

/* Were the entries logged although not every output could be brought about? */
static bool partly(const struct event *ev, const int *entries, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (entries[i] >= 0 &&
		    event_output_status(ev, entries[i]) != DEED_OK)
			return true;
	}
	return false;
}

static void fail(struct sign_result *r, enum deed_status status,
		 const struct deed_error *err)
{
	r->status = status;
	r->error = *err;
}

/* waiting is what was there at the start: log_one hands the outputs to the
 * transaction, so that waits() is false afterwards.  A void entry fails its
 * own document alone. */
static void commit_entries(struct sign_group *g,
			   struct sign_result *const results[], size_t count,
			   int *entries, const bool *waiting,
			   struct deed_error *err)
{
	struct event *ev = NULL;
	enum deed_status status;
	uint64_t first = 0;
	bool logged;
	size_t i;

	status = event_begin(g->events, g->now, &ev, err);
	if (status == DEED_OK)
		status = transact(g, ev, results, count, entries, &first, err);
	logged =
		status == DEED_OK || (ev != NULL && partly(ev, entries, count));
	for (i = 0; i < count; i++) {
		struct deed_error why = *err;
		enum deed_status own;

		if (!waiting[i])
			continue;
		own = logged ? event_output_why(ev, entries[i], &why) : status;
		if (own == DEED_OK)
			results[i]->log_index = first + (uint64_t)entries[i];
		else
			fail(results[i], own, &why);
	}
	event_free(ev);
}

void sign_group_commit(struct sign_group *g,
		       struct sign_result *const results[], size_t count)
{
	struct deed_error error = DEED_ERROR_INIT;
	int *entries = calloc(count + 1, sizeof(*entries));
	bool *waiting = calloc(count + 1, sizeof(*waiting));
	size_t i, n = 0;

	for (i = 0; i < count; i++) {
		if (entries != NULL)
			entries[i] = -1;
		if (!waits(results[i]))
			continue;
		n++;
		if (entries == NULL || waiting == NULL)
			fail(results[i], deed_error_memory(&error), &error);
		else
			waiting[i] = true;
	}
	if (n > 1)
		sync_together(results, count);
	if (n > 0 && entries != NULL && waiting != NULL)
		commit_entries(g, results, count, entries, waiting, &error);
	free(entries);
	free(waiting);
}
