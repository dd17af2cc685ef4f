/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "report/remedy.h"
#include "report/verify_report.h"
#include "report/word.h"

static const struct report_asked nothing;

static struct verdict_document *document(enum sub_indication sub,
					 const char *id)
{
	struct verdict_document *doc;
	struct verdict_signature *sig;

	assert_ok(verdict_document_new("my contract.p7m", &doc, err));
	doc->format = FORMAT_CADES;
	assert_ok(verdict_add(doc, &sig, err));
	verdict_doubt(sig, sub, id, "it is so");
	verdict_conclude(doc);
	return doc;
}

static void check(const struct report_asked *asked, enum sub_indication sub,
		  const char *id, const char *wanted)
{
	struct verdict_document *doc = document(sub, id);
	struct buf out = BUF_INIT;
	char *text;

	report_remedy(asked, doc, 0, 0, &out);
	buf_str(&out, "");
	text = out.len == 0 ? strdup("") : buf_take(&out, NULL);
	assert_string_equal(text, wanted);
	free(text);
	verdict_document_free(doc);
}

static void test_revocation(void **state)
{
	static const struct report_asked online = { .online = true },
					 offline = { .offline = true };

	(void)state;
	check(&nothing, SUB_TRY_LATER, "revocation-unknown",
	      "--online, --crl FILE or --ocsp FILE brings what is missing");
	check(&online, SUB_TRY_LATER, "revocation-unknown",
	      "--crl FILE or --ocsp FILE brings what is missing");
	check(&offline, SUB_TRY_LATER, "revocation-unknown",
	      "--crl FILE or --ocsp FILE brings what is missing");
}

static void test_chain(void **state)
{
	static const char *const trust[] = { "house.pem", "it's.pem" },
				 *const untrusted[] = { "-x" };
	static const struct report_asked asked = {
		.trust = trust,
		.trust_count = 2,
		.untrusted = untrusted,
		.untrusted_count = 1,
		.has_at = true,
		.at = 0,
		.online = true,
	};

	(void)state;
	check(&nothing, SUB_NO_CERTIFICATE_CHAIN_FOUND, "chain-untrusted",
	      "--trust FILE names whom you believe; deed trust path "
	      "'my contract.p7m' shows where the chain ends");
	check(&asked, SUB_NO_CERTIFICATE_CHAIN_FOUND, "chain-untrusted",
	      "deed trust path --trust house.pem --trust 'it'\\''s.pem' "
	      "--untrusted ./-x --at 1970-01-01T00:00:00Z --online 'my "
	      "contract.p7m' shows where the "
	      "chain ends");
}

static void test_files(void **state)
{
	static const struct report_asked given = { .content = true,
						   .policy = true };

	(void)state;
	check(&nothing, SUB_SIGNED_DATA_NOT_FOUND, "content",
	      "--content FILE gives what was signed");
	check(&given, SUB_SIGNED_DATA_NOT_FOUND, "content", "");
	check(&nothing, SUB_FORMAT_FAILURE, "content", "");
	check(&nothing, SUB_NO_SIGNING_CERTIFICATE_FOUND, "signing-certificate",
	      "--untrusted FILE gives the signer's certificate");
	check(&nothing, SUB_SIG_CONSTRAINTS_FAILURE, "signing-certificate", "");
	check(&nothing, SUB_SIGNATURE_POLICY_NOT_AVAILABLE, "signature-policy",
	      "--policy FILE accepts those that FILE names under "
	      "signature-policies");
	check(&given, SUB_SIGNATURE_POLICY_NOT_AVAILABLE, "signature-policy",
	      "signature-policies in the policy's file names those that are "
	      "accepted");
	check(&nothing, SUB_HASH_FAILURE, "message-digest", "");
}

static void test_stamp(void **state)
{
	struct verdict_document *doc =
		document(SUB_OUT_OF_BOUNDS_NO_POE, "timestamp-unproven");
	struct buf out = BUF_INIT;

	(void)state;
	report_remedy(&nothing, doc, 0, 0, &out);
	assert_int_equal(out.len, 0);
	verdict_add_timestamp(&doc->signatures[0], TIMESTAMP_OVER_SIGNATURE, 0,
			      TOTAL_PASSED, SUB_NONE);
	verdict_add_timestamp(&doc->signatures[0], TIMESTAMP_OVER_ALL, 0,
			      INDETERMINATE, SUB_TRY_LATER);
	report_remedy(&nothing, doc, 0, 0, &out);
	assert_true(slice_equal_str(buf_get(&out),
				    "--online, --crl FILE or --ocsp FILE "
				    "brings what is missing"));
	buf_clear(&out);
	verdict_document_free(doc);
}

/* Two reasons with one remedy have one hint. */
static void test_once(void **state)
{
	struct verdict_document *doc =
		document(SUB_TRY_LATER, "revocation-unknown");
	struct buf out = BUF_INIT;
	char *text, *first;

	(void)state;
	verdict_doubt(&doc->signatures[0], SUB_TRY_LATER, "revocation-unknown",
		      "nor is that");
	report_document_text(doc, NULL, &nothing, &out);
	text = buf_take(&out, NULL);
	first = strstr(text, "     hint ");
	assert_non_null(first);
	assert_null(strstr(first + 1, "     hint "));
	free(text);
	verdict_document_free(doc);
}

/* Also where another stands between. */
static void test_once_of_many(void **state)
{
	struct verdict_document *doc =
		document(SUB_TRY_LATER, "revocation-unknown");
	struct verdict_signature *sig = &doc->signatures[0];
	struct buf out = BUF_INIT;
	char *text, *first, *second;

	(void)state;
	verdict_doubt(sig, SUB_TRY_LATER, "certificate-unproven", "too old");
	verdict_doubt(sig, SUB_TRY_LATER, "revocation-unknown", "nor is that");
	report_document_text(doc, NULL, &nothing, &out);
	text = buf_take(&out, NULL);
	first = strstr(text, "     hint ");
	assert_non_null(first);
	second = strstr(first + 1, "     hint ");
	assert_non_null(second);
	assert_null(strstr(second + 1, "     hint "));
	free(text);
	verdict_document_free(doc);
}

/* What was read from standard input no command reads again. */
static void test_standard_input(void **state)
{
	static const char *const trust[] = { "house.pem" };
	static const struct report_asked asked = { .trust = trust,
						   .trust_count = 1 };
	struct verdict_document *doc;
	struct verdict_signature *sig;
	struct buf out = BUF_INIT;
	char *text;

	(void)state;
	assert_ok(verdict_document_new("-", &doc, err));
	assert_ok(verdict_add(doc, &sig, err));
	sig->coverage = COVERAGE_WHOLE_REVISION;
	sig->revision = 1;
	sig->changes_after = CHANGES_OTHER;
	verdict_doubt(sig, SUB_NO_CERTIFICATE_CHAIN_FOUND, "chain-untrusted",
		      "it is so");
	verdict_conclude(doc);
	report_remedy(&asked, doc, 0, 0, &out);
	assert_int_equal(out.len, 0);
	report_remedy(&nothing, doc, 0, 0, &out);
	assert_true(slice_equal_str(buf_get(&out),
				    "--trust FILE names whom you believe"));
	buf_reset(&out);
	report_document_text(doc, NULL, &nothing, &out);
	text = buf_take(&out, NULL);
	assert_null(strstr(text, "deed verify --revision"));
	assert_null(strstr(text, "./-"));
	free(text);
	verdict_document_free(doc);
}

static void check_word(const char *text, const char *wanted)
{
	struct buf out = BUF_INIT;
	char *word;

	report_word(text, &out);
	word = buf_take(&out, NULL);
	assert_string_equal(word, wanted);
	free(word);
}

static void test_words(void **state)
{
	(void)state;
	check_word("a.pdf", "a.pdf");
	check_word("", "''");
	check_word("-a", "./-a");
	check_word("a b", "'a b'");
	check_word("it's", "'it'\\''s'");
	check_word("$(rm)", "'$(rm)'");
	check_word("a\nb", "'a b'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_revocation),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_stamp),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_once_of_many),
		cmocka_unit_test(test_standard_input),
		cmocka_unit_test(test_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
