/* SPDX-License-Identifier: Apache-2.0 */
#include "past_validation_world.h"

/*
 * Judging in the past: every sub-indication that time brings about, and what
 * saves a signature from it.  Everything is made here, at times of its own.
 */

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

/* Whoever has the key of a revoked authority may make authorities below it,
 * of any date: those count that are proven to be older. */
static void test_issued_by_thief(void **state)
{
	struct entity sub;
	struct world w;

	(void)state;
	world_open(&w);
	entity_init(&sub, "sub", &w.ca, USE_CA, "2020-01-01", "2040-01-01");
	certify(&w.leaf, &sub, USE_SIGN, "2026-01-01", "2028-01-01",
		DIGEST_NONE);
	assert_ok(pki_source_add_certificate(w.source, sub.cert, err));
	good_lists(&w, "2026-05-09", "2026-06-09");
	add_crl(w.source, &sub, "2026-05-09", "2026-06-09", NULL, NULL);
	sign(&w);
	raise(&w, &w.tsa, SIGNED, LEVEL_B_T);
	expect(&w, SIGNED, TOTAL_PASSED, SUB_NONE);
	add_crl(w.source, &w.root, "2026-05-11", "2026-06-11", w.ca.cert,
		"2026-05-11");
	expect_says(&w, "2026-05-12", INDETERMINATE, SUB_NO_POE,
		    "nothing proves that an issuer's certificate is older");
	entity_clear(&sub);
	world_close(&w);
}

static void test_no_data(void **state)
{
	struct world w;

	(void)state;
	world_open(&w);
	sign(&w);
	expect_says(&w, SIGNED, INDETERMINATE, SUB_TRY_LATER,
		    "there is no CRL or OCSP response");
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
		cmocka_unit_test(test_issued_by_thief),
		cmocka_unit_test(test_no_data),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_not_yet_valid),
		cmocka_unit_test(test_authority_expired),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_stamper_revoked),
		cmocka_unit_test(test_renewals),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_cache),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
