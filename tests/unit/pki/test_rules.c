/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>

#include "pki/maker.h"
#include "pki/path.h"

/*
 * Whole paths of made certificates: which rule fails and by which of them,
 * sets that loop, and policies that would blow a tree up.
 */
#define POLICIES "2.5.29.32"
#define MAPPINGS "2.5.29.33"
#define CONSTRAINTS "2.5.29.36"
#define INHIBIT_ANY "2.5.29.54"
#define NAMES "2.5.29.30"

struct set {
	struct pki_source *source;
	struct pki_params params;
	struct pki_path path;
};

static void begin(struct set *s)
{
	*s = (struct set){ .params = { .time = MAKER_NOW,
				       .no_revocation = true,
				       .purpose = PKI_ANY } };
	assert_ok(pki_source_new(NULL, &s->source, err));
	s->params.source = s->source;
}

static void add(struct set *s, const struct maker *m, bool anchor)
{
	struct cert *c = make_cert(m);

	if (anchor)
		assert_ok(pki_source_add_anchor(s->source, c, err));
	else
		assert_ok(pki_source_add_certificate(s->source, c, err));
	cert_free(c);
}

static void judge(struct set *s, const struct maker *leaf)
{
	struct cert *c = make_cert(leaf);

	pki_path_clear(&s->path);
	assert_ok(pki_judge_path(c, &s->params, &s->path, err));
	cert_free(c);
}

static void expect(const struct set *s, enum pki_rule rule, unsigned failed)
{
	if (s->path.rule != rule ||
	    (rule != PKI_RULE_NONE && s->path.failed != failed))
		fail_msg("expected '%s' by %u, got '%s' by %u: %s",
			 pki_rule_id(rule), failed, pki_rule_id(s->path.rule),
			 s->path.failed, s->path.message);
	assert_int_equal(s->path.outcome == PKI_GOOD, rule == PKI_RULE_NONE);
	assert_int_equal(s->path.message[0] != '\0', rule != PKI_RULE_NONE);
}

static void end(struct set *s)
{
	pki_path_clear(&s->path);
	pki_source_free(s->source);
}

#define ROOT                                                           \
	{                                                              \
		.subject = "root", .issuer = "root", .subject_key = 1, \
		.issuer_key = 1, .ca = true, .path_len = -1            \
	}
#define CA(name, key, above, above_key)                               \
	{                                                             \
		.subject = name, .issuer = above, .subject_key = key, \
		.issuer_key = above_key, .ca = true, .path_len = -1   \
	}
#define LEAF(above, above_key)                                         \
	{                                                              \
		.subject = "leaf", .issuer = above, .subject_key = 99, \
		.issuer_key = above_key                                \
	}

static const struct maker root = ROOT;

/* An issuer that is there and cannot be read is told of, where nobody else of
 * its name will do. */
static void test_malformed(void **state)
{
	static const struct maker inter = CA("inter", 2, "root", 1);
	const struct maker leaf = LEAF("inter", 2);
	struct cert *c = make_cert(&inter);
	struct slice der = cert_fields(c)->der;
	struct pki_source *above;
	struct set s;
	unsigned i;

	(void)state;
	begin(&s);
	add(&s, &root, true);
	for (i = 0; i < SOURCE_MALFORMED + 2; i++)
		assert_ok(pki_source_add_malformed(s.source, der, "it is odd",
						   err));
	assert_ok(pki_source_add_malformed(s.source, slice_of(der.data, 9),
					   "it is short", err));
	judge(&s, &leaf);
	expect(&s, PKI_RULE_MALFORMED, 0);
	assert_string_equal(s.path.message,
			    "cannot use the certificate of the issuer "
			    "'inter': it is odd");
	/* Seen from a source that stands on it, too. */
	assert_ok(pki_source_new(s.source, &above, err));
	assert_non_null(pki_source_malformed(above, cert_fields(c)->subject));
	assert_null(pki_source_malformed(above, cert_fields(c)->issuer));
	pki_source_free(above);
	add(&s, &inter, false);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NONE, 0);
	cert_free(c);
	end(&s);
}

static void test_near_misses(void **state)
{
	static const struct maker inter = CA("inter", 2, "root", 1);
	static const struct maker old = CA("v1", 3, "root", 1);
	struct maker leaf = LEAF("inter", 2);
	struct maker v1 = old;
	struct set s;

	(void)state;
	begin(&s);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NO_ANCHOR, 0);
	add(&s, &root, true);
	add(&s, &inter, false);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NONE, 0);
	/* Signed by another key than that of the name. */
	leaf.issuer_key = 7;
	judge(&s, &leaf);
	expect(&s, PKI_RULE_SIGNATURE, 0);
	assert_string_equal(s.path.message,
			    "the signature on the certificate does not "
			    "verify with the key of its issuer 'inter'");
	/* A certificate of version 1 is no authority's. */
	v1.version = 1;
	add(&s, &v1, false);
	leaf = (struct maker)LEAF("v1", 3);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NOT_CA, 1);
	end(&s);
}

/* The key identifier leads to the signer, whose name is another. */
static void test_name_chaining(void **state)
{
	static const uint8_t aki[] = { 0x30, 3, 0x80, 1, 5 };
	static const uint8_t ski[] = { 4, 1, 5 };
	struct maker inter = CA("inter", 2, "root", 1);
	struct maker leaf = LEAF("another", 2);
	struct set s;

	(void)state;
	inter.extensions[0] =
		(struct maker_extension){ "2.5.29.14", false,
					  slice_of(ski, sizeof(ski)) };
	leaf.extensions[0] =
		(struct maker_extension){ "2.5.29.35", false,
					  slice_of(aki, sizeof(aki)) };
	begin(&s);
	add(&s, &root, true);
	add(&s, &inter, false);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NAME_CHAINING, 0);
	/* An identifier that misleads does not stop a chain. */
	leaf.issuer = "inter";
	inter.extensions[0].oid = NULL;
	inter.subject_key = 3;
	leaf.issuer_key = 3;
	add(&s, &inter, false);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NONE, 0);
	end(&s);
}

/* Authorities that all certify one another, and no anchor among them. */
static void test_mesh(void **state)
{
	char names[12][8];
	struct maker m;
	struct maker leaf = LEAF("m0", 10);
	struct set s;
	int i, j;

	(void)state;
	begin(&s);
	add(&s, &root, true);
	for (i = 0; i < 12; i++)
		(void)snprintf(names[i], sizeof(names[i]), "m%d", i);
	for (i = 0; i < 12; i++) {
		for (j = 0; j < 12; j++) {
			m = (struct maker)CA(names[i], (uint8_t)(10 + i),
					     names[j], (uint8_t)(10 + j));
			add(&s, &m, false);
		}
	}
	judge(&s, &leaf);
	expect(&s, PKI_RULE_LIMIT, s.path.failed);
	/* One way out is found. */
	m = (struct maker)CA(names[3], 13, "root", 1);
	add(&s, &m, false);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NONE, 0);
	end(&s);
}

/* Where one way fails another is tried; of failures the nearest is told. */
static void test_cross_signed(void **state)
{
	static const struct maker other = { .subject = "other",
					    .issuer = "other",
					    .subject_key = 4,
					    .issuer_key = 4,
					    .ca = true,
					    .path_len = -1 };
	struct maker inter = CA("inter", 2, "root", 1);
	struct maker cross = CA("inter", 2, "other", 4);
	struct maker leaf = LEAF("inter", 2);
	struct set s;

	(void)state;
	inter.ca = false;
	cross.not_after = MAKER_NOW - 1;
	begin(&s);
	add(&s, &root, true);
	add(&s, &other, true);
	add(&s, &inter, false);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NOT_CA, 1);
	add(&s, &cross, false);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_EXPIRED, 1);
	assert_int_equal(s.path.outcome, PKI_CA_EXPIRED);
	cross.not_after = 0;
	add(&s, &cross, false);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NONE, 0);
	assert_int_equal(s.path.len, 3);
	end(&s);
}

/* Self-issued certificates do not count, for length and names. */
static void test_self_issued(void **state)
{
	static const uint8_t only_x[] = { 0x30, 0x14, 0xa0, 0x12, 0x30, 0x10,
					  0xa4, 0x0e, 0x30, 0x0c, 0x31, 0x0a,
					  0x30, 0x08, 0x06, 0x03, 0x55, 0x04,
					  0x03, 0x13, 0x01, 'x' };
	struct maker inter = CA("inter", 2, "root", 1);
	struct maker rolled = CA("inter", 3, "inter", 2);
	struct maker leaf = LEAF("inter", 3);
	struct set s;

	(void)state;
	inter.path_len = 0;
	begin(&s);
	add(&s, &root, true);
	add(&s, &inter, false);
	add(&s, &rolled, false);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NONE, 0);
	assert_int_equal(s.path.len, 4);
	/* Constraints of the user hold from the top. */
	s.params.name_constraints = slice_of(only_x, sizeof(only_x));
	judge(&s, &leaf);
	expect(&s, PKI_RULE_PERMITTED, 2);
	s.params.name_constraints = slice_of(only_x, 3);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_EXTENSION, 3);
	end(&s);
	/* And those of the anchor; the self-issued one is passed over. */
	begin(&s);
	inter = (struct maker)ROOT;
	inter.subject = inter.issuer = "x";
	inter.extensions[0] =
		(struct maker_extension){ NAMES, true,
					  slice_of(only_x, sizeof(only_x)) };
	add(&s, &inter, true);
	leaf = (struct maker)LEAF("x", 1);
	judge(&s, &leaf);
	expect(&s, PKI_RULE_PERMITTED, 0);
	leaf.subject = "x";
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NONE, 0);
	end(&s);
}

/* Policy extensions that are none, in an authority and in the leaf. */
static void test_bad_policies(void **state)
{
	static const struct {
		const char *oid, *value;
		enum pki_rule leaf, authority;
	} rows[] = {
#define BAD PKI_RULE_EXTENSION
		{ POLICIES, "", BAD, BAD },
		{ POLICIES, "3000", BAD, BAD },
		{ POLICIES, "30023000", BAD, BAD },
		{ POLICIES, "300430020600", BAD, BAD },
		{ POLICIES, "3006300406022a03", PKI_RULE_NONE, PKI_RULE_NONE },
		{ POLICIES, "3006300406022a83", BAD, BAD },
		{ POLICIES, "300c300406022a03300406022a03", BAD, BAD },
		{ POLICIES, "3008300606022a033000", BAD, BAD },
		{ POLICIES, "3008300606022a030500", BAD, BAD },
		{ POLICIES, "3006300406022a030500", BAD, BAD },
		{ MAPPINGS, "", PKI_RULE_NONE, BAD },
		{ MAPPINGS, "3000", PKI_RULE_NONE, BAD },
		{ MAPPINGS, "3006300406022a03", PKI_RULE_NONE, BAD },
		{ MAPPINGS, "300a300806022a0306022a04", PKI_RULE_NONE,
		  PKI_RULE_NONE },
		{ MAPPINGS, "300c300a06022a030604551d2000", PKI_RULE_NONE,
		  PKI_RULE_ANY_POLICY_MAPPED },
		{ MAPPINGS, "300c300a0604551d200006022a03", PKI_RULE_NONE,
		  PKI_RULE_ANY_POLICY_MAPPED },
		{ CONSTRAINTS, "", BAD, BAD },
		{ CONSTRAINTS, "3000", BAD, BAD },
		{ CONSTRAINTS, "30028000", BAD, BAD },
		{ CONSTRAINTS, "3003800180", BAD, BAD },
		{ CONSTRAINTS, "300480020001", BAD, BAD },
		{ CONSTRAINTS, "3006810100800100", BAD, BAD },
		{ CONSTRAINTS, "3003820100", BAD, BAD },
		{ CONSTRAINTS, "3009800700ffffffffffff", PKI_RULE_NONE,
		  PKI_RULE_NONE },
		{ CONSTRAINTS, "3003800100", PKI_RULE_POLICY, PKI_RULE_POLICY },
		{ INHIBIT_ANY, "", PKI_RULE_NONE, BAD },
		{ INHIBIT_ANY, "0200", PKI_RULE_NONE, BAD },
		{ INHIBIT_ANY, "0201ff", PKI_RULE_NONE, BAD },
		{ INHIBIT_ANY, "02020001", PKI_RULE_NONE, BAD },
		{ INHIBIT_ANY, "020100", PKI_RULE_NONE, PKI_RULE_NONE },
		{ INHIBIT_ANY, "02010000", PKI_RULE_NONE, BAD },
		{ NAMES, "3000", PKI_RULE_NONE, BAD },
	};
	struct buf b = BUF_INIT;
	struct set s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct maker leaf = LEAF("root", 1);
		struct maker inter = CA("inter", 2, "root", 1);
		struct maker_extension e = { rows[i].oid, true,
					     maker_hex(&b, rows[i].value) };

		begin(&s);
		add(&s, &root, true);
		leaf.extensions[0] = e;
		judge(&s, &leaf);
		if (s.path.rule != rows[i].leaf)
			fail_msg("row %zu, in a leaf: '%s'", i,
				 pki_rule_id(s.path.rule));
		inter.extensions[0] = e;
		leaf = (struct maker)LEAF("inter", 2);
		add(&s, &inter, false);
		judge(&s, &leaf);
		if (s.path.rule != rows[i].authority)
			fail_msg("row %zu, in an authority: '%s'", i,
				 pki_rule_id(s.path.rule));
		end(&s);
	}
	buf_clear(&b);
}

/* Policies 1.2.0 to 1.2.(n-1), content octets. */
static void put_policy(struct der_writer *w, unsigned i)
{
	const uint8_t oid[] = { 0x2a, (uint8_t)i };

	der_put(w, DER_OID, slice_of(oid, sizeof(oid)));
}

/*
 * Ten levels, each of which maps each of its policies to all of the next: a
 * tree would have 20^10 leaves.  The graph has 20 nodes a level.
 */
#define WIDTH 20

static void test_blow_up(void **state)
{
	static const char *const names[] = { "root", "a", "b", "c", "d", "e",
					     "f",    "g", "h", "i", "j" };
	struct buf policies = BUF_INIT, mappings = BUF_INIT;
	struct maker leaf = LEAF("j", 30);
	struct der_writer w;
	unsigned i, j;
	struct set s;

	(void)state;
	der_writer_init(&w, &policies);
	der_begin(&w, DER_SEQUENCE);
	for (i = 0; i < WIDTH; i++) {
		der_begin(&w, DER_SEQUENCE);
		put_policy(&w, i);
		der_end(&w);
	}
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	der_writer_init(&w, &mappings);
	der_begin(&w, DER_SEQUENCE);
	for (i = 0; i < WIDTH; i++) {
		for (j = 0; j < WIDTH; j++) {
			der_begin(&w, DER_SEQUENCE);
			put_policy(&w, i);
			put_policy(&w, j);
			der_end(&w);
		}
	}
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
	begin(&s);
	add(&s, &root, true);
	for (i = 1; i <= 10; i++) {
		struct maker m = CA(names[i], (uint8_t)(20 + i), names[i - 1],
				    (uint8_t)(i == 1 ? 1 : 19 + i));

		m.extensions[0] =
			(struct maker_extension){ POLICIES, true,
						  buf_get(&policies) };
		m.extensions[1] =
			(struct maker_extension){ MAPPINGS, true,
						  buf_get(&mappings) };
		add(&s, &m, false);
	}
	leaf.extensions[0] =
		(struct maker_extension){ POLICIES, true, buf_get(&policies) };
	s.params.explicit_policy = true;
	judge(&s, &leaf);
	expect(&s, PKI_RULE_NONE, 0);
	assert_int_equal(s.path.policy_count, WIDTH);
	assert_false(s.path.any_policy);
	s.params.inhibit_policy_mapping = true;
	judge(&s, &leaf);
	expect(&s, PKI_RULE_POLICY, s.path.failed);
	end(&s);
	buf_clear(&policies);
	buf_clear(&mappings);
}

/* Every rule has an id of its own, a clause and a text. */
/* What a critical extKeyUsage says a signer's certificate is for. */
static void test_key_purpose(void **state)
{
#define SERVER "06082b06010505070301"
#define MAIL "06082b06010505070304"
#define STAMP "06082b06010505070308"
#define STRANGE "06042a030405"
	static const struct {
		const char *value;
		bool critical, good;
		const char *says;
	} cases[] = {
		{ "300a" SERVER, true, false, "is serverAuth" },
		{ "300a" SERVER, false, true, NULL },
		{ "300a" MAIL, true, true, NULL },
		{ "3014" SERVER MAIL, true, true, NULL },
		{ "3014" STAMP SERVER, true, false,
		  "is timeStamping, serverAuth" },
		{ "3006" STRANGE, true, false, "is 1.2.3.4.5" },
		{ "3010" STRANGE MAIL, true, true, NULL },
		{ "3000", true, false, "is empty" },
		{ "0500", true, false, "is empty" },
	};
	const struct slice mail = oid_slice(OID_KP_EMAIL);
	struct buf value = BUF_INIT;
	struct set s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct maker leaf = LEAF("root", 1);

		leaf.extensions[0] = (struct maker_extension){
			"2.5.29.37", cases[i].critical,
			maker_hex(&value, cases[i].value)
		};
		begin(&s);
		add(&s, &root, true);
		s.params.purpose = PKI_SIGNATURE;
		s.params.purposes = &mail;
		s.params.purpose_count = 1;
		judge(&s, &leaf);
		expect(&s, cases[i].good ? PKI_RULE_NONE : PKI_RULE_KEY_PURPOSE,
		       0);
		if (!cases[i].good)
			assert_non_null(strstr(s.path.message, cases[i].says));
		/* Whoever names no purposes accepts all. */
		s.params.purposes = NULL;
		judge(&s, &leaf);
		expect(&s, PKI_RULE_NONE, 0);
		s.params.purposes = &mail;
		s.params.purpose = PKI_ANY;
		judge(&s, &leaf);
		expect(&s, PKI_RULE_NONE, 0);
		end(&s);
	}
	buf_clear(&value);
}

static void test_list(void **state)
{
	int i, j;

	(void)state;
	for (i = 1; i < PKI_RULE_COUNT; i++) {
		assert_true(strlen(pki_rule_clause(i)) > 5);
		assert_true(strlen(pki_rule_text(i)) > 10);
		for (j = 0; j < i; j++)
			assert_string_not_equal(pki_rule_id(i), pki_rule_id(j));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_near_misses),
		cmocka_unit_test(test_name_chaining),
		cmocka_unit_test(test_mesh),
		cmocka_unit_test(test_cross_signed),
		cmocka_unit_test(test_self_issued),
		cmocka_unit_test(test_bad_policies),
		cmocka_unit_test(test_blow_up),
		cmocka_unit_test(test_key_purpose),
		cmocka_unit_test(test_list),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
