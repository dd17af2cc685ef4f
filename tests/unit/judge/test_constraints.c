/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "codec/oid.h"
#include "judge/constraints.h"

static int64_t day(const char *text)
{
	int64_t t;

	assert_ok(clock_parse(text, &t, err));
	return t;
}

/* What is built in by hand is what its text says. */
static void test_default(void **state)
{
	const struct constraints *c = constraints_default();
	struct constraints read;

	(void)state;
	assert_ok(constraints_read(constraints_default_text(), "default", &read,
				   err));
	assert_memory_equal(&read, c, sizeof(read));
	assert_string_equal(c->name, "deed.default");
	assert_int_equal(constraints_digest_until(c, DIGEST_MD5),
			 CONSTRAINTS_NEVER);
	assert_int_equal(constraints_digest_until(c, DIGEST_SHA1),
			 day("2012-08-01"));
	assert_int_equal(constraints_digest_until(c, DIGEST_SHA256),
			 CONSTRAINTS_OPEN);
	assert_int_equal(constraints_digest_until(c, DIGEST_NONE),
			 CONSTRAINTS_OPEN);
}

/* The manual shows the text, octet for octet. */
static void test_manual(void **state)
{
	const char *top = getenv("top_srcdir");
	struct buf page = BUF_INIT, text = BUF_INIT;
	char path[4096];

	(void)state;
	snprintf(path, sizeof(path), "%s/man/deed-policy.5",
		 top == NULL ? "." : top);
	assert_ok(file_read(path, 1 << 20, &page, err));
	buf_slice(&text, constraints_default_text());
	assert_non_null(memmem(page.data, page.len, text.data, text.len));
	buf_clear(&page);
	buf_clear(&text);
}

static void read_good(const char *text, struct constraints *c)
{
	assert_ok(constraints_read(slice_str(text), "p.yaml", c, err));
}

static void test_members(void **state)
{
	struct constraints c;

	(void)state;
	read_good("name: x\ndigests:\n  sha256: 2030-01-01\nschemes:\n"
		  "  rsa: never\n  rsa-pss: 2040-01-01T12:00:00Z\nkeys:\n"
		  "  rsa:\n    3000: 2030-01-01\n    4096: open\n",
		  &c);
	assert_string_equal(c.name, "x");
	assert_int_equal(c.digest[DIGEST_SHA256], day("2030-01-01"));
	assert_int_equal(c.digest[DIGEST_SHA1], day("2012-08-01"));
	assert_int_equal(c.pkcs1, CONSTRAINTS_NEVER);
	assert_int_equal(c.pss, day("2040-01-01T12:00:00Z"));
	assert_int_equal(c.rsa_count, 2);
	assert_int_equal(c.rsa[0].bits, 3000);
	assert_int_equal(c.ec_count, 1);
	assert_true(c.any_policy);
	assert_false(c.has_age);
	read_good("name: x\nrevocation:\n  freshness: after-signature\n"
		  "  age: 12h\ntimestamps:\n  delay: 7d\n",
		  &c);
	assert_int_equal(c.freshness, FRESHNESS_AFTER_SIGNATURE);
	assert_true(c.has_age && c.has_delay);
	assert_int_equal(c.age, 12 * 3600);
	assert_int_equal(c.delay, 7 * 86400);
	read_good("name: x\nrevocation: {freshness: any, age: none}\n"
		  "signature-policies: none\n",
		  &c);
	assert_int_equal(c.freshness, FRESHNESS_ANY);
	assert_false(c.has_age || c.any_policy);
	assert_int_equal(c.policy_count, 0);
	assert_int_equal(c.covered, COVERED_DOUBT);
	read_good("name: x\ncovered: note\n", &c);
	assert_int_equal(c.covered, COVERED_NOTE);
	assert_false(c.look);
	read_good("name: x\nlook: required\n", &c);
	assert_true(c.look);
	read_good("name: x\nlook: as-asked\n", &c);
	assert_false(c.look);
	read_good("name: x\nsignature-policies:\n  - 1.2.3\n  - 2.16.76.1 "
		  "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495"
		  "991b7852b855\n",
		  &c);
	assert_int_equal(c.policy_count, 2);
	assert_false(c.policies[0].has_sha256);
	assert_true(c.policies[1].has_sha256);
	assert_int_equal(c.policies[1].sha256[0], 0xe3);
}

static void test_purposes(void **state)
{
	struct slice all[CONSTRAINTS_PURPOSES];
	struct constraints c;

	(void)state;
	read_good("name: x\n", &c);
	assert_false(c.any_purpose);
	assert_int_equal(c.purpose_count, 8);
	read_good("name: x\nkey-purposes: any\n", &c);
	assert_true(c.any_purpose);
	read_good("name: x\nkey-purposes: none\n", &c);
	assert_false(c.any_purpose);
	assert_int_equal(c.purpose_count, 0);
	/* A list replaces the one built in. */
	read_good("name: x\nkey-purposes: [emailProtection, 1.2.3.4]\n", &c);
	assert_int_equal(c.purpose_count, 2);
	constraints_purposes(&c, all);
	assert_true(slice_equal(all[0], oid_slice(OID_KP_EMAIL)));
	assert_int_equal(all[1].len, 3);
}

static void test_bad(void **state)
{
	static const char *const bad[] = {
		"",
		"digests: {}\n",
		"name: x y\n",
		"name: ''\n",
		"name: [x]\n",
		"name: "
		"0123456789012345678901234567890123456789012345678901234567890"
		"123\n",
		"name: x\nwhat: 1\n",
		"name: x\ndigests: 1\n",
		"name: x\ndigests: {sha257: open}\n",
		"name: x\ndigests: {none: open}\n",
		"name: x\ndigests: {sha1: 2012-13-01}\n",
		"name: x\ndigests: {sha1: soon}\n",
		"name: x\ndigests: {sha1: [open]}\n",
		"name: x\nschemes: {dsa: open}\n",
		"name: x\nkeys: {dsa: {}}\n",
		"name: x\nkeys: {rsa: {big: open}}\n",
		"name: x\nkeys: {rsa: {0: open}}\n",
		"name: x\nkeys: {rsa: {2048: open, 1024: open}}\n",
		"name: x\nkeys: {rsa: {1: open, 2: open, 3: open, 4: open, "
		"5: open, 6: open, 7: open, 8: open, 9: open, 10: open, "
		"11: open, 12: open, 13: open, 14: open, 15: open, 16: open, "
		"17: open}}\n",
		"name: x\nrevocation: {freshness: always}\n",
		"name: x\nrevocation: {age: 7}\n",
		"name: x\nrevocation: {age: 7w}\n",
		"name: x\nrevocation: {age: d}\n",
		"name: x\nrevocation: {age: 99999999d}\n",
		"name: x\nrevocation: {agee: 7d}\n",
		"name: x\ntimestamps: {delay: -1d}\n",
		"name: x\ntimestamps: {late: 1d}\n",
		"name: x\ncovered: fine\n",
		"name: x\ncovered: [note]\n",
		"name: x\nlook: yes\n",
		"name: x\nlook: [required]\n",
		"name: x\nsignature-policies: some\n",
		"name: x\nsignature-policies: {a: b}\n",
		"name: x\nsignature-policies: [1.2.3.x]\n",
		"name: x\nsignature-policies: [1.2.3 sha256:00]\n",
		"name: x\nsignature-policies: [[1.2.3]]\n",
		"name: x\nkey-purposes: some\n",
		"name: x\nkey-purposes: [mail]\n",
		"name: x\nkey-purposes: [commonName]\n",
		"name: x\nkey-purposes: [1.2.x]\n",
		"name: x\nkey-purposes: [[1.2.3]]\n",
		"name: x\nkey-purposes: {a: b}\n",
		"name: x\nkey-purposes: [1.2.1, 1.2.2, 1.2.3, 1.2.4, 1.2.5, "
		"1.2.6, 1.2.7, 1.2.8, 1.2.9, 1.2.10, 1.2.11, 1.2.12, 1.2.13, "
		"1.2.14, 1.2.15, 1.2.16, 1.2.17, 1.2.18, 1.2.19, 1.2.20, "
		"1.2.21, 1.2.22, 1.2.23, 1.2.24, 1.2.25, 1.2.26, 1.2.27, "
		"1.2.28, 1.2.29, 1.2.30, 1.2.31, 1.2.32, 1.2.33]\n",
		"name: x\nname: y\n",
		"- name\n",
		"name: x\ndigests:\n\tsha1: open\n",
	};
	struct constraints c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct deed_error why = DEED_ERROR_INIT;

		if (constraints_read(slice_str(bad[i]), "p.yaml", &c, &why) !=
			    DEED_CONFIG ||
		    strstr(why.message, "p.yaml") == NULL)
			fail_msg("accepted, or said badly: %s: %s", bad[i],
				 why.message);
	}
}

/* The first to end is what decides, and is named. */
static void test_until(void **state)
{
	struct sig_alg alg = { .scheme = SIG_RSA, .digest = DIGEST_SHA1 };
	char what[CONSTRAINTS_WHAT];
	struct constraints c;

	(void)state;
	read_good("name: x\nschemes: {rsa: 2020-01-01, ecdsa: 2030-01-01}\n",
		  &c);
	assert_int_equal(constraints_until(&c, &alg, NULL, what),
			 day("2012-08-01"));
	assert_string_equal(what, "sha1");
	alg.digest = DIGEST_SHA512;
	assert_int_equal(constraints_until(&c, &alg, NULL, what),
			 day("2020-01-01"));
	assert_string_equal(what, "RSA");
	alg.scheme = SIG_ED25519;
	alg.digest = DIGEST_NONE;
	assert_int_equal(constraints_until(&c, &alg, NULL, NULL),
			 CONSTRAINTS_OPEN);
	alg.scheme = SIG_NONE;
	assert_int_equal(constraints_until(&c, &alg, NULL, NULL),
			 CONSTRAINTS_NEVER);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default), cmocka_unit_test(test_manual),
		cmocka_unit_test(test_members), cmocka_unit_test(test_purposes),
		cmocka_unit_test(test_bad),	cmocka_unit_test(test_until),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
