/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/clock.h"
#include "codec/der.h"
#include "judge/judge_private.h"
#include "judge/past_validation.h"

/* A content whose digests are taken once each, however many signers and
 * tokens ask. */
struct cached_content {
	const struct cms_content *from;
	struct cms_content content; /* that asks here */
	unsigned known;		    /* a bit a digest_alg */
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
	const struct judge_params *params; /* the document's: with evidence */
	struct judge_source source;	   /* with what the SignedData brings */
	struct verdict_document *doc;
};

/* Ten signers of one document hash it once. */
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

/* Certificates may be there without any revocation data for the signer's. */
struct count {
	size_t n;
};

static bool count_crl(void *arg, struct crl *c)
{
	struct count *count = arg;

	(void)c;
	count->n++;
	return true;
}

static bool count_ocsp(void *arg, struct ocsp *o)
{
	struct count *count = arg;

	(void)o;
	count->n++;
	return true;
}

/* What is counted only has the right issuer or serial number.  Whether it says
 * something of the certificate is judged elsewhere: this tells the level,
 * which is what the document brings. */
static size_t count_revocation(const struct pki_source *source,
			       const struct cert *c)
{
	struct count count = { 0 };

	pki_source_each_crl(source, cert_fields(c)->issuer, count_crl, &count);
	pki_source_each_ocsp(source, cert_fields(c)->serial, count_ocsp,
			     &count);
	return count.n;
}

static bool carries(const struct judge_source *s, const struct cert *cert)
{
	return s->carried != NULL && count_revocation(s->carried, cert) > 0;
}

/* Does the document bring revocation data for its signer? */
static bool has_values(const struct job *job, const struct cert *cert)
{
	const struct judge_source *own =
		judge_evidence_source(job->params->evidence);

	return cert != NULL &&
	       (carries(&job->source, cert) || carries(own, cert));
}

/* The levels of ETSI EN 319 122-1 6, each of which has what the one below has;
 * a document time-stamp of a PDF counts as if it were in the CMS (EN 319 142-1
 * 5.4.3). */
static void set_level(struct verdict_signature *sig, const struct job *job,
		      const struct cert *cert, const struct cms_check *check,
		      const struct judge_tokens *tokens)
{
	const struct judge_evidence *e = job->params->evidence;
	bool stamped, sealed;

	/* The evidence of a signature that does not hold is none. */
	if (!check->has_attributes || !check->has_signing_certificate ||
	    (check->outcome != CMS_INTACT && check->outcome != CMS_NO_CONTENT))
		return;
	judge_evidence_outer(e, &stamped, &sealed);
	sig->level = LEVEL_B_B;
	if (!tokens->good_signature_token && !stamped)
		return;
	sig->level = LEVEL_B_T;
	if (!has_values(job, cert))
		return;
	sig->level = tokens->good_archive_token ||
				     (stamped &&
				      (sealed || job->source.has_revocation))
			     ? LEVEL_B_LTA
			     : LEVEL_B_LT;
}

/* The time until which the signature is proven to exist (5.5.4). */
static bool best_time(const struct job *job, const struct cms_signer *signer,
		      int64_t *out)
{
	return existence_find(judge_existence(job->params), signer->signature,
			      out) &&
	       *out <= job->params->at;
}

/* What the signer claims is told as a claim; a proven time takes its place
 * where there is one. */
static void set_times(struct verdict_signature *sig, const struct job *job,
		      const struct cms_check *check, bool proven, int64_t best)
{
	const struct constraints *c = judge_constraints(job->params);
	char claimed[CLOCK_TEXT], known[CLOCK_TEXT];

	if (check->has_signing_time) {
		sig->has_signing_time = true;
		sig->signing_time = check->signing_time;
		sig->time_source = TIME_CLAIMED;
		sig->best_time = check->signing_time;
	}
	if (!proven)
		return;
	sig->time_source = TIME_TIMESTAMP;
	sig->best_time = best;
	if (!c->has_delay || !check->has_signing_time ||
	    best - check->signing_time <= c->delay)
		return;
	clock_format(check->signing_time, claimed);
	clock_format(best, known);
	verdict_doubt(sig, SUB_SIG_CONSTRAINTS_FAILURE, "timestamp-delay",
		      "the signer claims to have signed at %s, and the first "
		      "proof is of %s: later than the policy allows",
		      claimed, known);
}

/* The signer's certificate may be left out of the CMS where the verifier has
 * it.  *out is a reference, NULL where there is none. */
static enum deed_status find_certificate(const struct job *job,
					 const struct cms_signer *signer,
					 struct cert **out,
					 struct deed_error *err)
{
	struct cert_list given = CERT_LIST_INIT;
	enum deed_status status = DEED_OK;
	struct cert *c;

	c = cms_choose_certificate(signer, job->certs.items, job->certs.count);
	if (c == NULL)
		status = judge_given_certificates(job->source.pki, signer,
						  &given, err);
	if (c == NULL && status == DEED_OK)
		c = cms_choose_certificate(signer, given.items, given.count);
	*out = c == NULL ? NULL : cert_ref(c);
	cert_list_clear(&given);
	return status;
}

/* What a format asks of its CMS beyond RFC 5652. */
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

/* What the certificate is worth at the time that is proven. */
static enum deed_status
apply_certificate(struct verdict_signature *sig, const struct job *job,
		  struct cert *cert, const struct cms_check *check,
		  const struct judge_tokens *tokens, bool proven, int64_t best,
		  struct deed_error *err)
{
	struct past_validation_query q = { .cert = cert,
					   .source = job->source.pki,
					   .material = job->source.material,
					   .purpose = PKI_SIGNATURE,
					   .params = job->params,
					   .algorithm =
						   judge_algorithm_of(check),
					   .proven = proven,
					   .proven_at = best,
					   .made_after = tokens->made_after,
					   .after = tokens->after };
	struct past_validation_answer answer;
	enum deed_status status;

	status = past_validation_judge(&q, &answer, err);
	if (status == DEED_OK)
		judge_apply_answer(sig, &answer);
	return status;
}

/* content is NULL where it is missing; sd NULL for a counter-signature. */
static enum deed_status judge_signer(struct job *job,
				     const struct cms_signed *sd,
				     const struct cms_signer *signer,
				     const struct cms_content *content,
				     unsigned depth, struct deed_error *err)
{
	size_t at = job->doc->signature_count;
	struct judge_tokens tokens = { 0 };
	struct judge_timestamped stamped;
	struct verdict_signature *sig;
	enum deed_status status;
	struct cms_check check;
	struct cert *cert = NULL;
	int64_t best = 0;
	bool proven;

	status = verdict_add(job->doc, &sig, err);
	if (status == DEED_OK)
		status = find_certificate(job, signer, &cert, err);
	if (status == DEED_OK)
		status = cms_check_signer(sd, signer, cert, content, &check,
					  err);
	if (status == DEED_OK && sd == NULL)
		status = cms_explain_missing(job->sd, signer, &check, err);
	if (status != DEED_OK)
		goto out;
	if (depth > 0)
		sig->kind = KIND_COUNTER_SIGNATURE;
	if (cert != NULL)
		judge_describe(sig, cert, depth == 0);
	judge_apply_check(sig, &check);
	if (depth == 0) {
		apply_flags(sig, job, &check);
		judge_policy(sig, &signer->signed_attrs,
			     judge_constraints(job->params));
	}
	/* What a token says of the signature comes before what is known of
	 * its signer. */
	stamped = (struct judge_timestamped){ .archive = &job->archive,
					      .signer = signer,
					      .content = content,
					      .certificate = cert,
					      .source = &job->source,
					      .params = job->params,
					      .doc = job->doc,
					      .at = at };
	status = judge_signer_tokens(&stamped, &tokens, err);
	proven = best_time(job, signer, &best);
	if (status == DEED_OK && cert != NULL)
		status = apply_certificate(sig, job, cert, &check, &tokens,
					   proven, best, err);
	if (status != DEED_OK)
		goto out;
	set_times(sig, job, &check, proven, best);
	if (depth == 0)
		set_level(sig, job, cert, &check, &tokens);
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
						     "malformed, or there are "
						     "too many");
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
	INSIDE_COPY,	 /* the same, and it equals what is signed */
	INSIDE_DIFFERS,	 /* not the content that was given */
	INSIDE_FORM,	 /* adbe.pkcs7.sha1 without its 20 bytes */
};

/* Where the content is given and also inside, both are compared: a reader that
 * shows the one and a verifier that checks the other would not speak of the
 * same document. */
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
	bool same;

	*out = INSIDE_FINE;
	if (profile == JUDGE_DETACHED ||
	    (profile == JUDGE_CONTAINED && content == NULL)) {
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
	if (profile != JUDGE_PDF_SHA1) {
		digest_once(alg, inside, own);
		inside = slice_of(own, digest_size(alg));
	}
	same = slice_equal(inside, slice_of(given, digest_size(alg)));
	if (profile == JUDGE_CONTAINED)
		*out = same ? INSIDE_COPY : INSIDE_UNWANTED;
	else if (!same)
		*out = INSIDE_DIFFERS;
	return DEED_OK;
}

/* A content that differs breaks the integrity, as the value may hold over the
 * one inside while the reader sees the other. */
static void apply_inside(struct verdict_signature *sig, enum inside inside)
{
	switch (inside) {
	case INSIDE_FINE:
		break;
	case INSIDE_UNWANTED:
		verdict_fail(sig, SUB_FORMAT_FAILURE, "content-inside",
			     "a detached signature holds a content");
		break;
	case INSIDE_COPY:
		verdict_note(sig, "content-inside",
			     "the signature holds a copy of what it signs");
		break;
	case INSIDE_DIFFERS:
		sig->integrity = INTEGRITY_BROKEN;
		verdict_fail(sig, SUB_HASH_FAILURE, "content",
			     "the content inside the signature is not of the "
			     "one that is given");
		break;
	case INSIDE_FORM:
		verdict_fail(sig, SUB_FORMAT_FAILURE, "content-inside",
			     "the content is not a SHA-1 digest of 20 "
			     "bytes");
		break;
	}
}

/* One signature that is listed twice would count twice. */
static bool is_repeated(const struct cms_signed *sd, unsigned i)
{
	unsigned k;

	for (k = 0; k < sd->signer_count; k++) {
		if (k != i && slice_equal(sd->signers[k].signature,
					  sd->signers[i].signature))
			return true;
	}
	return false;
}

/* adbe.pkcs7.sha1: what is signed is a SHA-1 of the content. */
static void apply_sha1(struct verdict_signature *sig, const struct job *job)
{
	int64_t until, when = job->params->at;
	char end[CLOCK_TEXT];

	until = constraints_digest_until(judge_constraints(job->params),
					 DIGEST_SHA1);
	if (sig->time_source == TIME_TIMESTAMP && sig->best_time < when)
		when = sig->best_time;
	if (when < until)
		return;
	clock_format(until < CLOCK_MIN ? CLOCK_MIN : until, end);
	verdict_doubt(sig, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		      "algorithm-weak",
		      "the document is signed by its sha1, which is not "
		      "accepted after %s, and nothing proves that the "
		      "signature is older",
		      end);
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
		if (profile == JUDGE_PDF_SHA1)
			apply_sha1(&job->doc->signatures[at], job);
		if (is_repeated(job->sd, i))
			verdict_fail(&job->doc->signatures[at],
				     SUB_FORMAT_FAILURE, "signer-repeated",
				     "the CMS holds this signature twice");
	}
	return DEED_OK;
}

/* The content that signers and tokens ask for. */
static void choose_content(struct job *job, const struct cms_content *content,
			   enum judge_profile profile,
			   struct cached_content *cache,
			   struct cms_content *own, struct slice *inside)
{
	cache->from = content;
	*inside = job->sd->content;
	if (job->sd->has_content && profile != JUDGE_DETACHED &&
	    profile != JUDGE_CONTAINED) {
		cms_content_memory(own, inside);
		cache->from = own;
	}
	if (cache->from == NULL)
		return;
	cache->content = (struct cms_content){ .digest = cached_digest,
					       .arg = cache,
					       .head = cache->from->head };
	job->content = &cache->content;
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
	struct judge_evidence *evidence = NULL;
	struct cached_content cache = { 0 };
	struct cms_content own;
	struct slice inside_bytes;
	enum deed_status status;
	enum inside inside;

	status = look_inside(sd, content, profile, &inside, err);
	if (status != DEED_OK)
		return status;
	choose_content(&job, content, profile, &cache, &own, &inside_bytes);
	job.archive.sd = sd;
	job.archive.certificates.set = sd->certificates_set;
	job.archive.crls.set = sd->crls_set;
	if (params->evidence == NULL)
		status = judge_evidence_new(params, &evidence, err);
	if (evidence != NULL)
		job.params = judge_evidence_params(evidence);
	if (status == DEED_OK)
		status = cms_certificates(sd, &job.certs, err);
	if (status == DEED_OK)
		status = judge_source_open(
			judge_evidence_source(job.params->evidence), sd,
			&job.certs, &job.source, err);
	if (status == DEED_OK)
		status = judge_signers(&job, profile, inside, err);
	judge_source_clear(&job.source);
	judge_evidence_free(evidence);
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
