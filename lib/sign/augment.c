/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/augment.h"

#include <stdlib.h>

#include "base/array.h"
#include "cms/amend.h"
#include "cms/tst.h"
#include "judge/judge.h"
#include "pki/ocsp.h"

/* Where no token was seen yet. */
#define TOKEN_GUESS 8192

/* Signers of revocation data have paths of their own: so deep at most. */
#define DEPTH 3

/* ---- lists ---- */

/* The list owns its copies, as what they were taken from may be freed before
 * they are written. */
static void list_clear(struct augment_list *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		free((void *)(uintptr_t)l->items[i].data);
	free(l->items);
	*l = (struct augment_list){ 0 };
}

void augment_values_clear(struct augment_values *v)
{
	list_clear(&v->certificates);
	list_clear(&v->crls);
	list_clear(&v->ocsps);
}

void augment_values_amend(const struct augment_values *v,
			  struct cms_amendment *out)
{
	out->certificates = v->certificates.items;
	out->certificate_count = v->certificates.count;
	out->crls = v->crls.items;
	out->crl_count = v->crls.count;
	out->ocsps = v->ocsps.items;
	out->ocsp_count = v->ocsps.count;
}

/* Add a copy, unless it is there. */
static enum deed_status augment_list_add(struct augment_list *l,
					 struct slice der,
					 struct deed_error *err)
{
	uint8_t *copy;
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (slice_equal(l->items[i], der))
			return DEED_OK;
	}
	if (l->count == AUGMENT_VALUES)
		return deed_error_set(err, DEED_LIMIT,
				      "more than %d values to embed",
				      AUGMENT_VALUES);
	if (!array_room(&l->items, &l->cap, l->count + 1))
		return deed_error_memory(err);
	copy = malloc(der.len + 1);
	if (copy == NULL)
		return deed_error_memory(err);
	memcpy(copy, der.data, der.len);
	l->items[l->count++] = slice_of(copy, der.len);
	return DEED_OK;
}

/* ---- one path ---- */

struct gather {
	const struct augment_params *params;
	const struct pki_source *source;
	struct augment_values *out;
};

/* Whoever signed revocation data and is of the path is in the values already,
 * and is not followed again. */
static bool in_path(const struct pki_path *path, const struct cert *c)
{
	unsigned i;

	for (i = 0; i < path->len; i++) {
		if (cert_equal(path->chain[i], c))
			return true;
	}
	return false;
}

static enum deed_status take_path(const struct gather *g,
				  const struct pki_path *path, int64_t time,
				  unsigned depth, struct deed_error *err);

/*
 * Who signed a CRL or an OCSP response and is not of the path itself.  What
 * of its own status is at hand goes in; that it was enough was judged.
 */
static enum deed_status take_signer(const struct gather *g, struct cert *signer,
				    int64_t time, unsigned depth,
				    struct deed_error *err)
{
	struct pki_params ask = { .source = g->source,
				  .time = time,
				  .purpose = PKI_ANY };
	enum deed_status status;
	struct pki_path path;

	status = augment_list_add(&g->out->certificates,
				  cert_fields(signer)->der, err);
	if (status != DEED_OK || depth == DEPTH)
		return status;
	status = pki_judge_path(signer, &ask, &path, err);
	if (status != DEED_OK)
		return status;
	status = take_path(g, &path, time, depth + 1, err);
	pki_path_clear(&path);
	return status;
}

/* Only what decided the status goes in, not all that the source has. */
static enum deed_status take_evidence(const struct gather *g,
				      const struct pki_evidence *e,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned i;

	for (i = 0; status == DEED_OK && i < e->crl_count; i++)
		status = augment_list_add(&g->out->crls,
					  crl_fields(e->crls[i])->der, err);
	if (status == DEED_OK && e->ocsp != NULL)
		status = augment_list_add(&g->out->ocsps,
					  ocsp_fields(e->ocsp)->der, err);
	return status;
}

/* Who signed an OCSP response or a CRL, and is not of the path, is proven in
 * the same way, or in ten years nobody could. */
static enum deed_status take_path(const struct gather *g,
				  const struct pki_path *path, int64_t time,
				  unsigned depth, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned i;

	for (i = 0; status == DEED_OK && i < path->len; i++)
		status =
			augment_list_add(&g->out->certificates,
					 cert_fields(path->chain[i])->der, err);
	for (i = 0; status == DEED_OK && i < path->len; i++) {
		const struct pki_evidence *e = &path->evidence[i];

		status = take_evidence(g, e, err);
		if (status == DEED_OK && e->signer != NULL &&
		    !in_path(path, e->signer))
			status = take_signer(g, e->signer, time, depth, err);
	}
	return status;
}

/* ---- what is missing ---- */

/* What may still be had, a root or revocation data, leaves it open; what is
 * wrong with the certificate itself does not, and another run would find the
 * same. */
static enum deed_status tell(const struct pki_path *path, struct cert *leaf,
			     struct deed_error *err)
{
	struct buf name = BUF_INIT;
	enum deed_status status;

	x509_name_display(cert_fields(leaf)->subject, &name);
	status = path->outcome == PKI_NO_PATH ||
				 path->outcome == PKI_NO_REVOCATION ||
				 path->outcome == PKI_TOO_HARD
			 ? DEED_INDETERMINATE
			 : DEED_CERT_INVALID;
	status = deed_error_set(err, status, "the certificate of '%.*s': %s",
				(int)name.len, (const char *)name.data,
				path->message);
	if (path->outcome == PKI_NO_PATH)
		deed_error_remedy(err, "root", NULL);
	if (path->outcome == PKI_NO_REVOCATION)
		deed_error_remedy(err, "revocation", NULL);
	buf_clear(&name);
	return status;
}

static bool has_expired(enum pki_outcome outcome)
{
	return outcome == PKI_EXPIRED || outcome == PKI_CA_EXPIRED ||
	       outcome == PKI_NO_REVOCATION;
}

enum deed_status augment_gather(const struct augment_params *params,
				struct cert *leaf, enum pki_purpose purpose,
				int64_t best, const struct pki_source *given,
				struct augment_values *out,
				struct deed_error *err)
{
	struct gather g = { params, given != NULL ? given : params->source,
			    out };
	struct pki_params ask = { .source = g.source,
				  .time = params->now,
				  .purpose = purpose };
	enum deed_status status;
	struct pki_path path;

	status = pki_judge_path(leaf, &ask, &path, err);
	if (status != DEED_OK)
		return status;
	/* A CRL need not list what has expired: then the past is asked. */
	if (has_expired(path.outcome) && best < params->now) {
		pki_path_clear(&path);
		ask.time = best;
		ask.revocation_flags = PKI_REVOCATION_LATER;
		ask.latest = params->now;
		status = pki_judge_path(leaf, &ask, &path, err);
		if (status != DEED_OK)
			return status;
	}
	status = path.outcome == PKI_GOOD
			 ? take_path(&g, &path, ask.time, 0, err)
			 : tell(&path, leaf, err);
	pki_path_clear(&path);
	return status;
}

enum deed_status augment_gather_token(const struct augment_params *params,
				      struct slice token,
				      const struct pki_source *given,
				      struct augment_values *out,
				      struct deed_error *err)
{
	struct pki_source *own = NULL;
	struct cert *authority = NULL;
	struct tst *t = NULL;
	enum deed_status status;

	status = tst_parse(token, &t, err);
	if (status == DEED_OK)
		status = cms_signer_certificate(t->sd, &t->sd->signers[0],
						&authority, err);
	if (status == DEED_OK && authority == NULL)
		status = deed_error_set(err, DEED_INDETERMINATE,
					"a time-stamp does not bring its "
					"authority's certificate");
	if (status == DEED_OK)
		status =
			judge_source_new(given != NULL ? given : params->source,
					 t->sd, &own, err);
	if (status == DEED_OK)
		status = augment_gather(params, authority, PKI_TIMESTAMP,
					t->time, own, out, err);
	pki_source_free(own);
	cert_free(authority);
	tst_free(t);
	return status;
}

enum deed_status augment_token(const struct augment_params *params,
			       struct slice data, struct buf *token,
			       struct deed_error *err)
{
	uint8_t hash[SHA256_SIZE];

	if (params->ask == NULL) {
		deed_error_set(err, DEED_USAGE,
			       "there is no time-stamp authority");
		deed_error_remedy(err, "time-stamps", NULL);
		return DEED_USAGE;
	}
	sha256(data, hash);
	return params->ask(params->ask_arg, DIGEST_SHA256,
			   slice_of(hash, sizeof(hash)), token, err);
}

size_t augment_token_size(const struct augment_params *params)
{
	return params->token_size == NULL ? TOKEN_GUESS
					  : params->token_size(params->ask_arg);
}
