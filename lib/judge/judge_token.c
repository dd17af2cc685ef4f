/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "judge/judge_private.h"
#include "judge/past_validation.h"

/* A token must not be of a later time than that of judging, but for clocks
 * that differ. */
#define FUTURE_SKEW 300

static void DEED_PRINTF(4, 5)
	lower(struct judge_token *out, enum indication indication,
	      enum sub_indication sub, const char *fmt, ...)
{
	va_list args;

	if (indication <= out->indication)
		return;
	out->indication = indication;
	out->sub = sub;
	va_start(args, fmt);
	(void)vsnprintf(out->message, sizeof(out->message), fmt, args);
	va_end(args);
}

/* ---- the authority ---- */

/* The certificates of the token are added to a source of its own, so that they
 * serve its chain and no other.  A proof that is later than the time of
 * judging is none. */
static enum deed_status ask_authority(const struct tst *t, struct cert *cert,
				      const struct cms_check *check,
				      const struct judge_source *source,
				      const struct judge_params *params,
				      struct past_validation_answer *out,
				      struct deed_error *err)
{
	struct past_validation_query q = { .cert = cert,
					   .purpose = PKI_TIMESTAMP,
					   .params = params,
					   .algorithm =
						   judge_algorithm_of(check) };
	struct judge_source own;
	enum deed_status status;

	status = judge_source_open(source, t->sd, NULL, &own, err);
	if (status != DEED_OK)
		return status;
	q.source = own.pki;
	q.material = own.material;
	q.proven = existence_find(judge_existence(params),
				  t->sd->signers[0].signature, &q.proven_at) &&
		   q.proven_at <= params->at;
	status = past_validation_judge(&q, out, err);
	judge_source_clear(&own);
	return status;
}

/* What the token says by itself: its digest, its time. */
static void check_claims(const struct tst *t, const struct cert *cert,
			 const struct judge_params *params,
			 struct judge_token *out)
{
	const struct cert_fields *f = cert == NULL ? NULL : cert_fields(cert);
	int64_t until, now;
	char text[CLOCK_TEXT];

	now = existence_time(judge_existence(params),
			     t->sd->signers[0].signature, params->at);
	clock_format(t->time, text);
	if (t->imprint_known) {
		until = constraints_digest_until(judge_constraints(params),
						 t->imprint_digest);
		if (now >= until)
			lower(out, INDETERMINATE,
			      SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			      "its imprint is a %s, which is no longer "
			      "accepted",
			      digest_name(t->imprint_digest));
	}
	if (t->time > params->at + FUTURE_SKEW)
		lower(out, INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE,
		      "its time, %s, is after that of judging", text);
	else if (t->time > now)
		lower(out, INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE,
		      "its time, %s, is after that of a time-stamp over it",
		      text);
	if (f != NULL && (t->time < f->not_before || t->time > f->not_after))
		lower(out, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE,
		      "its time, %s, lies outside the validity of its "
		      "authority's certificate",
		      text);
}

/* The token's own signature, by its certificate or one that is given. */
static enum deed_status check_token(const struct tst *t,
				    const struct judge_source *source,
				    struct cms_check *out, struct cert **cert,
				    struct deed_error *err)
{
	struct cert_list given = CERT_LIST_INIT;
	enum deed_status status;

	*cert = NULL;
	status = judge_given_certificates(source->pki, &t->sd->signers[0],
					  &given, err);
	if (status == DEED_OK)
		status = tst_check(t, given.items, given.count, out, cert, err);
	cert_list_clear(&given);
	return status;
}

/* What the check of its own signature leaves open comes first: a chain is
 * asked for only where the value holds and the signed attribute names the
 * certificate, as an exchanged one could else lend another's trust to it. */
static enum deed_status judge_authority(const struct tst *t,
					const struct judge_source *source,
					const struct judge_params *params,
					struct judge_token *out,
					struct deed_error *err)
{
	struct past_validation_answer answer;
	struct cert *cert = NULL;
	enum deed_status status;
	struct cms_check check;

	status = check_token(t, source, &check, &cert, err);
	if (status != DEED_OK)
		goto out;
	check_claims(t, cert, params, out);
	if (check.outcome == CMS_NO_CERTIFICATE) {
		lower(out, INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
		      "%s", check.message);
	} else if (check.outcome == CMS_MALFORMED_CERTIFICATE) {
		lower(out, INDETERMINATE, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
		      "%s", check.message);
	} else if (check.outcome == CMS_UNKNOWN_ALGORITHM) {
		lower(out, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, "%s",
		      check.message);
	} else if (check.outcome != CMS_INTACT) {
		out->wrong_certificate = !check.has_signing_certificate;
		lower(out, TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE, "%s",
		      check.message);
	} else if (!check.has_signing_certificate) {
		lower(out, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE,
		      "it has no signing-certificate");
	} else {
		status = ask_authority(t, cert, &check, source, params, &answer,
				       err);
		if (status == DEED_OK && answer.indication != TOTAL_PASSED)
			lower(out, INDETERMINATE, answer.sub, "%s",
			      answer.message);
		if (status == DEED_OK)
			(void)snprintf(out->ahead, sizeof(out->ahead), "%s",
				       answer.ahead);
	}
out:
	cert_free(cert);
	return status;
}

/* ---- inside a signature ---- */

enum deed_status judge_token_open(struct slice in, struct tst **t,
				  struct judge_token *out,
				  struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	*out = (struct judge_token){ .indication = TOTAL_PASSED };
	status = tst_parse(in, t, &why);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK) {
		lower(out, TOTAL_FAILED, SUB_FORMAT_FAILURE, "%s", why.message);
		return DEED_OK;
	}
	out->has_time = true;
	out->time = (*t)->time;
	return DEED_OK;
}

enum deed_status judge_token(const struct tst *t,
			     const struct cms_content *content,
			     const struct judge_source *source,
			     const struct judge_params *params,
			     struct judge_token *out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool match = true;

	if (content != NULL && t->imprint_known)
		status = tst_imprint_matches(t, content, &match, err);
	if (status != DEED_OK)
		return status;
	if (!match)
		lower(out, TOTAL_FAILED, SUB_HASH_FAILURE,
		      "its imprint is not of what it should cover");
	status = judge_authority(t, source, params, out, err);
	/* What is not compared is not believed. */
	if (content == NULL || !t->imprint_known)
		lower(out, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND,
		      "what it covers was not compared with it");
	return status;
}

/* ---- by itself ---- */

/* That the token's own signature holds says nothing without its imprint:
 * without a content, or with a digest that is not known, the integrity is
 * unknown even though the value is good. */
static enum deed_status apply_imprint(struct verdict_signature *sig,
				      const struct tst *t,
				      const struct cms_check *check,
				      const struct cms_content *content,
				      struct deed_error *err)
{
	struct buf name = BUF_INIT;
	enum deed_status status;
	bool match;

	if (content == NULL) {
		sig->integrity = check->value_broken ? INTEGRITY_BROKEN
						     : INTEGRITY_UNKNOWN;
		verdict_doubt(sig, SUB_SIGNED_DATA_NOT_FOUND, "content",
			      "what the time-stamp covers is not there");
		return DEED_OK;
	}
	if (!t->imprint_known) {
		sig->integrity = INTEGRITY_UNKNOWN;
		oid_describe(t->imprint_oid, &name);
		buf_byte(&name, 0);
		verdict_doubt(sig, SUB_CRYPTO_CONSTRAINTS_FAILURE,
			      "algorithm-unknown",
			      "the digest %s of the imprint is not known",
			      name.failed ? "?" : (const char *)name.data);
		buf_clear(&name);
		return DEED_OK;
	}
	status = tst_imprint_matches(t, content, &match, err);
	if (status == DEED_OK && !match) {
		sig->integrity = INTEGRITY_BROKEN;
		verdict_fail(sig, SUB_HASH_FAILURE, "timestamp-imprint",
			     "the time-stamp is not of this content");
	}
	return status;
}

/* Both the claims and the chain are told, as one does not make up for the
 * other. */
static enum deed_status apply_authority(struct verdict_signature *sig,
					const struct tst *t, struct cert *cert,
					const struct cms_check *check,
					const struct judge_params *params,
					struct deed_error *err)
{
	struct judge_token claims = { .indication = TOTAL_PASSED };
	struct past_validation_answer answer;
	enum deed_status status;

	check_claims(t, cert, params, &claims);
	if (claims.indication != TOTAL_PASSED)
		verdict_doubt(sig, claims.sub, "timestamp-claims",
			      "of the time-stamp: %s", claims.message);
	status = ask_authority(t, cert, check,
			       judge_evidence_source(params->evidence), params,
			       &answer, err);
	if (status == DEED_OK)
		judge_apply_answer(sig, &answer);
	return status;
}

/* The time that it states is told even where the token is not believed; the
 * indication says what it is worth.  A token that is judged by itself has no
 * evidence around it and gets one of its own. */
static enum deed_status judge_parsed(struct verdict_signature *sig,
				     const struct tst *t,
				     const struct cms_content *content,
				     const struct judge_params *params,
				     struct deed_error *err)
{
	struct judge_evidence *own = NULL;
	struct cert *cert = NULL;
	enum deed_status status;
	struct cms_check check;

	sig->has_signing_time = true;
	sig->signing_time = t->time;
	sig->time_source = TIME_TIMESTAMP;
	sig->best_time = t->time;
	if (params->evidence == NULL) {
		status = judge_evidence_new(params, &own, err);
		if (status != DEED_OK)
			return status;
		params = judge_evidence_params(own);
	}
	status = check_token(t, judge_evidence_source(params->evidence), &check,
			     &cert, err);
	if (status != DEED_OK)
		goto out;
	judge_apply_check(sig, &check);
	status = apply_imprint(sig, t, &check, content, err);
	if (status != DEED_OK || cert == NULL)
		goto out;
	judge_describe(sig, cert, false);
	status = apply_authority(sig, t, cert, &check, params, err);
out:
	judge_evidence_free(own);
	cert_free(cert);
	return status;
}

enum deed_status judge_tst(struct slice in, const struct cms_content *content,
			   enum verdict_kind kind,
			   const struct judge_params *params,
			   struct verdict_document *doc, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct verdict_signature *sig;
	struct tst *t = NULL;
	enum deed_status status;

	status = verdict_add(doc, &sig, err);
	if (status != DEED_OK)
		return status;
	sig->kind = kind;
	status = tst_parse(in, &t, &why);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK) {
		verdict_fail(sig, SUB_FORMAT_FAILURE, "timestamp-format", "%s",
			     why.message);
		return DEED_OK;
	}
	status = judge_parsed(sig, t, content, params, err);
	tst_free(t);
	return status;
}
