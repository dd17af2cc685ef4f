/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "codec/der.h"
#include "judge/judge_private.h"

struct value {
	struct slice object; /* as proofs of existence name it */
	unsigned revision;
};

struct judge_evidence {
	struct judge_params params;
	struct judge_source source;
	struct existence *existence;
	struct value *values;
	size_t count, cap;
	bool stamped;
	unsigned timestamped_revision;
};

const struct constraints *judge_constraints(const struct judge_params *params)
{
	return params->constraints != NULL ? params->constraints
					   : constraints_default();
}

const struct existence *judge_existence(const struct judge_params *params)
{
	return params->evidence == NULL ? NULL : params->evidence->existence;
}

/* ---- sources ---- */

/* Which things were added, in their order. */
static void mix(struct judge_source *s, const uint8_t id[SHA256_SIZE])
{
	uint8_t both[2 * SHA256_SIZE];

	memcpy(both, s->material, SHA256_SIZE);
	memcpy(both + SHA256_SIZE, id, SHA256_SIZE);
	sha256(slice_of(both, sizeof(both)), s->material);
}

/* What is collected for the caller gets it first, so that a lack of memory
 * there leaves the own source without it as well. */
static enum deed_status add_cert(struct judge_source *s, struct cert *c,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	mix(s, cert_sha256(c));
	if (s->copy != NULL)
		status = pki_source_add_certificate(s->copy, c, err);
	return status != DEED_OK ? status
				 : pki_source_add_certificate(s->pki, c, err);
}

/* A source leaves out what its base has; what level a signature has depends
 * on what the document brings, not on what its reader has. */
static enum deed_status add_revocation(struct judge_source *s, struct crl *crl,
				       struct ocsp *ocsp,
				       struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	s->has_revocation = true;
	if (s->copy != NULL)
		status = crl != NULL ? pki_source_add_crl(s->copy, crl, err)
				     : pki_source_add_ocsp(s->copy, ocsp, err);
	if (status == DEED_OK && s->carried == NULL)
		status = pki_source_new(NULL, &s->carried, err);
	if (status == DEED_OK && crl != NULL)
		status = pki_source_add_crl(s->carried, crl, err);
	if (status == DEED_OK && crl != NULL)
		return pki_source_add_crl(s->pki, crl, err);
	if (status == DEED_OK)
		status = pki_source_add_ocsp(s->carried, ocsp, err);
	if (status == DEED_OK)
		status = pki_source_add_ocsp(s->pki, ocsp, err);
	return status;
}

/* A certificate that does not parse is kept by its bytes, so that a chain that
 * needs it can say what is wrong with it instead of that it is missing. */
static enum deed_status add_malformed(struct judge_source *s, struct slice der,
				      const char *why, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (s->copy != NULL)
		status = pki_source_add_malformed(s->copy, der, why, err);
	return status != DEED_OK
		       ? status
		       : pki_source_add_malformed(s->pki, der, why, err);
}

/* Add one value; false in *added where it does not parse. */
static enum deed_status add_value(struct judge_source *s, enum judge_value kind,
				  struct slice der, bool *added,
				  struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	uint8_t id[SHA256_SIZE];
	struct cert *cert = NULL;
	struct ocsp *ocsp = NULL;
	struct crl *crl = NULL;
	enum deed_status status;

	switch (kind) {
	case JUDGE_CERTIFICATE:
		status = cert_parse(der, &cert, &why);
		break;
	case JUDGE_CRL:
		status = crl_parse(der, &crl, NULL);
		break;
	default:
		status = ocsp_parse(der, &ocsp, NULL);
		break;
	}
	*added = status == DEED_OK;
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK && kind == JUDGE_CERTIFICATE)
		return add_malformed(s, der, why.message, err);
	if (status != DEED_OK)
		return DEED_OK;
	if (cert != NULL) {
		status = add_cert(s, cert, err);
	} else {
		sha256(der, id);
		mix(s, id);
		status = add_revocation(s, crl, ocsp, err);
	}
	cert_free(cert);
	crl_free(crl);
	ocsp_free(ocsp);
	return status;
}

/* One list of RevocationValues: what is no list is passed over, as unsigned
 * attributes are anybody's. */
static enum deed_status add_list(struct judge_source *s, struct der_reader *r,
				 uint8_t tag, enum judge_value kind,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct der_reader field, list;
	struct slice whole;
	bool added;

	if (!der_peek(r, tag) || !der_enter(r, tag, &field) ||
	    !der_enter(&field, DER_SEQUENCE, &list))
		return DEED_OK;
	while (status == DEED_OK &&
	       der_get_element(&list, DER_SEQUENCE, &whole))
		status = add_value(s, kind, whole, &added, err);
	return status;
}

/* certificate-values and revocation-values (EN 319 122-1 A.1.1.2, A.1.2.2). */
static enum deed_status add_values(struct judge_source *s,
				   const struct cms_signer *signer,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct slice value, whole;
	struct der_reader r;
	bool added;

	if (cms_single(&signer->unsigned_attrs, OID_CERTIFICATE_VALUES,
		       &value) &&
	    der_open(value, DER_SEQUENCE, &r)) {
		while (status == DEED_OK &&
		       der_get_element(&r, DER_SEQUENCE, &whole))
			status = add_value(s, JUDGE_CERTIFICATE, whole, &added,
					   err);
	}
	if (status == DEED_OK &&
	    cms_single(&signer->unsigned_attrs, OID_REVOCATION_VALUES,
		       &value) &&
	    der_open(value, DER_SEQUENCE, &r)) {
		status = add_list(s, &r, DER_CONTEXT_CONS(0), JUDGE_CRL, err);
		if (status == DEED_OK)
			status = add_list(s, &r, DER_CONTEXT_CONS(1),
					  JUDGE_OCSP, err);
	}
	return status;
}

/* Those of sd that are not among its certificates that parse. */
static enum deed_status add_unread(struct judge_source *s,
				   const struct cms_signed *sd,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned i;

	for (i = 0; status == DEED_OK && i < sd->certificate_count; i++) {
		struct deed_error why = DEED_ERROR_INIT;
		struct cert *c;

		status = cert_parse(sd->certificates[i], &c, &why);
		cert_free(c);
		if (status == DEED_NO_MEMORY)
			return deed_error_memory(err);
		if (status != DEED_OK)
			status = add_malformed(s, sd->certificates[i],
					       why.message, err);
	}
	return status;
}

/* Everything that a CMS brings along can help to build a chain; nothing of it
 * is believed for being there. */
static enum deed_status add_signed(struct judge_source *s,
				   const struct cms_signed *sd,
				   const struct cert_list *certs,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool added;
	unsigned i;
	size_t k;

	for (k = 0; certs != NULL && status == DEED_OK && k < certs->count; k++)
		status = add_cert(s, certs->items[k], err);
	if (status == DEED_OK && certs != NULL &&
	    certs->count < sd->certificate_count)
		status = add_unread(s, sd, err);
	for (i = 0;
	     certs == NULL && status == DEED_OK && i < sd->certificate_count;
	     i++)
		status = add_value(s, JUDGE_CERTIFICATE, sd->certificates[i],
				   &added, err);
	for (i = 0; status == DEED_OK && i < sd->crl_count; i++)
		status = add_value(s, JUDGE_CRL, sd->crls[i], &added, err);
	for (i = 0; status == DEED_OK && i < sd->other_count; i++)
		status = add_value(s, JUDGE_OCSP, sd->others[i].value, &added,
				   err);
	for (i = 0; status == DEED_OK && i < sd->signer_count; i++)
		status = add_values(s, &sd->signers[i], err);
	return status;
}

enum deed_status judge_source_open(const struct judge_source *base,
				   const struct cms_signed *sd,
				   const struct cert_list *certs,
				   struct judge_source *out,
				   struct deed_error *err)
{
	enum deed_status status;

	*out = (struct judge_source){ .copy = base->copy };
	memcpy(out->material, base->material, SHA256_SIZE);
	status = pki_source_new(base->pki, &out->pki, err);
	if (status == DEED_OK)
		status = add_signed(out, sd, certs, err);
	if (status != DEED_OK)
		judge_source_clear(out);
	return status;
}

enum deed_status judge_source_new(const struct pki_source *base,
				  const struct cms_signed *sd,
				  struct pki_source **out,
				  struct deed_error *err)
{
	struct judge_source own = { 0 };
	enum deed_status status;

	*out = NULL;
	status = pki_source_new(base, &own.pki, err);
	if (status == DEED_OK)
		status = add_signed(&own, sd, NULL, err);
	if (status == DEED_OK) {
		*out = own.pki;
		own.pki = NULL;
	}
	judge_source_clear(&own);
	return status;
}

void judge_source_clear(struct judge_source *s)
{
	pki_source_free(s->pki);
	pki_source_free(s->carried);
	*s = (struct judge_source){ 0 };
}

/* ---- a document's ---- */

enum deed_status judge_evidence_new(const struct judge_params *params,
				    struct judge_evidence **out,
				    struct deed_error *err)
{
	struct judge_evidence *e = calloc(1, sizeof(*e));
	enum deed_status status;

	*out = NULL;
	if (e == NULL)
		return deed_error_memory(err);
	e->params = *params;
	e->params.evidence = e;
	e->source.copy = params->carried;
	status = pki_source_new(params->source, &e->source.pki, err);
	if (status == DEED_OK)
		status = existence_new(&e->existence, err);
	if (status != DEED_OK) {
		judge_evidence_free(e);
		return status;
	}
	*out = e;
	return DEED_OK;
}

void judge_evidence_free(struct judge_evidence *e)
{
	if (e == NULL)
		return;
	judge_source_clear(&e->source);
	existence_free(e->existence);
	free(e->values);
	free(e);
}

const struct judge_params *judge_evidence_params(const struct judge_evidence *e)
{
	return &e->params;
}

const struct judge_source *judge_evidence_source(const struct judge_evidence *e)
{
	return &e->source;
}

struct existence *judge_evidence_existence(struct judge_evidence *e)
{
	return e->existence;
}

enum deed_status judge_evidence_add(struct judge_evidence *e,
				    enum judge_value kind, struct slice der,
				    unsigned revision, struct deed_error *err)
{
	enum deed_status status;
	bool added;

	status = add_value(&e->source, kind, der, &added, err);
	if (status != DEED_OK || !added)
		return status;
	if (!array_room(&e->values, &e->cap, e->count + 1))
		return deed_error_memory(err);
	e->values[e->count++] =
		(struct value){ kind == JUDGE_OCSP ? existence_ocsp(der) : der,
				revision };
	return DEED_OK;
}

enum deed_status judge_evidence_prove(struct judge_evidence *e,
				      unsigned revision, int64_t time,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < e->count; i++) {
		if (e->values[i].revision <= revision)
			status = existence_add(e->existence,
					       e->values[i].object, time, err);
	}
	return status;
}

enum deed_status judge_evidence_prove_cms(struct judge_evidence *e,
					  struct slice cms, int64_t time,
					  struct deed_error *err)
{
	return existence_add_cms(e->existence, cms, time, err);
}

void judge_evidence_timestamped(struct judge_evidence *e, bool stamped,
				unsigned revision)
{
	e->stamped = stamped;
	e->timestamped_revision = revision;
}

/* Sealed by the same outer time-stamp: revocation data of the document. */
void judge_evidence_outer(const struct judge_evidence *e, bool *stamped,
			  bool *sealed)
{
	size_t i;

	*stamped = e->stamped;
	*sealed = false;
	for (i = 0; e->stamped && i < e->count; i++) {
		if (e->values[i].revision <= e->timestamped_revision)
			*sealed = true;
	}
}
