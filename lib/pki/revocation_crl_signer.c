/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/revocation_crl_priv.h"

/* Whose CRL it is, with the steps of RFC 5280 6.3.3 named as there. */

static bool keys_fit(struct slice authority_key_id, const struct cert *c)
{
	struct slice id = cert_fields(c)->subject_key_id;

	return authority_key_id.data == NULL || id.data == NULL ||
	       slice_equal(authority_key_id, id);
}

/* Why a list is of nobody who may speak: the later, the nearer. */
enum miss {
	MISS_NOBODY,
	MISS_KEY,
	MISS_SIGNATURE,
	MISS_USAGE,
	MISS_PATH,
	MISS_NOTHING, /* it is signed by whom it should be */
};

/* (f), (g) but for the path: is it the signature of this certificate's key,
 * and may that sign CRLs? */
static enum miss signed_by(struct crl_survey *s, const struct crl *crl,
			   const struct cert *c)
{
	const struct crl_fields *f = crl_fields(crl);
	const struct cert_fields *k = cert_fields(c);

	if (!x509_name_equal(k->subject, f->issuer))
		return MISS_NOBODY;
	if (!keys_fit(f->authority_key_id, c))
		return MISS_KEY;
	if (!inquiry_spend_signature(s->in) || !crl_signed_by(crl, c))
		return MISS_SIGNATURE;
	if (k->has_key_usage && (k->key_usage & KU_CRL_SIGN) == 0)
		return MISS_USAGE;
	return MISS_NOTHING;
}

/* Is the path of this signer good?  Asked once. */
static bool good_signer(struct crl_survey *s, struct cert *c, int64_t time)
{
	unsigned i;
	bool good;

	for (i = 0; i < s->signer_count; i++) {
		if (s->signers[i].cert == c && s->signers[i].time == time)
			return s->signers[i].good;
	}
	good = inquiry_good_signer(s->in, c, time);
	if (s->signer_count < CRL_SIGNERS_MAX) {
		s->signers[s->signer_count].cert = c;
		s->signers[s->signer_count].time = time;
		s->signers[s->signer_count++].good = good;
	}
	return good;
}

struct signer_search {
	struct crl_survey *s;
	const struct crl *crl;
	struct cert *found;
	enum miss miss; /* of the one that came nearest */
};

static bool fits(struct signer_search *search, struct cert *c)
{
	enum miss miss = signed_by(search->s, search->crl, c);

	if (miss == MISS_NOTHING)
		return true;
	if (miss > search->miss)
		search->miss = miss;
	return false;
}

static bool try_signer(void *arg, struct cert *c, bool anchor)
{
	struct signer_search *search = arg;
	const struct crl_fields *f = crl_fields(search->crl);
	struct crl_survey *s = search->s;

	(void)anchor;
	if (!fits(search, c))
		return true;
	/* Nobody speaks about himself, unless his issuer wants it so: by
	 * naming him as cRLIssuer in his own certificate. */
	if (cert_equal(c, s->in->cert)) {
		if (s->point->crl_issuer.data != NULL)
			search->found = c;
		return search->found == NULL;
	}
	if (!good_signer(s, c, inquiry_signer_time(s->in, f->this_update))) {
		search->miss = MISS_PATH;
		return true;
	}
	search->found = c;
	return false;
}

static void tell_miss(struct crl_survey *s, const struct crl *crl,
		      enum miss miss)
{
	static const char *const why[] = {
		[MISS_NOBODY] = "is of an issuer whose certificate is not at "
				"hand",
		[MISS_KEY] = "is not signed by its issuer, but with another "
			     "key (authorityKeyIdentifier)",
		[MISS_SIGNATURE] = "is not signed by its issuer: its signature "
				   "does not verify",
		[MISS_USAGE] = "is signed by an authority that may not sign "
			       "CRLs (keyUsage without cRLSign)",
		[MISS_PATH] = "is signed by someone who is not to be believed",
	};

	/* What is wrong with the signer's path was told in detail. */
	if (miss != MISS_PATH || crl_survey_accuses(s, crl))
		crl_survey_reject(s, crl, NEAR_SIGNER, why[miss]);
}

/* Those above the certificate in its path are judged together with it;
 * others need a path of their own. */
struct cert *crl_survey_signer(struct crl_survey *s, const struct crl *crl)
{
	const struct pki_revocation_query *q = s->in->q;
	struct signer_search search = { .s = s, .crl = crl };
	unsigned i;

	if (!inquiry_accepts_algorithm(s->in,
				       crl_fields(crl)->signature_algorithm)) {
		crl_survey_reject(s, crl, NEAR_SIGNER,
				  "is signed over MD5 or SHA-1");
		return NULL;
	}
	for (i = 1; i < q->len; i++) {
		if (fits(&search, q->chain[i]))
			return q->chain[i];
	}
	pki_source_each_subject(q->source, crl_fields(crl)->issuer, try_signer,
				&search);
	if (search.found == NULL)
		tell_miss(s, crl, search.miss);
	return search.found;
}
