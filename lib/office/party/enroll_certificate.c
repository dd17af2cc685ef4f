/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/enroll.h"

#include <stdlib.h>

#include "base/file.h"
#include "codec/pem.h"
#include "office/party/authority.h"
#include "office/party/home_events.h"
#include "office/keys.h"
#include "office/party/keys_keep.h"
#include "office/party/party.h"

#define KEPT_MAX 1048576 /* octets of a file of certificates */

/* A certificate of the house is renewed by proving the name anew. */
static enum deed_status check_present(const struct home *h, const char *party,
				      struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	bool ours = false;
	enum deed_status status = keys_chain(h, party, &chain, err);

	if (status == DEED_OK && chain.count > 0)
		status = authority_issued(h, chain.items[0], &ours, err);
	if (status == DEED_OK && ours) {
		status = deed_error_set(
			err, DEED_REFUSED,
			"the certificate of party '%s' is of this "
			"house",
			party);
		deed_error_remedy(err, "verify-id", party);
	}
	cert_list_clear(&chain);
	return status;
}

enum deed_status enroll_certificate_may(const struct home *h, const char *party,
					const uint8_t key[32],
					struct deed_error *err)
{
	enum deed_status status = check_present(h, party, err);

	return status == DEED_OK ? keys_check_ended_in(h, party, key, err)
				 : status;
}

/* The enrolled key: in the keystore, or, if it is elsewhere, known from the
 * certificate of the request alone, which verify-id compares. */
static enum deed_status judge(const struct home *h,
			      struct enroll_certificate *c,
			      const struct cert_list *chain,
			      struct keys_public *keys, struct deed_error *err)
{
	uint8_t key[SHA256_SIZE];
	const struct outside_party party = {
		.party = c->party,
		.organisation = c->organisation,
		.key = key,
		.name = c->name,
		.id = c->id,
		.name_in_certificate = c->name_in_certificate,
	};
	const struct outside_params params = {
		.party = &party,
		.anchors = c->anchors,
		.anchors_name = c->anchors_name,
		.account = c->account,
		.lists = c->lists,
		.now = c->now,
	};
	enum deed_status status;

	status = keys_of_party(h, c->party, keys, err);
	if (status != DEED_OK)
		return status;
	if (keys->spki.len > 0)
		sha256(buf_get(&keys->spki), key);
	else
		memcpy(key, cert_spki_sha256(chain->items[0]), sizeof(key));
	return outside_judge(&params, chain, &c->verdict, err);
}

/* Beside the certificates, in their file: who reads those passes it over. */
#define NAME_LABEL "NAME IN CERTIFICATE"

/* The path as it was judged, its anchor last: what else came with the
 * certificate is not kept. */
static void write_kept(const struct enroll_certificate *c, struct buf *pem)
{
	const struct cert_list *path = &c->verdict.path;

	for (size_t i = 0; i < path->count; i++)
		cert_pem(path->items[i], pem);
	if (c->name_in_certificate != NULL)
		pem_encode(pem, NAME_LABEL, slice_str(c->name_in_certificate));
}

enum deed_status enroll_name_kept(const struct home *h, const char *party,
				  char **out, struct deed_error *err)
{
	struct buf file = BUF_INIT, text = BUF_INIT;
	char label[PEM_LABEL], *path = NULL;
	struct slice cursor;
	enum deed_status status;

	*out = NULL;
	status = keys_certificate_path(h, party, false, &path, err);
	if (status == DEED_OK)
		status = file_read(path, KEPT_MAX, &file, err);
	cursor = buf_get(&file);
	while (status == DEED_OK && *out == NULL) {
		buf_reset(&text);
		status = pem_decode_next(&cursor, label, &text, err);
		if (status != DEED_OK || strcmp(label, NAME_LABEL) != 0)
			continue;
		*out = strndup((const char *)text.data, text.len);
		if (*out == NULL)
			status = deed_error_memory(err);
	}
	if (status == DEED_NOT_FOUND)
		status = DEED_OK;
	buf_clear(&file);
	buf_clear(&text);
	free(path);
	return status;
}

struct keeping {
	const struct home *home;
	const char *party;
	uint64_t enrolment; /* the signpost when all was judged */
	const struct cert *leaf;
	struct slice pem; /* what is kept */
};

/* What was asked before the lock is asked again, since it may have changed
 * while this run waited: another key or a certificate of the house is not
 * written over.  What the output takes the place of is put aside first. */
static enum deed_status locked(void *arg, struct event *ev, uint64_t first,
			       struct slice checkpoint, struct deed_error *err)
{
	const struct keeping *k = arg;
	char *path = NULL;
	enum deed_status status;

	(void)first;
	(void)checkpoint;
	status = party_unchanged(k->home, k->party, k->enrolment, err);
	if (status == DEED_OK)
		status = enroll_certificate_may(k->home, k->party,
						cert_spki_sha256(k->leaf), err);
	if (status == DEED_OK)
		status = keys_keep_chain(k->home, k->party, false, ev, err);
	if (status == DEED_OK)
		status = keys_certificate_path(k->home, k->party, false, &path,
					       err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, path, OUTFILE_REPLACE,
					    k->pem, err);
	free(path);
	return status;
}

/* The party is told with its deposit key which certificate was kept for it. */
static enum deed_status commit_certificate(struct enroll_certificate *c,
					   const struct keys_public *keys,
					   struct keeping *k,
					   struct deed_error *err)
{
	const struct dropbox_reader reader = keys_reader(keys);
	struct event_home *log = NULL;
	struct event *ev = NULL;
	struct buf pem = BUF_INIT;
	int party, entry;
	enum deed_status status;

	write_kept(c, &pem);
	k->pem = buf_get(&pem);
	status = buf_status(&pem, err);
	if (status == DEED_OK)
		status = home_events_open(k->home, c->wait, &log, err);
	if (status == DEED_OK)
		status = event_begin(log, c->now, &ev, err);
	if (status == DEED_OK)
		status = event_party(ev, &reader, &party, err);
	if (status == DEED_OK)
		status = event_entry(ev, "certificate", &entry, err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, party, "party",
				      slice_str(c->party), err);
	if (status == DEED_OK)
		status = event_commit(ev, entry, party, "certificate",
				      slice_of(c->sha256, 32), err);
	if (status == DEED_OK)
		status = event_finish(ev, locked, k, &c->index, err);
	event_free(ev);
	home_events_close(log);
	buf_clear(&pem);
	return status;
}

enum deed_status enroll_certificate(const struct home *h,
				    struct enroll_certificate *c,
				    struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct keys_public keys = { BUF_INIT, BUF_INIT, { 0 } };
	struct keeping k = { .home = h, .party = c->party };
	enum deed_status status;

	memset(&c->verdict, 0, sizeof(c->verdict));
	status = party_signpost(h, c->party, &k.enrolment, err);
	if (status == DEED_OK)
		status = check_present(h, c->party, err);
	if (status == DEED_OK)
		status = cert_list_load(&chain, c->file, c->file_name, err);
	if (status == DEED_OK)
		status = judge(h, c, &chain, &keys, err);
	if (status == DEED_OK)
		status = keys_check_ended_in(
			h, c->party, cert_spki_sha256(chain.items[0]), err);
	if (status == DEED_OK) {
		k.leaf = chain.items[0];
		memcpy(c->sha256, cert_sha256(k.leaf), 32);
		if (!c->dry_run)
			status = commit_certificate(c, &keys, &k, err);
	}
	cert_list_clear(&chain);
	keys_public_clear(&keys);
	return status;
}
