/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "trust/qualify_list.h"

#define GRANTED "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"
#define GONE "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn"
#define STATEMENT \
	"http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/QCStatement"
#define FOR_ESIG "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/QCForESig"
#define CA_QC "http://uri.etsi.org/TrstSvc/Svctype/CA/QC"

/* Texts that the structs may own. */
static char text[][80] = {
	STATEMENT,	 GONE,
	CA_QC,		 GRANTED,
	"OtherCriteria", "http://example.org/QCStatement",
	"granted",	 "http://uri.etsi.org/TrstSvc/Svctype/CA/PKC",
	"suspended",	 "licensed",
	"qualified",	 "1.2.3.4",
	"no policy",	 "EUgeneric/XX",
	"CClist/XX",	 "One",
	"Other",	 FOR_ESIG,
};

static struct cert *load(const char *name)
{
	const char *top = getenv("top_srcdir");
	struct buf b = BUF_INIT;
	struct cert *c;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/tests/data/key/%s",
		       top != NULL ? top : ".", name);
	assert_ok(file_read(path, 1 << 20, &b, err));
	assert_ok(cert_parse(buf_get(&b), &c, err));
	buf_clear(&b);
	return c;
}

static struct cert *load_pem(const char *name)
{
	const char *top = getenv("top_srcdir");
	struct cert_list l = CERT_LIST_INIT;
	struct buf b = BUF_INIT;
	struct cert *c;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/tests/data/pki/%s",
		       top != NULL ? top : ".", name);
	assert_ok(file_read(path, 1 << 20, &b, err));
	assert_ok(cert_list_load(&l, buf_get(&b), name, err));
	c = cert_ref(l.items[0]);
	cert_list_clear(&l);
	buf_clear(&b);
	return c;
}

/* A list of one service, that names the second certificate. */
struct fixture {
	struct cert *chain[2];
	struct cert *listed;
	int64_t issued; /* the first one's */
	char *qualifier[2];
	struct trust_hash identity;
	struct trust_key_usage usage;
	struct trust_qualification rule;
	struct trust_status statuses[2]; /* newest first */
	struct trust_service service;
	struct trust_operator op;
	struct trust_list list;
};

static void set_up(struct fixture *f)
{
	*f = (struct fixture){ .chain = { load("p256.der"),
					  load("p384.der") } };
	f->issued = cert_fields(f->chain[0])->not_before;
	memcpy(f->identity.bytes, cert_sha256(f->chain[1]), 32);
	f->qualifier[0] = text[0];
	f->qualifier[1] = text[17];
	/* The first certificate is no authority's. */
	f->usage = (struct trust_key_usage){ .mask = KU_CERT_SIGN,
					     .value = KU_CERT_SIGN };
	f->rule = (struct trust_qualification){
		.qualifiers = f->qualifier,
		.qualifier_count = 2,
		.criteria = { .assert = TRUST_ASSERT_NONE,
			      .key_usages = &f->usage,
			      .key_usage_count = 1 },
	};
	f->statuses[0] = (struct trust_status){
		.since = f->issued + 1000,
		.status = text[1],
		.type = text[2],
	};
	f->statuses[1] = (struct trust_status){
		.since = f->issued,
		.status = text[3],
		.type = text[2],
		.uses = TRUST_USE_SIGNATURE,
		.qualifications = &f->rule,
		.qualification_count = 1,
	};
	f->service = (struct trust_service){ .identities = &f->identity,
					     .identity_count = 1,
					     .statuses = f->statuses,
					     .status_count = 2 };
	f->op = (struct trust_operator){ .name = text[15],
					 .licence_from = TRUST_NO_TIME,
					 .licence_until = TRUST_NO_TIME,
					 .services = &f->service,
					 .service_count = 1 };
	f->list = (struct trust_list){ .kind = TRUST_LIST_TS119612,
				       .scheme = text[13],
				       .issued = f->issued + 5000,
				       .next_update = f->issued + 9000,
				       .operators = &f->op,
				       .operator_count = 1 };
}

static void tear_down(struct fixture *f)
{
	cert_free(f->chain[0]);
	cert_free(f->chain[1]);
}

static void expect(struct fixture *f, int64_t after, enum qualification is,
		   enum qualify_reason reason)
{
	struct qualify_result r;

	assert_ok(qualify_chain(&f->list, f->chain, 2, false, f->issued + after,
				&r, err));
	assert_string_equal(qualification_text(r.answer.is),
			    qualification_text(is));
	assert_int_equal(r.answer.reason, reason);
	if (is <= QUALIFICATION_LICENSED) {
		assert_ptr_equal(r.by, &f->op);
		assert_ptr_equal(r.service, &f->service);
	}
}

static void expect_path(struct fixture *f, enum qualification is,
			enum qualify_reason reason)
{
	struct qualify_result r;

	assert_ok(qualify_chain(&f->list, f->chain, 2, false, f->issued, &r,
				err));
	assert_string_equal(qualification_text(r.answer.is),
			    qualification_text(is));
	assert_int_equal(r.answer.reason, reason);
}

static void test_times(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	expect(&f, 0, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	expect(&f, 999, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	expect(&f, 1000, QUALIFICATION_NOT, QUALIFY_NOT_LICENSED);
	expect(&f, 9000, QUALIFICATION_NOT, QUALIFY_NOT_LICENSED);
	expect(&f, 9001, QUALIFICATION_UNKNOWN, QUALIFY_LIST_ENDED);
	f.list.next_update = TRUST_NO_TIME;
	expect(&f, 5000, QUALIFICATION_NOT, QUALIFY_NOT_LICENSED);
	expect(&f, 5001, QUALIFICATION_UNKNOWN, QUALIFY_LIST_ENDED);
	f.statuses[1].since++;
	expect(&f, 1, QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
	tear_down(&f);
}

/* The same certificate but for the octet that is at an offset in a part. */
static struct cert *alter(const struct cert *c, struct slice part, size_t at)
{
	const struct slice der = cert_fields(c)->der;
	struct buf b = BUF_INIT;
	struct cert *other;

	buf_slice(&b, der);
	b.data[(size_t)(part.data - der.data) + at] ^= 1;
	assert_ok(cert_parse(buf_get(&b), &other, err));
	buf_clear(&b);
	return other;
}

/* The list has a certificate; the path has another, that differs in it. */
static void expect_altered(struct fixture *f, struct cert *in_path,
			   enum qualification is, enum qualify_reason reason)
{
	struct cert *listed = f->chain[1];

	f->chain[1] = in_path;
	expect(f, 0, is, reason);
	f->chain[1] = listed;
	cert_free(in_path);
}

static void test_identity(void **state)
{
	const struct cert_fields *c;
	struct fixture f;

	(void)state;
	set_up(&f);
	c = cert_fields(f.chain[1]);
	/* not in the list, it is known by its hash alone */
	expect_altered(&f, alter(f.chain[1], c->serial, c->serial.len - 1),
		       QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
	f.list.certificates = &f.listed;
	f.list.certificate_count = 1;
	f.listed = f.chain[1];
	expect(&f, 0, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	expect_altered(&f, alter(f.chain[1], c->serial, c->serial.len - 1),
		       QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	/* the name alone is not enough, nor is the key */
	expect_altered(&f, alter(f.chain[1], c->spki, c->spki.len - 1),
		       QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
	expect_altered(&f, alter(f.chain[1], c->subject, c->subject.len - 1),
		       QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
	tear_down(&f);
}

static void test_unknown_words(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	f.statuses[1].unsupported = text[4];
	expect(&f, 0, QUALIFICATION_UNKNOWN, QUALIFY_RULE_UNKNOWN);
	f.statuses[1].unsupported = NULL;
	f.qualifier[0] = text[5];
	expect(&f, 0, QUALIFICATION_UNKNOWN, QUALIFY_RULE_UNKNOWN);
	f.qualifier[0] = text[0];
	f.statuses[1].status = text[6];
	expect(&f, 0, QUALIFICATION_UNKNOWN, QUALIFY_STATUS_UNKNOWN);
	f.statuses[1].status = text[3];
	f.statuses[1].type = text[7];
	expect(&f, 0, QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
	f.identity.bytes[0] ^= 1;
	f.statuses[1].type = text[2];
	expect(&f, 0, QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
	tear_down(&f);
}

/* Every service on the path is asked, and only lists of the Union's say who
 * is qualified. */
static void test_path(void **state)
{
	struct trust_service two[2];
	struct trust_operator ops[2];
	struct trust_status root;
	struct trust_hash other;
	struct fixture f;

	(void)state;
	set_up(&f);
	memcpy(other.bytes, cert_sha256(f.chain[0]), sizeof(other.bytes));
	root = f.statuses[1];
	two[0] = two[1] = f.service;
	two[1].statuses = &root;
	two[1].status_count = 1;
	f.op.services = two;
	f.op.service_count = 2;
	expect_path(&f, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	root.status = text[1];
	expect_path(&f, QUALIFICATION_UNKNOWN, QUALIFY_SERVICES_CONTRADICT);
	/* one that names nothing on the path is not asked */
	two[1].identities = &other;
	expect_path(&f, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	root.status = text[3];
	two[1].identities = &f.identity;
	ops[0] = ops[1] = f.op;
	ops[0].service_count = ops[1].service_count = 1;
	f.list.operators = ops;
	f.list.operator_count = 2;
	expect_path(&f, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	ops[1].name = text[16];
	expect_path(&f, QUALIFICATION_UNKNOWN, QUALIFY_SERVICES_CONTRADICT);
	f.list.operator_count = 1;
	f.list.scheme = text[14];
	expect_path(&f, QUALIFICATION_UNKNOWN, QUALIFY_OTHER_SCHEME);
	tear_down(&f);
}

static void test_licences(void **state)
{
	struct fixture f;

	(void)state;
	set_up(&f);
	f.list.kind = TRUST_LIST_YAML;
	f.statuses[0].status = text[8];
	f.statuses[1].status = text[9];
	f.statuses[1].qualification_count = 0;
	expect(&f, 0, QUALIFICATION_LICENSED, QUALIFY_FINE);
	expect(&f, 1000, QUALIFICATION_NOT, QUALIFY_NOT_LICENSED);
	f.op.licence_until = f.issued + 10;
	expect(&f, 10, QUALIFICATION_LICENSED, QUALIFY_FINE);
	expect(&f, 11, QUALIFICATION_NOT, QUALIFY_NOT_LICENSED);
	f.op.licence_from = f.issued + 1;
	expect(&f, 5, QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
	/* "qualified" is no word of such a list */
	f.op.licence_from = TRUST_NO_TIME;
	f.statuses[1].status = text[10];
	expect(&f, 0, QUALIFICATION_UNKNOWN, QUALIFY_STATUS_UNKNOWN);
	tear_down(&f);
}

static void test_criteria(void **state)
{
	struct trust_key_usage usage = { .mask = KU_CERT_SIGN };
	char *oid = text[11];
	struct trust_policy_set set = { &oid, 1 };
	struct trust_criteria inner = { .assert = TRUST_ASSERT_ALL,
					.policy_sets = &set,
					.policy_set_count = 1 };
	struct trust_criteria c = { .key_usages = &usage,
				    .key_usage_count = 1,
				    .lists = &inner,
				    .list_count = 1 };
	struct cert *cert = load_pem("p256.crt");

	(void)state;
	/* the first is met, the second is not */
	c.assert = TRUST_ASSERT_ALL;
	assert_int_equal(qualify_criteria(&c, cert), QUALIFY_MATCH_NO);
	c.assert = TRUST_ASSERT_AT_LEAST_ONE;
	assert_int_equal(qualify_criteria(&c, cert), QUALIFY_MATCH_YES);
	c.assert = TRUST_ASSERT_NONE;
	assert_int_equal(qualify_criteria(&c, cert), QUALIFY_MATCH_NO);
	usage.value = 1u << 20; /* no certificate has this */
	assert_int_equal(qualify_criteria(&c, cert), QUALIFY_MATCH_YES);
	oid = text[12];
	assert_int_equal(qualify_criteria(&c, cert), QUALIFY_MATCH_UNKNOWN);
	c.assert = (enum trust_assert)0;
	assert_int_equal(qualify_criteria(&c, cert), QUALIFY_MATCH_UNKNOWN);
	cert_free(cert);
}

/* Bits that are not there are not false. */
static void test_key_usage(void **state)
{
	struct trust_key_usage usage = { .mask = KU_CERT_SIGN };
	struct trust_criteria c = { .assert = TRUST_ASSERT_ALL,
				    .key_usages = &usage,
				    .key_usage_count = 1 };
	struct cert *with = load_pem("p256.crt");
	struct cert *without = load("p256.der");

	(void)state;
	assert_int_equal(qualify_criteria(&c, with), QUALIFY_MATCH_YES);
	assert_int_equal(qualify_criteria(&c, without), QUALIFY_MATCH_NO);
	usage.value = KU_CERT_SIGN;
	assert_int_equal(qualify_criteria(&c, with), QUALIFY_MATCH_NO);
	assert_int_equal(qualify_criteria(&c, without), QUALIFY_MATCH_NO);
	c.assert = TRUST_ASSERT_NONE;
	assert_int_equal(qualify_criteria(&c, without), QUALIFY_MATCH_YES);
	cert_free(with);
	cert_free(without);
}

/* What asks for nothing is nobody's, not everybody's. */
static void test_empty(void **state)
{
	struct trust_key_usage usage = { 0 };
	struct trust_policy_set set = { 0 };
	struct trust_criteria inner = { .assert = TRUST_ASSERT_ALL };
	struct trust_criteria c = { 0 };
	struct fixture f;

	(void)state;
	set_up(&f);
	for (c.assert = TRUST_ASSERT_ALL; c.assert <= TRUST_ASSERT_NONE;
	     c.assert++) {
		assert_int_equal(qualify_criteria(&c, f.chain[0]),
				 QUALIFY_MATCH_UNKNOWN);
		c.key_usages = &usage;
		c.key_usage_count = 1;
		assert_int_equal(qualify_criteria(&c, f.chain[0]),
				 QUALIFY_MATCH_UNKNOWN);
		c.key_usage_count = 0;
		c.policy_sets = &set;
		c.policy_set_count = 1;
		/* It has no policies at all, and is not said to lack these. */
		assert_int_equal(qualify_criteria(&c, f.chain[0]),
				 QUALIFY_MATCH_UNKNOWN);
		c.policy_set_count = 0;
		c.lists = &inner;
		c.list_count = 1;
		assert_int_equal(qualify_criteria(&c, f.chain[0]),
				 QUALIFY_MATCH_UNKNOWN);
		c.list_count = 0;
	}
	f.rule.criteria = (struct trust_criteria){ .assert = TRUST_ASSERT_ALL };
	expect(&f, 0, QUALIFICATION_UNKNOWN, QUALIFY_RULE_UNKNOWN);
	tear_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_unknown_words),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_licences),
		cmocka_unit_test(test_criteria),
		cmocka_unit_test(test_key_usage),
		cmocka_unit_test(test_empty),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
