/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>
#include <stdlib.h>

#include "asic/manifest.h"
#include "base/process.h"

#define HEAD                                                          \
	"<m:ASiCManifest xmlns:m='http://uri.etsi.org/02918/v1.2.1#'" \
	" xmlns:d='http://www.w3.org/2000/09/xmldsig#'>"
#define SIG "<m:SigReference URI='META-INF/signature.p7s'/>"
#define REF(uri)                                                      \
	"<m:DataObjectReference URI='" uri "'><d:DigestMethod "       \
	"Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'/>"       \
	"<d:DigestValue>2+Qvrd9HTsjlZKfetS94GFYQAuSF8lWNGLEV0Yqq33k=" \
	"</d:DigestValue></m:DataObjectReference>"
#define TAIL "</m:ASiCManifest>"

static void test_round_trip(void **state)
{
	char first[] = "合同 1.pdf", second[] = "a/b&c'.txt", type[] = "a\"b";
	char signature[] = "META-INF/signature001.p7s";
	struct asic_manifest_reference refs[] = {
		{ .name = first, .alg = DIGEST_SHA256, .digest_len = 32 },
		{ .name = second,
		  .mime_type = type,
		  .alg = DIGEST_SHA512,
		  .digest_len = 64,
		  .rootfile = true },
	};
	struct asic_manifest m = { signature, refs, 2, NULL }, *back;
	struct buf xml = BUF_INIT;

	(void)state;
	memset(refs[0].digest, 0xab, 32);
	memset(refs[1].digest, 0xcd, 64);
	assert_ok(asic_manifest_write(&m, &xml, err));
	assert_ok(asic_manifest_read(buf_get(&xml), "m", &back, err));
	assert_string_equal(back->signature, m.signature);
	assert_true(asic_manifest_names(back, refs[0].name));
	assert_true(asic_manifest_names(back, refs[1].name));
	assert_false(asic_manifest_names(back, ""));
	assert_false(asic_manifest_names(back, "none"));
	assert_int_equal(back->count, 2);
	assert_string_equal(back->references[0].name, first);
	assert_null(back->references[0].mime_type);
	assert_memory_equal(back->references[0].digest, refs[0].digest, 32);
	assert_string_equal(back->references[1].name, second);
	assert_string_equal(back->references[1].mime_type, type);
	assert_int_equal(back->references[1].alg, DIGEST_SHA512);
	assert_true(back->references[1].rootfile);
	asic_manifest_free(back);
	buf_clear(&xml);
}

/* What would not be read again is not written. */
static void test_write_limits(void **state)
{
	char signature[] = "META-INF/signature.p7s", name[600];
	struct asic_manifest m = { signature, NULL, 0, NULL };
	struct buf xml = BUF_INIT;
	struct deed_error err;
	size_t i;

	(void)state;
	memset(name, 0xe5, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	m.references = calloc(MANIFEST_REFERENCES + 1, sizeof(*m.references));
	assert_non_null(m.references);
	for (i = 0; i <= MANIFEST_REFERENCES; i++)
		m.references[i] = (struct asic_manifest_reference){
			.name = name, .alg = DIGEST_SHA256, .digest_len = 32
		};
	m.count = 1000;
	assert_ok(asic_manifest_write(&m, &xml, err));
	assert_true(xml.len <= MANIFEST_SIZE);
	buf_reset(&xml);
	m.count = 3000;
	assert_int_equal(asic_manifest_write(&m, &xml, &err), DEED_LIMIT);
	buf_reset(&xml);
	name[1] = '\0';
	m.count = MANIFEST_REFERENCES;
	assert_ok(asic_manifest_write(&m, &xml, err));
	buf_reset(&xml);
	m.count = MANIFEST_REFERENCES + 1;
	assert_int_equal(asic_manifest_write(&m, &xml, &err), DEED_LIMIT);
	free(m.references);
	buf_clear(&xml);
}

static void test_accepted(void **state)
{
	static const char *const good[] = {
		HEAD SIG REF("a") TAIL,
		HEAD SIG REF("a") REF("b") TAIL,
		HEAD "<m:SigReference URI='META-INF/s.p7s'>" REF(
			"a") "</m:SigReference>" TAIL,
		"<?xml version='1.0'?>\n<!-- x -->\n" HEAD SIG REF("a%20b")
			TAIL,
	};
	struct asic_manifest *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_ok(asic_manifest_read(slice_str(good[i]), "m", &m, err));
		assert_int_equal(m->references[0].alg, DIGEST_SHA256);
		asic_manifest_free(m);
	}
}

static void test_unknown_digest(void **state)
{
	struct asic_manifest *m;

	(void)state;
	assert_ok(asic_manifest_read(
		slice_str(HEAD SIG "<m:DataObjectReference URI='a'>"
				   "<d:DigestMethod Algorithm='urn:new'/>"
				   "<d:DigestValue>AAAA</d:DigestValue>"
				   "</m:DataObjectReference>" TAIL),
		"m", &m, err));
	assert_int_equal(m->references[0].alg, DIGEST_NONE);
	asic_manifest_free(m);
}

static void test_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"<x/>",
		"<ASiCManifest/>",
		HEAD TAIL,
		HEAD SIG TAIL,
		HEAD REF("a") TAIL,
		HEAD SIG SIG REF("a") TAIL,
		HEAD SIG REF("a") REF("a") TAIL,
		HEAD SIG REF("a") REF("%61") TAIL,
		HEAD SIG REF("") TAIL,
		HEAD SIG REF("a%0") TAIL,
		HEAD SIG REF("a%zz") TAIL,
		HEAD SIG REF("a%00b") TAIL,
		HEAD SIG REF("%ff") TAIL,
		HEAD "<m:SigReference/>" REF("a") TAIL,
		HEAD SIG "<m:DataObjectReference/>" TAIL,
		HEAD SIG "<m:DataObjectReference URI='a'/>" TAIL,
		HEAD SIG "<m:DataObjectReference URI='a'>" REF(
			"b") "</m:DataObjectReference>" TAIL,
		HEAD SIG "<m:DataObjectReference URI='a'><d:DigestMethod "
			 "Algorithm='http://www.w3.org/2001/04/xmlenc#sha256'"
			 "/><d:DigestValue>AAAA</d:DigestValue>"
			 "</m:DataObjectReference>" TAIL,
		HEAD SIG "<m:DataObjectReference URI='a'><d:DigestMethod "
			 "Algorithm='urn:x'/><d:DigestValue>A A*A</d:DigestVal"
			 "ue></m:DataObjectReference>" TAIL,
		HEAD SIG "<m:DataObjectReference URI='a'><d:DigestValue>AA<b/>"
			 "AA</d:DigestValue></m:DataObjectReference>" TAIL,
		HEAD SIG "<m:DataObjectReference URI='a'><d:DigestMethod "
			 "Algorithm='urn:x'/><d:DigestMethod Algorithm='urn:y'"
			 "/><d:DigestValue>AAAA</d:DigestValue>"
			 "</m:DataObjectReference>" TAIL,
		HEAD SIG "<m:DataObjectReference URI='a'><d:DigestMethod "
			 "Algorithm='urn:x'/><b><d:DigestValue>AAAA"
			 "</d:DigestValue></b></m:DataObjectReference>" TAIL,
		"<!DOCTYPE a>" HEAD SIG REF("a") TAIL,
	};
	struct asic_manifest *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum deed_status status =
			asic_manifest_read(slice_str(bad[i]), "m", &m, NULL);

		if (status != DEED_MALFORMED && status != DEED_LIMIT)
			fail_msg("case %zu '%s': %s", i, bad[i],
				 deed_status_id(status));
		assert_null(m);
	}
}

static int start(void **state)
{
	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	process_set_helpers(".");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_write_limits),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_unknown_digest),
		cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, NULL);
}
