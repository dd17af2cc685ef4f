/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/file.h"
#include "ca/floor.h"
#include "ca/issuers.h"
#include "ca/standing.h"
#include "codec/pem.h"
#include "office/party/authority.h"
#include "office/life/restore_priv.h"
#include "pki/crl.h"
#include "sign/statement.h"

enum deed_status restore_check_index(const struct home *h,
				     const struct backup_reader *b,
				     struct deed_error *err)
{
	/* The house's lists may have ended before the backup was made. */
	struct pki_params trust = {
		.time = b->index.time,
		.no_revocation = true,
	};
	struct pki_source *source = NULL;
	json_t *json = NULL;
	enum deed_status status = authority_source(h, &source, err);

	if (status == DEED_OK) {
		trust.source = source;
		status = statement_open(buf_get(&b->der), BACKUP_TYPE,
					STATEMENT_BY_SERVICE, &trust, &json,
					NULL, err);
	}
	if (status != DEED_OK)
		deed_error_prefix(err,
				  "the index of '%s' is not the word of the "
				  "office in it",
				  b->name);
	json_decref(json);
	pki_source_free(source);
	return status;
}

/* ---- revocations ---- */

/* The house's issuing CAs, and the list of each that was kept, or NULL. */
struct kept_lists {
	struct ca_issuers issuers;
	struct crl *of[CA_ISSUERS_MAX];
	size_t count;
};

struct standing {
	struct restore *r;
	const struct kept_lists *kept;
};

static const struct crl *list_about(const struct kept_lists *k,
				    const struct cert *c)
{
	const struct ca_issuer *i = ca_issuers_of(&k->issuers, c);

	return i == NULL ? NULL : k->of[i - k->issuers.item];
}

/* A ca_standing_fn. */
static enum deed_status stands(void *arg, const char *serial,
			       const struct cert *c, struct deed_error *err)
{
	struct standing *st = arg;
	const struct crl *crl = list_about(st->kept, c);
	struct restore_risk *risk;
	struct crl_entry entry;
	enum deed_status status = DEED_OK;

	risk = reallocarray(st->r->risk, st->r->risks + 1, sizeof(*risk));
	if (risk == NULL)
		return deed_error_memory(err);
	st->r->risk = risk;
	risk += st->r->risks++;
	memset(risk, 0, sizeof(*risk));
	memcpy(risk->serial, serial, strnlen(serial, sizeof(risk->serial) - 1));
	if (crl != NULL)
		status = crl_lookup(crl, SLICE_NONE, cert_fields(c)->serial,
				    &risk->revoked, &entry, err);
	if (status == DEED_OK && risk->revoked)
		risk->time = entry.revoked_at;
	return status;
}

static bool is_newer(const struct crl *crl, const struct crl *before)
{
	return before == NULL ||
	       crl_number_compare(crl_fields(crl)->number,
				  crl_fields(before)->number) > 0;
}

/* Is this one of an issuing CA of the house?  The newest of each is taken. */
static enum deed_status take_crl(struct kept_lists *k, struct slice der,
				 struct deed_error *err)
{
	struct crl *crl = NULL;
	enum deed_status status = crl_parse(der, &crl, err);

	for (size_t i = 0; status == DEED_OK && i < k->issuers.count; i++)
		if (crl != NULL && is_newer(crl, k->of[i]) &&
		    crl_signed_by(crl, k->issuers.item[i].cert)) {
			k->count += k->of[i] == NULL;
			crl_free(k->of[i]);
			k->of[i] = crl;
			crl = NULL;
		}
	crl_free(crl);
	return status;
}

/* Other PEM blocks are passed over, since a bundle has the root beside the
 * lists. */
static enum deed_status find_crls(struct kept_lists *k, struct slice bytes,
				  struct deed_error *err)
{
	char label[PEM_LABEL];
	struct buf der = BUF_INIT;
	enum deed_status status = DEED_OK;

	if (!pem_looks_like(bytes))
		return take_crl(k, bytes, err);
	while (status == DEED_OK) {
		buf_reset(&der);
		status = pem_decode_next(&bytes, label, &der, err);
		if (status == DEED_OK && !strcmp(label, "X509 CRL"))
			status = take_crl(k, buf_get(&der), err);
	}
	buf_clear(&der);
	return status == DEED_NOT_FOUND ? DEED_OK : status;
}

/* The lists that were kept: one in DER, or in PEM those that fit, as "deed ca
 * bundle" prints them. */
static enum deed_status open_crls(const struct restore_kept *kept,
				  struct kept_lists *k, struct deed_error *err)
{
	enum deed_status status = find_crls(k, kept->bytes, err);

	if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", kept->name);
	else if (k->count == 0)
		status =
			deed_error_set(err, DEED_BAD_SIGNATURE,
				       "'%s' holds no list of an issuing CA in "
				       "the backup",
				       kept->name);
	return status;
}

/* The largest of all CAs serves each of them: numbers may have gaps (RFC 5280
 * 5.2.3). */
static enum deed_status number_of(const char *path, uint64_t *largest,
				  struct deed_error *err)
{
	struct buf der = BUF_INIT;
	uint64_t number = 0;
	int64_t next;
	enum deed_status status = file_read(path, CRL_MAX, &der, err);

	if (status == DEED_OK)
		status = ca_crl_read(buf_get(&der), &number, &next, err);
	if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", path);
	else if (number > *largest)
		*largest = number;
	buf_clear(&der);
	return status;
}

/*
 * Lists have been published since, perhaps, with the numbers that follow
 * these.  Nobody publishes one a second: the present time, in seconds, is
 * ahead of all of them, also after several restores.
 */
static enum deed_status raise_floor(const struct home *h, struct restore *r,
				    const struct kept_lists *k,
				    struct deed_error *err)
{
	uint64_t largest = 0, number;
	int64_t next;
	enum deed_status status = ca_floor_read(h->ca, &largest, err);

	if (status == DEED_OK)
		status = number_of(h->ca_root_crl, &largest, err);
	for (size_t i = 0; status == DEED_OK && i < k->issuers.count; i++) {
		status = number_of(k->issuers.item[i].crl_path, &largest, err);
		if (status != DEED_OK || k->of[i] == NULL)
			continue;
		status = ca_crl_read(crl_fields(k->of[i])->der, &number, &next,
				     err);
		if (status == DEED_OK && number > largest)
			largest = number;
	}
	r->floor = r->now > 0 && (uint64_t)r->now > largest ? (uint64_t)r->now
							    : largest + 1;
	return status == DEED_OK ? ca_floor_write(h->ca, r->floor, err)
				 : status;
}

enum deed_status restore_check_revoked(const struct home *h, struct restore *r,
				       struct deed_error *err)
{
	struct kept_lists kept = { .issuers = CA_ISSUERS_INIT };
	struct standing st = { .r = r, .kept = &kept };
	enum deed_status status = ca_issuers_load(h->ca, &kept.issuers, err);

	if (status == DEED_OK && r->crl.bytes.len > 0)
		status = open_crls(&r->crl, &kept, err);
	if (status == DEED_OK)
		status = ca_standing_each(h->ca, r->now, stands, &st, err);
	if (status == DEED_OK)
		status = raise_floor(h, r, &kept, err);
	for (size_t i = 0; i < kept.issuers.count; i++)
		crl_free(kept.of[i]);
	ca_issuers_clear(&kept.issuers);
	return status;
}
