/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/check.h"
#include "cms/tst.h"
#include "codec/der.h"
#include "judge/judge.h"
#include "sign/augment.h"

/* One SignedData of which the values are gathered. */
struct gathering {
	const struct augment_params *params;
	const struct pki_source *source; /* with what it brings */
	struct cert_list certs;		 /* its own */
	int64_t best;
	struct augment_values *out;
};

/* The first time that a signature-time-stamp says, if it is earlier. */
static int64_t stamped_at(const struct gathering *w,
			  const struct cms_signer *signer)
{
	const struct cms_attribute *a =
		cms_find(&signer->unsigned_attrs, OID_TIMESTAMP_TOKEN, NULL);
	int64_t time = w->best;
	struct der_reader r;
	struct slice value;
	struct tst *t;

	if (a == NULL)
		return time;
	der_init(&r, a->values);
	if (der_get_any(&r, NULL, NULL, &value) &&
	    tst_parse(value, &t, NULL) == DEED_OK) {
		time = t->time < time ? t->time : time;
		tst_free(t);
	}
	return time;
}

static bool is_token(enum oid type)
{
	return type == OID_TIMESTAMP_TOKEN || type == OID_CONTENT_TIMESTAMP ||
	       type == OID_ARCHIVE_TIMESTAMP_V3;
}

/* Of the older archive time-stamps nothing is gathered: where a CAdES
 * signature has one, nothing is put in any more (is_closed). */
static enum deed_status gather_tokens(const struct gathering *w,
				      const struct cms_attributes *attrs,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct der_reader r;
	struct slice value;
	unsigned i;

	for (i = 0; status == DEED_OK && i < attrs->count; i++) {
		if (!is_token(attrs->list[i].oid))
			continue;
		der_init(&r, attrs->list[i].values);
		while (status == DEED_OK && der_get_any(&r, NULL, NULL, &value))
			status = augment_gather_token(w->params, value,
						      w->source, w->out, err);
	}
	return status;
}

/* Judged at the time that its first time-stamp proves: later the certificate
 * may have ended. */
static enum deed_status gather_signer(const struct gathering *w,
				      const struct cms_signer *signer,
				      struct deed_error *err)
{
	enum deed_status status;
	struct cert *c;

	c = cms_choose_certificate(signer, w->certs.items, w->certs.count);
	if (c == NULL)
		return deed_error_set(err, DEED_INDETERMINATE,
				      "the signer's certificate is not in the "
				      "signature");
	status = augment_gather(w->params, c, PKI_SIGNATURE,
				stamped_at(w, signer), w->source, w->out, err);
	if (status == DEED_OK)
		status = gather_tokens(w, &signer->signed_attrs, err);
	if (status == DEED_OK)
		status = gather_tokens(w, &signer->unsigned_attrs, err);
	return status;
}

/*
 * RFC 5652 11.4: what belongs to counter-signatures goes in where it can be
 * had.  They are no part of the signature, so nothing fails for them.
 */
static enum deed_status gather_counters(const struct gathering *w,
					const struct cms_signer *signer,
					struct deed_error *err)
{
	const struct cms_attributes *attrs = &signer->unsigned_attrs;
	enum deed_status status = DEED_OK;
	struct cms_signer counter;
	struct der_reader r;
	struct slice value;
	unsigned i;

	for (i = 0; i < attrs->count; i++) {
		if (attrs->list[i].oid != OID_COUNTERSIGNATURE)
			continue;
		der_init(&r, attrs->list[i].values);
		while (status != DEED_NO_MEMORY &&
		       der_get_any(&r, NULL, NULL, &value)) {
			if (cms_signer_parse(value, &counter, NULL) != DEED_OK)
				continue;
			status = gather_signer(w, &counter, NULL);
			cms_signer_clear(&counter);
		}
	}
	return status == DEED_NO_MEMORY ? deed_error_memory(err) : DEED_OK;
}

enum deed_status augment_gather_cms(const struct augment_params *params,
				    const struct cms_signed *sd, int64_t best,
				    const struct pki_source *given,
				    struct augment_values *out,
				    struct deed_error *err)
{
	struct gathering w = { .params = params,
			       .certs = CERT_LIST_INIT,
			       .best = best,
			       .out = out };
	struct pki_source *own = NULL;
	enum deed_status status;
	unsigned i;

	status = cms_certificates(sd, &w.certs, err);
	if (status == DEED_OK)
		status = judge_source_new(
			given != NULL ? given : params->source, sd, &own, err);
	w.source = own;
	for (i = 0; status == DEED_OK && i < sd->signer_count; i++)
		status = gather_signer(&w, &sd->signers[i], err);
	for (i = 0; status == DEED_OK && i < sd->signer_count; i++)
		status = gather_counters(&w, &sd->signers[i], err);
	pki_source_free(own);
	cert_list_clear(&w.certs);
	return status;
}
