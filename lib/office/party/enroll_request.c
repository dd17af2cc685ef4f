/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll_request_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/lock.h"
#include "ca/cmp.h"
#include "ca/est.h"
#include "office/party/enroll.h"
#include "office/party/home_events.h"

static const struct ca_protocol *const protocols[] = {
	&ca_protocol_est,
	&ca_protocol_cmp,
};

const struct ca_protocol *enroll_protocol(const char *name)
{
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (strcmp(protocols[i]->id, name) == 0)
			return protocols[i];
	return NULL;
}

static void run_clear(struct request_run *w)
{
	own_record_clear(&w->own);
	home_events_close(w->log);
	pending_clear(&w->pending);
	free(w->name);
	ca_remote_answer_clear(&w->answer);
}

static enum deed_status store(const struct request_run *w,
			      struct deed_error *err)
{
	return pending_write(w->home, w->r->account->name, w->r->party,
			     &w->pending, err);
}

static enum deed_status drop(const struct request_run *w,
			     struct deed_error *err)
{
	return pending_remove(w->home, w->r->account->name, w->r->party, err);
}

/* For messages: the file, or the CA, that the certificate came from. */
static const char *source_name(const struct request_run *w)
{
	return w->r->answer_name != NULL ? w->r->answer_name
					 : w->r->account->name;
}

/* Who was killed before the CA heard of it has it already. */
static enum deed_status is_kept(const struct request_run *w, bool *kept,
				struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT, held = CERT_LIST_INIT;
	enum deed_status status;

	status = cert_list_load(&chain, buf_get(&w->pending.issued),
				source_name(w), err);
	if (status == DEED_OK)
		status = keys_chain(w->home, w->r->party, &held, err);
	*kept = status == DEED_OK && held.count > 0 &&
		cert_equal(held.items[0], chain.items[0]);
	if (*kept)
		memcpy(w->r->sha256, cert_sha256(held.items[0]), 32);
	cert_list_clear(&chain);
	cert_list_clear(&held);
	return status;
}

/* Judged, and kept where it is good. */
static enum deed_status keep(const struct request_run *w,
			     struct deed_error *err)
{
	const struct enrolment *e = &w->own.last.enrolment;
	struct enroll_certificate c = {
		.party = w->r->party,
		.file = buf_get(&w->pending.issued),
		.file_name = source_name(w),
		.organisation = kind_is_organisation(e->kind),
		.name = e->name,
		.id = e->id,
		.name_in_certificate = w->name,
		.anchors = w->r->account->anchors,
		.anchors_name = w->r->anchors_name,
		.dry_run = w->r->dry_run,
		.lists = w->r->lists,
		.account = w->r->account->name,
		.now = w->r->now,
		.wait = w->r->wait,
	};
	enum deed_status status = is_kept(w, &w->r->kept_before, err);

	if (status != DEED_OK || w->r->kept_before)
		return status;
	status = enroll_certificate(w->home, &c, err);
	memcpy(w->r->sha256, c.sha256, 32);
	w->r->index = c.index;
	outside_clear(&c.verdict);
	w->r->verdict = c.verdict;
	return status;
}

/* The CA is told; that it cannot be is no reason to keep a request. */
static void reject(const struct request_run *w, const char *why)
{
	const struct ca_protocol *p = w->r->protocol;

	if (p != NULL && p->confirm != NULL)
		(void)!p->confirm(w->r->account, w->r->http,
				  buf_get(&w->pending.state), why, NULL);
	(void)!drop(w, NULL);
}

/* A CA that was told before, and forgot, does not take it twice: the
 * certificate is kept all the same. */
static enum deed_status confirm(const struct request_run *w,
				struct deed_error *err)
{
	const struct ca_protocol *p = w->r->protocol;
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = DEED_OK;

	if (p != NULL && p->confirm != NULL)
		status = p->confirm(w->r->account, w->r->http,
				    buf_get(&w->pending.state), NULL, &why);
	if (status == DEED_NO) {
		(void)snprintf(w->r->words, sizeof(w->r->words), "%.500s",
			       why.message);
		return DEED_OK;
	}
	if (status != DEED_OK)
		deed_error_prefix(&why,
				  "the certificate of party '%s' is kept, and "
				  "CA '%s' does not know so yet",
				  w->r->party, w->r->account->name);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

/* Judged again it would be no better; a new request may bring another. */
static bool is_no_good(enum deed_status status)
{
	return status == DEED_REFUSED || status == DEED_CERT_INVALID ||
	       status == DEED_MALFORMED || status == DEED_UNSUPPORTED ||
	       status == DEED_LIMIT;
}

/* The certificate is durable before the CA hears so (RFC 9483 4.1). */
static enum deed_status settle(struct request_run *w, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = keep(w, &why);

	if (is_no_good(status))
		reject(w, why.message);
	if (status == DEED_OK)
		status = confirm(w, &why);
	if (status == DEED_OK)
		status = drop(w, &why);
	if (status != DEED_OK && err != NULL)
		*err = why;
	w->r->outcome = CA_REMOTE_CERTIFICATE;
	return status;
}

/* Kept before anything is made of it: what a CA gives once it may not give
 * again. */
static enum deed_status take_answer(struct request_run *w,
				    struct deed_error *err)
{
	struct ca_remote_answer *a = &w->answer;
	enum deed_status status;

	w->r->outcome = a->outcome;
	w->r->retry_after = a->retry_after;
	(void)snprintf(w->r->words, sizeof(w->r->words), "%s", a->words);
	if (a->outcome == CA_REMOTE_REFUSED)
		return drop(w, err);
	buf_reset(&w->pending.state);
	buf_append(&w->pending.state, a->state.data, a->state.len);
	for (size_t i = 0; i < a->chain.count; i++)
		cert_pem(a->chain.items[i], &w->pending.issued);
	status = buf_status(&w->pending.state, err);
	if (status == DEED_OK)
		status = buf_status(&w->pending.issued, err);
	if (status == DEED_OK)
		status = store(w, err);
	if (status == DEED_OK && a->outcome == CA_REMOTE_CERTIFICATE)
		status = settle(w, err);
	return status;
}

/* The request is durable before the CA is first asked: a run that is killed
 * while it waits goes on with the same one, and is no second request.  A first
 * attempt that fails leaves nothing. */
static enum deed_status by_protocol(struct request_run *w,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (w->pending.issued.len > 0)
		return settle(w, err);
	if (w->fresh || w->r->name_in_certificate != NULL)
		status = store(w, err);
	if (status == DEED_OK)
		status = w->r->protocol->ask(
			w->r->account, w->r->http, buf_get(&w->pending.request),
			buf_get(&w->pending.state), &w->answer, err);
	if (w->r->clock != NULL)
		w->r->now = w->r->clock();
	if (status != DEED_OK && w->fresh)
		(void)!drop(w, NULL);
	return status == DEED_OK ? take_answer(w, err) : status;
}

/* Without an answer the request is handed out, and kept; with one it is judged
 * as any other, and the request ends only when the certificate is kept. */
static enum deed_status by_file(struct request_run *w, struct deed_error *err)
{
	const struct slice request = buf_get(&w->pending.request);
	enum deed_status status;

	if (w->r->answer.data == NULL) {
		w->r->outcome = CA_REMOTE_PENDING;
		buf_append(w->r->request_out, request.data, request.len);
		status = buf_status(w->r->request_out, err);
		return status == DEED_OK ? store(w, err) : status;
	}
	buf_append(&w->pending.issued, w->r->answer.data, w->r->answer.len);
	status = buf_status(&w->pending.issued, err);
	if (status == DEED_OK)
		status = keep(w, err);
	w->r->outcome = CA_REMOTE_CERTIFICATE;
	return status == DEED_OK ? drop(w, err) : status;
}

/* Nobody is asked, and what came already is judged. */
static enum deed_status rehearse(struct request_run *w, struct deed_error *err)
{
	const struct slice answer = w->r->answer;
	enum deed_status status = DEED_OK;

	if (w->r->protocol == NULL && answer.data != NULL) {
		buf_append(&w->pending.issued, answer.data, answer.len);
		status = buf_status(&w->pending.issued, err);
	}
	if (status == DEED_OK && w->pending.issued.len > 0)
		status = keep(w, err);
	return status;
}

/* One run a CA and party: two that ask at the same time would both be given a
 * certificate.  It is held while the CA is waited for, and so is not the lock
 * of the log. */
static enum deed_status lock(const struct request_run *w, struct lock **out,
			     struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status = pending_lock_path(
		w->home, w->r->account->name, w->r->party, &path, err);

	if (status == DEED_OK)
		status = lock_acquire(path, w->r->wait, out, err);
	free(path);
	return status;
}

/* The log is closed before the CA is asked, which may take minutes; it is
 * opened again when there is something to be kept. */
enum deed_status enroll_request(const struct home *h, struct enroll_request *r,
				struct deed_error *err)
{
	struct request_run w = {
		.home = h,
		.r = r,
		.pending = PENDING_INIT,
		.answer = CA_REMOTE_ANSWER_INIT,
	};
	struct lock *held = NULL;
	enum deed_status status;

	r->outcome = CA_REMOTE_PENDING;
	status = r->dry_run ? DEED_OK : lock(&w, &held, err);
	if (status == DEED_OK)
		status = home_events_open(h, r->wait, &w.log, err);
	if (status == DEED_OK)
		status = event_recover(w.log, r->now, err);
	if (status == DEED_OK)
		status = own_record_open(h, r->party, r->passphrase, r->pin,
					 w.log, &w.own, err);
	home_events_close(w.log);
	w.log = NULL;
	if (status == DEED_OK)
		status = enroll_request_take_up(&w, err);
	if (status == DEED_OK)
		status = r->dry_run	       ? rehearse(&w, err)
			 : r->protocol != NULL ? by_protocol(&w, err)
					       : by_file(&w, err);
	run_clear(&w);
	lock_release(held);
	return status;
}
