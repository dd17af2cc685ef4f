/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/file.h"
#include "ca/floor.h"
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
	enum deed_status s = authority_source(h, &source, err);

	if (s == DEED_OK) {
		trust.source = source;
		s = statement_open(buf_get(&b->der), BACKUP_TYPE,
				   STATEMENT_BY_SERVICE, &trust, &json, NULL,
				   err);
	}
	if (s != DEED_OK)
		deed_error_prefix(err,
				  "the index of '%s' is not the word of the "
				  "office in it",
				  b->name);
	json_decref(json);
	pki_source_free(source);
	return s;
}

/* ---- revocations ---- */

struct standing {
	struct restore *r;
	const struct crl *crl; /* NULL: none was kept */
};

/* A ca_standing_fn. */
static enum deed_status stands(void *arg, const char *serial,
			       const struct cert *c, struct deed_error *err)
{
	struct standing *st = arg;
	struct restore_risk *risk;
	struct crl_entry entry;
	enum deed_status s = DEED_OK;

	risk = reallocarray(st->r->risk, st->r->risks + 1, sizeof(*risk));
	if (risk == NULL)
		return deed_error_memory(err);
	st->r->risk = risk;
	risk += st->r->risks++;
	memset(risk, 0, sizeof(*risk));
	memcpy(risk->serial, serial, strnlen(serial, sizeof(risk->serial) - 1));
	if (st->crl != NULL)
		s = crl_lookup(st->crl, SLICE_NONE, cert_fields(c)->serial,
			       &risk->revoked, &entry, err);
	if (s == DEED_OK && risk->revoked)
		risk->time = entry.revoked_at;
	return s;
}

/* Is this one of the house's issuing CA?  Then it is taken. */
static enum deed_status take_crl(const struct ca_store *store, struct slice der,
				 struct crl **out, struct deed_error *err)
{
	struct crl *crl = NULL;
	enum deed_status s = crl_parse(der, &crl, err);

	if (s == DEED_OK && *out == NULL &&
	    crl_signed_by(crl, ca_store_issuing(store))) {
		*out = crl;
		crl = NULL;
	}
	crl_free(crl);
	return s;
}

static enum deed_status find_crl(const struct ca_store *store,
				 struct slice bytes, struct crl **out,
				 struct deed_error *err)
{
	char label[PEM_LABEL];
	struct buf der = BUF_INIT;
	enum deed_status s = DEED_OK;

	if (!pem_looks_like(bytes))
		return take_crl(store, bytes, out, err);
	while (s == DEED_OK) {
		buf_reset(&der);
		s = pem_decode_next(&bytes, label, &der, err);
		if (s == DEED_OK && !strcmp(label, "X509 CRL"))
			s = take_crl(store, buf_get(&der), out, err);
	}
	buf_clear(&der);
	return s == DEED_NOT_FOUND ? DEED_OK : s;
}

/* The list that was kept: DER, or the first that fits in PEM, as "deed ca
 * bundle" prints it. */
static enum deed_status open_crl(const struct home *h,
				 const struct restore_kept *kept,
				 struct crl **out, struct deed_error *err)
{
	struct ca_store *store = NULL;
	enum deed_status s = ca_store_open(h->ca, &store, err);

	if (s == DEED_OK) {
		s = find_crl(store, kept->bytes, out, err);
		if (s != DEED_OK)
			deed_error_prefix(err, "'%s'", kept->name);
	}
	if (s == DEED_OK && *out == NULL)
		s = deed_error_set(err, DEED_BAD_SIGNATURE,
				   "'%s' holds no list of the issuing CA in "
				   "the backup",
				   kept->name);
	ca_store_close(store);
	return s;
}

static enum deed_status number_of(const char *path, uint64_t *largest,
				  struct deed_error *err)
{
	struct buf der = BUF_INIT;
	uint64_t number = 0;
	int64_t next;
	enum deed_status s = file_read(path, CRL_MAX, &der, err);

	if (s == DEED_OK)
		s = ca_crl_read(buf_get(&der), &number, &next, err);
	if (s != DEED_OK)
		deed_error_prefix(err, "'%s'", path);
	else if (number > *largest)
		*largest = number;
	buf_clear(&der);
	return s;
}

/*
 * Lists have been published since, perhaps, with the numbers that follow
 * these.  Nobody publishes one a second: the present time, in seconds, is
 * ahead of all of them, also after several restores.
 */
static enum deed_status raise_floor(const struct home *h, struct restore *r,
				    const struct crl *crl,
				    struct deed_error *err)
{
	uint64_t largest = 0, number;
	int64_t next;
	enum deed_status s = ca_floor_read(h->ca, &largest, err);

	if (s == DEED_OK)
		s = number_of(h->ca_root_crl, &largest, err);
	if (s == DEED_OK)
		s = number_of(h->ca_issuing_crl, &largest, err);
	if (s == DEED_OK && crl != NULL) {
		s = ca_crl_read(crl_fields(crl)->der, &number, &next, err);
		if (s == DEED_OK && number > largest)
			largest = number;
	}
	r->floor = r->now > 0 && (uint64_t)r->now > largest ? (uint64_t)r->now
							    : largest + 1;
	return s == DEED_OK ? ca_floor_write(h->ca, r->floor, err) : s;
}

enum deed_status restore_check_revoked(const struct home *h, struct restore *r,
				       struct deed_error *err)
{
	struct standing st = { .r = r };
	struct crl *crl = NULL;
	enum deed_status s = DEED_OK;

	if (r->crl.bytes.len > 0)
		s = open_crl(h, &r->crl, &crl, err);
	st.crl = crl;
	if (s == DEED_OK)
		s = ca_standing_each(h->ca, r->now, stands, &st, err);
	if (s == DEED_OK)
		s = raise_floor(h, r, crl, err);
	crl_free(crl);
	return s;
}
