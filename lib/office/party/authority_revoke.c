/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/authority_change_priv.h"

#include <stdlib.h>

#include "ca/certificate.h"
#include "office/house.h"
#include "office/party/party.h"

/* Of each CA that issued one of those revoked; where only keys are ended, of
 * the one in use, whose key is given, or NULL. */
static enum deed_status add_lists_of_revoked(struct authority_change *c,
					     const struct signing_key *key,
					     const struct secret *passphrase,
					     struct deed_error *err)
{
	const struct ca_issuer *issuer, *current;
	enum deed_status status = DEED_OK;

	current = ca_issuers_current(&c->issuers);
	if (c->revoke.count == 0)
		status =
			authority_change_list(c, current, key, passphrase, err);
	for (size_t i = 0; status == DEED_OK && i < c->revoke.count; i++) {
		issuer = ca_issuers_of(&c->issuers, c->revoke.items[i]);
		if (issuer == NULL)
			return deed_error_set(err, DEED_INCONSISTENT,
					      "no issuing CA of this house "
					      "issued a certificate that is to "
					      "be revoked");
		status = authority_change_list(c, issuer,
					       issuer == current ? key : NULL,
					       passphrase, err);
	}
	return status;
}

/* A certificate of the office takes the statements of the whole house with it,
 * so it is revoked only by who replaces it. */
static enum deed_status check_office(const struct authority_change *c,
				     const struct cert *cert,
				     struct deed_error *err)
{
	bool owns = false;
	enum deed_status status = house_owns(c->home, cert, &owns, err);

	if (status == DEED_OK && owns)
		status = house_refuse(
			"a certificate of the office is not revoked "
			"by the way",
			err);
	return status;
}

/* Of this house, and not revoked yet: into the change. */
static enum deed_status add_certificate(struct authority_change *c,
					struct cert *cert,
					struct deed_error *err)
{
	char serial[CA_SERIAL_TEXT];
	struct cert *issued = NULL;
	bool revoked = false;
	enum deed_status status;

	if (!ca_serial_text(cert, serial))
		return deed_error_set(err, DEED_REFUSED,
				      "a certificate with such a serial number "
				      "is not of this house");
	status = ca_store_find(c->store, serial, &issued, NULL);
	if (status != DEED_OK || !cert_equal(issued, cert))
		status = deed_error_set(
			err, DEED_REFUSED,
			"certificate %s is not of this house; who "
			"issued it revokes it",
			serial);
	cert_free(issued);
	if (status == DEED_OK)
		status = ca_store_is_revoked(c->store, cert, &revoked, err);
	if (status == DEED_OK && revoked)
		return deed_error_set(err, DEED_EXISTS,
				      "certificate %s is revoked already",
				      serial);
	if (status == DEED_OK && ca_issuers_of(&c->issuers, cert) == NULL)
		status = deed_error_set(err, DEED_INCONSISTENT,
					"no issuing CA of this house issued "
					"certificate %s",
					serial);
	if (status == DEED_OK)
		status = cert_list_add(&c->revoke, cert, err);
	return status;
}

/* What the party is told where there is nothing to take back. */
static enum deed_status say_nothing_there(struct authority_change *c,
					  const char *party,
					  struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	bool revoked = false;
	enum deed_status status =
		keys_deposit_chain(c->home, party, &chain, err);

	if (status == DEED_OK && chain.count > 0)
		status = ca_store_is_revoked(c->store, chain.items[0], &revoked,
					     err);
	if (status == DEED_OK && revoked)
		status = deed_error_set(
			err, DEED_EXISTS,
			"the certificates of party '%s' are revoked "
			"already",
			party);
	else if (status == DEED_OK)
		status = deed_error_set(err, DEED_NOT_FOUND,
					"party '%s' has no certificate of this "
					"house",
					party);
	cert_list_clear(&chain);
	return status;
}

/*
 * Everything that the house certified for the party's keys: a certificate
 * that was renewed lives on beside the new one.  Those that another CA gave
 * are that one's matter.
 */
static enum deed_status add_party(struct authority_change *c, const char *party,
				  struct deed_error *err)
{
	struct key_hash *keys = NULL;
	size_t count = 0, ended = 0;
	uint64_t enrolment;
	enum deed_status status;

	status = party_signpost(c->home, party, &enrolment, err);
	if (status == DEED_OK)
		status = keys_ever(c->home, party, &keys, &count, err);
	for (size_t i = 0; status == DEED_OK && i < count; i++) {
		bool is = false;

		status = ca_store_of_key(c->store, keys[i].bytes, &c->revoke,
					 err);
		if (status == DEED_OK)
			status = ca_store_key_ended(c->store, keys[i].bytes,
						    &is, err);
		ended += is;
	}
	if (status == DEED_OK && c->reason == CA_KEY_COMPROMISE) {
		c->end = keys;
		c->end_count = count;
		keys = NULL;
	}
	free(keys);
	if (status == DEED_OK && c->revoke.count == 0 &&
	    (c->reason != CA_KEY_COMPROMISE || ended == count))
		status = say_nothing_there(c, party, err);
	return status;
}

/* A key is compromised in all its certificates. */
static enum deed_status end_key(struct authority_change *c,
				const struct cert *cert, struct deed_error *err)
{
	c->end = malloc(sizeof(*c->end));
	if (c->end == NULL)
		return deed_error_memory(err);
	memcpy(c->end[0].bytes, cert_spki_sha256(cert), 32);
	c->end_count = 1;
	return ca_store_of_key(c->store, c->end[0].bytes, &c->revoke, err);
}

/* For a key compromise all certificates of the key are gathered first; where
 * none of them is left to be revoked, add_certificate tells why of the one
 * that was named. */
static enum deed_status add_serial(struct authority_change *c,
				   const char *serial, bool office,
				   struct deed_error *err)
{
	struct cert *cert = NULL;
	enum deed_status status;

	status = ca_store_find(c->store, serial, &cert, err);
	if (status == DEED_OK && !office)
		status = check_office(c, cert, err);
	if (status == DEED_OK && c->reason == CA_KEY_COMPROMISE)
		status = end_key(c, cert, err);
	if (status == DEED_OK && c->revoke.count == 0)
		status = add_certificate(c, cert, err);
	cert_free(cert);
	return status;
}

enum deed_status authority_revoke(const struct home *h,
				  struct authority_revocation *in,
				  struct deed_error *err)
{
	struct authority_change c = { .home = h,
				      .now = in->now,
				      .reason = in->reason };
	enum deed_status status;

	status = authority_change_open(&c, in->wait, err);
	if (status == DEED_OK && in->party != NULL && !in->office &&
	    strcmp(in->party, HOME_OFFICE) == 0)
		status = house_refuse("the office is not revoked by the way",
				      err);
	if (status == DEED_OK)
		status = in->serial != NULL
				 ? add_serial(&c, in->serial, in->office, err)
				 : add_party(&c, in->party, err);
	if (status == DEED_OK)
		status = add_lists_of_revoked(&c, NULL, in->passphrase, err);
	if (status == DEED_OK && !in->dry_run)
		status = authority_change_commit(&c, "revoke", in->party,
						 in->wait, &in->index, err);
	in->revoked = c.revoke.count;
	authority_change_clear(&c);
	return status;
}

enum deed_status authority_revoke_in(const struct home *h,
				     const struct signing_key *issuing,
				     const struct secret *passphrase,
				     const struct key_hash *keys, size_t count,
				     enum ca_reason reason, int64_t now,
				     struct event *ev, size_t *revoked,
				     struct deed_error *err)
{
	struct authority_change c = { .home = h, .now = now, .reason = reason };
	enum deed_status status;

	*revoked = 0;
	status = ca_store_open(h->ca, &c.store, err);
	if (status == DEED_OK)
		status = ca_issuers_load(h->ca, &c.issuers, err);
	for (size_t i = 0; status == DEED_OK && i < count; i++)
		status =
			ca_store_of_key(c.store, keys[i].bytes, &c.revoke, err);
	if (status == DEED_OK && reason == CA_KEY_COMPROMISE && count > 0) {
		c.end = calloc(count, sizeof(*c.end));
		if (c.end == NULL) {
			status = deed_error_memory(err);
		} else {
			memcpy(c.end, keys, count * sizeof(*c.end));
			c.end_count = count;
		}
	}
	if (status == DEED_OK && (c.revoke.count > 0 || c.end_count > 0)) {
		status = add_lists_of_revoked(&c, issuing, passphrase, err);
		if (status == DEED_OK)
			status = authority_change_add(&c, ev, 0, SLICE_NONE,
						      err);
	}
	*revoked = c.revoke.count;
	authority_change_clear(&c);
	return status;
}
