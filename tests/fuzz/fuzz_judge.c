/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "fuzz/fuzz.h"
#include "judge/judge.h"

/*
 * A file that should be a SignedData, through everything that judges one:
 * BER, signers, counter-signatures, tokens, chains.  Nobody is trusted, so
 * nothing may pass; and what is intact is intact again.
 */
static size_t judge(struct slice bytes, struct slice content,
		    const struct pki_source *nobody, size_t *intact)
{
	struct judge_params params = { .at = 1790000000, .source = nobody };
	struct verdict_document *doc;
	struct cms_content given;
	size_t i, count;

	*intact = 0;
	if (verdict_document_new("x", &doc, NULL) != DEED_OK)
		return 0;
	cms_content_memory(&given, &content);
	if (judge_cms_bytes(bytes, &given, JUDGE_CMS, 0, &params, doc, NULL) ==
	    DEED_OK) {
		verdict_conclude(doc);
		if (doc->indication == TOTAL_PASSED)
			abort();
	}
	for (i = 0; i < doc->signature_count; i++)
		*intact += doc->signatures[i].integrity == INTEGRITY_INTACT;
	count = doc->signature_count;
	verdict_document_free(doc);
	return count;
}

/* Whoever is in it is believed, so that time-stamps prove something. */
static void judge_believing(const struct cms_signed *sd, struct slice content)
{
	struct judge_params params = { .at = 1790000000,
				       .no_revocation = true };
	struct pki_source *everybody;
	struct verdict_document *doc;
	struct cms_content given;
	struct cert *c;
	unsigned i;

	if (pki_source_new(NULL, &everybody, NULL) != DEED_OK)
		return;
	for (i = 0; i < sd->certificate_count; i++) {
		if (cert_parse(sd->certificates[i], &c, NULL) == DEED_OK)
			(void)!pki_source_add_anchor(everybody, c, NULL);
		cert_free(c);
	}
	params.source = everybody;
	cms_content_memory(&given, &content);
	if (verdict_document_new("x", &doc, NULL) == DEED_OK) {
		(void)!judge_cms_bytes(sd->whole, &given, JUDGE_CMS, 0, &params,
				       doc, NULL);
		verdict_document_free(doc);
	}
	pki_source_free(everybody);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size);
	struct slice content = slice_str("Hello, contract.\n");
	struct pki_source *nobody;
	struct cms_signed *sd;
	size_t before, after, intact, again;

	if (pki_source_new(NULL, &nobody, NULL) != DEED_OK)
		return 0;
	before = judge(bytes, content, nobody, &intact);
	/* What was rewritten from BER says the same as DER. */
	if (cms_signed_parse(bytes, &sd, NULL) == DEED_OK) {
		after = judge(sd->whole, content, nobody, &again);
		if (before != after || intact != again)
			abort();
		judge_believing(sd, content);
		cms_signed_free(sd);
	}
	pki_source_free(nobody);
	return 0;
}
