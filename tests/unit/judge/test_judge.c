/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/house.h"

static void test_profiles(void **state)
{
	struct cms_sign_params params;
	struct buf out = BUF_INIT;
	struct house h;

	(void)state;
	open_house(&h);
	params = sign_params(&h);
	sign(&params, &out);
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_CMS, 0), TOTAL_PASSED,
		   SUB_NONE, INTACT);
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_DETACHED,
			 JUDGE_ONE_SIGNER | JUDGE_CADES),
		   TOTAL_PASSED, SUB_NONE, INTACT);
	expect_one(judge(&h, buf_get(&out), "x", JUDGE_DETACHED, 0),
		   TOTAL_FAILED, SUB_HASH_FAILURE, INTEGRITY_BROKEN);
	expect_one(judge(&h, buf_get(&out), NULL, JUDGE_DETACHED, 0),
		   INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND, INTEGRITY_UNKNOWN);
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_PDF_SHA1, 0),
		   TOTAL_FAILED, SUB_FORMAT_FAILURE, INTACT);
	params.embed = true;
	params.content = slice_str(hello);
	sign(&params, &out);
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_CMS, 0), TOTAL_PASSED,
		   SUB_NONE, INTACT);
	expect_one(judge(&h, buf_get(&out), NULL, JUDGE_CMS, 0), TOTAL_PASSED,
		   SUB_NONE, INTACT);
	expect_one(judge(&h, buf_get(&out), "x", JUDGE_CMS, 0), TOTAL_FAILED,
		   SUB_HASH_FAILURE, INTEGRITY_BROKEN);
	/* A content inside is refused even where it is the right one, and
	 * where it is empty. */
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_DETACHED, 0),
		   TOTAL_FAILED, SUB_FORMAT_FAILURE, INTACT);
	/* A container may hold it twice, if both are the same. */
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_CONTAINED, 0),
		   TOTAL_PASSED, SUB_NONE, INTACT);
	expect_one(judge(&h, buf_get(&out), "x", JUDGE_CONTAINED, 0),
		   TOTAL_FAILED, SUB_HASH_FAILURE, INTEGRITY_BROKEN);
	expect_one(judge(&h, buf_get(&out), NULL, JUDGE_CONTAINED, 0),
		   TOTAL_FAILED, SUB_FORMAT_FAILURE, INTEGRITY_UNKNOWN);
	params.content = slice_of("", 0);
	sign(&params, &out);
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_DETACHED, 0),
		   TOTAL_FAILED, SUB_HASH_FAILURE, INTEGRITY_BROKEN);
	buf_clear(&out);
	close_house(&h);
}

/* adbe.pkcs7.sha1: the 20 bytes inside are of the content. */
static void test_sha1_content(void **state)
{
	struct constraints policy;
	struct cms_sign_params params;
	struct buf out = BUF_INIT;
	uint8_t digest[20];
	struct house h;

	(void)state;
	open_house(&h);
	digest_once(DIGEST_SHA1, slice_str(hello), digest);
	params = sign_params(&h);
	params.embed = true;
	params.content = slice_of(digest, sizeof(digest));
	sign(&params, &out);
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_PDF_SHA1, 0),
		   INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
		   INTACT);
	policy = *constraints_default();
	policy.digest[DIGEST_SHA1] = CONSTRAINTS_OPEN;
	h.params.constraints = &policy;
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_PDF_SHA1, 0),
		   TOTAL_PASSED, SUB_NONE, INTACT);
	expect_one(judge(&h, buf_get(&out), "x", JUDGE_PDF_SHA1, 0),
		   TOTAL_FAILED, SUB_HASH_FAILURE, INTEGRITY_BROKEN);
	params.content = slice_of(digest, 19);
	sign(&params, &out);
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_PDF_SHA1, 0),
		   TOTAL_FAILED, SUB_FORMAT_FAILURE, INTACT);
	buf_clear(&out);
	close_house(&h);
}

static void test_signers(void **state)
{
	struct verdict_document *doc;
	struct buf data = BUF_INIT;
	struct house h;

	(void)state;
	open_house(&h);
	pki_data("two.p7s", &data);
	doc = judge(&h, buf_get(&data), hello, JUDGE_CMS, 0);
	assert_int_equal(doc->signature_count, 2);
	assert_int_equal(doc->indication, TOTAL_PASSED);
	verdict_document_free(doc);
	doc = judge(&h, buf_get(&data), hello, JUDGE_DETACHED,
		    JUDGE_ONE_SIGNER);
	assert_int_equal(doc->signatures[1].indication, TOTAL_FAILED);
	expect_one(doc, TOTAL_FAILED, SUB_FORMAT_FAILURE, INTACT);
	buf_reset(&data);
	pki_data("degenerate.p7b", &data);
	expect_one(judge(&h, buf_get(&data), hello, JUDGE_DETACHED, 0),
		   TOTAL_FAILED, SUB_FORMAT_FAILURE, INTEGRITY_UNKNOWN);
	expect_one(judge(&h, slice_str("rubbish"), hello, JUDGE_DETACHED, 0),
		   TOTAL_FAILED, SUB_FORMAT_FAILURE, INTEGRITY_UNKNOWN);
	buf_reset(&data);
	pki_data("plain.p7s", &data);
	expect_one(
		judge(&h, buf_get(&data), hello, JUDGE_DETACHED, JUDGE_CADES),
		INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, INTACT);
	buf_clear(&data);
	close_house(&h);
}

/* What a signature leaves out is found among what the verifier was given. */
static void test_given(void **state)
{
	struct buf data = BUF_INIT;
	struct house h;

	(void)state;
	open_house(&h);
	pki_data("nocerts.p7s", &data);
	trust(&h, "rsa.crt", false);
	trust(&h, "inter.crt", false);
	expect_one(judge(&h, buf_get(&data), hello, JUDGE_CMS, 0),
		   INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
		   INTEGRITY_UNKNOWN);
	trust(&h, "p256.crt", false);
	expect_one(judge(&h, buf_get(&data), hello, JUDGE_CMS, 0), TOTAL_PASSED,
		   SUB_NONE, INTACT);
	expect_one(judge(&h, buf_get(&data), "x", JUDGE_CMS, 0), TOTAL_FAILED,
		   SUB_HASH_FAILURE, INTEGRITY_BROKEN);
	buf_clear(&data);
	close_house(&h);
}

/* The stored token covers the content: as content-time-stamp it fits, as
 * signature-time-stamp it does not. */
static void test_tokens(void **state)
{
	struct cms_write_attribute attr = { .type = OID_CONTENT_TIMESTAMP };
	struct buf out = BUF_INIT, token = BUF_INIT;
	struct slice content = slice_str(hello);
	struct verdict_document *doc;
	struct cms_sign_params params;
	struct cms_content given;
	struct house h;

	(void)state;
	open_house(&h);
	pki_data("token.tst", &token);
	attr.value = buf_get(&token);
	params = sign_params(&h);
	params.signed_attrs = &attr;
	params.signed_count = 1;
	sign(&params, &out);
	doc = judge(&h, buf_get(&out), hello, JUDGE_CMS, 0);
	assert_int_equal(doc->signatures[0].timestamp_count, 1);
	assert_int_equal(doc->signatures[0].timestamps[0].indication,
			 TOTAL_PASSED);
	/* It proves that the content is old, not the signature. */
	assert_int_equal(doc->signatures[0].time_source, TIME_CLAIMED);
	assert_int_equal(doc->signatures[0].level, LEVEL_B_B);
	expect_one(doc, TOTAL_PASSED, SUB_NONE, INTACT);
	params.signed_count = 0;
	params.unsigned_attrs = &attr;
	params.unsigned_count = 1;
	attr.type = OID_TIMESTAMP_TOKEN;
	sign(&params, &out);
	doc = judge(&h, buf_get(&out), hello, JUDGE_CMS, 0);
	assert_int_equal(doc->signatures[0].timestamps[0].indication,
			 TOTAL_FAILED);
	assert_int_equal(doc->signatures[0].level, LEVEL_B_B);
	expect_one(doc, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, INTACT);
	/* No token at all. */
	attr.value = slice_str("\x04\x01\x00");
	attr.value.len = 3;
	sign(&params, &out);
	expect_one(judge(&h, buf_get(&out), hello, JUDGE_CMS, 0), INDETERMINATE,
		   SUB_SIG_CONSTRAINTS_FAILURE, INTACT);
	/* By itself. */
	cms_content_memory(&given, &content);
	assert_ok(verdict_document_new("x", &doc, err));
	assert_ok(judge_tst(buf_get(&token), &given, KIND_DOCUMENT_TIMESTAMP,
			    &h.params, doc, err));
	assert_int_equal(doc->signatures[0].time_source, TIME_TIMESTAMP);
	expect_one(doc, TOTAL_PASSED, SUB_NONE, INTACT);
	content = slice_str("x");
	assert_ok(verdict_document_new("x", &doc, err));
	assert_ok(judge_tst(buf_get(&token), &given, KIND_DOCUMENT_TIMESTAMP,
			    &h.params, doc, err));
	expect_one(doc, TOTAL_FAILED, SUB_HASH_FAILURE, INTEGRITY_BROKEN);
	assert_ok(verdict_document_new("x", &doc, err));
	assert_ok(judge_tst(slice_str("no token"), &given,
			    KIND_DOCUMENT_TIMESTAMP, &h.params, doc, err));
	expect_one(doc, TOTAL_FAILED, SUB_FORMAT_FAILURE, INTEGRITY_UNKNOWN);
	buf_clear(&out);
	buf_clear(&token);
	close_house(&h);
}

/* A counter-signature is a SignerInfo over another's signature value. */
static void test_counter_signature(void **state)
{
	struct cms_write_attribute attr = { .type = OID_COUNTERSIGNATURE };
	struct buf out = BUF_INIT, counter = BUF_INIT, both = BUF_INIT;
	struct cms_signed *sd, *inner;
	struct verdict_document *doc;
	struct cms_sign_params params;
	struct slice other;
	struct house h;

	(void)state;
	open_house(&h);
	params = sign_params(&h);
	sign(&params, &out);
	assert_ok(cms_signed_parse(buf_get(&out), &sd, err));
	params.embed = true;
	params.content = sd->signers[0].signature;
	sign(&params, &counter);
	assert_ok(cms_signed_parse(buf_get(&counter), &inner, err));
	attr.value = inner->signers[0].whole;
	assert_ok(cms_add_unsigned(buf_get(&out), &attr, &both, err));
	doc = judge(&h, buf_get(&both), hello, JUDGE_CMS, 0);
	assert_int_equal(doc->signature_count, 2);
	assert_int_equal(doc->signatures[1].kind, KIND_COUNTER_SIGNATURE);
	assert_int_equal(doc->signatures[1].indication, TOTAL_PASSED);
	assert_int_equal(doc->indication, TOTAL_PASSED);
	expect_one(doc, TOTAL_PASSED, SUB_NONE, INTACT);
	/* Over another signature's value: it has failed, and says so. */
	other = sd->signers[0].whole;
	attr.value = other;
	buf_reset(&both);
	assert_ok(cms_add_unsigned(buf_get(&out), &attr, &both, err));
	doc = judge(&h, buf_get(&both), hello, JUDGE_CMS, 0);
	assert_int_equal(doc->signature_count, 2);
	assert_int_equal(doc->signatures[1].indication, TOTAL_FAILED);
	assert_int_equal(doc->indication, TOTAL_FAILED);
	expect_one(doc, TOTAL_PASSED, SUB_NONE, INTACT);
	cms_signed_free(inner);
	cms_signed_free(sd);
	buf_clear(&out);
	buf_clear(&counter);
	buf_clear(&both);
	close_house(&h);
}

static void test_verdict(void **state)
{
	struct verdict_document *doc;
	struct verdict_signature *sig;

	(void)state;
	assert_ok(verdict_document_new("a\033[31mb", &doc, err));
	assert_null(strchr(doc->file, '\033'));
	verdict_conclude(doc);
	assert_int_equal(doc->indication, NO_SIGNATURE);
	assert_ok(verdict_add(doc, &sig, err));
	verdict_note(sig, "note", "only said");
	assert_int_equal(sig->indication, TOTAL_PASSED);
	verdict_doubt(sig, SUB_TRY_LATER, "a", "first");
	verdict_doubt(sig, SUB_NO_POE, "b", "second");
	assert_int_equal(sig->sub, SUB_TRY_LATER);
	/* What was signed comes before who signed. */
	verdict_doubt(sig, SUB_SIGNED_DATA_NOT_FOUND, "b", "graver");
	verdict_doubt(sig, SUB_NO_CERTIFICATE_CHAIN_FOUND, "b", "not so");
	assert_int_equal(sig->sub, SUB_SIGNED_DATA_NOT_FOUND);
	verdict_fail(sig, SUB_HASH_FAILURE, "c", "third %d", 3);
	verdict_fail(sig, SUB_FORMAT_FAILURE, "d", "fourth");
	verdict_doubt(sig, SUB_TRY_LATER, "e", "fifth");
	assert_int_equal(sig->indication, TOTAL_FAILED);
	assert_int_equal(sig->sub, SUB_HASH_FAILURE);
	assert_int_equal(sig->reason_count, 8);
	assert_string_equal(sig->reasons[5].message, "third 3");
	verdict_conclude(doc);
	assert_int_equal(doc->indication, TOTAL_FAILED);
	verdict_document_free(doc);
	verdict_document_free(NULL);
}

/* Of many reasons some are told; those that fail still lower it. */
static void test_many_reasons(void **state)
{
	struct verdict_document *doc;
	struct verdict_signature *sig;
	unsigned i;

	(void)state;
	assert_ok(verdict_document_new("x", &doc, err));
	assert_ok(verdict_add(doc, &sig, err));
	for (i = 0; i < 3 * VERDICT_REASONS; i++)
		verdict_note(sig, "note", "%u", i);
	assert_int_equal(sig->reason_count, VERDICT_REASONS);
	verdict_doubt(sig, SUB_GENERIC, "doubt", "x");
	assert_int_equal(sig->indication, INDETERMINATE);
	for (i = 0; i < 3 * VERDICT_REASONS; i++)
		verdict_fail(sig, SUB_FORMAT_FAILURE, "fails", "%u", i);
	assert_int_equal(sig->indication, TOTAL_FAILED);
	assert_int_equal(sig->reason_count, 2 * VERDICT_REASONS);
	assert_string_equal(sig->reasons[VERDICT_REASONS].id, "fails");
	verdict_document_free(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_sha1_content),
		cmocka_unit_test(test_signers),
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_counter_signature),
		cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_many_reasons),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
