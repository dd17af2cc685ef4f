/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_SIGN_PAST_VALIDATION_WORLD_H
#define DEED_TESTS_UNIT_SIGN_PAST_VALIDATION_WORLD_H

#include "past_validation_pki.h"

/*
 * A signer under an authority under a root, and three time-stamp authorities
 * one after another.  The root and these have Ed25519 keys, the signer's
 * chain P-256, so that the one may be broken and the other not.
 */
static const char hello[] = "Hello, contract.\n";

#define SIGNED "2026-05-10T12:00:00Z"

struct world {
	struct entity root, ca, leaf, tsa, tsa2, tsa3;
	struct pki_source *source;
	struct constraints policy;
	struct judge_params params;
	struct buf cms;
};

static inline void world_open(struct world *w)
{
	struct entity *authorities[] = { &w->tsa, &w->tsa2, &w->tsa3 };
	static const char *const from[] = { "2020-01-01", "2034-01-01",
					    "2044-01-01" };
	static const char *const to[] = { "2036-01-01", "2046-01-01",
					  "2060-01-01" };
	static const char *const names[] = { "tsa", "tsa2", "tsa3" };
	size_t i;

	*w = (struct world){ .policy = *constraints_default() };
	w->root.name = "root";
	w->root.key = new_key(KEY_ED25519);
	certify(&w->root, &w->root, USE_CA, "2020-01-01", "2080-01-01",
		DIGEST_NONE);
	entity_init(&w->ca, "ca", &w->root, USE_CA, "2020-01-01", "2040-01-01");
	entity_init(&w->leaf, "leaf", &w->ca, USE_SIGN, "2026-01-01",
		    "2028-01-01");
	for (i = 0; i < 3; i++) {
		authorities[i]->name = names[i];
		authorities[i]->key = new_key(KEY_ED25519);
		certify(authorities[i], &w->root, USE_STAMP, from[i], to[i],
			DIGEST_NONE);
	}
	assert_ok(pki_source_new(NULL, &w->source, err));
	assert_ok(pki_source_add_anchor(w->source, w->root.cert, err));
	w->params.source = w->source;
	w->params.constraints = &w->policy;
}

static inline void world_close(struct world *w)
{
	struct entity *all[] = { &w->root, &w->ca,   &w->leaf,
				 &w->tsa,  &w->tsa2, &w->tsa3 };
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		entity_clear(all[i]);
	pki_source_free(w->source);
	buf_clear(&w->cms);
}

/* What is known from now on: lists of both authorities, nobody revoked. */
static inline void good_lists(struct world *w, const char *from, const char *to)
{
	add_crl(w->source, &w->root, from, to, NULL, NULL);
	add_crl(w->source, &w->ca, from, to, NULL, NULL);
}

/* Forget all lists. */
static inline void forget(struct world *w)
{
	pki_source_free(w->source);
	assert_ok(pki_source_new(NULL, &w->source, err));
	assert_ok(pki_source_add_anchor(w->source, w->root.cert, err));
	w->params.source = w->source;
}

static inline void sign_with(struct world *w,
			     const struct cms_write_attribute *attr)
{
	const struct cert *chain[] = { w->leaf.cert, w->ca.cert };
	struct cms_sign_params params = { .key = w->leaf.key,
					  .chain = chain,
					  .chain_len = 2,
					  .has_signing_time = true,
					  .signing_time = at(SIGNED),
					  .signed_attrs = attr,
					  .signed_count = attr != NULL };
	uint8_t digest[SHA256_SIZE];

	sha256(slice_str(hello), digest);
	buf_reset(&w->cms);
	assert_ok(cms_sign(&params, slice_of(digest, sizeof(digest)), &w->cms,
			   err));
}

static inline void sign(struct world *w)
{
	sign_with(w, NULL);
}

/* Sign what carries a content-time-stamp of this time. */
static inline void sign_after(struct world *w, const struct entity *tsa,
			      const char *when)
{
	struct cms_write_attribute attr = { .type = OID_CONTENT_TIMESTAMP };
	struct buf token = BUF_INIT;
	uint8_t digest[SHA256_SIZE];

	sha256(slice_str(hello), digest);
	token_make(tsa, NULL, at(when), DIGEST_SHA256,
		   slice_of(digest, sizeof(digest)), &token);
	attr.value = buf_get(&token);
	sign_with(w, &attr);
	buf_clear(&token);
}

/* Raise to a level at a time. */
static inline void raise(struct world *w, const struct entity *tsa,
			 const char *when, enum verdict_level level)
{
	struct authority authority = { .tsa = tsa, .now = at(when) };
	struct augment_params params = { .level = level,
					 .now = authority.now,
					 .ask = stamp,
					 .ask_arg = &authority,
					 .source = w->source };
	struct slice bytes = slice_str(hello);
	struct cms_content content;
	struct buf out = BUF_INIT;

	cms_content_memory(&content, &bytes);
	assert_ok(cades_extend(&params, buf_get(&w->cms), &content, &out, err));
	buf_clear(&w->cms);
	w->cms = out;
}

static inline struct verdict_document *judge(struct world *w, const char *when)
{
	struct slice bytes = slice_str(hello);
	struct verdict_document *doc;
	struct cms_content content;

	w->params.at = at(when);
	cms_content_memory(&content, &bytes);
	assert_ok(verdict_document_new("x", &doc, err));
	assert_ok(judge_cms_bytes(buf_get(&w->cms), &content, JUDGE_DETACHED,
				  JUDGE_CADES, &w->params, doc, err));
	verdict_conclude(doc);
	return doc;
}

static inline void tell_all(const struct verdict_signature *sig)
{
	size_t i;

	for (i = 0; i < sig->reason_count; i++)
		print_message("# %s: %s\n", sig->reasons[i].id,
			      sig->reasons[i].message);
}

/* says: words that the reasons hold, NULL. */
static inline void expect_says(struct world *w, const char *when,
			       enum indication indication,
			       enum sub_indication sub, const char *says)
{
	struct verdict_document *doc = judge(w, when);
	const struct verdict_signature *sig = &doc->signatures[0];
	bool said = says == NULL;
	size_t i;

	for (i = 0; i < sig->reason_count; i++)
		said = said || strstr(sig->reasons[i].message, says) != NULL;
	if (sig->indication != indication || sig->sub != sub || !said) {
		tell_all(sig);
		fail_msg("at %s expected %s %s '%s', got %s %s", when,
			 indication_text(indication),
			 sub == SUB_NONE ? "" : sub_indication_text(sub),
			 says == NULL ? "" : says,
			 indication_text(sig->indication),
			 sig->sub == SUB_NONE ? ""
					      : sub_indication_text(sig->sub));
	}
	assert_int_equal(sig->integrity, INTEGRITY_INTACT);
	verdict_document_free(doc);
}

static inline void expect(struct world *w, const char *when,
			  enum indication indication, enum sub_indication sub)
{
	expect_says(w, when, indication, sub, NULL);
}

static inline void expect_level(struct world *w, const char *when,
				enum verdict_level level)
{
	struct verdict_document *doc = judge(w, when);

	if (doc->signatures[0].level != level)
		fail_msg("expected level %s, got %s", verdict_level_text(level),
			 verdict_level_text(doc->signatures[0].level));
	verdict_document_free(doc);
}

#endif
