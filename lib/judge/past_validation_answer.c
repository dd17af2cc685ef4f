/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/past_validation_private.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"

void past_validation_say(struct past_validation_question *w,
			 enum sub_indication sub, const char *id,
			 const char *fmt, ...)
{
	struct past_validation_answer *a = w->out;
	va_list args;

	a->indication = sub == SUB_REVOKED || sub == SUB_EXPIRED ||
					sub == SUB_NOT_YET_VALID
				? TOTAL_FAILED
				: INDETERMINATE;
	a->sub = sub;
	(void)snprintf(a->id, sizeof(a->id), "%s", id);
	va_start(args, fmt);
	(void)vsnprintf(a->message, sizeof(a->message), fmt, args);
	va_end(args);
}

/* "the certificate", "an issuer's certificate". */
static const char *whose(unsigned i)
{
	return i == 0 ? "the certificate" : "an issuer's certificate";
}

/* What is judged, in words. */
static const char *subject(const struct past_validation_question *w)
{
	return w->q->purpose == PKI_TIMESTAMP ? "time-stamp" : "signature";
}

/* What is known of when it was made, for the end of a sentence. */
#define PROOF_TEXT 96

/* Either there is a proof, and it is too late, or there is none: the reader is
 * told which, as only the latter is mended by a time-stamp. */
static const char *proof(const struct past_validation_question *w,
			 char out[PROOF_TEXT])
{
	char text[CLOCK_TEXT];

	if (!w->q->proven) {
		(void)snprintf(out, PROOF_TEXT,
			       "no time-stamp that holds proves that the %s "
			       "is older",
			       subject(w));
		return out;
	}
	clock_format(w->q->proven_at, text);
	(void)snprintf(out, PROOF_TEXT, "the %s is proven to exist since %s",
		       subject(w), text);
	return out;
}

static bool in_time(const struct past_validation_question *w)
{
	return w->now.outcome == PKI_EXPIRED ||
	       w->now.outcome == PKI_NOT_YET_VALID ||
	       w->now.outcome == PKI_CA_EXPIRED;
}

void past_validation_note_ahead(struct past_validation_question *w)
{
	char from[CLOCK_TEXT];

	if (!w->now.ahead)
		return;
	clock_format(w->now.ahead_from, from);
	(void)snprintf(w->out->ahead, sizeof(w->out->ahead),
		       "%s is listed as revoked from %s on, which is later "
		       "than the time of judging",
		       whose(w->now.ahead_at), from);
}

void past_validation_say_present(struct past_validation_question *w)
{
	static const struct {
		enum sub_indication sub;
		const char *id;
	} map[] = {
		[PKI_GOOD] = { SUB_TRY_LATER, "revocation-unknown" },
		[PKI_NO_PATH] = { SUB_NO_CERTIFICATE_CHAIN_FOUND,
				  "chain-untrusted" },
		[PKI_EXPIRED] = { SUB_OUT_OF_BOUNDS_NO_POE,
				  "certificate-expired" },
		[PKI_NOT_YET_VALID] = { SUB_OUT_OF_BOUNDS_NO_POE,
					"certificate-not-yet-valid" },
		[PKI_CONSTRAINTS] = { SUB_CHAIN_CONSTRAINTS_FAILURE,
				      "chain-constraints" },
		[PKI_UNPROCESSED] = { SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
				      "chain-extension" },
		[PKI_REVOKED] = { SUB_REVOKED_NO_POE, "certificate-revoked" },
		[PKI_CA_REVOKED] = { SUB_REVOKED_CA_NO_POE, "issuer-revoked" },
		[PKI_NO_REVOCATION] = { SUB_TRY_LATER, "revocation-unknown" },
		[PKI_CA_EXPIRED] = { SUB_OUT_OF_BOUNDS_NO_POE,
				     "issuer-expired" },
		[PKI_WEAK] = { SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			       "chain-weak" },
		[PKI_TOO_HARD] = { SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
				   "chain-limit" },
	};

	past_validation_say(w, map[w->now.outcome].sub, map[w->now.outcome].id,
			    "%s", w->path.message);
}

/* A key or a signature that cannot be verified: no proof mends that. */
void past_validation_say_unknown(struct past_validation_question *w)
{
	const struct pubkey *pk;

	if (cert_pubkey(w->path.chain[w->path.failed], &pk, NULL) ==
	    DEED_MALFORMED)
		past_validation_say(w, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
				    "certificate-malformed", "%s",
				    w->path.message);
	else
		past_validation_say(w, SUB_CRYPTO_CONSTRAINTS_FAILURE,
				    "algorithm-unknown", "%s", w->path.message);
}

void past_validation_say_revoked(struct past_validation_question *w,
				 const struct past_validation_slide *s)
{
	bool leaf = s->revoked_cert == 0;
	char at[CLOCK_TEXT], known[PROOF_TEXT], made[CLOCK_TEXT];
	const char *reason = pki_reason_text(s->reason);

	w->out->revocation = REVOCATION_REVOKED;
	clock_format(s->revoked_at, at);
	if (leaf && w->q->made_after && w->q->after >= s->revoked_at) {
		clock_format(w->q->after, made);
		past_validation_say(
			w, SUB_REVOKED, "certificate-revoked",
			"the certificate was revoked at %s%s%s, and the "
			"signature is proven to be made after %s",
			at, reason[0] == '\0' ? "" : ", ", reason, made);
		return;
	}
	past_validation_say(
		w, leaf ? SUB_REVOKED_NO_POE : SUB_REVOKED_CA_NO_POE,
		leaf ? "certificate-revoked" : "issuer-revoked",
		"%s was revoked at %s%s%s, and %s: only a time-stamp from "
		"before then would help",
		whose(s->revoked_cert), at, reason[0] == '\0' ? "" : ", ",
		reason, proof(w, known));
}

/* The signature is not proven to lie within the chain's validity.  path is
 * that at the proven time. */
void past_validation_say_bounds(struct past_validation_question *w,
				const struct pki_path *path,
				const struct past_validation_slide *s)
{
	const struct cert_fields *f = cert_fields(w->q->cert);
	char from[CLOCK_TEXT], to[CLOCK_TEXT], made[CLOCK_TEXT],
		known[PROOF_TEXT];
	bool leaf = path->outcome != PKI_CA_EXPIRED;

	clock_format(f->not_before, from);
	clock_format(f->not_after, to);
	if (leaf && w->q->proven && w->q->proven_at < f->not_before) {
		clock_format(w->q->proven_at, made);
		past_validation_say(
			w, SUB_NOT_YET_VALID, "certificate-not-yet-valid",
			"the signature is proven to exist since %s, but the "
			"certificate is not valid before %s",
			made, from);
	} else if (leaf && w->q->made_after && w->q->after > f->not_after) {
		clock_format(w->q->after, made);
		past_validation_say(
			w, SUB_EXPIRED, "certificate-expired",
			"the certificate expired at %s, and the signature is "
			"proven to be made after %s",
			to, made);
	} else {
		past_validation_say(
			w,
			leaf && s->leaf_known ? SUB_OUT_OF_BOUNDS_NOT_REVOKED
					      : SUB_OUT_OF_BOUNDS_NO_POE,
			!leaf ? "issuer-expired"
			: path->outcome == PKI_EXPIRED
				? "certificate-expired"
				: "certificate-not-yet-valid",
			"%s, and %s", path->message, proof(w, known));
	}
}

void past_validation_say_lack(struct past_validation_question *w,
			      const struct past_validation_slide *s)
{
	char at[CLOCK_TEXT];

	clock_format(s->control, at);
	w->out->revocation = REVOCATION_UNKNOWN;
	if (s->lack == PAST_LACKS_SIGNER)
		past_validation_say(
			w, SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE,
			"revocation-issuer-expired",
			"the revocation data for %s was issued by an authority "
			"that has expired, and nothing proves that it is older "
			"than that: an earlier time-stamp over it would prove "
			"it",
			whose(s->at));
	else if (s->lack == PAST_LACKS_CERTIFICATE)
		past_validation_say(
			w,
			in_time(w) && !w->q->proven ? SUB_OUT_OF_BOUNDS_NO_POE
						    : SUB_NO_POE,
			"certificate-unproven",
			"the chain is known to be good until %s only, and "
			"nothing proves that %s is older than that: an "
			"earlier time-stamp over it would prove it",
			at, whose(s->at));
	else if (s->lack == PAST_LACKS_PROOF && w->q->proven)
		past_validation_say(
			w, SUB_NO_POE, "revocation-unproven",
			"the chain is known to be good until %s only, and "
			"nothing proves that the revocation data for %s is "
			"older than that: an earlier time-stamp over it would "
			"prove it",
			at, whose(s->at));
	else if (in_time(w))
		past_validation_say(
			w, SUB_OUT_OF_BOUNDS_NO_POE, "revocation-unknown",
			"%s, and whether %s was revoked before is not known: "
			"%s",
			w->path.message, whose(s->at), s->why);
	else
		past_validation_say(w, SUB_TRY_LATER, "revocation-unknown",
				    "whether %s is revoked is not known: %s",
				    whose(s->at), s->why);
}

/* The signature is younger than what is known of the chain. */
void past_validation_say_younger(struct past_validation_question *w,
				 const struct past_validation_slide *s)
{
	char at[CLOCK_TEXT], known[PROOF_TEXT];

	clock_format(s->control < CLOCK_MIN ? CLOCK_MIN : s->control, at);
	switch (s->cause) {
	case PAST_WEAK:
		past_validation_say(
			w,
			s->control == CONSTRAINTS_NEVER
				? SUB_CRYPTO_CONSTRAINTS_FAILURE
				: SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			"chain-weak",
			"the chain relies on %s, which is not accepted%s%s, "
			"and "
			"%s",
			s->why,
			s->control == CONSTRAINTS_NEVER ? "" : " after ",
			s->control == CONSTRAINTS_NEVER ? "" : at,
			proof(w, known));
		break;
	case PAST_EXPIRED:
		past_validation_say(w, SUB_OUT_OF_BOUNDS_NO_POE,
				    "issuer-expired",
				    "%s expired at %s, and %s", whose(s->at),
				    at, proof(w, known));
		break;
	case PAST_REVOKED:
		past_validation_say_revoked(w, s);
		break;
	default:
		w->out->revocation = REVOCATION_UNKNOWN;
		past_validation_say(
			w,
			in_time(w) ? SUB_OUT_OF_BOUNDS_NO_POE : SUB_TRY_LATER,
			"revocation-unknown",
			"what is known of the revocation of %s ends at %s, and "
			"%s",
			whose(s->at), at, proof(w, known));
		break;
	}
}

/* Why it passes although it does not today. */
void past_validation_note_proof(struct past_validation_question *w,
				const struct past_validation_slide *s)
{
	char since[CLOCK_TEXT], at[CLOCK_TEXT];

	w->out->by_proof = true;
	clock_format(w->when, since);
	clock_format(s->control, at);
	if (s->cause == PAST_REVOKED)
		(void)snprintf(w->out->note, sizeof(w->out->note),
			       "%s was revoked at %s, but the %s is proven to "
			       "exist since %s, before that",
			       whose(s->at), at, subject(w), since);
	else
		(void)snprintf(w->out->note, sizeof(w->out->note),
			       "today the chain is not good (%.180s), but it "
			       "was at %s, since when the %s is proven to "
			       "exist",
			       w->path.message[0] == '\0' ? s->why
							  : w->path.message,
			       since, subject(w));
}

enum deed_status
past_validation_say_algorithm(struct past_validation_question *w,
			      struct deed_error *err)
{
	const struct sig_alg *alg = &w->q->algorithm;
	char what[CONSTRAINTS_WHAT], end[CLOCK_TEXT], known[PROOF_TEXT];
	const struct pubkey *pk;
	enum deed_status status;
	int64_t until;

	if (alg->scheme == SIG_NONE || w->out->indication != TOTAL_PASSED)
		return DEED_OK;
	status = cert_pubkey(w->q->cert, &pk, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK)
		return DEED_OK;
	until = constraints_until(w->policy, alg, pk, what);
	if (w->when < until)
		return DEED_OK;
	clock_format(until < CLOCK_MIN ? CLOCK_MIN : until, end);
	if (until == CONSTRAINTS_NEVER)
		past_validation_say(
			w, SUB_CRYPTO_CONSTRAINTS_FAILURE, "algorithm-weak",
			"the signature relies on %s, which the policy never "
			"accepts",
			what);
	else if (w->q->made_after && w->q->after >= until)
		past_validation_say(
			w, SUB_CRYPTO_CONSTRAINTS_FAILURE, "algorithm-weak",
			"the signature relies on %s, which is not accepted "
			"after %s, and is proven to be made later",
			what, end);
	else
		past_validation_say(
			w, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
			"algorithm-weak",
			"the signature relies on %s, which is not accepted "
			"after %s, and %s",
			what, end, proof(w, known));
	return DEED_OK;
}
