/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/path.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "pki/path_check.h"

/* A search in progress: the path under work, leaf first. */
struct search {
	const struct pki_params *params;
	struct cert *chain[PKI_PATH_MAX];
	unsigned len;
	unsigned signatures; /* checked so far */
	bool exhausted;
	struct pki_path *best;
	bool have_best;
	bool done;
};

/* The nearer to good, the smaller: the best path is the one to report. */
static unsigned rank(enum pki_outcome o)
{
	static const enum pki_outcome order[] = {
		PKI_GOOD,	   PKI_REVOKED,	 PKI_CA_REVOKED,
		PKI_NO_REVOCATION, PKI_EXPIRED,	 PKI_NOT_YET_VALID,
		PKI_CA_EXPIRED,	   PKI_WEAK,	 PKI_UNPROCESSED,
		PKI_CONSTRAINTS,   PKI_TOO_HARD, PKI_NO_PATH,
	};
	unsigned i;

	for (i = 0; order[i] != o; i++)
		;
	return i;
}

void pki_path_fail(struct pki_path *path, unsigned i, enum pki_rule rule,
		   const char *fmt, ...)
{
	static const enum pki_outcome outcome[][2] = {
#define RULE(name, id, leaf, issuer, clause, text) \
	[PKI_RULE_##name] = { PKI_##leaf, PKI_##issuer },
#include "pki/rules.def"
#undef RULE
	};
	va_list args;

	path->outcome = outcome[rule][i > 0];
	path->rule = rule;
	path->failed = i;
	va_start(args, fmt);
	(void)vsnprintf(path->message, sizeof(path->message), fmt, args);
	va_end(args);
}

static void take_chain(const struct search *s, struct pki_path *path)
{
	for (path->len = 0; path->len < s->len; path->len++)
		path->chain[path->len] = cert_ref(s->chain[path->len]);
}

/* The path ends in an anchor: is it good, and better than what we have? */
static void weigh(struct search *s)
{
	struct pki_path path = { .outcome = PKI_GOOD,
				 .anchored = true,
				 .reason = -1 };

	take_chain(s, &path);
	pki_check_path(&path, s->params);
	if (s->have_best && rank(path.outcome) >= rank(s->best->outcome)) {
		pki_path_clear(&path);
		return;
	}
	pki_path_clear(s->best);
	*s->best = path;
	s->have_best = true;
	s->done = path.outcome == PKI_GOOD;
}

/* No anchor on this way: keep the longest chain, to be shown. */
static void keep_partial(struct search *s)
{
	if (s->have_best || s->len <= s->best->len)
		return;
	pki_path_clear(s->best);
	take_chain(s, s->best);
}

static bool in_chain(const struct search *s, const struct cert *c)
{
	unsigned i;

	/* One key under one name twice makes a loop, whatever the rest. */
	for (i = 0; i < s->len; i++) {
		if (cert_equal(s->chain[i], c) ||
		    (slice_equal(cert_fields(s->chain[i])->subject,
				 cert_fields(c)->subject) &&
		     slice_equal(cert_fields(s->chain[i])->spki,
				 cert_fields(c)->spki)))
			return true;
	}
	return false;
}

static void climb(struct search *s);

static bool try_issuer(void *arg, struct cert *c, bool anchor)
{
	struct search *s = arg;
	const struct cert_fields *child = cert_fields(s->chain[s->len - 1]);
	const struct cert_fields *f = cert_fields(c);

	if (in_chain(s, c))
		return true;
	if (child->authority_key_id.data != NULL &&
	    f->subject_key_id.data != NULL &&
	    !slice_equal(child->authority_key_id, f->subject_key_id))
		return true;
	if (s->len == PKI_PATH_MAX || s->signatures == PKI_SIGNATURES_MAX) {
		s->exhausted = true;
		return false;
	}
	s->signatures++;
	if (cert_verify(s->chain[s->len - 1], c, NULL) != DEED_OK)
		return true;
	s->chain[s->len++] = c;
	if (anchor)
		weigh(s);
	else
		climb(s);
	s->len--;
	return !s->done;
}

/* Depth is bounded by PKI_PATH_MAX, breadth by PKI_SIGNATURES_MAX. */
static void climb(struct search *s)
{
	struct cert *top = s->chain[s->len - 1];

	keep_partial(s);
	pki_source_each_subject(s->params->source, cert_fields(top)->issuer,
				try_issuer, s);
}

struct is_anchor {
	const struct cert *cert;
	bool yes;
};

static bool find_anchor(void *arg, struct cert *c, bool anchor)
{
	struct is_anchor *a = arg;

	if (!anchor)
		return false;
	a->yes = cert_equal(c, a->cert);
	return !a->yes;
}

enum deed_status pki_judge_path(struct cert *leaf,
				const struct pki_params *params,
				struct pki_path *out, struct deed_error *err)
{
	struct search s = { .params = params, .best = out };
	struct is_anchor trusted = { .cert = leaf };

	(void)err;
	*out = (struct pki_path){ .outcome = PKI_NO_PATH, .reason = -1 };
	s.chain[s.len++] = leaf;
	/* A certificate that is itself trusted needs nobody above it. */
	pki_source_each_subject(params->source, cert_fields(leaf)->subject,
				find_anchor, &trusted);
	if (trusted.yes)
		weigh(&s);
	else
		climb(&s);
	if (!s.have_best && s.exhausted)
		pki_path_fail(out, out->len - 1, PKI_RULE_LIMIT,
			      "the search for a chain was given up: too many "
			      "certificates");
	else if (!s.have_best)
		pki_path_fail(out, out->len - 1, PKI_RULE_NO_ANCHOR,
			      "the chain leads to no trust anchor");
	if (out->outcome == PKI_NO_PATH && !params->no_revocation)
		out->revocation = PKI_REVOCATION_UNKNOWN;
	return DEED_OK;
}

void pki_path_clear(struct pki_path *path)
{
	while (path->len > 0)
		cert_free(path->chain[--path->len]);
}

const char *pki_outcome_text(enum pki_outcome outcome)
{
	static const char *const text[] = {
		[PKI_GOOD] = "good",
		[PKI_NO_PATH] = "no chain to a trust anchor",
		[PKI_EXPIRED] = "expired",
		[PKI_NOT_YET_VALID] = "not yet valid",
		[PKI_CONSTRAINTS] = "used against its constraints",
		[PKI_UNPROCESSED] = "constrained in an unknown way",
		[PKI_REVOKED] = "revoked",
		[PKI_CA_REVOKED] = "issued by a revoked authority",
		[PKI_NO_REVOCATION] = "without revocation data",
		[PKI_CA_EXPIRED] = "issued by an expired authority",
		[PKI_WEAK] = "made with a weak algorithm",
		[PKI_TOO_HARD] = "too hard to judge",
	};
	return text[outcome];
}
