/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/authority_priv.h"

#include <stdlib.h>

#include "base/file.h"
#include "ca/certificate.h"
#include "ca/store.h"
#include "keystore/keystore.h"
#include "office/party/home_events.h"
#include "office/house.h"
#include "office/keys.h"
#include "office/party/publish.h"

#define DAY INT64_C(86400)

/*
 * The key is made first, and the transaction names it by its certificate: a
 * key that an interrupted renewal left is taken by the next.
 */
struct renewal {
	const struct home *home;
	struct authority_renewal *in;
	struct ca_store *store;
	struct ca_issuers issuers;
	struct keystore *ks;
	struct signing_key *root, *present, *key;
	struct cert *cert;    /* of the new CA */
	struct cert *service; /* of the archive's key, by the new CA */
};

/* Everything here takes NULL, so it serves a renewal that failed at any step.
 */
static void renewal_clear(struct renewal *r)
{
	ca_store_close(r->store);
	ca_issuers_clear(&r->issuers);
	keystore_close(r->ks);
	signing_key_free(r->root);
	signing_key_free(r->present);
	signing_key_free(r->key);
	cert_free(r->cert);
	cert_free(r->service);
}

/* What an earlier run left is finished first: it may have been a renewal. */
static enum deed_status open_all(struct renewal *r, struct deed_error *err)
{
	const struct home *h = r->home;
	struct event_home *log = NULL;
	enum deed_status status;

	status = home_events_open(h, r->in->wait, &log, err);
	if (status == DEED_OK)
		status = event_recover(log, r->in->now, err);
	home_events_close(log);
	if (status == DEED_OK)
		status = house_check_root(h, r->in->now, err);
	if (status == DEED_OK)
		status = ca_store_open(h->ca, &r->store, err);
	if (status == DEED_OK)
		status = ca_issuers_load(h->ca, &r->issuers, err);
	if (status == DEED_OK && r->issuers.count == CA_ISSUERS_MAX)
		status = deed_error_set(err, DEED_LIMIT,
					"the house has had %d issuing CAs",
					CA_ISSUERS_MAX);
	if (status == DEED_OK)
		status = keystore_open(h->keystore, &r->ks, err);
	if (status == DEED_OK)
		status = authority_root_key(h, r->in->root_key,
					    r->in->root_passphrase, &r->root,
					    err);
	/* Compares the operator's passphrase, too: the new key gets it. */
	if (status == DEED_OK)
		status = keys_issuing_of(
			h, ca_issuers_current(&r->issuers)->cert,
			r->in->operator_passphrase, &r->present, err);
	return status;
}

/* Is the newest key one that no certificate of the CA is for? */
static enum deed_status find_left(struct renewal *r, bool *left,
				  struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	enum deed_status status;

	status = keystore_public(r->ks, HOME_OFFICE, KEYSTORE_ISSUING, &spki,
				 err);
	*left = status == DEED_OK;
	for (size_t i = 0; *left && i < r->issuers.count; i++)
		*left = !slice_equal(cert_fields(r->issuers.item[i].cert)->spki,
				     buf_get(&spki));
	buf_clear(&spki);
	return status;
}

/* The first slot is the operator's own, which the new key gets as well.  The
 * others cannot be made without their passphrases: the caller names them to
 * the user. */
static void add_slots(struct authority_renewal *in, const struct keyfile *kf)
{
	for (size_t i = 0; i < keyfile_slot_count(kf); i++) {
		const char *label = keyfile_slot(kf, i)->label;

		if (strcmp(label, KEYFILE_FIRST_LABEL) != 0 &&
		    in->slots < KEYFILE_MAX_SLOTS)
			memcpy(in->slot[in->slots++], label,
			       sizeof(in->slot[0]));
	}
}

/* The new key gets one slot.  What cannot be read here is not needed. */
static void find_slots(struct renewal *r)
{
	struct slice spki =
		cert_fields(ca_issuers_current(&r->issuers)->cert)->spki;
	struct keystore_list list = { NULL, 0 };

	if (keystore_list(r->ks, HOME_OFFICE, &list, NULL) != DEED_OK)
		list.count = 0;
	for (size_t i = 0; i < list.count; i++) {
		struct buf public = BUF_INIT;
		struct keyfile *kf = NULL;

		if (list.items[i].role == KEYSTORE_ISSUING &&
		    list.items[i].has_key &&
		    keystore_read_public(list.items[i].public_path, &public,
					 NULL) == DEED_OK &&
		    slice_equal(buf_get(&public), spki) &&
		    keyfile_load(list.items[i].key_path, &kf, NULL) == DEED_OK)
			add_slots(r->in, kf);
		keyfile_free(kf);
		buf_clear(&public);
	}
	keystore_list_clear(&list);
}

/* A key without a certificate is what a renewal that was killed has made: it
 * is used, and not made again.  The passphrase was compared with the present
 * key before (open_all). */
static enum deed_status make_key(struct renewal *r, struct deed_error *err)
{
	struct slice passphrase = secret_slice(r->in->operator_passphrase);
	bool left = false;
	enum deed_status status;

	status = find_left(r, &left, err);
	/* In a dry run the present key stands in for one that is not made. */
	if (status == DEED_OK && r->in->dry_run && !left)
		return DEED_OK;
	if (status == DEED_OK && !left)
		status = keystore_create_key(r->ks, HOME_OFFICE,
					     KEYSTORE_ISSUING, KEY_P256, NULL,
					     passphrase, KEYFILE_KDF_MS, err);
	if (status == DEED_OK)
		status = keystore_unlock_signing(r->ks, HOME_OFFICE,
						 KEYSTORE_ISSUING, passphrase,
						 &r->key, err);
	return status;
}

/* The generation counts the CAs that the house has had, and is part of the
 * name: two issuers of one name could not be told apart. ca_issue cuts the end
 * to that of the root. */
static enum deed_status issue_ca(struct renewal *r, struct deed_error *err)
{
	const struct signing_key *key = r->key != NULL ? r->key : r->present;
	struct ca_template t = {
		.profile = CA_ISSUING,
		.spki = signing_key_spki(key),
		.not_before = r->in->now,
		.not_after = r->in->now + DAY * r->in->days,
	};
	struct publish_urls urls = { NULL, NULL };
	struct buf name = BUF_INIT;
	enum deed_status status;

	r->in->generation = (unsigned)r->issuers.count + 1;
	status = ca_issuers_name(ca_issuers_current(&r->issuers)->cert,
				 r->in->generation, &name, err);
	t.subject = buf_get(&name);
	if (status == DEED_OK)
		status = publish_point(r->home, 0, &urls, &t, err);
	if (status == DEED_OK)
		status = ca_issue(&t, ca_store_root(r->store), r->root,
				  &r->cert, err);
	if (status == DEED_OK) {
		memcpy(r->in->certificate, cert_sha256(r->cert), 32);
		r->in->not_after = cert_fields(r->cert)->not_after;
	}
	publish_urls_clear(&urls);
	buf_clear(&name);
	return status;
}

/* The archive's certificate would end with the CA that it is of. */
static enum deed_status issue_service(struct renewal *r, struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct ca_template t = {
		.profile = CA_SERVICE,
		.not_before = r->in->now,
		.not_after = r->in->now + DAY * r->in->days,
	};
	struct publish_urls urls = { NULL, NULL };
	struct buf pem = BUF_INIT;
	char *path = NULL;
	enum deed_status status;

	status = keystore_manifest_chain_path(r->ks, &path, err);
	if (status == DEED_OK)
		status = file_read(path, CERT_MAX_SIZE, &pem, err);
	if (status == DEED_OK)
		status = cert_list_load(&chain, buf_get(&pem), path, err);
	if (status == DEED_OK) {
		t.spki = cert_fields(chain.items[0])->spki;
		t.subject = cert_fields(chain.items[0])->subject;
		status = publish_point(r->home, r->in->generation, &urls, &t,
				       err);
	}
	if (status == DEED_OK)
		status = ca_issue(&t, r->cert, r->key, &r->service, err);
	publish_urls_clear(&urls);
	cert_list_clear(&chain);
	buf_clear(&pem);
	free(path);
	return status;
}

/* What the present CA has, under its number. */
static enum deed_status keep_present(const struct renewal *r, struct event *ev,
				     struct deed_error *err)
{
	const struct ca_issuer *present = ca_issuers_current(&r->issuers);
	enum deed_status status = DEED_OK;

	/* The list first: a reader who finds the certificate wants it. */
	for (int crl = 1; status == DEED_OK && crl >= 0; crl--) {
		struct buf b = BUF_INIT;
		char *path = NULL;

		status = ca_issuers_path(r->home->ca, present->generation, crl,
					 &path, err);
		if (status == DEED_OK)
			status = file_read(crl ? present->crl_path
					       : present->cert_path,
					   CRL_MAX, &b, err);
		if (status == DEED_OK)
			status = event_output_bytes(ev, 0, path, OUTFILE_NEW,
						    buf_get(&b), err);
		buf_clear(&b);
		free(path);
	}
	return status;
}

/* The list of a CA that has issued nothing: its numbers begin with 1, since
 * they are those of one issuer (RFC 5280 5.2.3). */
static enum deed_status put_list(const struct renewal *r, struct event *ev,
				 struct deed_error *err)
{
	struct buf der = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;

	status = ca_crl_write(r->cert, r->key, 1, r->in->now, CA_CRL_SECONDS,
			      NULL, 0, &der, err);
	if (status == DEED_OK) {
		sha256(buf_get(&der), hash);
		status = event_hash(ev, 0, "crl", hash, err);
	}
	if (status == DEED_OK)
		status =
			event_output_bytes(ev, 0, r->home->ca_issuing_crl,
					   OUTFILE_REPLACE, buf_get(&der), err);
	buf_clear(&der);
	return status;
}

/* The chain that travels with manifests is replaced, and the certificate goes
 * into the database of the CA, so that it can be revoked. */
static enum deed_status put_service(const struct renewal *r, struct event *ev,
				    struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	char *path = NULL;
	enum deed_status status;

	cert_pem(r->service, &pem);
	cert_pem(r->cert, &pem);
	status = buf_status(&pem, err);
	if (status == DEED_OK)
		status = keystore_manifest_chain_path(r->ks, &path, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, path, OUTFILE_REPLACE,
					    buf_get(&pem), err);
	free(path);
	path = NULL;
	if (status == DEED_OK)
		status = ca_store_issued_path(r->store, r->service, &path, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, path, OUTFILE_NEW,
					    cert_fields(r->service)->der, err);
	free(path);
	buf_clear(&pem);
	return status;
}

/* In this order readers without a lock always find the earlier CA, and the
 * new one before anything that it certified. */
static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	const struct renewal *r = arg;
	enum deed_status status;

	(void)first;
	(void)checkpoint;
	status = authority_unchanged(r->home, &r->issuers, err);
	if (status == DEED_OK)
		status = keep_present(r, ev, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, r->home->ca_issuing,
					    OUTFILE_REPLACE,
					    cert_fields(r->cert)->der, err);
	if (status == DEED_OK)
		status = put_list(r, ev, err);
	if (status == DEED_OK)
		status = put_service(r, ev, err);
	return status;
}

/* Everything was made before; under the lock it is only compared and written,
 * so the lock is held for a short time. */
static enum deed_status commit_renewal(struct renewal *r,
				       struct deed_error *err)
{
	struct event_home *log = NULL;
	struct event *ev = NULL;
	int entry;
	enum deed_status status;

	status = home_events_open(r->home, r->in->wait, &log, err);
	if (status == DEED_OK)
		status = event_begin(log, r->in->now, &ev, err);
	if (status == DEED_OK)
		status = event_entry(ev, "ca-renew", &entry, err);
	if (status == DEED_OK)
		status = event_hash(ev, entry, "issuing", cert_sha256(r->cert),
				    err);
	if (status == DEED_OK)
		status = event_number(ev, entry, "generation",
				      r->in->generation, err);
	if (status == DEED_OK)
		status = event_finish(ev, locked, r, &r->in->index, err);
	event_free(ev);
	home_events_close(log);
	return status;
}

enum deed_status authority_renew(const struct home *h,
				 struct authority_renewal *in,
				 struct deed_error *err)
{
	struct renewal r = { .home = h, .in = in };
	enum deed_status status;

	status = open_all(&r, err);
	if (status == DEED_OK)
		find_slots(&r);
	if (status == DEED_OK)
		status = make_key(&r, err);
	if (status == DEED_OK)
		status = issue_ca(&r, err);
	if (status == DEED_OK && !in->dry_run)
		status = issue_service(&r, err);
	if (status == DEED_OK && !in->dry_run)
		status = commit_renewal(&r, err);
	renewal_clear(&r);
	return status;
}
