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

static enum deed_status open_all(struct renewal *r, struct deed_error *err)
{
	const struct home *h = r->home;
	struct event_home *log = NULL;
	enum deed_status s;

	s = home_events_open(h, r->in->wait, &log, err);
	if (s == DEED_OK)
		s = event_recover(log, r->in->now, err);
	home_events_close(log);
	if (s == DEED_OK)
		s = house_check_root(h, r->in->now, err);
	if (s == DEED_OK)
		s = ca_store_open(h->ca, &r->store, err);
	if (s == DEED_OK)
		s = ca_issuers_load(h->ca, &r->issuers, err);
	if (s == DEED_OK && r->issuers.count == CA_ISSUERS_MAX)
		s = deed_error_set(err, DEED_LIMIT,
				   "the house has had %d issuing CAs",
				   CA_ISSUERS_MAX);
	if (s == DEED_OK)
		s = keystore_open(h->keystore, &r->ks, err);
	if (s == DEED_OK)
		s = authority_root_key(h, r->in->root_key,
				       r->in->root_passphrase, &r->root, err);
	/* Compares the operator's passphrase, too: the new key gets it. */
	if (s == DEED_OK)
		s = keys_issuing_of(h, ca_issuers_current(&r->issuers)->cert,
				    r->in->operator_passphrase, &r->present,
				    err);
	return s;
}

/* Is the newest key one that no certificate of the CA is for? */
static enum deed_status find_left(struct renewal *r, bool *left,
				  struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	enum deed_status s;

	s = keystore_public(r->ks, HOME_OFFICE, KEYSTORE_ISSUING, &spki, err);
	*left = s == DEED_OK;
	for (size_t i = 0; *left && i < r->issuers.count; i++)
		*left = !slice_equal(cert_fields(r->issuers.item[i].cert)->spki,
				     buf_get(&spki));
	buf_clear(&spki);
	return s;
}

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

static enum deed_status make_key(struct renewal *r, struct deed_error *err)
{
	struct slice passphrase = secret_slice(r->in->operator_passphrase);
	bool left = false;
	enum deed_status s;

	s = find_left(r, &left, err);
	/* In a dry run the present key stands in for one that is not made. */
	if (s == DEED_OK && r->in->dry_run && !left)
		return DEED_OK;
	if (s == DEED_OK && !left)
		s = keystore_create_key(r->ks, HOME_OFFICE, KEYSTORE_ISSUING,
					KEY_P256, NULL, passphrase,
					KEYFILE_KDF_MS, err);
	if (s == DEED_OK)
		s = keystore_unlock_signing(r->ks, HOME_OFFICE,
					    KEYSTORE_ISSUING, passphrase,
					    &r->key, err);
	return s;
}

static enum deed_status certify_ca(struct renewal *r, struct deed_error *err)
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
	enum deed_status s;

	r->in->generation = (unsigned)r->issuers.count + 1;
	s = ca_issuers_name(ca_issuers_current(&r->issuers)->cert,
			    r->in->generation, &name, err);
	t.subject = buf_get(&name);
	if (s == DEED_OK)
		s = publish_point(r->home, 0, &urls, &t, err);
	if (s == DEED_OK)
		s = ca_certify(&t, ca_store_root(r->store), r->root, &r->cert,
			       err);
	if (s == DEED_OK) {
		memcpy(r->in->certificate, cert_sha256(r->cert), 32);
		r->in->not_after = cert_fields(r->cert)->not_after;
	}
	publish_urls_clear(&urls);
	buf_clear(&name);
	return s;
}

/* The archive's certificate would end with the CA that it is of. */
static enum deed_status certify_service(struct renewal *r,
					struct deed_error *err)
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
	enum deed_status s;

	s = keystore_manifest_chain_path(r->ks, &path, err);
	if (s == DEED_OK)
		s = file_read(path, CERT_MAX_SIZE, &pem, err);
	if (s == DEED_OK)
		s = cert_list_load(&chain, buf_get(&pem), path, err);
	if (s == DEED_OK) {
		t.spki = cert_fields(chain.items[0])->spki;
		t.subject = cert_fields(chain.items[0])->subject;
		s = publish_point(r->home, r->in->generation, &urls, &t, err);
	}
	if (s == DEED_OK)
		s = ca_certify(&t, r->cert, r->key, &r->service, err);
	publish_urls_clear(&urls);
	cert_list_clear(&chain);
	buf_clear(&pem);
	free(path);
	return s;
}

/* What the present CA has, under its number. */
static enum deed_status keep_present(const struct renewal *r, struct event *ev,
				     struct deed_error *err)
{
	const struct ca_issuer *present = ca_issuers_current(&r->issuers);
	enum deed_status s = DEED_OK;

	/* The list first: a reader who finds the certificate wants it. */
	for (int crl = 1; s == DEED_OK && crl >= 0; crl--) {
		struct buf b = BUF_INIT;
		char *path = NULL;

		s = ca_issuers_path(r->home->ca, present->generation, crl,
				    &path, err);
		if (s == DEED_OK)
			s = file_read(crl ? present->crl_path
					  : present->cert_path,
				      CRL_MAX, &b, err);
		if (s == DEED_OK)
			s = event_output_bytes(ev, 0, path, OUTFILE_NEW,
					       buf_get(&b), err);
		buf_clear(&b);
		free(path);
	}
	return s;
}

static enum deed_status put_list(const struct renewal *r, struct event *ev,
				 struct deed_error *err)
{
	struct buf der = BUF_INIT;
	uint8_t hash[SHA256_SIZE];
	enum deed_status s;

	s = ca_crl_write(r->cert, r->key, 1, r->in->now, CA_CRL_SECONDS, NULL,
			 0, &der, err);
	if (s == DEED_OK) {
		sha256(buf_get(&der), hash);
		s = event_hash(ev, 0, "crl", hash, err);
	}
	if (s == DEED_OK)
		s = event_output_bytes(ev, 0, r->home->ca_issuing_crl,
				       OUTFILE_REPLACE, buf_get(&der), err);
	buf_clear(&der);
	return s;
}

static enum deed_status put_service(const struct renewal *r, struct event *ev,
				    struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	char *path = NULL;
	enum deed_status s;

	cert_pem(r->service, &pem);
	cert_pem(r->cert, &pem);
	s = buf_status(&pem, err);
	if (s == DEED_OK)
		s = keystore_manifest_chain_path(r->ks, &path, err);
	if (s == DEED_OK)
		s = event_output_bytes(ev, 0, path, OUTFILE_REPLACE,
				       buf_get(&pem), err);
	free(path);
	path = NULL;
	if (s == DEED_OK)
		s = ca_store_issued_path(r->store, r->service, &path, err);
	if (s == DEED_OK)
		s = event_output_bytes(ev, 0, path, OUTFILE_NEW,
				       cert_fields(r->service)->der, err);
	free(path);
	buf_clear(&pem);
	return s;
}

/* In this order readers without a lock always find the earlier CA, and the
 * new one before anything that it certified. */
static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	const struct renewal *r = arg;
	enum deed_status s;

	(void)first;
	(void)checkpoint;
	s = authority_unchanged(r->home, &r->issuers, err);
	if (s == DEED_OK)
		s = keep_present(r, ev, err);
	if (s == DEED_OK)
		s = event_output_bytes(ev, 0, r->home->ca_issuing,
				       OUTFILE_REPLACE,
				       cert_fields(r->cert)->der, err);
	if (s == DEED_OK)
		s = put_list(r, ev, err);
	if (s == DEED_OK)
		s = put_service(r, ev, err);
	return s;
}

static enum deed_status commit(struct renewal *r, struct deed_error *err)
{
	struct event_home *log = NULL;
	struct event *ev = NULL;
	int entry;
	enum deed_status s;

	s = home_events_open(r->home, r->in->wait, &log, err);
	if (s == DEED_OK)
		s = event_begin(log, r->in->now, &ev, err);
	if (s == DEED_OK)
		s = event_entry(ev, "ca-renew", &entry, err);
	if (s == DEED_OK)
		s = event_hash(ev, entry, "issuing", cert_sha256(r->cert), err);
	if (s == DEED_OK)
		s = event_number(ev, entry, "generation", r->in->generation,
				 err);
	if (s == DEED_OK)
		s = event_finish(ev, locked, r, &r->in->index, err);
	event_free(ev);
	home_events_close(log);
	return s;
}

enum deed_status authority_renew(const struct home *h,
				 struct authority_renewal *in,
				 struct deed_error *err)
{
	struct renewal r = { .home = h, .in = in };
	enum deed_status s;

	s = open_all(&r, err);
	if (s == DEED_OK)
		find_slots(&r);
	if (s == DEED_OK)
		s = make_key(&r, err);
	if (s == DEED_OK)
		s = certify_ca(&r, err);
	if (s == DEED_OK && !in->dry_run)
		s = certify_service(&r, err);
	if (s == DEED_OK && !in->dry_run)
		s = commit(&r, err);
	renewal_clear(&r);
	return s;
}
