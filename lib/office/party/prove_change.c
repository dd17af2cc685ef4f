/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/prove_priv.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/lock.h"
#include "office/party/enroll.h"
#include "office/party/heads.h"
#include "office/party/home_events.h"
#include "office/house.h"
#include "office/party/party.h"
#include "office/party/prove_rename.h"

struct change {
	const struct home *home;
	struct prove_change *in;
	struct event_home *log;
	struct status status;
	struct keys_public public;
	struct signing_key *notary;
	uint64_t enrolment;
};

/* text may be NULL, which takes away what was there, as a reason that no
 * longer holds. */
static enum deed_status replace_text(char **where, const char *text,
				     struct deed_error *err)
{
	free(*where);
	*where = NULL;
	if (text == NULL)
		return DEED_OK;
	*where = strdup(text);
	return *where == NULL ? deed_error_memory(err) : DEED_OK;
}

/* A reason belongs to the state that it was given with, and goes with it.  A
 * rename leaves both as they are. */
static enum deed_status change_status(struct change *c, struct deed_error *err)
{
	const struct prove_change *in = c->in;
	enum deed_status status = DEED_OK;

	if (in->state != NULL && strcmp(in->state, c->status.state) == 0)
		return deed_error_set(err, DEED_EXISTS,
				      "party '%s' is %s already", in->party,
				      in->state);
	if (in->state != NULL) {
		status = replace_text(&c->status.state, in->state, err);
		if (status == DEED_OK)
			status = replace_text(&c->status.reason, in->reason,
					      err);
	}
	if (status == DEED_OK && in->new_party != NULL)
		status = replace_text(&c->status.party, in->new_party, err);
	return status;
}

static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	struct change *c = arg;
	enum deed_status status = DEED_OK;

	if (c->in->new_party != NULL)
		status =
			prove_rename_add(c->home, c->in, c->enrolment, ev, err);
	if (status == DEED_OK)
		status = prove_add_status(c->home, c->notary, NULL, &c->status,
					  c->in->now, ev, first, checkpoint,
					  err);
	return status;
}

/* The time-stamp is added when the status is in place: the lock is not held
 * while an authority is asked. */
static enum deed_status commit_change(struct change *c, struct deed_error *err)
{
	const struct dropbox_reader reader = keys_reader(&c->public);
	const char *type = c->in->new_party != NULL ? "rename" : "status";
	struct event *ev = NULL;
	int party, entry;
	enum deed_status status;

	status = event_begin(c->log, c->in->now, &ev, err);
	if (status == DEED_OK)
		status = event_party(ev, &reader, &party, err);
	if (status == DEED_OK)
		status = event_entry(ev, type, &entry, err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, party, "party",
				      slice_str(c->in->party), err);
	if (status == DEED_OK && c->in->new_party != NULL)
		status = event_commit(ev, entry, party, "new-party",
				      slice_str(c->in->new_party), err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, party, "state",
				      slice_str(c->status.state), err);
	if (status == DEED_OK)
		status = event_finish(ev, locked, c, &c->in->index, err);
	event_free(ev);
	if (status == DEED_OK)
		status = prove_timestamp_status(c->home, c->status.party, err);
	return status;
}

/* What the home says is compared with the log before a new status is made of
 * it: an older one that was put back would be signed anew. */
static enum deed_status check_change(struct change *c, struct deed_error *err)
{
	const struct prove_change *in = c->in;
	enum deed_status status;

	if (strcmp(in->party, HOME_OFFICE) == 0)
		return house_refuse("the office is neither suspended nor "
				    "renamed",
				    err);
	status = heads_check(c->home, c->log, in->party, in->now, err);
	if (status == DEED_OK)
		status = house_check(c->home, in->now, err);
	if (status == DEED_OK)
		status = party_signpost(c->home, in->party, &c->enrolment, err);
	if (status == DEED_OK && in->new_party != NULL)
		status = enroll_free(c->home, in->new_party, err);
	if (status == DEED_OK)
		status = party_status(c->home, in->party, in->now, &c->status,
				      err);
	if (status == DEED_OK)
		status = keys_check_ended_in(c->home, in->party, c->status.key,
					     err);
	if (status == DEED_OK)
		status = keys_of_party(c->home, in->party, &c->public, err);
	if (status == DEED_OK)
		status = change_status(c, err);
	return status;
}

/* Nobody enrols under the new handle meanwhile. */
static enum deed_status lock_parties(const struct home *h,
				     const struct prove_change *in,
				     struct lock **out, struct deed_error *err)
{
	char *path;
	enum deed_status status;

	*out = NULL;
	if (in->new_party == NULL || in->dry_run)
		return DEED_OK;
	path = path_join(h->parties, ".lock");
	status = path == NULL ? deed_error_memory(err)
			      : lock_acquire(path, in->wait, out, err);
	free(path);
	return status;
}

/* After half a rename no key is opened: only names are left to be moved. */
enum deed_status prove_change(const struct home *h, struct prove_change *in,
			      struct deed_error *err)
{
	struct change c = { .home = h, .in = in };
	struct lock *parties;
	enum deed_status status;

	status = lock_parties(h, in, &parties, err);
	if (status == DEED_OK)
		status = home_events_open(h, in->wait, &c.log, err);
	if (status == DEED_OK)
		status = event_recover(c.log, in->now, err);
	if (status == DEED_OK && !prove_rename_is_half(h, in)) {
		status = check_change(&c, err);
		if (status == DEED_OK)
			status = keys_notary(h, in->passphrase, &c.notary, err);
		if (status == DEED_OK && !in->dry_run)
			status = commit_change(&c, err);
	}
	if (status == DEED_OK && in->new_party != NULL && !in->dry_run)
		status = prove_rename_finish(h, in, err);
	status_clear(&c.status);
	keys_public_clear(&c.public);
	signing_key_free(c.notary);
	home_events_close(c.log);
	lock_release(parties);
	return status;
}
