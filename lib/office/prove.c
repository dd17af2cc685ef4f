/* SPDX-License-Identifier: Apache-2.0 */
#include "office/prove_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/hex.h"
#include "event/audit.h"
#include "office/enrolled.h"
#include "office/home_events.h"
#include "office/party.h"

/* Problems beyond this many are not worth an operator's reading. */
#define PROBLEMS_MAX 64

void prove_close(struct prove *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->problem_count; i++)
		free(p->problem[i]);
	free(p->problem);
	free(p->party);
	enrolment_clear(&p->enrolment);
	status_clear(&p->status);
	buf_clear(&p->spki);
	keys_public_clear(&p->public);
	cert_list_clear(&p->external);
	signing_key_free(p->notary);
	signing_key_free(p->issuing);
	home_events_close(p->log);
	free(p);
}

void prove_view(const struct prove *p, struct prove_view *out)
{
	out->enrolment = &p->enrolment;
	out->id = &p->id;
	out->index = p->index;
	out->record = p->record;
	out->external = p->external.count > 0 ? p->external.items[0] : NULL;
	out->problem_count = p->problem_count;
	out->problem = (const char *const *)p->problem;
}

static enum deed_status add_problem(struct prove *p, const char *text,
				    struct deed_error *err)
{
	char **list;

	if (p->problem_count == PROBLEMS_MAX)
		return DEED_OK;
	list = realloc(p->problem, (p->problem_count + 1) * sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	p->problem = list;
	list[p->problem_count] = strdup(text);
	if (list[p->problem_count] == NULL)
		return deed_error_memory(err);
	p->problem_count++;
	return DEED_OK;
}

/* What speaks against the drop box is told; what speaks against the log
 * ends it: without a log nothing says which record belongs. */
static enum deed_status check_log(struct prove *p, struct deed_error *err)
{
	static const char *const box[] = { "unnamed", "missing", "record",
					   "erased", NULL };
	struct audit_report report = AUDIT_REPORT_INIT;
	enum deed_status s;

	s = audit_verify(p->log, &report, err);
	for (size_t i = 0; s == DEED_OK && i < report.findings; i++) {
		const struct audit_finding *f = &report.finding[i];
		size_t k = 0;

		while (box[k] != NULL && strcmp(box[k], f->id) != 0)
			k++;
		if (box[k] != NULL) {
			s = add_problem(p, f->message, err);
		} else if (f->status != DEED_OK) {
			s = deed_error_set(err, DEED_INCONSISTENT,
					   "the log cannot be relied on: %s",
					   f->message);
			deed_error_hint(err, "deed audit verify");
		}
	}
	audit_report_clear(&report);
	return s;
}

/* Who else is enrolled, and with which number. */
struct other {
	char *party, *name, *id;
};

struct search {
	struct prove *prove;
	struct deposit_key *key;
	const char *dir;
	size_t found;
	struct other *other;
	size_t others;
};

static void search_clear(struct search *s)
{
	for (size_t i = 0; i < s->others; i++) {
		free(s->other[i].party);
		free(s->other[i].name);
		if (s->other[i].id != NULL)
			secret_wipe(s->other[i].id, strlen(s->other[i].id));
		free(s->other[i].id);
	}
	free(s->other);
	deposit_key_free(s->key);
}

/* Takes the texts of e. */
static enum deed_status remember(struct search *s, struct enrolment *e,
				 struct deed_error *err)
{
	struct other *list;

	list = realloc(s->other, (s->others + 1) * sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	s->other = list;
	list[s->others].party = e->party;
	list[s->others].name = e->name;
	list[s->others++].id = e->id;
	e->party = NULL;
	e->name = NULL;
	e->id = NULL;
	return DEED_OK;
}

/* The record that counts: it bears the party's handle, or after a change of
 * handle it is the one that the notary's status statement names. */
static bool is_mine(const struct prove *p, const struct enrolment *e,
		    const uint8_t hash[32])
{
	static const uint8_t none[32];

	/* The status that init writes for the office names no record. */
	if (p->has_status && memcmp(p->status.record, none, 32) != 0)
		return memcmp(p->status.record, hash, 32) == 0;
	return strcmp(e->party, p->party) == 0;
}

static enum deed_status take(struct search *s, uint64_t index,
			     const uint8_t hash[32], struct enrolment *e,
			     struct buf *spki)
{
	struct prove *p = s->prove;

	if (s->found++ > 0)
		return DEED_OK; /* two of them: judged at the end */
	p->enrolment = *e;
	memset(e, 0, sizeof(*e));
	p->index = index;
	memcpy(p->record, hash, 32);
	p->spki = *spki;
	*spki = (struct buf)BUF_INIT;
	return DEED_OK;
}

static enum deed_status broken(const struct search *s, uint64_t index,
			       const uint8_t hash[32],
			       const struct deed_error *why,
			       struct deed_error *err)
{
	char name[65];

	/* Of another party: the findings have told it. */
	if (index != s->prove->signpost)
		return DEED_OK;
	hex_text(slice_of(hash, 32), name);
	return deed_error_set(err, DEED_INCONSISTENT,
			      "the enrolment of party '%s' is not as log entry "
			      "%" PRIu64 " says (record %.16s...): %s",
			      s->prove->party, index, name, why->message);
}

static enum deed_status see_record(struct search *s, uint64_t index,
				   const uint8_t hash[32],
				   struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct buf plain = BUF_INIT, spki = BUF_INIT;
	struct enrolment e;
	enum deed_status status;

	memset(&e, 0, sizeof(e));
	status = dropbox_open(s->dir, hash,
			      slice_of(deposit_key_id(s->key), KEY_ID_SIZE),
			      s->key, &plain, &why);
	if (status == DEED_OK && enrolled_is(buf_get(&plain))) {
		status = enrolled_read(buf_get(&plain), &e, &spki, &why);
		if (status == DEED_OK && is_mine(s->prove, &e, hash))
			status = take(s, index, hash, &e, &spki);
		else if (status == DEED_OK)
			status = remember(s, &e, &why);
	}
	if (status == DEED_NO_MEMORY)
		status = deed_error_memory(err);
	else if (status != DEED_OK)
		status = broken(s, index, hash, &why, err);
	if (plain.data != NULL)
		secret_wipe(plain.data, plain.len);
	buf_clear(&plain);
	buf_clear(&spki);
	enrolment_clear(&e);
	return status;
}

static enum deed_status see_entry(void *arg, uint64_t index,
				  const struct entry *e, const json_t *openings,
				  struct deed_error *err)
{
	struct search *search = arg;
	enum deed_status s = DEED_OK;

	(void)openings;
	if (strcmp(e->event, "enroll") != 0)
		return DEED_OK;
	for (size_t i = 0; s == DEED_OK && i < e->records; i++)
		s = see_record(search, index, e->record[i].hash, err);
	return s;
}

static enum deed_status find_record(struct prove *p, struct search *search,
				    struct deed_error *err)
{
	enum deed_status s;

	s = audit_walk(p->log, 0, UINT64_MAX, NULL, see_entry, search, err);
	if (s != DEED_OK)
		return s;
	if (search->found == 0)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "no record that the log names enrolls "
				      "party '%s'",
				      p->party);
	if (search->found > 1)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "%zu records that the log names enroll "
				      "party '%s'",
				      search->found, p->party);
	if (p->index != p->signpost)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "party '%s' was enrolled by log entry "
				      "%" PRIu64 ", but the register points to "
				      "%" PRIu64,
				      p->party, p->index, p->signpost);
	return DEED_OK;
}

/* One person under two handles: the operator may know why. */
static enum deed_status find_same_number(const struct search *search,
					 struct deed_error *err)
{
	const struct prove *p = search->prove;
	char text[1024];
	enum deed_status s = DEED_OK;

	for (size_t i = 0; s == DEED_OK && i < search->others; i++) {
		if (strcmp(search->other[i].id, p->enrolment.id) != 0)
			continue;
		(void)snprintf(text, sizeof(text),
			       "one identity number, two parties: '%s' is %s, "
			       "and '%s' is %s",
			       p->party, p->enrolment.name,
			       search->other[i].party, search->other[i].name);
		s = add_problem(search->prove, text, err);
	}
	return s;
}

/* The keys in the keystore must be those that were enrolled. */
static enum deed_status check_keys(struct prove *p, struct deed_error *err)
{
	uint8_t hash[SHA256_SIZE];
	enum deed_status s;

	s = keys_of_party(p->home, p->party, &p->public, err);
	if (s != DEED_OK)
		return s;
	sha256(buf_get(&p->public.deposit_spki), hash);
	if (memcmp(hash, p->enrolment.deposit_key, sizeof(hash)) != 0)
		return deed_error_set(err, DEED_INCONSISTENT,
				      "the deposit key of party '%s' is not "
				      "the one that was enrolled",
				      p->party);
	if (p->public.spki.len > 0 &&
	    !slice_equal(buf_get(&p->public.spki), buf_get(&p->spki)))
		return deed_error_set(err, DEED_INCONSISTENT,
				      "the signature key of party '%s' is not "
				      "the one that was enrolled",
				      p->party);
	if (p->enrolment.external)
		s = keys_chain(p->home, p->party, &p->external, err);
	return s;
}

static enum deed_status check_number(struct prove *p, struct deed_error *err)
{
	if (id_judge_typed(p->enrolment.id, &p->id) &&
	    p->id.state != ID_MALFORMED)
		return DEED_OK;
	return deed_error_set(err, DEED_NO, "identity number '%.80s': %s",
			      p->enrolment.id, p->id.reason);
}

static enum deed_status search_box(struct prove *p,
				   const struct secret *passphrase,
				   struct deed_error *err)
{
	struct search search = { .prove = p, .dir = p->log->identity };
	enum deed_status s;

	s = keys_register(p->home, passphrase, &search.key, err);
	if (s == DEED_OK)
		s = find_record(p, &search, err);
	if (s == DEED_OK)
		s = find_same_number(&search, err);
	search_clear(&search);
	return s;
}

static enum deed_status open_party(struct prove *p,
				   const struct secret *passphrase,
				   unsigned wait, struct deed_error *err)
{
	enum deed_status s;

	s = party_signpost(p->home, p->party, &p->signpost, err);
	if (s == DEED_OK)
		s = home_events_open(p->home, wait, &p->log, err);
	if (s == DEED_OK)
		s = event_recover(p->log, p->now, err);
	if (s == DEED_OK) {
		s = party_status(p->home, p->party, p->now, &p->status, NULL);
		p->has_status = s == DEED_OK;
		s = s == DEED_NOT_VERIFIED ? DEED_OK : s;
		if (s != DEED_OK)
			s = deed_error_set(err, s,
					   "cannot read the status of party "
					   "'%s'",
					   p->party);
	}
	if (s == DEED_OK)
		s = check_log(p, err);
	if (s == DEED_OK)
		s = search_box(p, passphrase, err);
	if (s == DEED_OK)
		s = check_keys(p, err);
	if (s == DEED_OK)
		s = check_number(p, err);
	return s;
}

enum deed_status prove_open(const struct home *h, const char *party,
			    const struct secret *passphrase, int64_t now,
			    unsigned wait, struct prove **out,
			    struct deed_error *err)
{
	struct prove *p;
	enum deed_status s;

	*out = NULL;
	s = home_check_party(party, err);
	if (s != DEED_OK)
		return s;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return deed_error_memory(err);
	p->home = h;
	p->now = now;
	p->passphrase = passphrase;
	p->party = strdup(party);
	s = p->party == NULL ? deed_error_memory(err)
			     : open_party(p, passphrase, wait, err);
	if (s != DEED_OK) {
		prove_close(p);
		return s;
	}
	*out = p;
	return DEED_OK;
}
