/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "asic/names.h"

static void test_roles(void **state)
{
	static const struct {
		const char *name;
		enum asic_role role;
	} known[] = {
		{ "mimetype", ASIC_ROLE_MIMETYPE },
		{ "a/mimetype", ASIC_ROLE_OBJECT },
		{ "contract.pdf", ASIC_ROLE_OBJECT },
		{ "META-INF", ASIC_ROLE_OBJECT },
		{ "folder/", ASIC_ROLE_FOLDER },
		{ "META-INF/", ASIC_ROLE_FOLDER },
		{ "META-INF/ASiCManifest.xml", ASIC_ROLE_MANIFEST },
		{ "META-INF/xASiCManifest7.xml", ASIC_ROLE_MANIFEST },
		{ "META-INF/ASiCArchiveManifest.xml", ASIC_ROLE_ARCHIVE },
		{ "META-INF/signature.p7s", ASIC_ROLE_CADES },
		{ "META-INF/signature001.p7s", ASIC_ROLE_CADES },
		{ "META-INF/timestamp.tst", ASIC_ROLE_TIMESTAMP },
		{ "META-INF/signatures.xml", ASIC_ROLE_XADES },
		{ "META-INF/manifest.xml", ASIC_ROLE_OTHER },
		{ "META-INF/evidencerecord.ers", ASIC_ROLE_OTHER },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (asic_role(known[i].name) != known[i].role)
			fail_msg("'%s' has role %d", known[i].name,
				 (int)asic_role(known[i].name));
	}
}

static void test_bad_names(void **state)
{
	static const char *const bad[] = {
		"",	"/",	  "/etc/passwd", ".",	     "..",
		"../x", "a/../b", "a/..",	 "a//b",     "a/./b",
		"a\\b", "a\nb",	  "\x7f",	 "\xff\xfe", "C:\\x",
		"//x",	"a/b//",  "\xc0\xaf",
	};
	static const char *const good[] = {
		"a", "a/b", "a b.txt", "合同.pdf", "...", "a/", "..a", "a..b/c",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (asic_name_is_good(bad[i]))
			fail_msg("'%s' was taken", bad[i]);
	}
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!asic_name_is_good(good[i]))
			fail_msg("'%s' was refused", good[i]);
	}
	assert_false(asic_name_is_object("mimetype"));
	assert_false(asic_name_is_object("META-INF/x"));
	assert_false(asic_name_is_object("folder/"));
	assert_true(asic_name_is_object("meta-inf.txt"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_bad_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
