/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/path.h"

#include <stdarg.h>
#include <stdio.h>

#include "pki/path_check.h"

/*
 * A search in progress: the path under work, leaf first.  What was verified
 * is remembered, so that cross-signed authorities, which are met on many
 * ways, are verified once.
 */
struct verified {
	const struct cert *cert, *issuer;
	enum deed_status status;
};

struct search {
	const struct pki_params *params;
	struct cert *chain[PKI_PATH_MAX];
	unsigned len;
	struct verified verified[PKI_SIGNATURES_MAX];
	unsigned signatures; /* checked so far */
	unsigned steps, weighed;
	bool by_key_id; /* issuers that the key identifier names; or others */
	unsigned depth; /* how long paths may be in this turn */
	bool cut_off;	/* some were longer */
	bool exhausted;
	struct pki_path *best;
	bool have_best; /* one that ends in an anchor */
	bool done;
	enum deed_status status;
	struct deed_error *err;
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

/* References of the path's own: pki_path_clear gives them back. */
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

	if (s->weighed == PKI_WEIGHED_MAX) {
		s->exhausted = true;
		s->done = true;
		return;
	}
	s->weighed++;
	take_chain(s, &path);
	s->status = pki_check_path(&path, s->params, s->err);
	if (s->status != DEED_OK) {
		pki_path_clear(&path);
		s->done = true;
		return;
	}
	if (s->have_best && rank(path.outcome) >= rank(s->best->outcome)) {
		pki_path_clear(&path);
		return;
	}
	pki_path_clear(s->best);
	*s->best = path;
	s->have_best = true;
	s->done = path.outcome == PKI_GOOD;
}

/* No anchor on this way: keep the longest chain, to be shown; of two, the one
 * that says what is wrong. */
static bool keep_partial(struct search *s, enum pki_rule rule)
{
	if (s->have_best || s->len < s->best->len ||
	    (s->len == s->best->len &&
	     (rule == PKI_RULE_NONE || s->best->rule != PKI_RULE_NONE)))
		return false;
	pki_path_clear(s->best);
	take_chain(s, s->best);
	s->best->rule = rule;
	s->best->failed = s->len - 1;
	return true;
}

/* The signature on c cannot be verified: its algorithm, or the issuer's key,
 * is not known or malformed. */
static void say_unverified(struct pki_path *path, unsigned i,
			   enum pki_rule rule, const struct cert *c,
			   const struct cert *issuer, const char *name)
{
	struct deed_error why = DEED_ERROR_INIT;
	const struct pubkey *pk;
	struct sig_alg alg;
	enum deed_status status;

	status = sig_alg_parse(cert_fields(c)->signature_algorithm, &alg, &why);
	if (status == DEED_OK)
		status = cert_pubkey(issuer, &pk, &why);
	pki_path_fail(path, i, rule,
		      "the signature on %s certificate, by its issuer '%.80s', "
		      "cannot be verified: %.120s",
		      i == 0 ? "the" : "an issuer's", name,
		      status == DEED_OK ? "it is of a kind that is not known"
					: why.message);
}

/* A key of a kind that is not known is no malformed one: it is told otherwise.
 */
static bool has_key(const struct cert *c)
{
	const struct pubkey *pk;

	return cert_pubkey(c, &pk, NULL) != DEED_MALFORMED;
}

/* The one that should have issued the last certificate did not. */
static void keep_near_miss(struct search *s, const struct cert *issuer,
			   enum deed_status status)
{
	enum pki_rule rule = status == DEED_UNSUPPORTED ? PKI_RULE_ALGORITHM
			     : has_key(issuer)		? PKI_RULE_SIGNATURE
							: PKI_RULE_MALFORMED;
	struct buf name = BUF_INIT;
	const char *text;

	if (!keep_partial(s, rule))
		return;
	x509_name_display(cert_fields(issuer)->subject, &name);
	buf_byte(&name, 0);
	text = name.failed ? "" : (const char *)name.data;
	if (status != DEED_BAD_SIGNATURE)
		say_unverified(s->best, s->len - 1, rule, s->chain[s->len - 1],
			       issuer, text);
	else
		pki_path_fail(s->best, s->len - 1, rule,
			      "the signature on %s certificate does not verify "
			      "with the key of its issuer '%.120s'",
			      s->len == 1 ? "the" : "an issuer's", text);
	buf_clear(&name);
}

/* A certificate may not stand in a path twice (RFC 5280 6.1), and authorities
 * that certify one another make circles of different certificates with the
 * same keys. */
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

/* Is c signed by issuer?  False, and exhausted, past the bound. */
static bool verify(struct search *s, const struct cert *c,
		   const struct cert *issuer, enum deed_status *status)
{
	unsigned i;

	for (i = 0; i < s->signatures; i++) {
		if (s->verified[i].cert == c &&
		    !memcmp(cert_spki_sha256(s->verified[i].issuer),
			    cert_spki_sha256(issuer), SHA256_SIZE)) {
			*status = s->verified[i].status;
			return true;
		}
	}
	if (s->signatures == PKI_SIGNATURES_MAX) {
		s->exhausted = true;
		return false;
	}
	*status = cert_verify(c, issuer, NULL);
	s->verified[s->signatures++] = (struct verified){ c, issuer, *status };
	return true;
}

/* authorityKeyIdentifier helps to choose and decides nothing (RFC 5280
 * 4.2.1.1): what it does not fit is tried after the rest. */
static bool fits_key_id(const struct cert *c, const struct cert *issuer)
{
	struct slice wanted = cert_fields(c)->authority_key_id;
	struct slice has = cert_fields(issuer)->subject_key_id;

	return wanted.data == NULL || has.data == NULL ||
	       slice_equal(wanted, has);
}

static void climb(struct search *s);

/* A signature that does not verify is no fault of the path: names and key
 * identifiers are only hints, and any CA may have written them.  The number of
 * verifications is bounded, for two CAs that certify each other make endless
 * paths. */
static bool try_issuer(void *arg, struct cert *c, bool anchor)
{
	struct search *s = arg;
	struct cert *top = s->chain[s->len - 1];
	enum deed_status status;

	if (fits_key_id(top, c) != s->by_key_id || in_chain(s, c))
		return true;
	if (s->steps == PKI_STEPS_MAX) {
		s->exhausted = true;
		return false;
	}
	s->steps++;
	if (!verify(s, top, c, &status))
		return false;
	if (status != DEED_OK) {
		if (s->by_key_id)
			keep_near_miss(s, c, status);
		return true;
	}
	s->chain[s->len++] = c;
	if (anchor) {
		/* A shorter one was weighed when it was at the limit. */
		if (s->len == s->depth)
			weigh(s);
	} else {
		climb(s);
		s->by_key_id = fits_key_id(top, c);
	}
	s->len--;
	return !s->done;
}

/* Depth is bounded by s->depth, breadth by PKI_STEPS_MAX. */
static void climb(struct search *s)
{
	struct slice name = cert_fields(s->chain[s->len - 1])->issuer;

	(void)keep_partial(s, PKI_RULE_NONE);
	if (s->len == s->depth) {
		s->cut_off = true;
		return;
	}
	s->by_key_id = true;
	pki_source_each_subject(s->params->source, name, try_issuer, s);
	s->by_key_id = false;
	if (!s->done)
		pki_source_each_subject(s->params->source, name, try_issuer, s);
}

/*
 * Short paths first: in a mesh of authorities that certify one another a
 * search that goes deep first would be lost before it found the way out.
 */
static void deepen(struct search *s)
{
	s->depth = 1;
	do {
		s->depth++;
		s->cut_off = false;
		climb(s);
	} while (!s->done && !s->exhausted && s->cut_off &&
		 s->depth < PKI_PATH_MAX);
	s->exhausted = s->exhausted || (!s->done && s->cut_off);
}

struct is_anchor {
	const struct cert *cert;
	bool yes;
};

/* The anchors of a name come first (pki_source_each_subject), so the first
 * that is none ends the search. */
static bool find_anchor(void *arg, struct cert *c, bool anchor)
{
	struct is_anchor *a = arg;

	if (!anchor)
		return false;
	a->yes = cert_equal(c, a->cert);
	return !a->yes;
}

/* Does a certificate of another name have the key that the last one of the
 * chain was signed with? */
static bool find_signer(void *arg, struct cert *c, bool anchor)
{
	struct search *s = arg;
	struct cert *top = s->chain[0];
	struct slice wanted = cert_fields(top)->authority_key_id;
	struct buf said = BUF_INIT, is = BUF_INIT;
	enum deed_status status;

	(void)anchor;
	if (wanted.data == NULL ||
	    !slice_equal(wanted, cert_fields(c)->subject_key_id) ||
	    x509_name_equal(cert_fields(top)->issuer, cert_fields(c)->subject))
		return true;
	if (!verify(s, top, c, &status))
		return false;
	if (status != DEED_OK)
		return true;
	x509_name_text(cert_fields(top)->issuer, &said);
	x509_name_text(cert_fields(c)->subject, &is);
	buf_byte(&said, 0);
	buf_byte(&is, 0);
	pki_path_fail(s->best, s->best->failed, PKI_RULE_NAME_CHAINING,
		      "%s certificate names the issuer '%.80s', and the key "
		      "that signed it belongs to '%.80s'",
		      s->best->failed == 0 ? "the" : "an issuer's",
		      said.failed ? "" : (const char *)said.data,
		      is.failed ? "" : (const char *)is.data);
	buf_clear(&said);
	buf_clear(&is);
	return false;
}

/* Was the one that should come next there, and malformed?  Who is told that it
 * is missing looks for it in vain. */
static bool tell_malformed(struct pki_path *out, const struct pki_source *in)
{
	struct slice issuer = cert_fields(out->chain[out->len - 1])->issuer;
	const char *why = pki_source_malformed(in, issuer);
	struct buf name = BUF_INIT;

	if (why == NULL)
		return false;
	x509_name_display(issuer, &name);
	buf_byte(&name, 0);
	pki_path_fail(out, out->len - 1, PKI_RULE_MALFORMED,
		      "cannot use the certificate of the issuer '%.80s': %s",
		      name.failed ? "" : (const char *)name.data, why);
	buf_clear(&name);
	return true;
}

/* There is no path: why? */
static void explain(struct search *s)
{
	struct pki_path *out = s->best;

	if (s->exhausted) {
		pki_path_fail(out, out->len - 1, PKI_RULE_LIMIT,
			      "the search for a chain was given up: too many "
			      "certificates");
		return;
	}
	if (out->rule != PKI_RULE_NONE ||
	    tell_malformed(out, s->params->source))
		return;
	pki_path_fail(out, out->len - 1, PKI_RULE_NO_ANCHOR,
		      "the chain leads to no trust anchor");
	s->chain[0] = out->chain[out->len - 1];
	if (!x509_name_equal(cert_fields(s->chain[0])->issuer,
			     cert_fields(s->chain[0])->subject))
		pki_source_each_certificate(s->params->source, find_signer, s);
}

/* The best of what is found is kept in out, which holds references of its own:
 * it is to be cleared also where this fails. */
static enum deed_status judge(struct cert *leaf,
			      const struct pki_params *params,
			      struct pki_path *out, struct deed_error *err)
{
	struct search s = { .params = params, .best = out, .err = err };
	struct is_anchor trusted = { .cert = leaf };

	*out = (struct pki_path){ .outcome = PKI_NO_PATH, .reason = -1 };
	s.chain[s.len++] = leaf;
	/* A certificate that is itself trusted needs nobody above it. */
	pki_source_each_subject(params->source, cert_fields(leaf)->subject,
				find_anchor, &trusted);
	if (trusted.yes)
		weigh(&s);
	else
		deepen(&s);
	if (s.status != DEED_OK)
		return s.status;
	if (!s.have_best)
		explain(&s);
	if (!out->anchored && !params->no_revocation)
		out->revocation = PKI_REVOCATION_UNKNOWN;
	return DEED_OK;
}

/*
 * Ask whoever completes the source for what kept the path from being good:
 * true where another search may go further.
 */
static bool find_missing(const struct pki_params *params,
			 const struct pki_path *path)
{
	struct pki_want want = { .time = params->time };
	bool found = false;
	unsigned i;

	if (!path->anchored && path->len > 0 && path->outcome == PKI_NO_PATH) {
		want.cert = path->chain[path->len - 1];
		return pki_source_find(params->source, &want);
	}
	if (path->outcome != PKI_NO_REVOCATION)
		return false;
	for (i = 0; i + 1 < path->len; i++) {
		if (path->evidence[i].status != PKI_REVOCATION_UNKNOWN)
			continue;
		want.cert = path->chain[i];
		want.issuer = path->chain[i + 1];
		found = pki_source_find(params->source, &want) || found;
	}
	return found;
}

/* Each round takes a step up, or fetches revocation data once. */
#define ROUNDS_MAX (PKI_PATH_MAX + 4)

enum deed_status pki_judge_path(struct cert *leaf,
				const struct pki_params *params,
				struct pki_path *out, struct deed_error *err)
{
	bool complete = !pki_source_has_finder(params->source);
	size_t size = pki_source_size(params->source);
	enum deed_status status;
	unsigned round;

	status = judge(leaf, params, out, err);
	for (round = 0; !complete && round < ROUNDS_MAX; round++) {
		/* Another thread may have found it since we looked. */
		if (status != DEED_OK ||
		    (!find_missing(params, out) &&
		     pki_source_size(params->source) == size))
			break;
		size = pki_source_size(params->source);
		pki_path_clear(out);
		status = judge(leaf, params, out, err);
	}
	return status;
}

void pki_path_clear(struct pki_path *path)
{
	while (path->len > 0) {
		pki_evidence_clear(&path->evidence[--path->len]);
		cert_free(path->chain[path->len]);
	}
}
