/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/past_validation.h"

#include "judge/past_validation_private.h"

/* ---- the present (5.2.6) ---- */

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

/* Without a self-issued certificate at its end the chain is told as far as it
 * is known, and as not whole. */
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
static enum deed_status chain_until(const struct past_validation_question *w,
				    struct past_validation_basic *b,
				    struct deed_error *err)
{
	const struct pki_path *path = &w->path;
	const struct pubkey *pk;
	char what[CONSTRAINTS_WHAT];
	enum deed_status status;
	struct sig_alg alg;
	int64_t until;
	unsigned i;

	b->until = CONSTRAINTS_OPEN;
	for (i = 0; i + 1 < path->len; i++) {
		if (sig_alg_parse(
			    cert_fields(path->chain[i])->signature_algorithm,
			    &alg, NULL) != DEED_OK)
			continue;
		status = cert_pubkey(path->chain[i + 1], &pk, NULL);
		if (status == DEED_NO_MEMORY)
			return deed_error_memory(err);
		if (status != DEED_OK)
			continue;
		until = constraints_until(w->policy, &alg, pk, what);
		if (until < b->until) {
			b->until = until;
			memcpy(b->what, what, sizeof(what));
		}
	}
	return DEED_OK;
}

/* A certificate without any evidence is left out: the anchor needs none, and
 * that one is missing where it is needed shows in the outcome. */
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

/* The list of purposes lives as long as the call; the path that comes out
 * keeps nothing of it. */
static enum deed_status ask_path(struct past_validation_question *w,
				 int64_t time, bool no_revocation,
				 unsigned flags, struct pki_path *out,
				 struct deed_error *err)
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

/* Only a good answer is kept for others: a bad one needs the path, which the
 * cache does not have, to say why and to look into the past. */
static enum deed_status ask_now(struct past_validation_question *w,
				struct deed_error *err)
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
	status = chain_until(w, b, err);
	if (status != DEED_OK)
		return status;
	oldest_data(&w->path, b);
	find_ahead(&w->path, b);
	if (b->outcome == PKI_GOOD)
		judge_cache_add(params->cache, w->q, b);
	return DEED_OK;
}

/* Is the present enough?  The chain's algorithms and the policy's demands on
 * revocation data come on top of the path. */
static bool is_good_now(const struct past_validation_question *w)
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

/* ---- the past (5.6.2.4) ---- */

/* Whatever the walk found: what is known to be revoked stays so. */
static bool is_revoked_now(const struct past_validation_question *w)
{
	return (w->now.outcome == PKI_REVOKED ||
		w->now.outcome == PKI_CA_REVOKED) &&
	       w->path.revoked_at <= w->when;
}

/* The path of the proven time is asked for without revocation, as what is
 * known of that is walked by the slide.  A revocation of today stands, however
 * the walk ends, where it lies before the proven time. */
static enum deed_status judge_past(struct past_validation_question *w,
				   struct deed_error *err)
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
		past_validation_say_present(w);
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
		past_validation_say_revoked(w, &slide);
	else if (is_revoked_now(w))
		past_validation_say_present(w);
	else if (then.outcome != PKI_GOOD)
		past_validation_say_bounds(w, &then, &slide);
	else if (w->when > slide.control)
		past_validation_say_younger(w, &slide);
	else if (slide.lack != PAST_LACKS_NOTHING)
		past_validation_say_lack(w, &slide);
	else if (w->when < w->q->params->at)
		past_validation_note_proof(w, &slide);
out:
	pki_path_clear(&then);
	return status;
}

/* A verdict has enumerations of its own, so that what reads verdicts needs
 * nothing of pki. */
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
	struct past_validation_question w = {
		.q = q,
		.policy = judge_constraints(q->params),
		.out = out,
		.when = q->proven ? q->proven_at : q->params->at
	};
	enum deed_status status;

	*out = (struct past_validation_answer){ .indication = TOTAL_PASSED };
	status = ask_now(&w, err);
	if (status != DEED_OK)
		goto out;
	out->chain_len = w.now.chain_len;
	out->chain_whole = w.now.chain_whole;
	memcpy(out->chain, w.now.chain, sizeof(out->chain));
	out->revocation = revocation_word(w.now.revocation);
	past_validation_note_ahead(&w);
	if (!is_good_now(&w)) {
		if (w.path.rule == PKI_RULE_ALGORITHM)
			past_validation_say_unknown(&w);
		else if (w.path.rule == PKI_RULE_MALFORMED)
			past_validation_say(
				&w, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE,
				"certificate-malformed", "%s", w.path.message);
		else if (may_mend(w.now.outcome))
			status = judge_past(&w, err);
		else
			past_validation_say_present(&w);
	}
	if (status == DEED_OK)
		status = past_validation_say_algorithm(&w, err);
out:
	if (w.has_path)
		pki_path_clear(&w.path);
	return status;
}
