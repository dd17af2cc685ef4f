/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/past_validation.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "judge/judge_private.h"
#include "judge/past_validation_private.h"

/* One question under work. */
struct question {
	const struct past_validation_query *q;
	const struct constraints *policy;
	struct past_validation_answer *out;
	struct past_validation_basic
		now;	      /* what is so at the time of judging */
	struct pki_path path; /* the same, with its certificates */
	bool has_path;
	int64_t when; /* the proven time, or now */
};

static void DEED_PRINTF(4, 5)
	answer(struct question *w, enum sub_indication sub, const char *id,
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
static const char *subject(const struct question *w)
{
	return w->q->purpose == PKI_TIMESTAMP ? "time-stamp" : "signature";
}

/* What is known of when it was made, for the end of a sentence. */
#define PROOF_TEXT 96

static const char *proof(const struct question *w, char out[PROOF_TEXT])
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

/* ---- the present (5.2.6) ---- */

static bool in_time(const struct question *w)
{
	return w->now.outcome == PKI_EXPIRED ||
	       w->now.outcome == PKI_NOT_YET_VALID ||
	       w->now.outcome == PKI_CA_EXPIRED;
}

/* What a proof of existence may mend. */
static bool may_mend(enum pki_outcome outcome)
{
	switch (outcome) {
	case PKI_GOOD:
	case PKI_EXPIRED:
	case PKI_NOT_YET_VALID:
	case PKI_CA_EXPIRED:
	case PKI_REVOKED:
	case PKI_CA_REVOKED:
	case PKI_NO_REVOCATION:
	case PKI_WEAK:
		return true;
	default:
		return false;
	}
}

static void take_chain(struct past_validation_answer *a,
		       const struct pki_path *path)
{
	for (a->chain_len = 0; a->chain_len < path->len; a->chain_len++)
		memcpy(a->chain[a->chain_len],
		       cert_sha256(path->chain[a->chain_len]), VERDICT_HASH);
	a->chain_whole =
		path->len > 0 && cert_self_issued(path->chain[path->len - 1]);
}

/* The first algorithm of a chain to end, its data's included. */
static void chain_until(const struct question *w,
			struct past_validation_basic *b)
{
	const struct pki_path *path = &w->path;
	const struct pubkey *pk;
	char what[CONSTRAINTS_WHAT];
	struct sig_alg alg;
	int64_t until;
	unsigned i;

	b->until = CONSTRAINTS_OPEN;
	for (i = 0; i + 1 < path->len; i++) {
		if (sig_alg_parse(
			    cert_fields(path->chain[i])->signature_algorithm,
			    &alg, NULL) != DEED_OK ||
		    cert_pubkey(path->chain[i + 1], &pk, NULL) != DEED_OK)
			continue;
		until = constraints_until(w->policy, &alg, pk, what);
		if (until < b->until) {
			b->until = until;
			memcpy(b->what, what, sizeof(what));
		}
	}
}

static void oldest_data(const struct pki_path *path,
			struct past_validation_basic *b)
{
	unsigned i;

	b->oldest = INT64_MAX;
	for (i = 0; i + 1 < path->len; i++) {
		const struct pki_evidence *e = &path->evidence[i];

		if (e->kind != PKI_EVIDENCE_NONE && e->this_update < b->oldest)
			b->oldest = e->this_update;
	}
}

/* An entry that takes effect after the time of judging changes nothing yet,
 * and whoever relies on the signature wants to know. */
static void find_ahead(const struct pki_path *path,
		       struct past_validation_basic *b)
{
	unsigned i;

	for (i = 0; i + 1 < path->len && !b->ahead; i++) {
		const struct pki_evidence *e = &path->evidence[i];

		if (e->status != PKI_REVOCATION_GOOD || !e->listed)
			continue;
		b->ahead = true;
		b->ahead_at = i;
		b->ahead_from = e->revoked_at;
	}
}

static enum deed_status ask_path(struct question *w, int64_t time,
				 bool no_revocation, unsigned flags,
				 struct pki_path *out, struct deed_error *err)
{
	struct slice purposes[CONSTRAINTS_PURPOSES];
	struct pki_params ask = { .source = w->q->source,
				  .time = time,
				  .no_revocation = no_revocation,
				  .revocation_flags = flags,
				  .purpose = w->q->purpose };

	if (!w->policy->any_purpose) {
		constraints_purposes(w->policy, purposes);
		ask.purposes = purposes;
		ask.purpose_count = w->policy->purpose_count;
	}
	return pki_judge_path(w->q->cert, &ask, out, err);
}

static enum deed_status ask_now(struct question *w, struct deed_error *err)
{
	const struct judge_params *params = w->q->params;
	struct past_validation_basic *b = &w->now;
	enum deed_status status;

	if (judge_cache_find(params->cache, w->q, b))
		return DEED_OK;
	status = ask_path(w, params->at, params->no_revocation,
			  w->policy->freshness == FRESHNESS_ANY
				  ? PKI_REVOCATION_STALE
				  : 0,
			  &w->path, err);
	w->has_path = true;
	if (status != DEED_OK)
		return status;
	b->outcome = w->path.outcome;
	b->revocation = w->path.revocation;
	take_chain(w->out, &w->path);
	memcpy(b->chain, w->out->chain, sizeof(b->chain));
	b->chain_len = w->out->chain_len;
	b->chain_whole = w->out->chain_whole;
	chain_until(w, b);
	oldest_data(&w->path, b);
	find_ahead(&w->path, b);
	if (b->outcome == PKI_GOOD)
		judge_cache_add(params->cache, w->q, b);
	return DEED_OK;
}

/* Is the present enough?  The chain's algorithms and the policy's demands on
 * revocation data come on top of the path. */
static bool is_good_now(const struct question *w)
{
	const struct constraints *c = w->policy;
	const struct past_validation_basic *b = &w->now;

	if (b->outcome != PKI_GOOD || b->until <= w->q->params->at)
		return false;
	if (w->q->params->no_revocation || b->oldest == INT64_MAX)
		return true;
	if (c->has_age && b->oldest + c->age < w->q->params->at)
		return false;
	return c->freshness != FRESHNESS_AFTER_SIGNATURE || !w->q->proven ||
	       b->oldest >= w->q->proven_at;
}

/* ---- answers ---- */

static void note_ahead(struct question *w)
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

static void answer_present(struct question *w)
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

	answer(w, map[w->now.outcome].sub, map[w->now.outcome].id, "%s",
	       w->path.message);
}

/* A key or a signature that cannot be verified: no proof mends that. */
static void answer_unknown(struct question *w)
{
	const struct pubkey *pk;

	if (cert_pubkey(w->path.chain[w->path.failed], &pk, NULL) ==
	    DEED_MALFORMED)
		answer(w, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
		       "certificate-malformed", "%s", w->path.message);
	else
		answer(w, SUB_CRYPTO_CONSTRAINTS_FAILURE, "algorithm-unknown",
		       "%s", w->path.message);
}

static void answer_revoked(struct question *w,
			   const struct past_validation_slide *s)
{
	bool leaf = s->revoked_cert == 0;
	char at[CLOCK_TEXT], known[PROOF_TEXT], made[CLOCK_TEXT];
	const char *reason = pki_reason_text(s->reason);

	w->out->revocation = REVOCATION_REVOKED;
	clock_format(s->revoked_at, at);
	if (leaf && w->q->made_after && w->q->after >= s->revoked_at) {
		clock_format(w->q->after, made);
		answer(w, SUB_REVOKED, "certificate-revoked",
		       "the certificate was revoked at %s%s%s, and the "
		       "signature is proven to be made after %s",
		       at, reason[0] == '\0' ? "" : ", ", reason, made);
		return;
	}
	answer(w, leaf ? SUB_REVOKED_NO_POE : SUB_REVOKED_CA_NO_POE,
	       leaf ? "certificate-revoked" : "issuer-revoked",
	       "%s was revoked at %s%s%s, and %s: only a time-stamp from "
	       "before then would help",
	       whose(s->revoked_cert), at, reason[0] == '\0' ? "" : ", ",
	       reason, proof(w, known));
}

/* The signature is not proven to lie within the chain's validity.  path is
 * that at the proven time. */
static void answer_bounds(struct question *w, const struct pki_path *path,
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
		answer(w, SUB_NOT_YET_VALID, "certificate-not-yet-valid",
		       "the signature is proven to exist since %s, but the "
		       "certificate is not valid before %s",
		       made, from);
	} else if (leaf && w->q->made_after && w->q->after > f->not_after) {
		clock_format(w->q->after, made);
		answer(w, SUB_EXPIRED, "certificate-expired",
		       "the certificate expired at %s, and the signature is "
		       "proven to be made after %s",
		       to, made);
	} else {
		answer(w,
		       leaf && s->leaf_known ? SUB_OUT_OF_BOUNDS_NOT_REVOKED
					     : SUB_OUT_OF_BOUNDS_NO_POE,
		       !leaf ? "issuer-expired"
		       : path->outcome == PKI_EXPIRED
			       ? "certificate-expired"
			       : "certificate-not-yet-valid",
		       "%s, and %s", path->message, proof(w, known));
	}
}

static void answer_lack(struct question *w,
			const struct past_validation_slide *s)
{
	char at[CLOCK_TEXT];

	clock_format(s->control, at);
	w->out->revocation = REVOCATION_UNKNOWN;
	if (s->lack == PAST_LACKS_SIGNER)
		answer(w, SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE,
		       "revocation-issuer-expired",
		       "the revocation data for %s was issued by an authority "
		       "that has expired, and nothing proves that it is older "
		       "than that: an earlier time-stamp over it would prove "
		       "it",
		       whose(s->at));
	else if (s->lack == PAST_LACKS_CERTIFICATE)
		answer(w,
		       in_time(w) && !w->q->proven ? SUB_OUT_OF_BOUNDS_NO_POE
						   : SUB_NO_POE,
		       "certificate-unproven",
		       "the chain is known to be good until %s only, and "
		       "nothing proves that %s is older than that: an "
		       "earlier time-stamp over it would prove it",
		       at, whose(s->at));
	else if (s->lack == PAST_LACKS_PROOF && w->q->proven)
		answer(w, SUB_NO_POE, "revocation-unproven",
		       "the chain is known to be good until %s only, and "
		       "nothing proves that the revocation data for %s is "
		       "older than that: an earlier time-stamp over it would "
		       "prove it",
		       at, whose(s->at));
	else if (in_time(w))
		answer(w, SUB_OUT_OF_BOUNDS_NO_POE, "revocation-unknown",
		       "%s, and whether %s was revoked before is not known: "
		       "%s",
		       w->path.message, whose(s->at), s->why);
	else
		answer(w, SUB_TRY_LATER, "revocation-unknown",
		       "whether %s is revoked is not known: %s", whose(s->at),
		       s->why);
}

/* The signature is younger than what is known of the chain. */
static void answer_younger(struct question *w,
			   const struct past_validation_slide *s)
{
	char at[CLOCK_TEXT], known[PROOF_TEXT];

	clock_format(s->control < CLOCK_MIN ? CLOCK_MIN : s->control, at);
	switch (s->cause) {
	case PAST_WEAK:
		answer(w,
		       s->control == CONSTRAINTS_NEVER
			       ? SUB_CRYPTO_CONSTRAINTS_FAILURE
			       : SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		       "chain-weak",
		       "the chain relies on %s, which is not accepted%s%s, and "
		       "%s",
		       s->why, s->control == CONSTRAINTS_NEVER ? "" : " after ",
		       s->control == CONSTRAINTS_NEVER ? "" : at,
		       proof(w, known));
		break;
	case PAST_EXPIRED:
		answer(w, SUB_OUT_OF_BOUNDS_NO_POE, "issuer-expired",
		       "%s expired at %s, and %s", whose(s->at), at,
		       proof(w, known));
		break;
	case PAST_REVOKED:
		answer_revoked(w, s);
		break;
	default:
		w->out->revocation = REVOCATION_UNKNOWN;
		answer(w, in_time(w) ? SUB_OUT_OF_BOUNDS_NO_POE : SUB_TRY_LATER,
		       "revocation-unknown",
		       "what is known of the revocation of %s ends at %s, and "
		       "%s",
		       whose(s->at), at, proof(w, known));
		break;
	}
}

/* Why it passes although it does not today. */
static void note_proof(struct question *w,
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

/* ---- the past (5.6.2.4) ---- */

/* Whatever the walk found: what is known to be revoked stays so. */
static bool is_revoked_now(const struct question *w)
{
	return (w->now.outcome == PKI_REVOKED ||
		w->now.outcome == PKI_CA_REVOKED) &&
	       w->path.revoked_at <= w->when;
}

static enum deed_status judge_past(struct question *w, struct deed_error *err)
{
	struct past_validation_slide slide = { .q = w->q,
					       .policy = w->policy,
					       .path = &w->path,
					       .when = w->when };
	struct pki_path then = { 0 };
	enum deed_status status;

	status = ask_path(w, w->when, true, PKI_REVOCATION_WEAK, &then, err);
	if (status != DEED_OK)
		goto out;
	/* The chain of that time is the one to walk, where it leads up. */
	if (then.anchored) {
		slide.path = &then;
		take_chain(w->out, &then);
	}
	if (!may_mend(then.outcome)) {
		answer_present(w);
		goto out;
	}
	w->out->revocation = w->q->params->no_revocation
				     ? REVOCATION_NOT_CHECKED
				     : REVOCATION_GOOD;
	status = past_validation_slide(&slide, err);
	if (status != DEED_OK)
		goto out;
	if (slide.lack != PAST_LACKS_NOTHING && !w->q->params->no_revocation)
		w->out->revocation = REVOCATION_UNKNOWN;
	if (is_revoked_now(w))
		w->out->revocation = REVOCATION_REVOKED;
	if (slide.revoked)
		answer_revoked(w, &slide);
	else if (is_revoked_now(w))
		answer_present(w);
	else if (then.outcome != PKI_GOOD)
		answer_bounds(w, &then, &slide);
	else if (w->when > slide.control)
		answer_younger(w, &slide);
	else if (slide.lack != PAST_LACKS_NOTHING)
		answer_lack(w, &slide);
	else if (w->when < w->q->params->at)
		note_proof(w, &slide);
out:
	pki_path_clear(&then);
	return status;
}

/* 5.2.8 for the signature itself: its own algorithms, at its own time. */
static void judge_algorithm(struct question *w)
{
	const struct sig_alg *alg = &w->q->algorithm;
	char what[CONSTRAINTS_WHAT], end[CLOCK_TEXT], known[PROOF_TEXT];
	const struct pubkey *pk;
	int64_t until;

	if (alg->scheme == SIG_NONE || w->out->indication != TOTAL_PASSED ||
	    cert_pubkey(w->q->cert, &pk, NULL) != DEED_OK)
		return;
	until = constraints_until(w->policy, alg, pk, what);
	if (w->when < until)
		return;
	clock_format(until < CLOCK_MIN ? CLOCK_MIN : until, end);
	if (until == CONSTRAINTS_NEVER)
		answer(w, SUB_CRYPTO_CONSTRAINTS_FAILURE, "algorithm-weak",
		       "the signature relies on %s, which the policy never "
		       "accepts",
		       what);
	else if (w->q->made_after && w->q->after >= until)
		answer(w, SUB_CRYPTO_CONSTRAINTS_FAILURE, "algorithm-weak",
		       "the signature relies on %s, which is not accepted "
		       "after %s, and is proven to be made later",
		       what, end);
	else
		answer(w, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		       "algorithm-weak",
		       "the signature relies on %s, which is not accepted "
		       "after %s, and %s",
		       what, end, proof(w, known));
}

static enum verdict_revocation revocation_word(enum pki_revocation r)
{
	static const enum verdict_revocation words[] = {
		[PKI_REVOCATION_NOT_CHECKED] = REVOCATION_NOT_CHECKED,
		[PKI_REVOCATION_GOOD] = REVOCATION_GOOD,
		[PKI_REVOCATION_REVOKED] = REVOCATION_REVOKED,
		[PKI_REVOCATION_UNKNOWN] = REVOCATION_UNKNOWN,
	};

	return words[r];
}

enum deed_status past_validation_judge(const struct past_validation_query *q,
				       struct past_validation_answer *out,
				       struct deed_error *err)
{
	struct question w = { .q = q,
			      .policy = judge_constraints(q->params),
			      .out = out,
			      .when = q->proven ? q->proven_at
						: q->params->at };
	enum deed_status status;

	*out = (struct past_validation_answer){ .indication = TOTAL_PASSED };
	status = ask_now(&w, err);
	if (status != DEED_OK)
		goto out;
	out->chain_len = w.now.chain_len;
	out->chain_whole = w.now.chain_whole;
	memcpy(out->chain, w.now.chain, sizeof(out->chain));
	out->revocation = revocation_word(w.now.revocation);
	note_ahead(&w);
	if (!is_good_now(&w)) {
		if (w.path.rule == PKI_RULE_ALGORITHM)
			answer_unknown(&w);
		else if (w.path.rule == PKI_RULE_MALFORMED)
			answer(&w, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
			       "certificate-malformed", "%s", w.path.message);
		else if (may_mend(w.now.outcome))
			status = judge_past(&w, err);
		else
			answer_present(&w);
	}
	if (status == DEED_OK)
		judge_algorithm(&w);
out:
	if (w.has_path)
		pki_path_clear(&w.path);
	return status;
}
