/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "office/document/verify_signers.h"

struct who {
	uint8_t certificate;
	char identifier[8], name[16], organisation[8]; /* "-": none */
};

#define MOST 6

static char *text(char *t)
{
	return strcmp(t, "-") == 0 ? NULL : t;
}

static size_t count(struct who *who, size_t n, bool backwards)
{
	struct verdict_signature sig[MOST] = { { 0 } };
	const struct verdict_signature *list[MOST];
	size_t i;

	for (i = 0; i < n; i++) {
		memset(sig[i].certificate, who[i].certificate, VERDICT_HASH);
		sig[i].identifier = text(who[i].identifier);
		sig[i].name = text(who[i].name);
		sig[i].organisation = text(who[i].organisation);
		list[backwards ? n - 1 - i : i] = &sig[i];
	}
	return verify_signer_count(list, n);
}

/* In whatever order they signed. */
#define assert_count(expected, ...)                                \
	do {                                                       \
		static struct who list[] = { __VA_ARGS__ };        \
		const size_t n = sizeof(list) / sizeof(list[0]);   \
		assert_int_equal(count(list, n, false), expected); \
		assert_int_equal(count(list, n, true), expected);  \
	} while (0)

static void test_identifiers(void **state)
{
	(void)state;
	assert_count(1, { 1, "A", "Wang", "-" });
	assert_count(1, { 1, "A", "Wang", "-" }, { 1, "A", "Wang", "-" });
	/* Another certificate, another spelling. */
	assert_count(1, { 1, "A", "Wang", "-" }, { 2, "A", "W.", "Acme" });
	/* Two of one name. */
	assert_count(2, { 1, "A", "Wang", "Acme" }, { 2, "B", "Wang", "Acme" });
	assert_count(2, { 1, "A", "Wang", "-" }, { 2, "a", "Wang", "-" });
}

static void test_names(void **state)
{
	(void)state;
	assert_count(1, { 1, "-", "Wang Li", "Acme" },
		     { 2, "-", " wang  LI", "ACME" });
	assert_count(2, { 1, "-", "Wang", "Acme" },
		     { 2, "-", "Wang", "Other" });
	assert_count(2, { 1, "-", "Wang", "Acme" }, { 2, "-", "Li", "Acme" });
	assert_count(2, { 1, "-", "WangAcme", "-" },
		     { 2, "-", "Wang", "Acme" });
	/* An empty identifier is none. */
	assert_count(1, { 1, "", "Wang", "-" }, { 2, "", "Wang", "-" });
}

static void test_mixed(void **state)
{
	(void)state;
	assert_count(1, { 1, "A", "Wang", "Acme" }, { 2, "-", "wang", "acme" });
	/* Whoever of the two the third is, he is counted. */
	assert_count(2, { 1, "A", "Wang", "-" }, { 2, "B", "Wang", "-" },
		     { 3, "-", "Wang", "-" });
	assert_count(3, { 1, "A", "Wang", "-" }, { 2, "-", "Li", "-" },
		     { 3, "-", "-", "-" });
	assert_count(1, { 3, "-", "-", "-" }, { 3, "-", "-", "-" });
	assert_count(2, { 3, "-", "-", "-" }, { 4, "-", "-", "-" });
}

static void test_nobody(void **state)
{
	(void)state;
	assert_int_equal(verify_signer_count(NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identifiers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_nobody),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
