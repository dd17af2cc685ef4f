/* SPDX-License-Identifier: Apache-2.0 */
#include "office/life/init_priv.h"

#include <stdlib.h>

#include "base/file.h"
#include "ca/certificate.h"
#include "ca/crl.h"
#include "ca/store.h"
#include "ca/subject.h"
#include "codec/utf8.h"
#include "crypto/random.h"
#include "keystore/keyfile.h"
#include "keystore/keystore.h"
#include "office/party/publish.h"
#include "office/party/subject.h"

#define DAY INT64_C(86400)
#define ROOT_DAYS (20 * 366)
#define ISSUING_DAYS (10 * 366)
#define NOTARY_DAYS (5 * 366)

void init_work_clear(struct init_work *w)
{
	signing_key_free(w->root_key);
	signing_key_free(w->issuing_key);
	signing_key_free(w->notary_key);
	cert_free(w->root);
	cert_free(w->issuing);
	cert_free(w->notary);
	cert_free(w->deposit);
	cert_free(w->manifest);
	buf_clear(&w->deposit_spki);
	enrolment_clear(&w->enrolment);
	status_clear(&w->status);
}

/* With --root-out the root's key is never in the home: it is made in memory
 * and sealed into the file at once. */
static enum deed_status make_root(struct init_work *w, struct keystore *ks,
				  struct deed_error *err)
{
	const struct init_form *form = w->form;
	struct slice passphrase = secret_slice(form->root_passphrase);
	struct secret *pkcs8 = NULL;
	enum deed_status status;

	status = keygen(KEY_P256, &pkcs8, err);
	if (status == DEED_OK && form->root_out != NULL)
		status = keyfile_create(form->root_out, pkcs8,
					KEYFILE_FIRST_LABEL, passphrase,
					KEYFILE_KDF_MS, err);
	else if (status == DEED_OK)
		status =
			keystore_add_key(ks, HOME_OFFICE, KEYSTORE_ROOT, pkcs8,
					 NULL, passphrase, KEYFILE_KDF_MS, err);
	w->root_made = status == DEED_OK && form->root_out != NULL;
	if (status == DEED_OK)
		status = signing_key_from_pkcs8(pkcs8, &w->root_key, err);
	secret_free(pkcs8);
	return status;
}

/* key NULL: one that decrypts, which nothing here opens. */
static enum deed_status make_key(struct init_work *w, struct keystore *ks,
				 enum keystore_role role,
				 struct signing_key **key,
				 struct deed_error *err)
{
	struct secret *pkcs8 = NULL;
	enum deed_status status;

	status = keygen(KEY_P256, &pkcs8, err);
	if (status == DEED_OK)
		status = keystore_add_key(
			ks, HOME_OFFICE, role, pkcs8, NULL,
			secret_slice(w->form->operator_passphrase),
			KEYFILE_KDF_MS, err);
	if (status == DEED_OK && key != NULL)
		status = signing_key_from_pkcs8(pkcs8, key, err);
	secret_free(pkcs8);
	return status;
}

enum deed_status init_make_keys(struct init_work *w, struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status;

	status = keystore_open(w->home->keystore, &ks, err);
	if (status == DEED_OK)
		status = make_root(w, ks, err);
	if (status == DEED_OK)
		status =
			make_key(w, ks, KEYSTORE_ISSUING, &w->issuing_key, err);
	if (status == DEED_OK)
		status = make_key(w, ks, KEYSTORE_SIGNATURE, &w->notary_key,
				  err);
	if (status == DEED_OK)
		status = make_key(w, ks, KEYSTORE_DEPOSIT, NULL, err);
	if (status == DEED_OK)
		status = make_key(w, ks, KEYSTORE_REGISTER, NULL, err);
	if (status == DEED_OK)
		status = keystore_public(ks, HOME_OFFICE, KEYSTORE_DEPOSIT,
					 &w->deposit_spki, err);
	keystore_close(ks);
	return status;
}

/* The salt is made before any certificate, as every name of the house has a
 * pseudonym of it. */
static enum deed_status fill_enrolment(struct init_work *w,
				       struct deed_error *err)
{
	const struct init_form *form = w->form;
	struct enrolment *e = &w->enrolment;

	e->party = strdup(HOME_OFFICE);
	e->kind = strdup(KIND_NOTARY);
	e->name = strdup(form->name);
	e->id = strdup(w->checked.id_text);
	if (form->phone != NULL)
		e->phone = strdup(w->checked.phone.value);
	if (form->email != NULL)
		e->email = strdup(w->checked.email.value);
	if (e->party == NULL || e->kind == NULL || e->name == NULL ||
	    e->id == NULL || (form->phone != NULL && e->phone == NULL) ||
	    (form->email != NULL && e->email == NULL))
		return deed_error_memory(err);
	sha256(signing_key_spki(w->notary_key), e->key);
	sha256(buf_get(&w->deposit_spki), e->deposit_key);
	e->time = form->now;
	return random_bytes(e->salt, sizeof(e->salt), err);
}

/* "Notary Office Seven Root CA", since a verdict shows the commonName alone;
 * where that is too long for one, what it is. */
static enum deed_status make_role(const char *name, const char *what,
				  struct buf *out, struct deed_error *err)
{
	size_t length = utf8_length(slice_str(name)) + 1 + strlen(what);

	if (length <= CA_NAME_MAX)
		buf_printf(out, "%s %s%c", name, what, 0);
	else
		buf_printf(out, "%s%c", what, 0);
	return buf_status(out, err);
}

/* The root issues the issuing CA, and that everything else.  The list and the
 * issuer's certificate are those of whoever signs: generation 0 is the root, 1
 * the first issuing CA. */
static enum deed_status issue(struct init_work *w, enum ca_profile profile,
			      const char *role, struct slice spki, int days,
			      struct cert **out, struct deed_error *err)
{
	const bool below_root = profile == CA_ROOT || profile == CA_ISSUING;
	struct publish_urls urls = { NULL, NULL };
	struct buf name = BUF_INIT, full = BUF_INIT;
	struct ca_template t = {
		.profile = profile,
		.spki = spki,
		.not_before = w->form->now,
		.not_after = w->form->now + DAY * days,
	};
	const struct cert *issuer = w->issuing;
	const struct signing_key *key = w->issuing_key;
	enum deed_status status = DEED_OK;

	if (below_root) {
		issuer = profile == CA_ROOT ? NULL : w->root;
		key = w->root_key;
	}
	if (role != NULL)
		status = make_role(w->form->name, role, &full, err);
	if (status == DEED_OK)
		status = subject_write(&w->enrolment, &w->checked.id, false,
				       role != NULL ? (const char *)full.data
						    : NULL,
				       &name, err);
	if (status == DEED_OK) {
		t.subject = buf_get(&name);
		status = publish_point(w->home, below_root ? 0 : 1, &urls, &t,
				       err);
	}
	if (status == DEED_OK)
		status = ca_issue(&t, issuer, key, out, err);
	publish_urls_clear(&urls);
	buf_clear(&name);
	buf_clear(&full);
	return status;
}

/* An empty list is made at once: without one no path of the house could be
 * judged. */
static enum deed_status write_crl(const struct cert *issuer,
				  const struct signing_key *key, int64_t now,
				  int64_t seconds, const char *path,
				  struct deed_error *err)
{
	struct buf der = BUF_INIT;
	enum deed_status status;

	status = ca_crl_write(issuer, key, 1, now, seconds, NULL, 0, &der, err);
	if (status == DEED_OK)
		status =
			file_write(path, 0644, buf_get(&der), OUTFILE_NEW, err);
	buf_clear(&der);
	return status;
}

static enum deed_status write_cert(const char *path, const struct cert *c,
				   struct deed_error *err)
{
	return file_write(path, 0644, cert_fields(c)->der, OUTFILE_NEW, err);
}

/* 0644: what a CA says is public.  The folder above lets nobody in but the
 * owner. */
static enum deed_status write_authority(const struct init_work *w,
					struct deed_error *err)
{
	const struct home *h = w->home;
	enum deed_status status;

	status = write_cert(h->ca_root, w->root, err);
	if (status == DEED_OK)
		status = write_cert(h->ca_issuing, w->issuing, err);
	if (status == DEED_OK)
		status = write_crl(w->root, w->root_key, w->form->now,
				   CA_ROOT_CRL_SECONDS, h->ca_root_crl, err);
	if (status == DEED_OK)
		status = write_crl(w->issuing, w->issuing_key, w->form->now,
				   CA_CRL_SECONDS, h->ca_issuing_crl, err);
	return status;
}

/* What is not in the database could never be revoked. */
static enum deed_status keep_issued(const struct init_work *w,
				    struct deed_error *err)
{
	struct cert *const issued[] = { w->notary, w->deposit, w->manifest };
	struct ca_store *store = NULL;
	enum deed_status status;

	status = ca_store_open(w->home->ca, &store, err);
	for (size_t i = 0; status == DEED_OK && i < 3; i++) {
		char *path = NULL;

		status = ca_store_issued_path(store, issued[i], &path, err);
		if (status == DEED_OK)
			status = write_cert(path, issued[i], err);
		free(path);
	}
	ca_store_close(store);
	return status;
}

/* Leaf and issuing CA: the root does not travel, for whoever judges has to
 * have it from elsewhere. */
static enum deed_status set_chain(const struct init_work *w,
				  struct keystore *ks, enum keystore_role role,
				  struct cert *leaf, struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	enum deed_status status;

	status = cert_list_add(&chain, leaf, err);
	if (status == DEED_OK)
		status = cert_list_add(&chain, w->issuing, err);
	if (status == DEED_OK)
		status = keystore_set_chain(ks, HOME_OFFICE, role, &chain, err);
	cert_list_clear(&chain);
	return status;
}

/* 0600, though it is no secret: it lies in the keystore. */
static enum deed_status set_manifest_chain(const struct init_work *w,
					   struct keystore *ks,
					   struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	char *path = NULL;
	enum deed_status status;

	cert_pem(w->manifest, &pem);
	cert_pem(w->issuing, &pem);
	status = buf_status(&pem, err);
	if (status == DEED_OK)
		status = keystore_manifest_chain_path(ks, &path, err);
	if (status == DEED_OK)
		status =
			file_write(path, 0600, buf_get(&pem), OUTFILE_NEW, err);
	free(path);
	buf_clear(&pem);
	return status;
}

/* The register's key has no certificate: its public half is read from the
 * keystore (home_events_open). */
static enum deed_status keep_chains(const struct init_work *w,
				    struct keystore *ks, struct deed_error *err)
{
	enum deed_status status;

	status = set_chain(w, ks, KEYSTORE_SIGNATURE, w->notary, err);
	if (status == DEED_OK)
		status = set_chain(w, ks, KEYSTORE_DEPOSIT, w->deposit, err);
	if (status == DEED_OK)
		status = set_manifest_chain(w, ks, err);
	return status;
}

/* The archive's certificate holds as long as its CA: it is certified anew with
 * the next one (authority_renew). */
static enum deed_status issue_to_office(struct init_work *w,
					struct keystore *ks,
					struct deed_error *err)
{
	struct signing_key *manifest = NULL;
	enum deed_status status;

	status = keystore_manifest_key(ks, &manifest, err);
	if (status == DEED_OK)
		status = issue(w, CA_NOTARY_SIGNATURE, NULL,
			       signing_key_spki(w->notary_key), NOTARY_DAYS,
			       &w->notary, err);
	if (status == DEED_OK)
		status = issue(w, CA_ORGANISATION_DEPOSIT, NULL,
			       buf_get(&w->deposit_spki), NOTARY_DAYS,
			       &w->deposit, err);
	if (status == DEED_OK)
		status = issue(w, CA_SERVICE, "Archive",
			       signing_key_spki(manifest), ISSUING_DAYS,
			       &w->manifest, err);
	signing_key_free(manifest);
	return status;
}

/* The enrolment comes first, as the names in all certificates have a pseudonym
 * that is made with its salt. */
enum deed_status init_make_authority(struct init_work *w,
				     struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status;

	status = fill_enrolment(w, err);
	if (status == DEED_OK)
		status = issue(w, CA_ROOT, "Root CA",
			       signing_key_spki(w->root_key), ROOT_DAYS,
			       &w->root, err);
	if (status == DEED_OK)
		status = issue(w, CA_ISSUING, "Issuing CA",
			       signing_key_spki(w->issuing_key), ISSUING_DAYS,
			       &w->issuing, err);
	if (status == DEED_OK)
		status = keystore_open(w->home->keystore, &ks, err);
	if (status == DEED_OK)
		status = issue_to_office(w, ks, err);
	if (status == DEED_OK)
		status = write_authority(w, err);
	if (status == DEED_OK)
		status = keep_issued(w, err);
	if (status == DEED_OK)
		status = keep_chains(w, ks, err);
	keystore_close(ks);
	return status;
}
