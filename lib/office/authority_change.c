/* SPDX-License-Identifier: Apache-2.0 */
#include "office/authority.h"

#include <stdlib.h>

#include "base/file.h"
#include "ca/certificate.h"
#include "ca/store.h"
#include "office/home_events.h"
#include "office/house.h"
#include "office/keys.h"
#include "office/party.h"

/* A party's certificates: its signature's and its deposit's. */
#define REVOKED_MAX 2

struct change {
	const struct home *home;
	struct ca_store *store;
	struct signing_key *key; /* of the CA whose list is made */
	bool root;
	int64_t now;
	struct cert *revoke[REVOKED_MAX];
	size_t revoke_count;
	enum ca_reason reason;
	uint64_t number; /* of the list made */
	size_t listed;
};

static void change_clear(struct change *c)
{
	for (size_t i = 0; i < c->revoke_count; i++)
		cert_free(c->revoke[i]);
	ca_store_close(c->store);
	signing_key_free(c->key);
}

/* One more than the list in use has; the clock has no say. */
static enum deed_status next_number(const char *path, uint64_t *number,
				    struct deed_error *err)
{
	struct buf b = BUF_INIT;
	int64_t next_update;
	enum deed_status s;

	s = file_read(path, CRL_MAX, &b, err);
	if (s == DEED_OK)
		s = ca_crl_read(buf_get(&b), number, &next_update, err);
	buf_clear(&b);
	(*number)++;
	return s;
}

/* What was revoked before, and what is now. */
static enum deed_status list_revoked(struct change *c, struct ca_revoked **out,
				     struct deed_error *err)
{
	struct ca_revoked *list;
	enum deed_status s;

	*out = NULL;
	/* The root has revoked nothing: another issuing CA is another home. */
	if (c->root)
		return DEED_OK;
	s = ca_store_revoked(c->store, out, &c->listed, err);
	if (s != DEED_OK)
		return s;
	list = realloc(*out, (c->listed + REVOKED_MAX) * sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	*out = list;
	for (size_t i = 0; s == DEED_OK && i < c->revoke_count; i++)
		s = ca_revoked_of(c->revoke[i], c->now, c->reason,
				  &list[c->listed++], err);
	return s;
}

static enum deed_status add_revocations(const struct change *c,
					struct event *ev,
					struct deed_error *err)
{
	enum deed_status s = DEED_OK;

	for (size_t i = 0; s == DEED_OK && i < c->revoke_count; i++) {
		struct buf text = BUF_INIT;
		struct ca_revoked r;
		char *path = NULL;

		s = ca_revoked_of(c->revoke[i], c->now, c->reason, &r, err);
		if (s == DEED_OK)
			s = ca_revoked_write(&r, &text, err);
		if (s == DEED_OK)
			s = ca_store_revoked_path(c->store, c->revoke[i], &path,
						  err);
		if (s == DEED_OK)
			s = event_output_bytes(ev, 0, path, OUTFILE_NEW,
					       buf_get(&text), err);
		free(path);
		buf_clear(&text);
	}
	return s;
}

/* Under the lock, so that no list forgets what another run revoked. */
static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	struct change *c = arg;
	const char *path =
		c->root ? c->home->ca_root_crl : c->home->ca_issuing_crl;
	struct ca_revoked *list = NULL;
	struct buf der = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status s;

	(void)first;
	(void)checkpoint;
	s = next_number(path, &c->number, err);
	if (s == DEED_OK)
		s = list_revoked(c, &list, err);
	if (s == DEED_OK)
		s = ca_crl_write(c->root ? ca_store_root(c->store)
					 : ca_store_issuing(c->store),
				 c->key, c->number, c->now,
				 c->root ? CA_ROOT_CRL_SECONDS : CA_CRL_SECONDS,
				 list, c->listed, &der, err);
	if (s == DEED_OK)
		s = add_revocations(c, ev, err);
	if (s == DEED_OK) {
		sha256(buf_get(&der), hash);
		s = event_hash(ev, 0, "crl", hash, err);
	}
	if (s == DEED_OK)
		s = event_number(ev, 0, "crl-number", c->number, err);
	if (s == DEED_OK)
		s = event_output_bytes(ev, 0, path, OUTFILE_REPLACE,
				       buf_get(&der), err);
	free(list);
	buf_clear(&der);
	return s;
}

static enum deed_status commit(struct change *c, const char *type,
			       const char *party, unsigned wait,
			       uint64_t *index, struct deed_error *err)
{
	struct event_home *log = NULL;
	struct event *ev = NULL;
	int entry;
	enum deed_status s;

	s = home_events_open(c->home, wait, &log, err);
	if (s == DEED_OK)
		s = event_begin(log, c->now, &ev, err);
	if (s == DEED_OK)
		s = event_entry(ev, type, &entry, err);
	if (s == DEED_OK && party != NULL)
		s = event_commit(ev, entry, EVENT_ALL, "party",
				 slice_str(party), err);
	if (s == DEED_OK)
		s = event_finish(ev, locked, c, index, err);
	event_free(ev);
	home_events_close(log);
	return s;
}

/* What was interrupted may be a revocation: finish it before looking. */
static enum deed_status recover(const struct home *h, unsigned wait,
				int64_t now, struct deed_error *err)
{
	struct event_home *log = NULL;
	enum deed_status s;

	s = home_events_open(h, wait, &log, err);
	if (s == DEED_OK)
		s = event_recover(log, now, err);
	home_events_close(log);
	return s;
}

enum deed_status authority_crl(const struct home *h, struct authority_crl *in,
			       struct deed_error *err)
{
	struct change c = { .home = h, .root = in->root, .now = in->now };
	enum deed_status s;

	s = recover(h, in->wait, in->now, err);
	if (s == DEED_OK)
		s = ca_store_open(h->ca, &c.store, err);
	if (s == DEED_OK)
		s = in->root ? keys_root(h, in->root_key, in->passphrase,
					 &c.key, err)
			     : keys_issuing(h, in->passphrase, &c.key, err);
	if (s == DEED_OK && in->root &&
	    !slice_equal(cert_fields(ca_store_root(c.store))->spki,
			 signing_key_spki(c.key)))
		s = deed_error_set(err, DEED_NO_KEY,
				   "the key is not that of this house's root");
	if (s == DEED_OK && !in->dry_run)
		s = commit(&c, "crl", NULL, in->wait, &in->index, err);
	in->number = c.number;
	in->revoked = c.listed;
	in->next_update =
		in->now + (in->root ? CA_ROOT_CRL_SECONDS : CA_CRL_SECONDS);
	change_clear(&c);
	return s;
}

static enum deed_status check_office(const struct change *c,
				     const struct cert *cert,
				     struct deed_error *err)
{
	bool owns = false;
	enum deed_status s = house_owns(c->home, cert, &owns, err);

	if (s == DEED_OK && owns)
		s = house_refuse("a certificate of the office is not revoked "
				 "by the way",
				 err);
	return s;
}

/* Of this house, and not revoked yet: into the change. */
static enum deed_status add(struct change *c, struct cert *cert,
			    struct deed_error *err)
{
	char serial[CA_SERIAL_TEXT];
	struct cert *issued = NULL;
	bool revoked = false;
	enum deed_status s;

	if (!ca_serial_text(cert, serial))
		return deed_error_set(err, DEED_REFUSED,
				      "a certificate with such a serial number "
				      "is not of this house");
	s = ca_store_find(c->store, serial, &issued, NULL);
	if (s != DEED_OK || !cert_equal(issued, cert))
		s = deed_error_set(err, DEED_REFUSED,
				   "certificate %s is not of this house; who "
				   "issued it revokes it",
				   serial);
	cert_free(issued);
	if (s == DEED_OK)
		s = ca_store_is_revoked(c->store, cert, &revoked, err);
	if (s == DEED_OK && revoked)
		return deed_error_set(err, DEED_EXISTS,
				      "certificate %s is revoked already",
				      serial);
	if (s == DEED_OK)
		c->revoke[c->revoke_count++] = cert_ref(cert);
	return s;
}

static enum deed_status add_party(struct change *c, const char *party,
				  struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct cert_list chain = CERT_LIST_INIT;
	uint64_t enrolment;
	enum deed_status s;

	s = party_signpost(c->home, party, &enrolment, err);
	for (int deposit = 0; s == DEED_OK && deposit < 2; deposit++) {
		cert_list_clear(&chain);
		s = deposit ? keys_deposit_chain(c->home, party, &chain, err)
			    : keys_chain(c->home, party, &chain, err);
		if (s == DEED_OK && chain.count > 0)
			s = add(c, chain.items[0], deposit ? err : &why);
		/* A party may have its signature certificate from elsewhere;
		 * or it alone was revoked, by its number. */
		if (!deposit && (s == DEED_REFUSED || s == DEED_EXISTS))
			s = DEED_OK;
		else if (!deposit && s != DEED_OK && err != NULL &&
			 why.status != DEED_OK)
			*err = why;
	}
	cert_list_clear(&chain);
	if (s == DEED_OK && c->revoke_count == 0)
		s = deed_error_set(err, DEED_NOT_FOUND,
				   "party '%s' has no certificate of this "
				   "house",
				   party);
	return s;
}

static enum deed_status add_serial(struct change *c, const char *serial,
				   bool office, struct deed_error *err)
{
	struct cert *cert = NULL;
	enum deed_status s;

	s = ca_store_find(c->store, serial, &cert, err);
	if (s == DEED_OK && !office)
		s = check_office(c, cert, err);
	if (s == DEED_OK)
		s = add(c, cert, err);
	cert_free(cert);
	return s;
}

enum deed_status authority_revoke(const struct home *h,
				  struct authority_revocation *in,
				  struct deed_error *err)
{
	struct change c = { .home = h, .now = in->now, .reason = in->reason };
	enum deed_status s;

	s = recover(h, in->wait, in->now, err);
	if (s == DEED_OK && in->party != NULL && !in->office &&
	    strcmp(in->party, HOME_OFFICE) == 0)
		s = house_refuse("the office is not revoked by the way", err);
	if (s == DEED_OK)
		s = ca_store_open(h->ca, &c.store, err);
	if (s == DEED_OK)
		s = in->serial != NULL
			    ? add_serial(&c, in->serial, in->office, err)
			    : add_party(&c, in->party, err);
	if (s == DEED_OK)
		s = keys_issuing(h, in->passphrase, &c.key, err);
	if (s == DEED_OK && !in->dry_run)
		s = commit(&c, "revoke", in->party, in->wait, &in->index, err);
	in->revoked = c.revoke_count;
	change_clear(&c);
	return s;
}
