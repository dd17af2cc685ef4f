/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "codec/der.h"
#include "sign/judge_private.h"

/* A content whose digests are taken once each, however many signers and
 * tokens ask. */
struct cached_content {
	const struct cms_content *from;
	unsigned known; /* a bit a digest_alg */
	uint8_t digest[DIGEST_COUNT][DIGEST_MAX];
};

/* One SignedData under judgement. */
struct job {
	const struct cms_signed *sd;
	struct cert_list certs; /* its certificates */
	struct judge_archive archive;
	unsigned counters;		   /* counter-signatures seen */
	const struct cms_content *content; /* what signers signed, or NULL */
	unsigned flags;
	const struct judge_params *params;
	struct pki_source *source; /* with what the SignedData brings */
	struct verdict_document *doc;
};

static enum deed_status cached_digest(void *arg, enum digest_alg alg,
				      uint8_t out[DIGEST_MAX],
				      struct deed_error *err)
{
	struct cached_content *c = arg;
	enum deed_status status;

	if ((c->known & (1u << alg)) == 0) {
		status =
			c->from->digest(c->from->arg, alg, c->digest[alg], err);
		if (status != DEED_OK)
			return status;
		c->known |= 1u << alg;
	}
	memcpy(out, c->digest[alg], digest_size(alg));
	return DEED_OK;
}

/* What the tokens of one signature amount to. */
struct tokens {
	bool good_signature_token, good_archive_token;
	bool has_best;
	int64_t best;
	unsigned seen;
};

static void count_token(struct verdict_signature *sig, struct tokens *tokens,
			const struct judge_token *t, enum oid type)
{
	if (t->has_time)
		verdict_add_timestamp(sig, t->time, t->indication);
	if (t->indication == TOTAL_FAILED) {
		verdict_doubt(sig,
			      t->wrong_certificate
				      ? SUB_NO_SIGNING_CERTIFICATE_FOUND
				      : SUB_SIG_CONSTRAINTS_FAILURE,
			      "timestamp-broken",
			      "a time-stamp (%s) does not hold: %s",
			      oid_text(type), t->message);
		return;
	}
	if (type == OID_TIMESTAMP_TOKEN)
		tokens->good_signature_token = true;
	if (type == OID_ARCHIVE_TIMESTAMP_V3)
		tokens->good_archive_token = true;
	/* Only a token that is believed proves a time. */
	if (t->indication == TOTAL_PASSED && type == OID_TIMESTAMP_TOKEN &&
	    (!tokens->has_best || t->time < tokens->best)) {
		tokens->has_best = true;
		tokens->best = t->time;
	}
}

static enum deed_status
judge_value(struct job *job, const struct cms_signer *signer, enum oid type,
	    struct slice value, struct judge_token *out, struct deed_error *err)
{
	struct slice signature = signer->signature;
	struct cms_content covered;

	switch (type) {
	case OID_TIMESTAMP_TOKEN:
		cms_content_memory(&covered, &signature);
		return judge_token(value, &covered, job->source, job->params,
				   out, err);
	case OID_CONTENT_TIMESTAMP:
		return judge_token(value, job->content, job->source,
				   job->params, out, err);
	case OID_ARCHIVE_TIMESTAMP_V3:
		return judge_archive_token(value, &job->archive, signer,
					   job->content, job->source,
					   job->params, out, err);
	default:
		/* Older archive time-stamps and those over references: their
		 * own signature is judged, not what they cover. */
		return judge_token(value, NULL, job->source, job->params, out,
				   err);
	}
}

static bool is_token(enum oid type)
{
	return type == OID_TIMESTAMP_TOKEN || type == OID_CONTENT_TIMESTAMP ||
	       type == OID_ARCHIVE_TIMESTAMP ||
	       type == OID_ARCHIVE_TIMESTAMP_V2 ||
	       type == OID_ARCHIVE_TIMESTAMP_V3 || type == OID_ESC_TIMESTAMP ||
	       type == OID_CERT_CRL_TIMESTAMP;
}

static enum deed_status judge_tokens(struct job *job, size_t at,
				     const struct cms_signer *signer,
				     const struct cms_attributes *attrs,
				     struct tokens *tokens,
				     struct deed_error *err)
{
	struct judge_token token;
	enum deed_status status;
	struct der_reader r;
	struct slice value;
	unsigned i;

	for (i = 0; i < attrs->count; i++) {
		const struct cms_attribute *a = &attrs->list[i];

		if (!is_token(a->oid))
			continue;
		der_init(&r, a->values);
		while (der_get_any(&r, NULL, NULL, &value)) {
			if (tokens->seen++ == JUDGE_TOKENS) {
				verdict_doubt(&job->doc->signatures[at],
					      SUB_SIG_CONSTRAINTS_FAILURE,
					      "timestamps",
					      "more than %d time-stamps",
					      JUDGE_TOKENS);
				return DEED_OK;
			}
			status = judge_value(job, signer, a->oid, value, &token,
					     err);
			if (status != DEED_OK)
				return status;
			count_token(&job->doc->signatures[at], tokens, &token,
				    a->oid);
		}
	}
	return DEED_OK;
}

static void set_level(struct verdict_signature *sig, const struct job *job,
		      const struct cms_signer *signer,
		      const struct cms_check *check,
		      const struct tokens *tokens)
{
	bool values = job->sd->crl_count > 0 || job->sd->other_count > 0 ||
		      cms_find(&signer->unsigned_attrs, OID_REVOCATION_VALUES,
			       NULL) != NULL;

	/* The evidence of a signature that does not hold is none. */
	if (!check->has_attributes || !check->has_signing_certificate ||
	    (check->outcome != CMS_INTACT && check->outcome != CMS_NO_CONTENT))
		return;
	sig->level = LEVEL_B_B;
	if (!tokens->good_signature_token)
		return;
	sig->level = LEVEL_B_T;
	if (!values)
		return;
	sig->level = tokens->good_archive_token ? LEVEL_B_LTA : LEVEL_B_LT;
}

static void set_times(struct verdict_signature *sig,
		      const struct cms_check *check,
		      const struct tokens *tokens)
{
	if (check->has_signing_time) {
		sig->has_signing_time = true;
		sig->signing_time = check->signing_time;
		sig->time_source = TIME_CLAIMED;
		sig->best_time = check->signing_time;
	}
	if (tokens->has_best) {
		sig->time_source = TIME_TIMESTAMP;
		sig->best_time = tokens->best;
	}
}

/* The signer's certificate may be left out of the CMS where the verifier
 * has it: among those that are trusted. */
static struct cert *find_certificate(const struct job *job,
				     const struct cms_signer *signer)
{
	const struct pki_source *trusted = job->params->source;
	struct cert *c;
	size_t i, n;

	c = cms_choose_certificate(signer, job->certs.items, job->certs.count);
	n = c == NULL ? pki_source_anchor_count(trusted) : 0;
	for (i = 0; i < n; i++) {
		c = pki_source_anchor(trusted, i);
		if (cms_signer_names(signer, c))
			break;
		c = NULL;
	}
	return c == NULL ? NULL : cert_ref(c);
}

static void apply_flags(struct verdict_signature *sig, const struct job *job,
			const struct cms_check *check)
{
	if ((job->flags & JUDGE_ONE_SIGNER) != 0 && job->sd->signer_count > 1)
		verdict_fail(sig, SUB_FORMAT_FAILURE, "signers",
			     "the CMS has %u signers: expected one",
			     job->sd->signer_count);
	if ((job->flags & JUDGE_CADES) != 0 && check->value_intact &&
	    check->outcome == CMS_INTACT && !check->has_signing_certificate)
		verdict_doubt(sig, SUB_SIG_CONSTRAINTS_FAILURE,
			      "signing-certificate",
			      "the signed attribute signing-certificate is "
			      "missing");
	if (!check->has_attributes)
		verdict_note(sig, "attributes-missing",
			     "there are no signed attributes");
}

static enum deed_status judge_counters(struct job *job,
				       const struct cms_signer *signer,
				       unsigned depth, struct deed_error *err);

/* content is NULL where it is missing; sd NULL for a counter-signature. */
static enum deed_status judge_signer(struct job *job,
				     const struct cms_signed *sd,
				     const struct cms_signer *signer,
				     const struct cms_content *content,
				     unsigned depth, struct deed_error *err)
{
	size_t at = job->doc->signature_count;
	struct verdict_signature *sig;
	struct tokens tokens = { 0 };
	struct cert *cert;
	struct cms_check check;
	enum deed_status status;

	cert = find_certificate(job, signer);
	status = verdict_add(job->doc, &sig, err);
	if (status == DEED_OK)
		status = cms_check_signer(sd, signer, cert, content, &check,
					  err);
	if (status != DEED_OK)
		goto out;
	if (depth > 0)
		sig->kind = KIND_COUNTER_SIGNATURE;
	if (cert != NULL)
		judge_describe(sig, cert, depth == 0);
	judge_apply_check(sig, &check);
	if (depth == 0)
		apply_flags(sig, job, &check);
	if (status == DEED_OK && depth == 0)
		status = judge_tokens(job, at, signer, &signer->signed_attrs,
				      &tokens, err);
	if (status == DEED_OK && depth == 0)
		status = judge_tokens(job, at, signer, &signer->unsigned_attrs,
				      &tokens, err);
	/* What a token says of the signature comes before what is known of
	 * its signer. */
	if (status == DEED_OK && cert != NULL)
		status = judge_apply_path(sig, cert, job->source, PKI_SIGNATURE,
					  job->params, err);
	if (status != DEED_OK)
		goto out;
	set_times(sig, &check, &tokens);
	if (depth == 0)
		set_level(sig, job, signer, &check, &tokens);
	status = judge_counters(job, signer, depth + 1, err);
out:
	cert_free(cert);
	return status;
}

/* RFC 5652 11.4: signers of the signature value. */
static enum deed_status judge_counters(struct job *job,
				       const struct cms_signer *signer,
				       unsigned depth, struct deed_error *err)
{
	const struct cms_attributes *attrs = &signer->unsigned_attrs;
	struct slice value, signature = signer->signature;
	struct verdict_signature *sig;
	struct cms_content content;
	struct cms_signer counter;
	enum deed_status status;
	struct der_reader r;
	unsigned i;

	if (depth > JUDGE_COUNTER_DEPTH)
		return DEED_OK;
	cms_content_memory(&content, &signature);
	for (i = 0; i < attrs->count; i++) {
		if (attrs->list[i].oid != OID_COUNTERSIGNATURE)
			continue;
		der_init(&r, attrs->list[i].values);
		while (der_get_any(&r, NULL, NULL, &value)) {
			if (job->counters > JUDGE_COUNTERS)
				return DEED_OK;
			status = DEED_LIMIT;
			if (job->counters++ < JUDGE_COUNTERS)
				status =
					cms_signer_parse(value, &counter, NULL);
			if (status == DEED_NO_MEMORY)
				return deed_error_memory(err);
			if (status == DEED_OK) {
				status = judge_signer(job, NULL, &counter,
						      &content, depth, err);
				cms_signer_clear(&counter);
			} else {
				status = verdict_add(job->doc, &sig, err);
				if (status == DEED_OK) {
					sig->kind = KIND_COUNTER_SIGNATURE;
					verdict_fail(sig, SUB_FORMAT_FAILURE,
						     "counter-signature",
						     "a counter-signature is "
						     "malformed, or one too "
						     "many");
				}
			}
			if (status != DEED_OK)
				return status;
		}
	}
	return DEED_OK;
}

/* How the content that is given stands to the one inside. */
enum inside {
	INSIDE_FINE,
	INSIDE_UNWANTED, /* detached, but there is one */
	INSIDE_DIFFERS,	 /* not the content that was given */
	INSIDE_FORM,	 /* adbe.pkcs7.sha1 without its 20 bytes */
};

static enum deed_status look_inside(const struct cms_signed *sd,
				    const struct cms_content *content,
				    enum judge_profile profile,
				    enum inside *out, struct deed_error *err)
{
	enum digest_alg alg =
		profile == JUDGE_PDF_SHA1 ? DIGEST_SHA1 : DIGEST_SHA256;
	uint8_t given[DIGEST_MAX], own[DIGEST_MAX];
	struct slice inside = sd->content;
	enum deed_status status;

	*out = INSIDE_FINE;
	if (profile == JUDGE_DETACHED) {
		*out = sd->has_content ? INSIDE_UNWANTED : INSIDE_FINE;
		return DEED_OK;
	}
	if (profile == JUDGE_PDF_SHA1 &&
	    (!sd->has_content || inside.len != digest_size(alg))) {
		*out = INSIDE_FORM;
		return DEED_OK;
	}
	if (!sd->has_content || content == NULL)
		return DEED_OK;
	status = content->digest(content->arg, alg, given, err);
	if (status != DEED_OK)
		return status;
	if (profile == JUDGE_CMS) {
		digest_once(alg, inside, own);
		inside = slice_of(own, digest_size(alg));
	}
	if (!slice_equal(inside, slice_of(given, digest_size(alg))))
		*out = INSIDE_DIFFERS;
	return DEED_OK;
}

static void apply_inside(struct verdict_signature *sig, enum inside inside)
{
	switch (inside) {
	case INSIDE_FINE:
		break;
	case INSIDE_UNWANTED:
		verdict_fail(sig, SUB_FORMAT_FAILURE, "content-inside",
			     "a detached signature holds a content");
		break;
	case INSIDE_DIFFERS:
		sig->integrity = INTEGRITY_BROKEN;
		verdict_fail(sig, SUB_HASH_FAILURE, "content",
			     "the content inside the signature is not of the "
			     "one that is given");
		break;
	case INSIDE_FORM:
		verdict_fail(sig, SUB_FORMAT_FAILURE, "content-inside",
			     "the content is no SHA-1 of 20 bytes");
		break;
	}
}

static enum deed_status judge_signers(struct job *job,
				      enum judge_profile profile,
				      enum inside inside,
				      struct deed_error *err)
{
	struct verdict_signature *sig;
	enum deed_status status;
	unsigned i;
	size_t at;

	/* Certificates without a signer are a file that holds no signature;
	 * in the place of a signature they are none. */
	if (job->sd->signer_count == 0) {
		if (profile == JUDGE_CMS)
			return DEED_OK;
		status = verdict_add(job->doc, &sig, err);
		if (status == DEED_OK)
			verdict_fail(sig, SUB_FORMAT_FAILURE, "signers",
				     "the CMS has no signer");
		return status;
	}
	for (i = 0; i < job->sd->signer_count; i++) {
		at = job->doc->signature_count;
		status = judge_signer(job, job->sd, &job->sd->signers[i],
				      job->content, 0, err);
		if (status != DEED_OK)
			return status;
		apply_inside(&job->doc->signatures[at], inside);
	}
	return DEED_OK;
}

enum deed_status judge_cms(const struct cms_signed *sd,
			   const struct cms_content *content,
			   enum judge_profile profile, unsigned flags,
			   const struct judge_params *params,
			   struct verdict_document *doc, struct deed_error *err)
{
	struct job job = {
		.sd = sd, .flags = flags, .params = params, .doc = doc
	};
	struct cached_content cache = { .from = content };
	struct slice inside_bytes = sd->content;
	struct cms_content own, cached;
	enum deed_status status;
	enum inside inside;

	status = look_inside(sd, content, profile, &inside, err);
	if (status != DEED_OK)
		return status;
	if (sd->has_content && profile != JUDGE_DETACHED) {
		cms_content_memory(&own, &inside_bytes);
		cache.from = &own;
	}
	if (cache.from != NULL) {
		cached = (struct cms_content){ .digest = cached_digest,
					       .arg = &cache,
					       .head = cache.from->head };
		job.content = &cached;
	}
	job.archive.sd = sd;
	job.archive.certificates.set = sd->certificates_set;
	job.archive.crls.set = sd->crls_set;
	status = cms_certificates(sd, &job.certs, err);
	if (status == DEED_OK)
		status = judge_source_new(params->source, sd, &job.source, err);
	if (status == DEED_OK)
		status = judge_signers(&job, profile, inside, err);
	pki_source_free(job.source);
	cert_list_clear(&job.certs);
	judge_digests_clear(&job.archive.certificates);
	judge_digests_clear(&job.archive.crls);
	return status;
}

enum deed_status judge_cms_bytes(struct slice in,
				 const struct cms_content *content,
				 enum judge_profile profile, unsigned flags,
				 const struct judge_params *params,
				 struct verdict_document *doc,
				 struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct verdict_signature *sig;
	struct cms_signed *sd;
	enum deed_status status;

	status = cms_signed_parse(in, &sd, &why);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status == DEED_OK) {
		status = judge_cms(sd, content, profile, flags, params, doc,
				   err);
		cms_signed_free(sd);
		return status;
	}
	status = verdict_add(doc, &sig, err);
	if (status == DEED_OK)
		verdict_fail(sig, SUB_FORMAT_FAILURE, "cms", "%s", why.message);
	return status;
}
