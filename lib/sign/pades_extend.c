/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_extend.h"

#include <stdlib.h>

#include "cms/tst.h"
#include "sign/pades_client.h"
#include "sign/pades_timestamp.h"

/* The document as it is before one step. */
struct step {
	const struct pades_extend *e;
	struct pdf_input *in;
	int fd;
	struct pdf_survey survey;
	struct digest *digest; /* of all of it */
	struct buf tail;
};

static void step_close(struct step *s)
{
	pdf_survey_clear(&s->survey);
	digest_free(s->digest);
	buf_clear(&s->tail);
	pdf_input_close(s->in);
}

static enum deed_status take(void *arg, struct slice window,
			     struct deed_error *err)
{
	(void)err;
	digest_update(arg, window.data, window.len);
	return DEED_OK;
}

/* Each step begins with the document as the last one left it, since every step
 * adds a revision that the next one covers. */
static enum deed_status step_open(struct step *s, struct deed_error *err)
{
	enum deed_status status;

	status = s->e->reopen(s->e->arg, &s->in, &s->fd, err);
	if (status == DEED_OK)
		status = parser_survey_pdf(s->e->parser, s->fd, s->in,
					   &s->survey, err);
	if (status == DEED_OK && s->survey.signature_count == 0)
		status = deed_error_set(err, DEED_NO_SIGNATURE,
					"'%s' has no signature to raise",
					pdf_input_name(s->in));
	if (status == DEED_OK)
		status = digest_new(DIGEST_SHA256, &s->digest, err);
	if (status == DEED_OK)
		status = pdf_input_each(s->in, 0, pdf_input_size(s->in), take,
					s->digest, err);
	return status;
}

/* Hand the tail on, if there is one. */
static enum deed_status step_write(struct step *s, unsigned *steps,
				   struct deed_error *err)
{
	if (s->tail.len == 0)
		return DEED_OK;
	(*steps)++;
	return s->e->write(s->e->arg, buf_get(&s->tail), err);
}

/* ---- what there is ---- */

/* A document time-stamp is raised by the next one, and neither a place without
 * a value nor the bare RSA value of the oldest kind has a CMS that anything
 * could be put into. */
static bool is_cms(const struct pdf_survey_signature *sig)
{
	return sig->contents.len > 0 && !sig->document_timestamp &&
	       sig->sub_filter != PDF_SUB_FILTER_X509_RSA_SHA1;
}

/* A token that does not parse proves nothing, and is told when the document is
 * judged. */
static bool token_time(const struct pdf_survey_signature *sig, int64_t *time)
{
	struct tst *t;

	if (!sig->document_timestamp ||
	    tst_parse(sig->contents, &t, NULL) != DEED_OK)
		return false;
	*time = t->time;
	tst_free(t);
	return true;
}

/* The first document time-stamp behind a signature; count if there is none. */
static size_t next_timestamp(const struct step *s, size_t i)
{
	for (i++; i < s->survey.signature_count; i++) {
		if (s->survey.signatures[i].document_timestamp)
			break;
	}
	return i;
}

/* Has the CMS a time-stamp of its own? */
static bool has_own_timestamp(const struct step *s, size_t i)
{
	struct cms_signed *sd;
	bool has;

	if (cms_signed_parse(s->survey.signatures[i].contents, &sd, NULL) !=
	    DEED_OK)
		return true; /* no CMS: nothing that could be raised */
	has = sd->signer_count > 0 &&
	      cms_find(&sd->signers[0].unsigned_attrs, OID_TIMESTAMP_TOKEN,
		       NULL) != NULL;
	cms_signed_free(sd);
	return has;
}

/*
 * Is i the last document time-stamp, and of no use to B-T?  It only covers
 * what makes up B-LT, which does not ask for its own values.
 */
static bool is_archival(const struct step *s, size_t i)
{
	size_t k;

	if (next_timestamp(s, i) < s->survey.signature_count)
		return false;
	for (k = 0; k < i; k++) {
		if (is_cms(&s->survey.signatures[k]) &&
		    !has_own_timestamp(s, k) && next_timestamp(s, k) == i)
			return false;
	}
	return true;
}

/* ---- B-T, B-LTA ---- */

/* One document time-stamp serves all signatures before it, so that it is
 * enough to find one that has none. */
static bool wants_timestamp(const struct step *s)
{
	size_t i;

	for (i = 0; i < s->survey.signature_count; i++) {
		if (is_cms(&s->survey.signatures[i]) &&
		    !has_own_timestamp(s, i) &&
		    next_timestamp(s, i) == s->survey.signature_count)
			return true;
	}
	return false;
}

static enum deed_status timestamp_it(struct step *s, struct deed_error *err)
{
	const struct pades_timestamped what = { s->in, s->fd, s->e->parser,
						s->digest };

	return pades_timestamp(s->e->params, &what, &s->tail, err);
}

/* For B-T only where a signature lacks one; for B-LTA always, as the new one
 * protects the last. */
static enum deed_status put_timestamp(const struct pades_extend *e, bool always,
				      unsigned *steps, struct deed_error *err)
{
	struct step s = { .e = e,
			  .fd = -1,
			  .survey = { .arena = PDF_ARENA_INIT },
			  .tail = BUF_INIT };
	enum deed_status status;

	status = step_open(&s, err);
	if (status == DEED_OK && (always || wants_timestamp(&s)))
		status = timestamp_it(&s, err);
	if (status == DEED_OK)
		status = step_write(&s, steps, err);
	step_close(&s);
	return status;
}

/* ---- B-LT ---- */

/* What one signature needs, and its key in the store. */
struct need {
	struct augment_values values;
	char key[PDF_DSS_KEY];
	int64_t proven_at; /* the first document time-stamp behind it, or now */
};

/* What does not parse is passed over. */
static enum deed_status add_value(struct pki_source *source,
				  const struct pdf_survey_value *v,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct cert *cert = NULL;
	struct ocsp *ocsp = NULL;
	struct crl *crl = NULL;

	if (v->kind == PDF_VALUE_CERTIFICATE &&
	    cert_parse(v->der, &cert, NULL) == DEED_OK)
		status = pki_source_add_certificate(source, cert, err);
	else if (v->kind == PDF_VALUE_CRL &&
		 crl_parse(v->der, &crl, NULL) == DEED_OK)
		status = pki_source_add_crl(source, crl, err);
	else if (v->kind == PDF_VALUE_OCSP &&
		 ocsp_parse(v->der, &ocsp, NULL) == DEED_OK)
		status = pki_source_add_ocsp(source, ocsp, err);
	cert_free(cert);
	crl_free(crl);
	ocsp_free(ocsp);
	return status;
}

/* What the store has is at hand for all. */
static enum deed_status add_store(struct pki_source *source,
				  const struct pdf_survey *survey,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < survey->value_count; i++)
		status = add_value(source, &survey->values[i], err);
	return status;
}

/* A document time-stamp that is archival needs its values only when the next
 * one comes. */
static enum deed_status gather(const struct step *s, size_t i,
			       const struct pki_source *given,
			       struct need *need, struct deed_error *err)
{
	const struct pdf_survey_signature *sig = &s->survey.signatures[i];
	struct cms_signed *sd = NULL;
	enum deed_status status;

	memcpy(need->key, sig->vri_key, sizeof(need->key));
	if (sig->document_timestamp && s->e->params->level < LEVEL_B_LTA &&
	    is_archival(s, i))
		return DEED_OK;
	if (sig->document_timestamp)
		return augment_gather_token(s->e->params, sig->contents, given,
					    &need->values, err);
	if (!is_cms(sig))
		return DEED_OK;
	status = cms_signed_parse(sig->contents, &sd, err);
	if (status == DEED_OK)
		status = augment_gather_cms(s->e->params, sd, need->proven_at,
					    given, &need->values, err);
	if (status != DEED_OK)
		deed_error_prefix(err, "'%s'", sig->field);
	cms_signed_free(sd);
	return status;
}

/* From the last on, so that each token is read once, however many signatures
 * it proves. */
static void find_proven(const struct step *s, struct need *needs)
{
	int64_t first = s->e->params->now, time;
	size_t i;

	for (i = s->survey.signature_count; i-- > 0;) {
		needs[i].proven_at = first;
		if (token_time(&s->survey.signatures[i], &time) && time < first)
			first = time;
	}
}

/* A signature for which nothing was gathered has no key, and so no entry of
 * its own in the store. */
static void fill_vri(const struct need *need, struct pdf_dss_vri *vri)
{
	const struct augment_values *v = &need->values;

	vri->key = v->certificates.count > 0 ? need->key : NULL;
	vri->values = (struct pdf_dss_values){
		.certs = v->certificates.items,
		.cert_count = v->certificates.count,
		.crls = v->crls.items,
		.crl_count = v->crls.count,
		.ocsps = v->ocsps.items,
		.ocsp_count = v->ocsps.count,
	};
}

/* An empty tail means that the store has everything already: then there is no
 * step. */
static enum deed_status write_store(struct step *s,
				    const struct pdf_dss_vri *vri,
				    struct deed_error *err)
{
	const struct pades_draft_order order = {
		.time = s->e->params->now,
		.vri = vri,
		.vri_count = s->survey.signature_count,
	};
	struct pades_draft draft;
	enum deed_status status;

	status = pades_client_draft(s->e->parser, s->fd, s->in, &order, &draft,
				    err);
	if (status == DEED_OK) {
		buf_slice(&s->tail, buf_get(&draft.tail));
		status = buf_status(&s->tail, err);
	}
	pades_draft_clear(&draft);
	return status;
}

/* What the store has serves every signature, also where it was put there for
 * another one. */
static enum deed_status collect(struct step *s, struct need *needs,
				struct pdf_dss_vri *vri, struct deed_error *err)
{
	struct pki_source *given = NULL;
	enum deed_status status;
	size_t i;

	status = pki_source_new(s->e->params->source, &given, err);
	if (status == DEED_OK)
		status = add_store(given, &s->survey, err);
	find_proven(s, needs);
	for (i = 0; status == DEED_OK && i < s->survey.signature_count; i++) {
		status = gather(s, i, given, &needs[i], err);
		fill_vri(&needs[i], &vri[i]);
	}
	pki_source_free(given);
	return status;
}

/* One store for all signatures, with what each needs below its key (ETSI EN
 * 319 142-1 5.4.2.3). */
static enum deed_status embed(const struct pades_extend *e, unsigned *steps,
			      struct deed_error *err)
{
	struct step s = { .e = e,
			  .fd = -1,
			  .survey = { .arena = PDF_ARENA_INIT },
			  .tail = BUF_INIT };
	struct need *needs = NULL;
	struct pdf_dss_vri *vri = NULL;
	enum deed_status status;
	size_t i;

	status = step_open(&s, err);
	if (status == DEED_OK) {
		needs = calloc(s.survey.signature_count, sizeof(*needs));
		vri = calloc(s.survey.signature_count, sizeof(*vri));
		if (needs == NULL || vri == NULL)
			status = deed_error_memory(err);
	}
	if (status == DEED_OK)
		status = collect(&s, needs, vri, err);
	if (status == DEED_OK)
		status = write_store(&s, vri, err);
	if (status == DEED_OK)
		status = step_write(&s, steps, err);
	for (i = 0; needs != NULL && i < s.survey.signature_count; i++)
		augment_values_clear(&needs[i].values);
	free(needs);
	free(vri);
	step_close(&s);
	return status;
}

enum deed_status pades_extend(const struct pades_extend *e, unsigned *steps,
			      struct deed_error *err)
{
	enum deed_status status;

	*steps = 0;
	status = put_timestamp(e, false, steps, err);
	if (status == DEED_OK && e->params->level >= LEVEL_B_LT)
		status = embed(e, steps, err);
	if (status == DEED_OK && e->params->level >= LEVEL_B_LTA)
		status = put_timestamp(e, true, steps, err);
	return status;
}
