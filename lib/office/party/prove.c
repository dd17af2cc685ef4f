/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/prove_priv.h"

#include <stdio.h>
#include <stdlib.h>

#include "event/audit.h"
#include "office/party/authority.h"
#include "office/party/enroll.h"
#include "office/party/home_events.h"
#include "office/party/party.h"

/* Problems beyond this many are not worth an operator's reading. */
#define PROBLEMS_MAX 64

static void free_problems(char **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

void prove_session_close(struct prove_session *s)
{
	if (s == NULL)
		return;
	free_problems(s->problem, s->problem_count);
	roll_free(s->roll);
	signing_key_free(s->notary);
	signing_key_free(s->issuing);
	cert_list_clear(&s->notary_chain);
	ca_store_close(s->store);
	home_events_close(s->log);
	outside_lists_free(s->lists);
	free(s);
}

void prove_close(struct prove *p)
{
	if (p == NULL)
		return;
	free_problems(p->problem, p->problem_count);
	free(p->party);
	status_clear(&p->status);
	keys_public_clear(&p->public);
	cert_list_clear(&p->external);
	free(p->name_kept);
	if (p->own)
		prove_session_close(p->session);
	free(p);
}

void prove_view(const struct prove *p, struct prove_view *out)
{
	size_t last = p->chain.count - 1;

	out->enrolment = p->enrolment;
	out->id = &p->id;
	out->index = p->item->index;
	out->record = p->item->record;
	out->link = roll_link(&p->chain, last);
	out->enrolments = p->chain.count;
	out->old_name = NULL;
	if (last > 0) {
		const char *name =
			p->chain.item[last - 1]->enrolled.enrolment.name;

		if (strcmp(name, p->enrolment->name) != 0)
			out->old_name = name;
	}
	out->external = p->external.count > 0 ? p->external.items[0] : NULL;
	out->external_ca = p->external.count > 1
				   ? p->external.items[p->external.count - 1]
				   : NULL;
	out->differs = p->differs;
	out->listed = p->listed.named ? &p->listed : NULL;
	out->problem_count = p->problem_count;
	out->problem = (const char *const *)p->problem;
}

/* Bounded, as a drop box that somebody filled could have a record a second;
 * more than that nobody reads. */
static enum deed_status add_problem(char ***list, size_t *count,
				    const char *text, struct deed_error *err)
{
	char **more;

	if (*count == PROBLEMS_MAX)
		return DEED_OK;
	more = realloc(*list, (*count + 1) * sizeof(*more));
	if (more == NULL)
		return deed_error_memory(err);
	*list = more;
	more[*count] = strdup(text);
	if (more[*count] == NULL)
		return deed_error_memory(err);
	++*count;
	return DEED_OK;
}

/* What speaks against the drop box is told; what speaks against the log
 * ends it: without a log nothing says which record belongs. */
static enum deed_status check_log(struct prove_session *session,
				  struct deed_error *err)
{
	static const char *const box[] = { "unnamed", "missing", "record",
					   "erased", NULL };
	struct audit_report report = AUDIT_REPORT_INIT;
	enum deed_status status;

	status = audit_verify(session->log, &report, err);
	for (size_t i = 0; status == DEED_OK && i < report.findings; i++) {
		const struct audit_finding *f = &report.finding[i];
		size_t k = 0;

		while (box[k] != NULL && strcmp(box[k], f->id) != 0)
			k++;
		if (box[k] != NULL) {
			status = add_problem(&session->problem,
					     &session->problem_count,
					     f->message, err);
		} else if (f->status != DEED_OK) {
			status = deed_error_set(
				err, DEED_INCONSISTENT,
				"the log cannot be relied on: %s", f->message);
			deed_error_hint(err, "deed audit verify");
		}
	}
	audit_report_clear(&report);
	return status;
}

/* One person under two handles: the operator may know why. */
static enum deed_status same_number(void *arg, const struct enrolment *e,
				    struct deed_error *err)
{
	struct prove *p = arg;
	char text[1024];

	(void)snprintf(text, sizeof(text),
		       "one identity number, two parties: '%s' is %s, and "
		       "'%s' is %s",
		       p->party, p->enrolment->name, e->party, e->name);
	return add_problem(&p->problem, &p->problem_count, text, err);
}

/* The chain from another CA, and what it calls the party: whether that will
 * do is said when it is certified. */
static enum deed_status take_external(struct prove *p, struct deed_error *err)
{
	const struct home *h = p->session->home;
	const char *const *problems;
	size_t count;
	enum deed_status status = keys_chain(h, p->party, &p->external, err);

	if (status != DEED_OK || p->external.count == 0)
		return status;
	status = enroll_name_kept(h, p->party, &p->name_kept, err);
	if (status == DEED_OK)
		status = prove_see_outside(p, err);
	count = outside_lists_problems(p->session->lists, &problems);
	for (size_t i = 0; status == DEED_OK && i < count; i++)
		status = add_problem(&p->problem, &p->problem_count,
				     problems[i], err);
	return status;
}

/* Enrolled to have a certificate from elsewhere, or given one since, by a
 * CA that was asked for it. */
static enum deed_status is_outside(const struct prove *p, bool *outside,
				   struct deed_error *err)
{
	const struct home *h = p->session->home;
	struct cert_list chain = CERT_LIST_INIT;
	enum deed_status status = DEED_OK;
	bool ours = true;

	*outside = p->enrolment->external;
	if (*outside)
		return DEED_OK;
	status = keys_chain(h, p->party, &chain, err);
	if (status == DEED_OK && chain.count > 0)
		status = authority_issued(h, chain.items[0], &ours, err);
	*outside = !ours;
	cert_list_clear(&chain);
	return status;
}

/* The keys in the keystore must be those that were enrolled. */
static enum deed_status check_keys(struct prove *p, struct deed_error *err)
{
	uint8_t hash[SHA256_SIZE];
	bool outside;
	enum deed_status status;

	status = keys_of_party(p->session->home, p->party, &p->public, err);
	if (status != DEED_OK)
		return status;
	sha256(buf_get(&p->public.deposit_spki), hash);
	if (memcmp(hash, p->enrolment->deposit_key, sizeof(hash)) != 0)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "the deposit key of party '%s' is not "
				      "the one that was enrolled",
				      p->party);
	if (p->public.spki.len > 0 &&
	    !slice_equal(buf_get(&p->public.spki),
			 buf_get(&p->item->enrolled.spki)))
		return deed_error_set(err, DEED_INCONSISTENT,
				      "the signature key of party '%s' is not "
				      "the one that was enrolled",
				      p->party);
	status = is_outside(p, &outside, err);
	return status == DEED_OK && outside ? take_external(p, err) : status;
}

static enum deed_status check_number(struct prove *p, struct deed_error *err)
{
	if (id_judge_typed(p->enrolment->id, &p->id) &&
	    p->id.state != ID_MALFORMED)
		return DEED_OK;
	return deed_error_set(err, DEED_NO, "identity number '%.80s': %s",
			      p->enrolment->id, p->id.reason);
}

/* A status that is not to be believed counts as none, and the proof begins
 * anew; only one that cannot be read ends it. */
static enum deed_status read_status(struct prove *p, struct deed_error *err)
{
	enum deed_status status = party_status(
		p->session->home, p->party, p->session->now, &p->status, NULL);

	p->has_status = status == DEED_OK;
	if (status == DEED_OK || status == DEED_NOT_VERIFIED)
		return DEED_OK;
	return deed_error_set(err, status,
			      "cannot read the status of party '%s'", p->party);
}

/* By the record that the notary proved, where there is one: the handle may
 * have changed since.  What is wrong with the drop box as a whole is told with
 * every party. */
static enum deed_status find_enrolment(struct prove *p, struct deed_error *err)
{
	static const uint8_t none[32];
	/* The status that init writes for the office names no record. */
	bool named = p->has_status && memcmp(p->status.record, none, 32) != 0;
	enum deed_status status;

	status = roll_chain(p->session->roll, p->party,
			    named ? p->status.record : NULL, p->signpost,
			    &p->chain, err);
	if (status != DEED_OK)
		return status;
	p->item = roll_newest(&p->chain);
	p->enrolment = &p->item->enrolled.enrolment;
	for (size_t i = 0; status == DEED_OK && i < p->session->problem_count;
	     i++)
		status = add_problem(&p->problem, &p->problem_count,
				     p->session->problem[i], err);
	if (status == DEED_OK)
		status = roll_same_number(p->session->roll, &p->chain,
					  same_number, p, err);
	return status;
}

/* The signpost first: what it points to is compared with the end of the chain.
 * The number is judged last, as it is in the enrolment. */
static enum deed_status open_party(struct prove *p, struct deed_error *err)
{
	enum deed_status status;

	status = party_signpost(p->session->home, p->party, &p->signpost, err);
	if (status == DEED_OK)
		status = read_status(p, err);
	if (status == DEED_OK)
		status = find_enrolment(p, err);
	if (status == DEED_OK)
		status = check_keys(p, err);
	if (status == DEED_OK)
		status = check_number(p, err);
	return status;
}

enum deed_status prove_open_in(struct prove_session *session, const char *party,
			       struct prove **out, struct deed_error *err)
{
	struct prove *p;
	enum deed_status status;

	*out = NULL;
	status = home_check_party(party, err);
	if (status != DEED_OK)
		return status;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return deed_error_memory(err);
	p->session = session;
	p->party = strdup(party);
	status = p->party == NULL ? deed_error_memory(err) : open_party(p, err);
	if (status == DEED_OK)
		*out = p;
	else
		prove_close(p);
	return status;
}

/* The register's key opens the roll once, and is freed before anything is
 * issued. */
static enum deed_status open_roll(struct prove_session *session,
				  struct deed_error *err)
{
	struct deposit_key *key = NULL;
	enum deed_status status;

	status = keys_register(session->home, session->passphrase, &key, err);
	if (status == DEED_OK)
		status = roll_open(session->log, key, &session->roll, err);
	deposit_key_free(key);
	return status;
}

/* The log is verified as a whole before the roll is read out of it. */
enum deed_status prove_session_open(const struct home *h,
				    const struct secret *passphrase,
				    int64_t now, unsigned wait,
				    struct prove_session **out,
				    struct deed_error *err)
{
	struct prove_session *session = calloc(1, sizeof(*session));
	enum deed_status status;

	*out = NULL;
	if (session == NULL)
		return deed_error_memory(err);
	session->home = h;
	session->now = now;
	session->passphrase = passphrase;
	session->lists = outside_lists_new(h, now);
	status = session->lists == NULL
			 ? deed_error_memory(err)
			 : home_events_open(h, wait, &session->log, err);
	if (status == DEED_OK)
		status = event_recover(session->log, now, err);
	if (status == DEED_OK)
		status = check_log(session, err);
	if (status == DEED_OK)
		status = open_roll(session, err);
	if (status == DEED_OK)
		*out = session;
	else
		prove_session_close(session);
	return status;
}

enum deed_status prove_open(const struct home *h, const char *party,
			    const struct secret *passphrase, int64_t now,
			    unsigned wait, struct prove **out,
			    struct deed_error *err)
{
	struct prove_session *session = NULL;
	uint64_t signpost;
	enum deed_status status;

	*out = NULL;
	/* A handle that is none is told before keys are opened. */
	status = party_signpost(h, party, &signpost, err);
	if (status == DEED_OK)
		status = prove_session_open(h, passphrase, now, wait, &session,
					    err);
	if (status == DEED_OK)
		status = prove_open_in(session, party, out, err);
	if (status == DEED_OK)
		(*out)->own = true;
	else
		prove_session_close(session);
	return status;
}
