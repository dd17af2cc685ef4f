/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll.h"

#include <stdlib.h>

#include "base/clock.h"
#include "ca/issuers.h"
#include "key/x509_name.h"
#include "office/party/home_events.h"
#include "office/keys.h"
#include "office/party/keys_next.h"
#include "office/party/party.h"
#include "pki/path.h"
#include "pki/source.h"

static enum deed_status check_name(const struct enroll_certificate *c,
				   const struct cert *cert,
				   struct deed_error *err)
{
	static const enum oid types[] = { OID_COMMON_NAME, OID_ORGANISATION };
	struct buf name = BUF_INIT;
	bool same = false;

	if (c->name == NULL)
		return DEED_OK;
	for (size_t i = 0; i < 2 && !same; i++) {
		buf_reset(&name);
		same = x509_name_get(cert_fields(cert)->subject, types[i],
				     &name) &&
		       slice_equal_str(buf_get(&name), c->name);
	}
	buf_clear(&name);
	if (same)
		return DEED_OK;
	return deed_error_set(err, DEED_REFUSED,
			      "the certificate is not for '%s'", c->name);
}

static enum deed_status check_time(const struct cert *cert, int64_t now,
				   struct deed_error *err)
{
	const struct cert_fields *f = cert_fields(cert);
	char from[CLOCK_TEXT], to[CLOCK_TEXT];

	if (now >= f->not_before && now <= f->not_after)
		return DEED_OK;
	clock_format(f->not_before, from);
	clock_format(f->not_after, to);
	return deed_error_set(err, DEED_CERT_INVALID,
			      "the certificate is valid from %s to %s only",
			      from, to);
}

enum deed_status enroll_certificate_fits(const struct enroll_certificate *c,
					 const struct cert *cert,
					 const uint8_t key[32],
					 struct deed_error *err)
{
	const struct cert_fields *f = cert_fields(cert);
	enum deed_status s;

	if (memcmp(cert_spki_sha256(cert), key, 32) != 0)
		return deed_error_set(err, DEED_REFUSED,
				      "the certificate is not for the key of "
				      "party '%s'",
				      c->party);
	s = check_name(c, cert, err);
	if (s == DEED_OK)
		s = check_time(cert, c->now, err);
	if (s == DEED_OK &&
	    (f->is_ca ||
	     (f->has_key_usage && (f->key_usage & (KU_DIGITAL_SIGNATURE |
						   KU_NON_REPUDIATION)) == 0)))
		s = deed_error_set(err, DEED_REFUSED,
				   "the certificate is not for signatures "
				   "(keyUsage)");
	return s;
}

/* A certificate of the house is renewed by proving the name anew. */
static enum deed_status check_present(const struct home *h,
				      const struct enroll_certificate *c,
				      struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct ca_issuers issuers = CA_ISSUERS_INIT;
	enum deed_status s;

	s = keys_chain(h, c->party, &chain, err);
	if (s == DEED_OK)
		s = ca_issuers_load(h->ca, &issuers, err);
	if (s == DEED_OK && chain.count > 0 &&
	    ca_issuers_of(&issuers, chain.items[0]) != NULL) {
		s = deed_error_set(err, DEED_REFUSED,
				   "the certificate of party '%s' is of this "
				   "house",
				   c->party);
		deed_error_remedy(err, "verify-id", c->party);
	}
	ca_issuers_clear(&issuers);
	cert_list_clear(&chain);
	return s;
}

/* The enrolled key: in the keystore, or, if it is elsewhere, known from the
 * certificate of the request alone, which verify-id compares. */
static enum deed_status check_key(const struct home *h,
				  const struct enroll_certificate *c,
				  const struct cert *cert,
				  struct keys_public *keys,
				  struct deed_error *err)
{
	uint8_t key[SHA256_SIZE];
	enum deed_status s;

	s = keys_of_party(h, c->party, keys, err);
	if (s != DEED_OK)
		return s;
	if (keys->spki.len > 0)
		sha256(buf_get(&keys->spki), key);
	else
		memcpy(key, cert_spki_sha256(cert), sizeof(key));
	return enroll_certificate_fits(c, cert, key, err);
}

struct keeping {
	const struct home *home;
	const char *party;
};

static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	const struct keeping *k = arg;

	(void)first;
	(void)checkpoint;
	return keys_keep_chain(k->home, k->party, false, ev, err);
}

static enum deed_status commit(const struct home *h,
			       struct enroll_certificate *c,
			       const struct cert_list *chain,
			       const struct keys_public *keys,
			       struct deed_error *err)
{
	const struct dropbox_reader reader = keys_reader(keys);
	struct keeping keeping = { h, c->party };
	struct event_home *log = NULL;
	struct event *ev = NULL;
	struct buf pem = BUF_INIT;
	char *path = NULL;
	int party, entry;
	enum deed_status s;

	for (size_t i = 0; i < chain->count; i++)
		cert_pem(chain->items[i], &pem);
	s = buf_status(&pem, err);
	if (s == DEED_OK)
		s = keys_certificate_path(h, c->party, false, &path, err);
	if (s == DEED_OK)
		s = home_events_open(h, c->wait, &log, err);
	if (s == DEED_OK)
		s = event_begin(log, c->now, &ev, err);
	if (s == DEED_OK)
		s = event_party(ev, &reader, &party, err);
	if (s == DEED_OK)
		s = event_entry(ev, "certificate", &entry, err);
	if (s == DEED_OK)
		s = event_commit(ev, entry, party, "party", slice_str(c->party),
				 err);
	if (s == DEED_OK)
		s = event_commit(ev, entry, party, "certificate",
				 slice_of(c->sha256, 32), err);
	if (s == DEED_OK)
		s = event_output_bytes(ev, entry, path, OUTFILE_REPLACE,
				       buf_get(&pem), err);
	if (s == DEED_OK)
		s = event_finish(ev, locked, &keeping, &c->index, err);
	event_free(ev);
	home_events_close(log);
	buf_clear(&pem);
	free(path);
	return s;
}

enum deed_status enroll_certificate(const struct home *h,
				    struct enroll_certificate *c,
				    struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct keys_public keys = { BUF_INIT, BUF_INIT, { 0 } };
	uint64_t enrolment;
	enum deed_status s;

	s = party_signpost(h, c->party, &enrolment, err);
	if (s == DEED_OK)
		s = check_present(h, c, err);
	if (s == DEED_OK)
		s = cert_list_load(&chain, c->file, c->file_name, err);
	if (s == DEED_OK)
		s = check_key(h, c, chain.items[0], &keys, err);
	if (s == DEED_OK)
		s = keys_check_ended_in(h, c->party,
					cert_spki_sha256(chain.items[0]), err);
	if (s == DEED_OK) {
		memcpy(c->sha256, cert_sha256(chain.items[0]), 32);
		if (!c->dry_run)
			s = commit(h, c, &chain, &keys, err);
	}
	cert_list_clear(&chain);
	keys_public_clear(&keys);
	return s;
}

static enum deed_status add_all(struct pki_source *source,
				const struct cert_list *chain,
				struct deed_error *err)
{
	enum deed_status s = DEED_OK;

	for (size_t i = 0; s == DEED_OK && i < chain->count; i++)
		s = pki_source_add_certificate(source, chain->items[i], err);
	return s;
}

static enum deed_status judge(const struct enroll_certificate *c,
			      struct cert *leaf, struct pki_source *source,
			      bool *unchecked, struct deed_error *err)
{
	struct pki_params params = { .source = source,
				     .time = c->now,
				     .purpose = PKI_SIGNATURE };
	struct pki_path path = { .len = 0 };
	enum deed_status s = pki_judge_path(leaf, &params, &path, err);

	*unchecked = s == DEED_OK && path.outcome == PKI_NO_REVOCATION;
	if (*unchecked) {
		/* What else is wrong with it is not to hide behind that. */
		pki_path_clear(&path);
		params.no_revocation = true;
		s = pki_judge_path(leaf, &params, &path, err);
	}
	if (s == DEED_OK && path.outcome != PKI_GOOD) {
		s = deed_error_set(err, DEED_CERT_INVALID,
				   "the certificate that party '%s' brings is "
				   "not good under the anchors: %s",
				   c->party, path.message);
		deed_error_remedy(err, "anchors", NULL);
	}
	pki_path_clear(&path);
	return s;
}

enum deed_status enroll_brought(const struct enroll_certificate *c,
				const struct cert_list *chain,
				const uint8_t key[32], struct slice anchors,
				const char *anchors_name, bool *unchecked,
				struct deed_error *err)
{
	struct pki_source *source = NULL;
	enum deed_status s;

	*unchecked = false;
	s = enroll_certificate_fits(c, chain->items[0], key, err);
	if (s == DEED_OK)
		s = pki_source_new(NULL, &source, err);
	if (s == DEED_OK)
		s = pki_source_add_data(source, anchors, true, anchors_name,
					err);
	if (s == DEED_OK)
		s = add_all(source, chain, err);
	if (s == DEED_OK)
		s = judge(c, chain->items[0], source, unchecked, err);
	pki_source_free(source);
	return s;
}
