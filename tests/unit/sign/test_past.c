/* SPDX-License-Identifier: Apache-2.0 */
#include "past_pki.h"

/*
 * Judging in the past: every sub-indication that time brings about, and what
 * saves a signature from it.  Everything is made here, at times of its own.
 * The root and the time-stamp authorities have Ed25519 keys, the signer's
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

static void world_open(struct world *w)
{
	struct entity *stampers[] = { &w->tsa, &w->tsa2, &w->tsa3 };
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
		stampers[i]->name = names[i];
		stampers[i]->key = new_key(KEY_ED25519);
		certify(stampers[i], &w->root, USE_STAMP, from[i], to[i],
			DIGEST_NONE);
	}
	assert_ok(pki_source_new(NULL, &w->source, err));
	assert_ok(pki_source_add_anchor(w->source, w->root.cert, err));
	w->params.source = w->source;
	w->params.constraints = &w->policy;
}

static void world_close(struct world *w)
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
static void good_lists(struct world *w, const char *from, const char *to)
{
	add_crl(w->source, &w->root, from, to, NULL, NULL);
	add_crl(w->source, &w->ca, from, to, NULL, NULL);
}

/* Forget all lists. */
static void forget(struct world *w)
{
	pki_source_free(w->source);
	assert_ok(pki_source_new(NULL, &w->source, err));
	assert_ok(pki_source_add_anchor(w->source, w->root.cert, err));
	w->params.source = w->source;
}

static void sign_with(struct world *w, const struct cms_write_attribute *attr)
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

static void sign(struct world *w)
{
	sign_with(w, NULL);
}

/* Sign what carries a content-time-stamp of this time. */
static void sign_after(struct world *w, const struct entity *tsa,
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
static void raise(struct world *w, const struct entity *tsa, const char *when,
		  enum verdict_level level)
{
	struct stamper stamper = { .tsa = tsa, .now = at(when) };
	struct augment_params params = { .level = level,
					 .now = stamper.now,
					 .stamp = stamp,
					 .stamp_arg = &stamper,
					 .source = w->source };
	struct slice bytes = slice_str(hello);
	struct cms_content content;
	struct buf out = BUF_INIT;

	cms_content_memory(&content, &bytes);
	assert_ok(cades_extend(&params, buf_get(&w->cms), &content, &out, err));
	buf_clear(&w->cms);
	w->cms = out;
}

static struct verdict_document *judge(struct world *w, const char *when)
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

static void tell_all(const struct verdict_signature *sig)
{
	size_t i;

	for (i = 0; i < sig->reason_count; i++)
		print_message("# %s: %s\n", sig->reasons[i].id,
			      sig->reasons[i].message);
}

/* says: words that the reasons hold, NULL. */
static void expect_says(struct world *w, const char *when,
			enum indication indication, enum sub_indication sub,
			const char *says)
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

static void expect(struct world *w, const char *when,
		   enum indication indication, enum sub_indication sub)
{
	expect_says(w, when, indication, sub, NULL);
}

static void expect_level(struct world *w, const char *when,
			 enum verdict_level level)
{
	struct verdict_document *doc = judge(w, when);

	if (doc->signatures[0].level != level)
		fail_msg("expected level %s, got %s", verdict_level_text(level),
			 verdict_level_text(doc->signatures[0].level));
	verdict_document_free(doc);
}

/* ---- revocation ---- */

static void test_revoked(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	sign(&w);
	good_lists(&w, "2026-05-10", "2026-05-11");
	expect(&w, SIGNED, TOTAL_PASSED, SUB_NONE);
	/* The next day it is revoked. */
	add_crl(w.source, &w.root, "2026-05-11", "2026-06-10", NULL, NULL);
	add_crl(w.source, &w.ca, "2026-05-11", "2026-06-11", w.leaf.cert,
		"2026-05-11");
	expect_says(&w, "2026-05-12", INDETERMINATE, SUB_REVOKED_NO_POE,
		    "revoked at 2026-05-11T00:00:00Z");
	/* Nothing was known of it before. */
	expect(&w, SIGNED, TOTAL_PASSED, SUB_NONE);
	/* A time-stamp from the day before proves that it is older. */
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect_says(&w, "2026-05-12", TOTAL_PASSED, SUB_NONE, "before that");
	expect_level(&w, "2026-05-12", LEVEL_B_T);
	/* Also where it has expired since, with the list from then. */
	add_crl(w.source, &w.root, "2029-05-10", "2029-06-10", NULL, NULL);
	expect(&w, "2029-05-12", TOTAL_PASSED, SUB_NONE);
	world_close(&w);
}

static void test_stamped_late(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	sign(&w);
	add_crl(w.source, &w.root, "2026-05-10", "2026-06-10", NULL, NULL);
	add_crl(w.source, &w.ca, "2026-05-11", "2026-06-11", w.leaf.cert,
		"2026-05-11");
	raise(&w, &w.tsa, "2026-05-11T00:00:00Z", LEVEL_B_T);
	expect_says(&w, "2026-05-12", INDETERMINATE, SUB_REVOKED_NO_POE,
		    "proven to exist since 2026-05-11T00:00:00Z");
	world_close(&w);
}

/* That it was made after the revocation is proven as well. */
static void test_made_after(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	add_crl(w.source, &w.root, "2026-05-10", "2026-06-10", NULL, NULL);
	add_crl(w.source, &w.ca, "2026-05-11", "2026-06-11", w.leaf.cert,
		"2026-05-09");
	sign_after(&w, &w.tsa, "2026-05-10");
	expect_says(&w, "2026-05-12", TOTAL_FAILED, SUB_REVOKED,
		    "made after 2026-05-10T00:00:00Z");
	/* One from before proves nothing of the kind. */
	sign_after(&w, &w.tsa, "2026-05-08");
	expect(&w, "2026-05-12", INDETERMINATE, SUB_REVOKED_NO_POE);
	/* After it expired. */
	forget(&w);
	add_crl(w.source, &w.root, "2028-02-01", "2028-06-10", NULL, NULL);
	sign_after(&w, &w.tsa, "2028-02-01");
	expect_says(&w, "2028-02-02", TOTAL_FAILED, SUB_EXPIRED,
		    "expired at 2028-01-01T00:00:00Z");
	world_close(&w);
}

static void test_authority_revoked(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	sign(&w);
	add_crl(w.source, &w.ca, "2026-05-09", "2026-06-09", NULL, NULL);
	add_crl(w.source, &w.root, "2026-05-11", "2026-06-11", w.ca.cert,
		"2026-05-11");
	expect_says(&w, "2026-05-12", INDETERMINATE, SUB_REVOKED_CA_NO_POE,
		    "an issuer's certificate was revoked at");
	/* The signature is proven, the list of the revoked authority not: who
	 * stole its key may have made it. */
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect_says(&w, "2026-05-12", INDETERMINATE, SUB_NO_POE,
		    "nothing proves that the revocation data");
	/* With the list under an archive time-stamp it is. */
	forget(&w);
	good_lists(&w, "2026-05-09", "2026-06-09");
	raise(&w, &w.tsa, "2026-05-10T13:00:00Z", LEVEL_B_LTA);
	forget(&w);
	add_crl(w.source, &w.root, "2026-05-11", "2026-06-11", w.ca.cert,
		"2026-05-11");
	expect(&w, "2026-05-12", TOTAL_PASSED, SUB_NONE);
	world_close(&w);
}

static void test_no_data(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	sign(&w);
	expect_says(&w, SIGNED, INDETERMINATE, SUB_TRY_LATER, "--online");
	add_crl(w.source, &w.root, "2026-05-10", "2026-06-10", NULL, NULL);
	expect(&w, SIGNED, INDETERMINATE, SUB_TRY_LATER);
	add_crl(w.source, &w.ca, "2026-05-01", "2026-05-10", NULL, NULL);
	expect(&w, SIGNED, INDETERMINATE, SUB_TRY_LATER);
	w.params.no_revocation = true;
	expect(&w, SIGNED, TOTAL_PASSED, SUB_NONE);
	w.params.no_revocation = false;
	forget(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	expect(&w, SIGNED, TOTAL_PASSED, SUB_NONE);
	/* Nobody is believed. */
	pki_source_free(w.source);
	assert_ok(pki_source_new(NULL, &w.source, err));
	w.params.source = w.source;
	expect(&w, SIGNED, INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND);
	world_close(&w);
}

/* ---- validity ---- */

static void test_expired(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	sign(&w);
	add_crl(w.source, &w.root, "2028-02-01", "2028-03-01", NULL, NULL);
	expect_says(&w, "2028-02-02", INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE,
		    "expired at 2028-01-01T00:00:00Z");
	/* That it was not revoked is known. */
	add_crl(w.source, &w.ca, "2027-12-31", "2028-01-30", NULL, NULL);
	expect(&w, "2028-02-02", INDETERMINATE, SUB_OUT_OF_BOUNDS_NOT_REVOKED);
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect_says(&w, "2028-02-02", TOTAL_PASSED, SUB_NONE,
		    "proven to exist");
	world_close(&w);
}

static void test_not_yet_valid(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	sign(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	raise(&w, &w.tsa, "2025-12-01", LEVEL_B_T);
	add_crl(w.source, &w.root, "2028-02-01", "2028-03-01", NULL, NULL);
	/* While the certificate is good now, its chain is: the time-stamp
	 * speaks when it no longer is. */
	expect_says(&w, "2028-02-02", TOTAL_FAILED, SUB_NOT_YET_VALID,
		    "not valid before 2026-01-01T00:00:00Z");
	sign(&w);
	expect(&w, "2025-12-31", INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE);
	world_close(&w);
}

static void test_authority_expired(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	/* An authority that ends with 2026, of a signer that does not. */
	certify(&w.ca, &w.root, USE_CA, "2020-01-01", "2027-01-01",
		DIGEST_NONE);
	sign(&w);
	add_crl(w.source, &w.root, "2026-12-01", "2028-01-01", NULL, NULL);
	add_crl(w.source, &w.ca, "2026-12-01", "2028-01-01", NULL, NULL);
	expect(&w, "2026-12-02", TOTAL_PASSED, SUB_NONE);
	expect(&w, "2027-02-02", INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE);
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect_says(&w, "2027-02-02", INDETERMINATE,
		    SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE, "has expired");
	w.params.no_revocation = true;
	expect(&w, "2027-02-02", TOTAL_PASSED, SUB_NONE);
	world_close(&w);
}

/* ---- order and delay ---- */

static void test_order(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign_after(&w, &w.tsa, "2026-05-10T13:00:00Z");
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect_says(&w, "2026-05-12", INDETERMINATE,
		    SUB_TIMESTAMP_ORDER_FAILURE, "covers one of");
	sign_after(&w, &w.tsa, SIGNED);
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect(&w, "2026-05-12", TOTAL_PASSED, SUB_NONE);
	/* A time-stamp of the future. */
	sign(&w);
	raise(&w, &w.tsa, "2026-05-20", LEVEL_B_T);
	expect(&w, "2026-05-12", INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE);
	/* An archive time-stamp that claims to be older. */
	sign(&w);
	raise(&w, &w.tsa, "2026-05-12", LEVEL_B_T);
	raise(&w, &w.tsa, "2026-05-11", LEVEL_B_LTA);
	expect(&w, "2026-05-13", INDETERMINATE, SUB_TIMESTAMP_ORDER_FAILURE);
	world_close(&w);
}

static void test_delay(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign(&w);
	raise(&w, &w.tsa, "2026-05-13", LEVEL_B_T);
	expect(&w, "2026-05-14", TOTAL_PASSED, SUB_NONE);
	w.policy.has_delay = true;
	w.policy.delay = 86400;
	expect_says(&w, "2026-05-14", INDETERMINATE,
		    SUB_SIG_CONSTRAINTS_FAILURE, "later than the policy");
	w.policy.delay = 7 * 86400;
	expect(&w, "2026-05-14", TOTAL_PASSED, SUB_NONE);
	world_close(&w);
}

/* An authority that was revoked before it stamped proves nothing; after,
 * what it stamped before stands, if that is proven. */
static void test_stamper_revoked(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-09", "2026-06-09");
	sign(&w);
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	forget(&w);
	add_crl(w.source, &w.root, "2026-05-12", "2026-06-12", w.tsa.cert,
		"2026-05-11");
	add_crl(w.source, &w.ca, "2026-05-11", "2026-06-11", w.leaf.cert,
		"2026-05-11");
	expect_says(&w, "2026-05-12", INDETERMINATE, SUB_REVOKED_NO_POE,
		    "proves nothing");
	world_close(&w);
}

/* ---- algorithms ---- */

static void test_algorithms(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	w.policy.ecdsa = at("2026-06-01");
	sign(&w);
	expect(&w, SIGNED, TOTAL_PASSED, SUB_NONE);
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, "ECDSA");
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect(&w, "2026-06-02", TOTAL_PASSED, SUB_NONE);
	/* A time-stamp from after the end does not help. */
	sign(&w);
	raise(&w, &w.tsa, "2026-06-01T00:00:00Z", LEVEL_B_T);
	expect(&w, "2026-06-02", INDETERMINATE,
	       SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE);
	/* What is never accepted no proof saves. */
	w.policy.ecdsa = CONSTRAINTS_NEVER;
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE, "not accepted");
	/* The time-stamp's own algorithm ends: it proves nothing more. */
	w.policy = *constraints_default();
	w.policy.ecdsa = at("2026-06-01");
	w.policy.ed25519 = at("2026-06-01");
	sign(&w);
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect(&w, "2026-06-02", INDETERMINATE,
	       SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE);
	/* So does the digest of its imprint. */
	w.policy = *constraints_default();
	w.policy.ecdsa = at("2026-06-01");
	w.policy.digest[DIGEST_SHA256] = at("2026-06-01");
	expect(&w, "2026-06-02", INDETERMINATE,
	       SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE);
	world_close(&w);
}

/* Only the signer's own key is too weak; its chain is not. */
static void test_algorithm_of_signature(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	entity_clear(&w.ca);
	w.ca.key = new_key(KEY_ED25519);
	w.ca.cert = NULL;
	certify(&w.ca, &w.root, USE_CA, "2020-01-01", "2040-01-01",
		DIGEST_NONE);
	certify(&w.leaf, &w.ca, USE_SIGN, "2026-01-01", "2028-01-01",
		DIGEST_NONE);
	forget(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	w.policy.ecdsa = at("2026-06-01");
	sign(&w);
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		    "the signature relies on ECDSA");
	sign_after(&w, &w.tsa, "2026-06-01T12:00:00Z");
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE, "made later");
	w.policy.ecdsa = CONSTRAINTS_NEVER;
	sign(&w);
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE, "never");
	world_close(&w);
}

/* A chain over a digest from when that was good. */
static void test_old_chain(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	certify(&w.leaf, &w.ca, USE_SIGN, "2026-01-01", "2028-01-01",
		DIGEST_SHA384);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign(&w);
	w.policy.digest[DIGEST_SHA384] = at("2026-06-01");
	expect_says(&w, "2026-06-02", INDETERMINATE,
		    SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, "sha384");
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect(&w, "2026-06-02", TOTAL_PASSED, SUB_NONE);
	world_close(&w);
}

/* ---- freshness ---- */

static void test_freshness(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	sign(&w);
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	good_lists(&w, "2026-05-09", "2026-06-09");
	expect(&w, "2026-05-11", TOTAL_PASSED, SUB_NONE);
	w.policy.freshness = FRESHNESS_AFTER_SIGNATURE;
	expect(&w, "2026-05-11", INDETERMINATE, SUB_TRY_LATER);
	good_lists(&w, "2026-05-11", "2026-06-11");
	expect(&w, "2026-05-11", TOTAL_PASSED, SUB_NONE);
	/* An age, at the time of judging. */
	w.policy = *constraints_default();
	w.policy.has_age = true;
	w.policy.age = 86400;
	expect(&w, "2026-05-11T12:00:00Z", TOTAL_PASSED, SUB_NONE);
	sign(&w);
	expect(&w, "2026-05-20", INDETERMINATE, SUB_TRY_LATER);
	/* However old. */
	w.policy = *constraints_default();
	expect(&w, "2026-07-01", INDETERMINATE, SUB_TRY_LATER);
	w.policy.freshness = FRESHNESS_ANY;
	expect(&w, "2026-07-01", TOTAL_PASSED, SUB_NONE);
	world_close(&w);
}

/* ---- what else a chain or a signature may lack ---- */

static void test_constraints(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	certify(&w.leaf, &w.ca, USE_NONE, "2026-01-01", "2028-01-01",
		DIGEST_NONE);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign(&w);
	expect(&w, SIGNED, INDETERMINATE, SUB_CHAIN_CONSTRAINTS_FAILURE);
	certify(&w.leaf, &w.ca, USE_ODD, "2026-01-01", "2028-01-01",
		DIGEST_NONE);
	sign(&w);
	expect(&w, SIGNED, INDETERMINATE,
	       SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE);
	certify(&w.leaf, &w.ca, USE_NONE, "2026-01-01", "2028-01-01",
		DIGEST_NONE);
	sign(&w);
	/* No proof mends that. */
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect(&w, "2028-02-02", INDETERMINATE, SUB_CHAIN_CONSTRAINTS_FAILURE);
	world_close(&w);
}

/* A value that the key did not make. */
static void test_forged(void **state)
{
	struct verdict_document *doc;
	struct cms_signed *sd;
	struct world w;
	size_t i;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign(&w);
	assert_ok(cms_signed_parse(buf_get(&w.cms), &sd, err));
	for (i = 0; i + 8 <= w.cms.len; i++) {
		if (memcmp(w.cms.data + i,
			   sd->signers[0].signature.data +
				   sd->signers[0].signature.len - 8,
			   8) == 0)
			w.cms.data[i + 7] ^= 1;
	}
	cms_signed_free(sd);
	doc = judge(&w, SIGNED);
	assert_int_equal(doc->signatures[0].indication, TOTAL_FAILED);
	assert_int_equal(doc->signatures[0].sub, SUB_SIG_CRYPTO_FAILURE);
	assert_int_equal(doc->signatures[0].level, LEVEL_NONE);
	verdict_document_free(doc);
	world_close(&w);
}

static void sign_policy(struct world *w, struct slice value)
{
	struct cms_write_attribute attr = { .type = OID_SIGNATURE_POLICY,
					    .value = value };

	sign_with(w, &attr);
}

static void test_policy(void **state)
{
	struct buf value = BUF_INIT, oid = BUF_INIT;
	struct der_writer w;
	struct world world;
	uint8_t hash[SHA256_SIZE] = { 7 };

	(void)state;
	world_open(&world);
	good_lists(&world, "2026-05-10", "2026-06-10");
	assert_true(oid_encode("2.16.76.1.7", &oid));
	der_writer_init(&w, &value);
	der_begin(&w, DER_SEQUENCE);
	der_put(&w, DER_OID, buf_get(&oid));
	der_begin(&w, DER_SEQUENCE);
	der_put_algorithm(&w, OID_SHA256, false);
	der_put_octets(&w, slice_of(hash, sizeof(hash)));
	der_end(&w);
	der_end(&w);
	sign_policy(&world, buf_get(&value));
	expect_says(&world, SIGNED, TOTAL_PASSED, SUB_NONE, "2.16.76.1.7");
	world.policy.any_policy = false;
	expect(&world, SIGNED, INDETERMINATE,
	       SUB_SIGNATURE_POLICY_NOT_AVAILABLE);
	world.policy.policy_count = 1;
	world.policy.policies[0].oid_len = oid.len;
	memcpy(world.policy.policies[0].oid, oid.data, oid.len);
	expect(&world, SIGNED, TOTAL_PASSED, SUB_NONE);
	world.policy.policies[0].has_sha256 = true;
	expect(&world, SIGNED, INDETERMINATE, SUB_POLICY_PROCESSING_ERROR);
	memcpy(world.policy.policies[0].sha256, hash, sizeof(hash));
	expect(&world, SIGNED, TOTAL_PASSED, SUB_NONE);
	/* In no form that is known; and implied. */
	sign_policy(&world, slice_of("\x04\x01\x00", 3));
	expect(&world, SIGNED, INDETERMINATE, SUB_POLICY_PROCESSING_ERROR);
	sign_policy(&world, slice_of("\x05\x00", 2));
	expect(&world, SIGNED, TOTAL_PASSED, SUB_NONE);
	buf_clear(&value);
	buf_clear(&oid);
	world_close(&world);
}

/* ---- thirty years ---- */

static void test_renewals(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign(&w);
	raise(&w, &w.tsa, SIGNED, LEVEL_B_LT);
	expect_level(&w, SIGNED, LEVEL_B_LT);
	raise(&w, &w.tsa, "2026-05-10T13:00:00Z", LEVEL_B_LTA);
	expect_level(&w, "2026-05-11", LEVEL_B_LTA);
	forget(&w);
	/* The signer's certificate has expired, its authority's list too. */
	add_crl(w.source, &w.root, "2033-12-01", "2034-12-01", NULL, NULL);
	expect(&w, "2034-06-01", TOTAL_PASSED, SUB_NONE);
	raise(&w, &w.tsa2, "2034-06-01", LEVEL_B_LTA);
	forget(&w);
	add_crl(w.source, &w.root, "2044-12-01", "2045-12-01", NULL, NULL);
	expect(&w, "2045-06-01", TOTAL_PASSED, SUB_NONE);
	raise(&w, &w.tsa3, "2045-06-01", LEVEL_B_LTA);
	forget(&w);
	/* Offline but for the list about the last authority. */
	add_crl(w.source, &w.root, "2056-01-01", "2057-01-01", NULL, NULL);
	expect(&w, "2056-06-01", TOTAL_PASSED, SUB_NONE);
	/* With what the signer used broken long ago. */
	w.policy.ecdsa = at("2030-01-01");
	expect(&w, "2056-06-01", TOTAL_PASSED, SUB_NONE);
	/* Broken before it was stamped. */
	w.policy.ecdsa = at("2026-01-01");
	expect(&w, "2056-06-01", INDETERMINATE,
	       SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE);
	w.policy = *constraints_default();
	/* Without the list, the last authority may be anything by now. */
	forget(&w);
	expect(&w, "2056-06-01", INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE);
	w.params.no_revocation = true;
	expect(&w, "2056-06-01", TOTAL_PASSED, SUB_NONE);
	/* Nothing lasts for ever. */
	expect(&w, "2061-06-01", INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE);
	world_close(&w);
}

/* A renewal that came too late: nothing held in between. */
static void test_gap(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign(&w);
	raise(&w, &w.tsa, "2026-05-10T13:00:00Z", LEVEL_B_LTA);
	forget(&w);
	add_crl(w.source, &w.root, "2056-01-01", "2057-01-01", NULL, NULL);
	expect(&w, "2056-06-01", INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE);
	world_close(&w);
}

/* ---- the cache ---- */

static void test_cache(void **state)
{
	struct verdict_document *first, *second;
	struct world w;

	(void)state;
	world_open(&w);
	good_lists(&w, "2026-05-10", "2026-06-10");
	sign(&w);
	assert_ok(judge_cache_new(&w.params.cache, err));
	first = judge(&w, SIGNED);
	second = judge(&w, SIGNED);
	assert_int_equal(first->signatures[0].indication, TOTAL_PASSED);
	assert_int_equal(second->signatures[0].indication, TOTAL_PASSED);
	assert_int_equal(second->signatures[0].chain_count, 3);
	assert_memory_equal(first->signatures[0].chain,
			    second->signatures[0].chain, 3 * VERDICT_HASH);
	assert_int_equal(second->signatures[0].revocation, REVOCATION_GOOD);
	verdict_document_free(first);
	verdict_document_free(second);
	/* Another certificate is another question. */
	certify(&w.leaf, &w.ca, USE_NONE, "2026-01-01", "2028-01-01",
		DIGEST_NONE);
	sign(&w);
	expect(&w, SIGNED, INDETERMINATE, SUB_CHAIN_CONSTRAINTS_FAILURE);
	judge_cache_free(w.params.cache);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_stamped_late),
		cmocka_unit_test(test_made_after),
		cmocka_unit_test(test_authority_revoked),
		cmocka_unit_test(test_no_data),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_not_yet_valid),
		cmocka_unit_test(test_authority_expired),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_stamper_revoked),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_algorithm_of_signature),
		cmocka_unit_test(test_old_chain),
		cmocka_unit_test(test_freshness),
		cmocka_unit_test(test_constraints),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_renewals),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_cache),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
