/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "key/name_fold.h"
#include "pki/maker.h"
#include "pki/name_constraints.h"
#include "pki/name_match.h"

/*
 * Names against the bases of subtrees, form by form; and whole extensions,
 * well-formed or not, against certificates.
 */
struct row {
	const char *name, *base;
	enum name_match expected;
};

#define IN NAME_WITHIN
#define OUT NAME_OUTSIDE
#define BROKEN NAME_BROKEN

static const struct row dns[] = {
	{ "example.org", "example.org", IN },
	{ "EXAMPLE.Org", "example.ORG", IN },
	{ "a.example.org", "example.org", IN },
	{ "a.b.example.org", "example.org", IN },
	{ "anexample.org", "example.org", OUT },
	{ "example.org.evil.com", "example.org", OUT },
	{ "org", "example.org", OUT },
	{ "example.org", ".example.org", OUT },
	{ "a.example.org", ".example.org", IN },
	{ "anything", "", IN },
	{ "example.org.", "example.org", IN },
	{ "*.example.org", "example.org", IN },
	{ "*.example.org", "a.example.org", OUT },
	{ "", "example.org", BROKEN },
	{ ".", "example.org", BROKEN },
	{ ".example.org", "example.org", BROKEN },
	{ "a..example.org", "example.org", BROKEN },
	{ "me@example.org", "example.org", BROKEN },
	{ "https://example.org", "example.org", BROKEN },
	{ "exa mple.org", "example.org", BROKEN },
	{ "example.org\n", "example.org", BROKEN },
	{ "ex\xc3\xa4mple.org", "example.org", BROKEN },
};

static const struct row mail[] = {
	{ "me@example.org", "me@example.org", IN },
	{ "me@EXAMPLE.org", "me@example.org", IN },
	{ "Me@example.org", "me@example.org", OUT },
	{ "you@example.org", "me@example.org", OUT },
	{ "me@example.org", "example.org", IN },
	{ "me@a.example.org", "example.org", OUT },
	{ "me@a.example.org", ".example.org", IN },
	{ "me@example.org", ".example.org", OUT },
	{ "me@anexample.org", ".example.org", OUT },
	{ "me@example.org", "", IN },
	{ "\"a@b\"@example.org", "example.org", IN },
	{ "me@evil.com@example.org", "evil.com", OUT },
	{ "me", "example.org", BROKEN },
	{ "me@", "example.org", BROKEN },
	{ "@example.org", "example.org", BROKEN },
	{ "me@exa mple.org", "example.org", BROKEN },
	{ "", "example.org", BROKEN },
};

static const struct row uri[] = {
	{ "https://example.org/", "example.org", IN },
	{ "https://example.org", "example.org", IN },
	{ "https://EXAMPLE.org:8080/x?y#z", "example.org", IN },
	{ "ldap://user:word@example.org/", "example.org", IN },
	{ "https://example.org?x@evil.com", "example.org", IN },
	{ "https://evil.com#@example.org", "example.org", OUT },
	{ "https://example.org@evil.com/", "example.org", OUT },
	{ "https://a.example.org/", "example.org", OUT },
	{ "https://a.example.org/", ".example.org", IN },
	{ "https://example.org/", ".example.org", OUT },
	{ "https://example.org/", "", IN },
	{ "https://192.0.2.1/", "example.org", BROKEN },
	{ "https://[2001:db8::1]/", "example.org", BROKEN },
	{ "urn:isbn:123", "example.org", BROKEN },
	{ "mailto:me@example.org", "example.org", BROKEN },
	{ "/example.org", "example.org", BROKEN },
	{ "https:///path", "example.org", BROKEN },
	{ "://example.org", "example.org", BROKEN },
	{ "", "example.org", BROKEN },
	{ "https://exam\tple.org/", "example.org", BROKEN },
};

static void check_rows(const char *form, const struct row *rows, size_t count,
		       enum name_match (*match)(struct slice, struct slice))
{
	enum name_match got;
	size_t i;

	for (i = 0; i < count; i++) {
		got = match(slice_str(rows[i].name), slice_str(rows[i].base));
		if (got != rows[i].expected)
			fail_msg("%s '%s' in '%s': expected %d, got %d", form,
				 rows[i].name, rows[i].base, rows[i].expected,
				 got);
	}
}

static enum name_match match_dns(struct slice name, struct slice base)
{
	return name_match_dns(name, base, false);
}

#define ROWS(rows) rows, sizeof(rows) / sizeof((rows)[0])

static void test_match(void **state)
{
	static const char nul[] = "https://example.org\0.evil.com/";

	(void)state;
	check_rows("DNS", ROWS(dns), match_dns);
	check_rows("mail", ROWS(mail), name_match_mail);
	check_rows("URI", ROWS(uri), name_match_uri);
	assert_int_equal(name_match_uri(slice_of(nul, sizeof(nul) - 1),
					slice_str("example.org")),
			 NAME_BROKEN);
	/* What may stand for a name that is excluded is excluded. */
	assert_int_equal(name_match_dns(slice_str("*.example.org"),
					slice_str("a.example.org"), true),
			 NAME_WITHIN);
	assert_int_equal(name_match_dns(slice_str("*.example.org"),
					slice_str("a.example.com"), true),
			 NAME_OUTSIDE);
}

static void test_addresses(void **state)
{
	static const struct {
		const char *name, *base;
		enum name_match expected;
	} rows[] = {
		{ "c0000207", "c0000200ffffff00", IN },
		{ "c0000307", "c0000200ffffff00", OUT },
		{ "c0000207", "0000000000000000", IN },
		{ "c0000207", "c0000207ffffffff", IN },
		{ "20010db8000000000000000000000001", "c0000200ffffff00", OUT },
		{ "20010db8000000000000000000000001",
		  "20010db8000000000000000000000000"
		  "ffffffff000000000000000000000000",
		  IN },
		{ "c00002", "c0000200ffffff00", BROKEN },
		{ "", "c0000200ffffff00", BROKEN },
	};
	static const char *const bad[] = { "",
					   "c0000200",
					   "c0000200ffff00",
					   "c0000200ff00ff00",
					   "c000020000ffffff",
					   "c0000200fffffffd" };
	struct buf a = BUF_INIT, b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (name_match_ip(maker_hex(&a, rows[i].name),
				  maker_hex(&b, rows[i].base)) !=
		    rows[i].expected)
			fail_msg("address %s in %s", rows[i].name,
				 rows[i].base);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(name_base_ip(maker_hex(&a, bad[i])));
	buf_clear(&a);
	buf_clear(&b);
}

/* Extensions that are none. */
static void test_malformed(void **state)
{
	static const char *const bad[] = {
		"",
		"3000",	    /* neither permitted nor excluded */
		"3002a000", /* an empty list */
		"3002a100",
		"3004a0023000",			/* a subtree without a base */
		"3007a00530038201",		/* cut off */
		"300ba009300782026f720200",	/* minimum as an INTEGER */
		"300ca00a300882036f7267800101", /* minimum 1 */
		"300ca00a300882036f7267810105", /* a maximum */
		"300aa20830068204612e6f72",	/* a third list */
		"3008a00630048202612e",		/* "a." */
		"3006a00430028700",		/* an address of nothing */
		"3006a00430028400",		/* a directoryName, primitive */
		"3006a0043002a400",		/* one without a name */
		"3006a00430028900",		/* a form that is none */
		"3008a10630048202402e",		/* "@." */
		"3006a00430020500",		/* a universal tag */
		"30800000",
	};
	struct name_constraints nc = { .count = 0 };
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (name_constraints_add(&nc, maker_hex(&b, bad[i])))
			fail_msg("'%s' was taken", bad[i]);
	}
	assert_int_equal(nc.count, 0);
	/* The number of sets is bounded. */
	(void)maker_hex(&b, "3009a0073005820361"
			    "6263");
	for (i = 0; i < NAME_CONSTRAINTS_SETS; i++)
		assert_true(name_constraints_add(&nc, buf_get(&b)));
	assert_false(name_constraints_add(&nc, buf_get(&b)));
	buf_clear(&b);
}

#define SAN "2.5.29.17"

struct hold {
	const char *constraints; /* hexadecimal */
	const char *names;	 /* subjectAltName, or NULL */
	enum pki_rule expected;
};

static void test_certificates(void **state)
{
	static const struct hold rows[] = {
		/* permitted DNS "abc"; names abc, x.abc, xabc. */
		{ "3009a00730058203616263", "30058203616263", PKI_RULE_NONE },
		{ "3009a00730058203616263", "30078205782e616263",
		  PKI_RULE_NONE },
		{ "3009a00730058203616263", "3006820478616263",
		  PKI_RULE_PERMITTED },
		{ "3009a10730058203616263", "30058203616263",
		  PKI_RULE_EXCLUDED },
		{ "3009a10730058203616263", "3006820478616263", PKI_RULE_NONE },
		/* A second name spoils the first. */
		{ "3009a00730058203616263", "300a820361626382037a7a7a",
		  PKI_RULE_PERMITTED },
		/* Another form is free, and none is free. */
		{ "3009a00730058203616263",
		  "3007810561406162"
		  "63",
		  PKI_RULE_NONE },
		{ "3009a00730058203616263", NULL, PKI_RULE_NONE },
		/* registeredID constrained: no such name, and one. */
		{ "3008a006300488022a03", NULL, PKI_RULE_NONE },
		{ "3008a006300488022a03", "300488022a03", PKI_RULE_NAME_FORM },
		{ "3008a106300488022a03", "300488022a04", PKI_RULE_NAME_FORM },
		/* Names that are none. */
		{ "3009a00730058203616263", "30", PKI_RULE_EXTENSION },
		{ "3009a00730058203616263", "3003820361", PKI_RULE_EXTENSION },
		{ "3009a00730058203616263", "30020500", PKI_RULE_EXTENSION },
		{ "3009a00730058203616263", "30028200", PKI_RULE_PERMITTED },
		{ "3009a10730058203616263", "30028200", PKI_RULE_EXCLUDED },
		/* directoryName CN=leaf permitted; CN=x excluded. */
		{ "3017a0153013a411300f310d300b060355040313046c656166", NULL,
		  PKI_RULE_NONE },
		{ "3017a1153013a411300f310d300b060355040313044c656146", NULL,
		  PKI_RULE_EXCLUDED },
		{ "3014a0123010a40e300c310a30080603550403130178", NULL,
		  PKI_RULE_PERMITTED },
	};
	struct buf nc_bytes = BUF_INIT, names = BUF_INIT, what = BUF_INIT;
	struct name_constraints nc;
	enum pki_rule got;
	struct cert *c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct maker m = { .subject = "leaf", .issuer = "ca" };

		if (rows[i].names != NULL)
			m.extensions[0] = (struct maker_extension){
				SAN, false, maker_hex(&names, rows[i].names)
			};
		c = make_cert(&m);
		nc = (struct name_constraints){ .count = 0 };
		assert_true(name_constraints_add(
			&nc, maker_hex(&nc_bytes, rows[i].constraints)));
		buf_reset(&what);
		got = name_constraints_check(&nc, c, &what);
		if (got != rows[i].expected)
			fail_msg("row %zu: expected '%s', got '%s'", i,
				 pki_rule_id(rows[i].expected),
				 pki_rule_id(got));
		cert_free(c);
	}
	buf_clear(&nc_bytes);
	buf_clear(&names);
	buf_clear(&what);
}

static void many(unsigned form)
{
	struct buf subtrees = BUF_INIT, names = BUF_INIT;
	struct name_constraints nc = { .count = 0 };
	struct maker m = { .subject = "leaf", .issuer = "ca" };
	struct der_writer w;
	struct cert *c;
	int i;

	der_writer_init(&w, &subtrees);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_CONTEXT_CONS(1));
	for (i = 0; i < 8000; i++) {
		der_begin(&w, DER_SEQUENCE);
		der_put(&w, DER_CONTEXT(form), slice_str("ab"));
		der_end(&w);
	}
	der_end(&w);
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	der_writer_init(&w, &names);
	der_begin(&w, DER_SEQUENCE);
	for (i = 0; i < 8000; i++)
		der_put(&w, DER_CONTEXT(2), slice_str("cd"));
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	m.extensions[0] =
		(struct maker_extension){ SAN, false, buf_get(&names) };
	c = make_cert(&m);
	assert_true(name_constraints_add(&nc, buf_get(&subtrees)));
	assert_int_equal(name_constraints_check(&nc, c, NULL), PKI_RULE_LIMIT);
	cert_free(c);
	buf_clear(&subtrees);
	buf_clear(&names);
}

/* Many names against many subtrees end, those of another form too. */
static void test_many(void **state)
{
	(void)state;
	many(2);
	many(6);
}

static void test_fold(void **state)
{
	static const char *const rows[][2] = {
		{ "Test", "test" },
		{ "  a \t b  ", "a b" },
		{ "\xc3\x84\xc3\x96\xc3\x9c", "\xc3\xa4\xc3\xb6\xc3\xbc" },
		{ "STRASSE", "stra\xc3\x9f"
			     "e" },
		{ "\xce\xa3\xce\x91\xce\xa3", "\xcf\x83\xce\xb1\xcf\x82" },
		{ "\xd0\x9c\xd0\x9e\xd0\xa1", "\xd0\xbc\xd0\xbe\xd1\x81" },
		{ "\xc5\xbd\xc4\x8c", "\xc5\xbe\xc4\x8d" },
		{ "a\xc2\xad"
		  "b",
		  "ab" },
		{ "\xe5\xbe\xb7\xe3\x80\x80\xe5\xad\x97",
		  "\xe5\xbe\xb7 \xe5\xad\x97" },
		{ "\xef\xbc\xa1", "\xef\xbd\x81" },
		/* e and an accent; kelvin; a ligature; MHz in one character,
		 * capitals inside; Georgian; an i with its dot. */
		{ "\xc3\xa9", "E\xcc\x81" },
		{ "\xe2\x84\xaa", "k" },
		{ "\xef\xac\x81n", "FIN" },
		{ "\xe3\x8e\x92", "mhz" },
		{ "\xe1\xb2\x90", "\xe1\x83\x90" },
		{ "\xc4\xb0", "i\xcc\x87" },
		/* A space that normalising makes; one that turns direction. */
		{ "a \xc2\xa8", "a \xcc\x88" },
		{ "a\xe2\x80\xae"
		  "b",
		  "AB" },
		{ "\xff\xfe", "\xff\xfe" },
		{ "\xff\xc3\x84 ", "\xff\xc3\xa4" },
		{ "", "   " },
	};
	struct buf a = BUF_INIT, b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_reset(&a);
		buf_reset(&b);
		name_fold(slice_str(rows[i][0]), &a);
		name_fold(slice_str(rows[i][1]), &b);
		if (!slice_equal(buf_get(&a), buf_get(&b)))
			fail_msg("row %zu: '%s' and '%s' differ", i, rows[i][0],
				 rows[i][1]);
	}
	buf_clear(&a);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_fold),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
