/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/prove_issue_priv.h"

#include <stdlib.h>

#include "codec/hex.h"
#include "event/event_timestamp.h"
#include "office/party/keys_keep.h"
#include "office/party/party.h"
#include "sign/statement.h"

enum deed_status
prove_add_status(const struct home *h, const struct signing_key *notary,
		 const struct cert_list *chain, struct status *status,
		 int64_t now, struct event *ev, uint64_t index,
		 struct slice checkpoint, struct deed_error *err)
{
	struct cert_list own = CERT_LIST_INIT;
	struct buf der = BUF_INIT;
	json_t *json = NULL;
	char *path = NULL;
	enum deed_status s;

	/* Under the lock: no other run ends the key meanwhile. */
	s = keys_check_ended_in(h, status->party, status->key, err);
	if (s != DEED_OK)
		return s;
	free(status->checkpoint);
	status->checkpoint =
		strndup((const char *)checkpoint.data, checkpoint.len);
	status->index = index;
	json = status->checkpoint != NULL ? status_json(status) : NULL;
	s = json == NULL ? deed_error_memory(err) : DEED_OK;
	if (s == DEED_OK && chain == NULL) {
		s = keys_notary_chain(h, &own, err);
		chain = &own;
	}
	if (s == DEED_OK)
		s = statement_sign(json, notary,
				   (const struct cert *const *)chain->items,
				   chain->count, now, &der, err);
	if (s == DEED_OK)
		s = status_keep(h, status->party, ev, err);
	if (s == DEED_OK)
		s = home_status_path(h, status->party, &path, err);
	if (s == DEED_OK)
		s = event_output_bytes(ev, 0, path, OUTFILE_REPLACE,
				       buf_get(&der), err);
	json_decref(json);
	cert_list_clear(&own);
	buf_clear(&der);
	free(path);
	return s;
}

enum deed_status prove_timestamp_status(const struct home *h, const char *party,
					struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status = home_status_path(h, party, &path, err);

	if (status == DEED_OK)
		status = event_timestamp_file(h->timestamps, path, err);
	free(path);
	return status;
}

/* OUTFILE_NEW: a serial number that is taken ends the transaction, and no
 * certificate is lost from the database. */
static enum deed_status add_issued(const struct prove_issuing *c,
				   struct event *ev, const struct cert *cert,
				   struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status;

	status = ca_store_issued_path(c->store, cert, &path, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, path, OUTFILE_NEW,
					    cert_fields(cert)->der, err);
	free(path);
	return status;
}

/* With new keys the chain waits beside them; the old one stays in force until
 * the log has the change. */
static enum deed_status add_chain(const struct prove_issuing *c,
				  struct event *ev, bool deposit,
				  struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	char *path = NULL;
	enum deed_status status;

	if (deposit) {
		cert_pem(c->deposit, &pem);
		cert_pem(ca_store_issuing(c->store), &pem);
	} else {
		for (size_t i = 0; i < c->chain.count; i++)
			cert_pem(c->chain.items[i], &pem);
	}
	status = buf_status(&pem, err);
	if (status == DEED_OK && c->how->keys != NULL)
		status = keys_next_chain_path(c->p->session->home, c->p->party,
					      deposit, &path, err);
	else if (status == DEED_OK)
		status = keys_certificate_path(c->p->session->home, c->p->party,
					       deposit, &path, err);
	if (status == DEED_OK && c->how->keys == NULL)
		status = keys_keep_chain(c->p->session->home, c->p->party,
					 deposit, ev, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, path, OUTFILE_REPLACE,
					    buf_get(&pem), err);
	buf_clear(&pem);
	free(path);
	return status;
}

/* Named by its hash, by which the status and the certificate refer to it; the
 * folder keeps all of them. */
static enum deed_status add_attestation(const struct prove_issuing *c,
					struct event *ev,
					struct deed_error *err)
{
	struct buf path = BUF_INIT;
	enum deed_status status;

	buf_printf(&path, "%s/", c->p->session->home->attestations);
	hex_encode(slice_of(c->act->attestation, 32), &path);
	buf_printf(&path, ".cms%c", 0);
	status = buf_status(&path, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, (const char *)path.data,
					    OUTFILE_NEW,
					    buf_get(&c->attestation), err);
	buf_clear(&path);
	return status;
}

enum deed_status prove_unchanged(const struct prove *p, struct deed_error *err)
{
	return party_unchanged(p->session->home, p->party, p->signpost, err);
}

/* Certificates go into the database before they are handed out, so that there
 * is none in use that could not be revoked. */
static enum deed_status record_locked(void *arg, struct event *ev,
				      uint64_t first, struct slice checkpoint,
				      struct deed_error *err)
{
	struct prove_issuing *c = arg;
	enum deed_status status;

	status = prove_unchanged(c->p, err);
	if (status == DEED_OK && c->how->more != NULL)
		status = c->how->more(c->how->arg, ev, first, c->party,
				      &c->status, err);
	if (status == DEED_OK)
		status = event_number(ev, 0, "enrolment", c->status.enrolment,
				      err);
	if (status == DEED_OK && !c->how->no_attestation)
		status = add_attestation(c, ev, err);
	if (status == DEED_OK && !c->external) {
		status = add_issued(c, ev, c->signature, err);
		if (status == DEED_OK)
			status = add_chain(c, ev, false, err);
	}
	if (status == DEED_OK)
		status = add_issued(c, ev, c->deposit, err);
	if (status == DEED_OK)
		status = add_chain(c, ev, true, err);
	/* Last: it is what makes the rest count. */
	if (status == DEED_OK)
		status = prove_add_status(c->p->session->home, c->notary,
					  c->office ? &c->chain : NULL,
					  &c->status, c->p->session->now, ev,
					  first, checkpoint, err);
	return status;
}

/* The handle and the hashes are committed to: the log tells them to nobody but
 * the party and the register. */
static enum deed_status begin_entry(struct prove_issuing *c, struct event **ev,
				    struct deed_error *err)
{
	const struct prove_session *session = c->p->session;
	const struct dropbox_reader reader = {
		.spki = c->deposit_spki,
	};
	int entry;
	enum deed_status status;

	status = event_begin(session->log, session->now, ev, err);
	if (status == DEED_OK)
		status = event_party(*ev, &reader, &c->party, err);
	if (status == DEED_OK)
		status = event_entry(*ev, c->how->event, &entry, err);
	if (status == DEED_OK)
		status = event_commit(*ev, entry, c->party, "party",
				      slice_str(c->p->party), err);
	if (status == DEED_OK && c->how->keys != NULL)
		status = event_commit(*ev, entry, c->party, "key",
				      slice_of(c->enrolment->key, 32), err);
	if (status == DEED_OK && !c->how->no_attestation)
		status = event_commit(*ev, entry, c->party, "attestation",
				      slice_of(c->act->attestation, 32), err);
	if (status == DEED_OK)
		status = event_commit(*ev, entry, c->party, "certificate",
				      slice_of(c->act->certificate, 32), err);
	return status;
}

enum deed_status prove_record(struct prove_issuing *c, struct deed_error *err)
{
	struct event *ev = NULL;
	enum deed_status status = begin_entry(c, &ev, err);

	if (status == DEED_OK)
		status =
			event_finish(ev, record_locked, c, &c->act->index, err);
	event_free(ev);
	if (status == DEED_OK)
		status = prove_timestamp_status(c->p->session->home,
						c->p->party, err);
	return status;
}
