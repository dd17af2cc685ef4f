/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "trust/qualify.h"

#define ENDS (QUALIFY_EIDAS + 1000000)
#define T0 (QUALIFY_EIDAS + 1000) /* granted from */
#define T1 (QUALIFY_EIDAS + 5000) /* withdrawn from */

static const struct qc_statements esign = { .compliance = true,
					    .has_type = true,
					    .purpose = QC_FOR_SIGNATURES };

static const struct qualify_period history[] = {
	{ .from = T1, .status = QUALIFY_STATUS_WITHDRAWN },
	{ .from = T0,
	  .status = QUALIFY_STATUS_GRANTED,
	  .purpose = QC_FOR_SIGNATURES | QC_FOR_SEALS },
};

static const struct qualify_service ca = { history, 2 };

static struct qualify_list list_of(const struct qualify_service *s, size_t n)
{
	return (struct qualify_list){ .next_update = ENDS,
				      .services = s,
				      .service_count = n };
}

/* At one time, by one granted period with these rules. */
static struct qualify_answer by_rules(const struct qc_statements *q,
				      unsigned purpose,
				      const struct qualify_rule *rules,
				      size_t n)
{
	const struct qualify_period p = { .from = T0,
					  .status = QUALIFY_STATUS_GRANTED,
					  .purpose = purpose,
					  .rules = rules,
					  .rule_count = n };
	const struct qualify_service s = { &p, 1 };
	const struct qualify_list list = list_of(&s, 1);
	const struct qualify_claims c = { .qc = *q, .issued = T0 };
	struct qualify_answer a;

	qualify_at(&list, &c, T0, &a);
	return a;
}

static void expect(const struct qualify_answer *a, enum qualification is,
		   enum qualify_reason reason)
{
	assert_string_equal(qualification_text(a->is), qualification_text(is));
	assert_int_equal(a->reason, reason);
}

static void expect_at(const struct qualify_list *list, int64_t issued,
		      int64_t best, enum qualification is,
		      enum qualify_reason reason)
{
	const struct qualify_claims c = { .qc = esign, .issued = issued };
	struct qualify_answer a;

	qualify(list, &c, best, &a);
	expect(&a, is, reason);
}

static void test_each_second(void **state)
{
	const struct qualify_list list = list_of(&ca, 1);

	(void)state;
	expect_at(&list, T0, T0, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	expect_at(&list, T0 - 1, T0, QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
	expect_at(&list, T0, T1 - 1, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	expect_at(&list, T0, T1, QUALIFICATION_NOT, QUALIFY_NOT_LICENSED);
	expect_at(&list, T1, T1, QUALIFICATION_NOT, QUALIFY_NOT_LICENSED);
}

/* What it says of the time before its end holds; of what is after, nothing. */
static void test_list_ends(void **state)
{
	const struct qualify_service s = { history + 1, 1 };
	const struct qualify_list list = list_of(&s, 1);
	const struct qualify_claims c = { .qc = esign, .issued = T0 };
	struct qualify_answer a;

	(void)state;
	expect_at(&list, T0, ENDS, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	expect_at(&list, T0, ENDS + 1, QUALIFICATION_UNKNOWN,
		  QUALIFY_LIST_ENDED);
	/* it was not licensed when it issued: that is an answer */
	expect_at(&list, T0 - 1, ENDS + 1, QUALIFICATION_NOT,
		  QUALIFY_NOT_LISTED);
	qualify(&list, &c, ENDS + 1, &a);
	assert_int_equal(a.at, ENDS + 1);
	assert_false(a.has_service);
}

/* 48 CAs, each with a day of its own. */
static void test_many_licences(void **state)
{
	struct qualify_period p[48][2];
	struct qualify_service s;
	struct qualify_list list;
	int i;

	(void)state;
	for (i = 0; i < 48; i++) {
		p[i][0] = (struct qualify_period){
			.from = T0 + i * 60,
			.status = QUALIFY_STATUS_GRANTED,
			.purpose = QC_FOR_SIGNATURES,
		};
		p[i][1] = (struct qualify_period){
			.from = T1 + i * 60,
			.status = QUALIFY_STATUS_WITHDRAWN,
		};
		s = (struct qualify_service){ p[i], 2 };
		list = list_of(&s, 1);
		list.form = QUALIFY_FORM_LICENCES;
		expect_at(&list, p[i][0].from - 1, p[i][0].from,
			  QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
		expect_at(&list, p[i][0].from, p[i][1].from - 1,
			  QUALIFICATION_LICENSED, QUALIFY_FINE);
		expect_at(&list, p[i][0].from, p[i][1].from, QUALIFICATION_NOT,
			  QUALIFY_NOT_LICENSED);
		list.own_house = true;
		expect_at(&list, p[i][0].from, p[i][1].from - 1,
			  QUALIFICATION_SELF_ASSERTED, QUALIFY_OWN_HOUSE);
	}
}

static void test_what_it_claims(void **state)
{
	static const struct qc_statements none = { 0 };
	static const struct qc_statements untyped = { .compliance = true };
	static const struct qc_statements swiss = { .compliance = true,
						    .elsewhere = true };
	static const struct qc_statements odd = { .compliance = true,
						  .has_type = true,
						  .other_type = true };
	static const struct qc_statements seal = { .compliance = true,
						   .has_type = true,
						   .purpose = QC_FOR_SEALS };
	/* A seal that only the list calls qualified. */
	static const struct qc_statements plain = { .has_type = true,
						    .purpose = QC_FOR_SEALS };
	static const struct qualify_rule listed = { QUALIFY_MATCH_YES,
						    QUALIFIER_STATEMENT };
	struct qualify_answer a;

	(void)state;
	a = by_rules(&plain, QC_FOR_SIGNATURES, &listed, 1);
	expect(&a, QUALIFICATION_NOT, QUALIFY_OTHER_PURPOSE);
	a = by_rules(&plain, QC_FOR_SEALS, &listed, 1);
	expect(&a, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	assert_int_equal(a.purpose, QC_FOR_SEALS);
	a = by_rules(&none, QC_FOR_SIGNATURES, NULL, 0);
	expect(&a, QUALIFICATION_NOT, QUALIFY_NOT_QUALIFIED);
	a = by_rules(&swiss, QC_FOR_SIGNATURES, NULL, 0);
	expect(&a, QUALIFICATION_NOT, QUALIFY_NOT_QUALIFIED);
	a = by_rules(&odd, QC_FOR_SIGNATURES, NULL, 0);
	expect(&a, QUALIFICATION_UNKNOWN, QUALIFY_RULES_CONTRADICT);
	a = by_rules(&untyped, QC_FOR_SIGNATURES, NULL, 0);
	expect(&a, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	assert_int_equal(a.purpose, QC_FOR_SIGNATURES);
	a = by_rules(&seal, QC_FOR_SIGNATURES, NULL, 0);
	expect(&a, QUALIFICATION_NOT, QUALIFY_OTHER_PURPOSE);
	a = by_rules(&seal, QC_FOR_SEALS, NULL, 0);
	expect(&a, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	assert_int_equal(a.purpose, QC_FOR_SEALS);
}

static void test_rules(void **state)
{
	static const struct qc_statements none = { 0 };
	static const struct {
		const struct qc_statements *q;
		struct qualify_rule rule[2];
		enum qualification is;
		enum qualify_reason reason;
	} t[] = {
		{ &none,
		  { { QUALIFY_MATCH_YES, QUALIFIER_STATEMENT } },
		  QUALIFICATION_UNKNOWN,
		  QUALIFY_PURPOSE_UNKNOWN },
		{ &none,
		  { { QUALIFY_MATCH_YES,
		      QUALIFIER_STATEMENT | QUALIFIER_SIGNATURES } },
		  QUALIFICATION_QUALIFIED,
		  QUALIFY_FINE },
		/* for what it is says nothing of whether it is */
		{ &none,
		  { { QUALIFY_MATCH_YES, QUALIFIER_SIGNATURES } },
		  QUALIFICATION_NOT,
		  QUALIFY_NOT_QUALIFIED },
		{ &esign,
		  { { QUALIFY_MATCH_YES, QUALIFIER_LEGAL_PERSON } },
		  QUALIFICATION_UNKNOWN,
		  QUALIFY_RULES_CONTRADICT },
		{ &none,
		  { { QUALIFY_MATCH_NO, QUALIFIER_STATEMENT } },
		  QUALIFICATION_NOT,
		  QUALIFY_NOT_QUALIFIED },
		{ &esign,
		  { { QUALIFY_MATCH_YES, QUALIFIER_NOT_QUALIFIED } },
		  QUALIFICATION_NOT,
		  QUALIFY_NOT_QUALIFIED },
		{ &esign,
		  { { QUALIFY_MATCH_UNKNOWN, QUALIFIER_STATEMENT } },
		  QUALIFICATION_UNKNOWN,
		  QUALIFY_RULE_UNKNOWN },
		{ &esign,
		  { { QUALIFY_MATCH_YES, QUALIFIER_OTHER } },
		  QUALIFICATION_UNKNOWN,
		  QUALIFY_RULE_UNKNOWN },
		{ &esign,
		  { { QUALIFY_MATCH_YES, QUALIFIER_STATEMENT },
		    { QUALIFY_MATCH_YES, QUALIFIER_NOT_QUALIFIED } },
		  QUALIFICATION_UNKNOWN,
		  QUALIFY_RULES_CONTRADICT },
		{ &esign,
		  { { QUALIFY_MATCH_YES, QUALIFIER_SIGNATURES },
		    { QUALIFY_MATCH_YES, QUALIFIER_SEALS } },
		  QUALIFICATION_UNKNOWN,
		  QUALIFY_RULES_CONTRADICT },
		{ &esign,
		  { { QUALIFY_MATCH_YES, QUALIFIER_WEBSITES } },
		  QUALIFICATION_UNKNOWN,
		  QUALIFY_RULES_CONTRADICT },
	};
	struct qualify_answer a;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		a = by_rules(t[i].q, QC_FOR_SIGNATURES, t[i].rule, 2);
		expect(&a, t[i].is, t[i].reason);
	}
}

static void test_services(void **state)
{
	static const struct qualify_period other[] = {
		{ .from = T0,
		  .status = QUALIFY_STATUS_OTHER,
		  .purpose = QC_FOR_SIGNATURES },
		{ .from = T0, .status = QUALIFY_STATUS_GRANTED },
	};
	const struct qualify_service gone = { history, 1 };
	const struct qualify_service later[] = { ca, gone };
	const struct qualify_period now_gone = {
		.from = T0, .status = QUALIFY_STATUS_WITHDRAWN
	};
	const struct qualify_service two[] = { ca, { &now_gone, 1 } };
	const struct qualify_service odd = { other, 1 };
	const struct qualify_service twice = { other, 2 };
	struct qualify_list list = list_of(later, 2);

	(void)state;
	/* who had not begun says nothing, in either order */
	expect_at(&list, T0, T0, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	expect_at(&list, T1, T1, QUALIFICATION_NOT, QUALIFY_NOT_LICENSED);
	list = list_of(two, 2);
	expect_at(&list, T0, T0, QUALIFICATION_UNKNOWN,
		  QUALIFY_SERVICES_CONTRADICT);
	list = list_of(&odd, 1);
	expect_at(&list, T0, T0, QUALIFICATION_UNKNOWN, QUALIFY_STATUS_UNKNOWN);
	list = list_of(&twice, 1);
	expect_at(&list, T0, T0, QUALIFICATION_UNKNOWN,
		  QUALIFY_HISTORY_CONTRADICTS);
	list = list_of(NULL, 0);
	expect_at(&list, T0, T0, QUALIFICATION_NOT, QUALIFY_NOT_LISTED);
}

static struct qualify_period period(int64_t from, enum qualify_status status,
				    unsigned purpose)
{
	return (struct qualify_period){ .from = from,
					.status = status,
					.purpose = purpose };
}

/* What one list of two services of the same certificate says at T0. */
static struct qualify_answer
by_two(enum qualify_form form, struct qualify_period a, struct qualify_period b)
{
	const struct qualify_service s[] = { { &a, 1 }, { &b, 1 } };
	const struct qualify_service turned[] = { { &b, 1 }, { &a, 1 } };
	const struct qualify_claims c = { .qc = esign, .issued = T0 };
	struct qualify_list list = list_of(s, 2);
	struct qualify_answer one, other;

	list.form = form;
	qualify_at(&list, &c, T0, &one);
	list.services = turned;
	qualify_at(&list, &c, T0, &other);
	expect(&other, one.is, one.reason);
	assert_int_equal(other.purpose, one.purpose);
	return one;
}

static void test_purposes_of_services(void **state)
{
	const enum qualify_status yes = QUALIFY_STATUS_GRANTED;
	const enum qualify_status no = QUALIFY_STATUS_WITHDRAWN;
	const unsigned both = QC_FOR_SIGNATURES | QC_FOR_SEALS;
	const struct qualify_period sign = period(T0, yes, QC_FOR_SIGNATURES);
	const struct qualify_period seal = period(T0, yes, QC_FOR_SEALS);
	const struct qualify_period no_seal = period(T0, no, QC_FOR_SEALS);
	struct qualify_answer a;

	(void)state;
	a = by_two(QUALIFY_FORM_LICENCES, sign, seal);
	expect(&a, QUALIFICATION_LICENSED, QUALIFY_FINE);
	assert_int_equal(a.purpose, both);
	a = by_two(QUALIFY_FORM_LICENCES, sign, no_seal);
	expect(&a, QUALIFICATION_LICENSED, QUALIFY_FINE);
	assert_int_equal(a.purpose, QC_FOR_SIGNATURES);
	a = by_two(QUALIFY_FORM_LICENCES, period(T0, yes, both), no_seal);
	expect(&a, QUALIFICATION_UNKNOWN, QUALIFY_SERVICES_CONTRADICT);
	assert_false(a.has_service);
	a = by_two(QUALIFY_FORM_LICENCES, sign, period(T0, no, 0));
	expect(&a, QUALIFICATION_UNKNOWN, QUALIFY_SERVICES_CONTRADICT);
	/* a certificate for signatures */
	a = by_two(QUALIFY_FORM_TS119612, sign, seal);
	expect(&a, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	assert_int_equal(a.purpose, QC_FOR_SIGNATURES);
	a = by_two(QUALIFY_FORM_TS119612, sign, no_seal);
	expect(&a, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	a = by_two(QUALIFY_FORM_TS119612, sign,
		   period(T0, no, QC_FOR_SIGNATURES));
	expect(&a, QUALIFICATION_UNKNOWN, QUALIFY_SERVICES_CONTRADICT);
}

/* Of a certificate that one service calls for signatures, another for seals;
 * and that one rule calls not qualified, of whatever service. */
static void test_rules_of_services(void **state)
{
	static const struct qualify_rule rules[] = {
		{ QUALIFY_MATCH_YES, QUALIFIER_SIGNATURES },
		{ QUALIFY_MATCH_YES, QUALIFIER_SEALS },
		{ QUALIFY_MATCH_YES, QUALIFIER_NOT_QUALIFIED },
	};
	struct qualify_period sign =
		period(T0, QUALIFY_STATUS_GRANTED, QC_FOR_SIGNATURES);
	struct qualify_period seal =
		period(T0, QUALIFY_STATUS_GRANTED, QC_FOR_SEALS);
	struct qualify_answer a;

	(void)state;
	sign.rule_count = seal.rule_count = 1;
	sign.rules = &rules[0];
	seal.rules = &rules[1];
	a = by_two(QUALIFY_FORM_TS119612, sign, seal);
	expect(&a, QUALIFICATION_UNKNOWN, QUALIFY_SERVICES_CONTRADICT);
	seal.rules = &rules[2];
	a = by_two(QUALIFY_FORM_TS119612, sign, seal);
	expect(&a, QUALIFICATION_UNKNOWN, QUALIFY_SERVICES_CONTRADICT);
}

/* 2016: before, the Directive's words count; since, the Regulation's. */
static void test_directive(void **state)
{
	static const struct qualify_rule rules[] = {
		{ QUALIFY_MATCH_YES, QUALIFIER_STATEMENT },
		{ QUALIFY_MATCH_YES, QUALIFIER_NOT_QUALIFIED },
		{ QUALIFY_MATCH_YES, QUALIFIER_SEALS },
		{ QUALIFY_MATCH_YES, QUALIFIER_LEGAL_PERSON },
	};
	static const struct qc_statements none = { 0 };
	static const struct qc_statements plain = { .compliance = true };
	static const struct qc_statements seal = { .compliance = true,
						   .has_type = true,
						   .purpose = QC_FOR_SEALS };
	const int64_t before = QUALIFY_EIDAS - 1;
	struct qualify_period p[] = {
		period(QUALIFY_EIDAS, QUALIFY_STATUS_GRANTED,
		       QC_FOR_SIGNATURES),
		period(QUALIFY_EIDAS - 1000, QUALIFY_STATUS_SUPERVISED,
		       QC_FOR_SIGNATURES),
	};
	const struct qualify_service s = { p, 2 }, old = { p + 1, 1 };
	struct qualify_list list = list_of(&s, 1);
	struct qualify_claims c = { .qc = plain, .issued = before };
	struct qualify_answer a;
	size_t i;

	(void)state;
	qualify(&list, &c, before, &a);
	expect(&a, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	qualify(&list, &c, QUALIFY_EIDAS, &a);
	expect(&a, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	c.qc = none;
	qualify(&list, &c, T0, &a);
	expect(&a, QUALIFICATION_NOT, QUALIFY_NOT_QUALIFIED);
	/* a policy was enough, once */
	c.policy = true;
	qualify(&list, &c, T0, &a);
	expect(&a, QUALIFICATION_QUALIFIED, QUALIFY_FINE);
	assert_int_equal(a.purpose, QC_FOR_SIGNATURES);
	c.issued = QUALIFY_EIDAS;
	qualify(&list, &c, T0, &a);
	expect(&a, QUALIFICATION_NOT, QUALIFY_NOT_QUALIFIED);
	c = (struct qualify_claims){ .qc = seal, .issued = before };
	qualify(&list, &c, before, &a);
	expect(&a, QUALIFICATION_UNKNOWN, QUALIFY_RULES_CONTRADICT);
	/* a word of the Directive tells nothing since, nor one of the
	 * Regulation before */
	c.qc = plain;
	list.services = &old;
	qualify(&list, &c, QUALIFY_EIDAS, &a);
	expect(&a, QUALIFICATION_UNKNOWN, QUALIFY_STATUS_UNKNOWN);
	p[1].status = QUALIFY_STATUS_GRANTED;
	qualify(&list, &c, before, &a);
	expect(&a, QUALIFICATION_UNKNOWN, QUALIFY_STATUS_UNKNOWN);
	p[1].status = QUALIFY_STATUS_SUPERVISED;
	p[1].rule_count = 1;
	for (i = 0; i < 4; i++) {
		p[1].rules = &rules[i];
		qualify(&list, &c, before, &a);
		expect(&a,
		       i == 1	? QUALIFICATION_NOT
		       : i == 2 ? QUALIFICATION_UNKNOWN
				: QUALIFICATION_QUALIFIED,
		       i == 1	? QUALIFY_NOT_QUALIFIED
		       : i == 2 ? QUALIFY_RULES_CONTRADICT
				: QUALIFY_FINE);
	}
}

static void test_device(void **state)
{
	static const struct {
		unsigned qualifiers;
		enum qualify_device before, since, on_chip;
	} t[] = {
		{ 0, QUALIFY_DEVICE_NO, QUALIFY_DEVICE_NO, QUALIFY_DEVICE_YES },
		{ QUALIFIER_CERT_SSCD, QUALIFY_DEVICE_NO, QUALIFY_DEVICE_NO,
		  QUALIFY_DEVICE_YES },
		{ QUALIFIER_WITH_SSCD, QUALIFY_DEVICE_YES,
		  QUALIFY_DEVICE_UNKNOWN, QUALIFY_DEVICE_UNKNOWN },
		{ QUALIFIER_NO_SSCD | QUALIFIER_NO_QSCD, QUALIFY_DEVICE_NO,
		  QUALIFY_DEVICE_NO, QUALIFY_DEVICE_NO },
		{ QUALIFIER_NO_SSCD | QUALIFIER_WITH_SSCD,
		  QUALIFY_DEVICE_UNKNOWN, QUALIFY_DEVICE_UNKNOWN,
		  QUALIFY_DEVICE_UNKNOWN },
		{ QUALIFIER_BEHALF, QUALIFY_DEVICE_NO, QUALIFY_DEVICE_YES,
		  QUALIFY_DEVICE_YES },
		{ QUALIFIER_BEHALF | QUALIFIER_NO_QSCD, QUALIFY_DEVICE_NO,
		  QUALIFY_DEVICE_UNKNOWN, QUALIFY_DEVICE_UNKNOWN },
		{ QUALIFIER_CERT_QSCD | QUALIFIER_WITH_QSCD, QUALIFY_DEVICE_NO,
		  QUALIFY_DEVICE_UNKNOWN, QUALIFY_DEVICE_UNKNOWN },
	};
	const struct qualify_claims plain = { .qc = esign },
				    chip = { .qc.device = true },
				    plus = { .device_policy = true };
	const int64_t before = QUALIFY_EIDAS - 1;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(
			qualify_device(t[i].qualifiers, &plain, before),
			t[i].before);
		assert_int_equal(
			qualify_device(t[i].qualifiers, &plain, QUALIFY_EIDAS),
			t[i].since);
		assert_int_equal(
			qualify_device(t[i].qualifiers, &chip, QUALIFY_EIDAS),
			t[i].on_chip);
	}
	assert_int_equal(qualify_device(0, &plus, before), QUALIFY_DEVICE_YES);
	assert_int_equal(qualify_device(0, &plus, QUALIFY_EIDAS),
			 QUALIFY_DEVICE_NO);
}

/* A list of another scheme says no, and never yes. */
static void test_other_scheme(void **state)
{
	struct qualify_list list = list_of(&ca, 1);

	(void)state;
	list.form = QUALIFY_FORM_OTHER;
	expect_at(&list, T0, T0, QUALIFICATION_UNKNOWN, QUALIFY_OTHER_SCHEME);
	expect_at(&list, T0, T1, QUALIFICATION_NOT, QUALIFY_NOT_LICENSED);
}

/* Licensed for one set of purposes when it issued, for another later. */
static struct qualify_answer over_time(unsigned before, unsigned after,
				       bool own_house)
{
	const struct qualify_period p[] = {
		period(T0, QUALIFY_STATUS_GRANTED, before),
		period(T1, QUALIFY_STATUS_GRANTED, after),
	};
	const struct qualify_service s = { p, 2 };
	const struct qualify_claims c = { .qc = esign, .issued = T0 };
	struct qualify_list list = list_of(&s, 1);
	struct qualify_answer a;

	list.form = QUALIFY_FORM_LICENCES;
	list.own_house = own_house;
	qualify(&list, &c, T1, &a);
	return a;
}

static void test_purposes_over_time(void **state)
{
	const unsigned both = QC_FOR_SIGNATURES | QC_FOR_SEALS;
	struct qualify_answer a;

	(void)state;
	a = over_time(both, QC_FOR_SIGNATURES, false);
	expect(&a, QUALIFICATION_LICENSED, QUALIFY_FINE);
	assert_int_equal(a.purpose, QC_FOR_SIGNATURES);
	assert_int_equal(a.at, T1);
	a = over_time(QC_FOR_SIGNATURES, both, false);
	expect(&a, QUALIFICATION_LICENSED, QUALIFY_FINE);
	assert_int_equal(a.purpose, QC_FOR_SIGNATURES);
	assert_int_equal(a.at, T0);
	a = over_time(both, QC_FOR_SEALS, true);
	expect(&a, QUALIFICATION_SELF_ASSERTED, QUALIFY_OWN_HOUSE);
	assert_int_equal(a.purpose, QC_FOR_SEALS);
	a = over_time(QC_FOR_SEALS, QC_FOR_SIGNATURES, false);
	expect(&a, QUALIFICATION_NOT, QUALIFY_OTHER_PURPOSE);
	assert_int_equal(a.purpose, 0);
}

/* A list of licences makes nobody qualified, whatever it is told. */
static void test_licence_is_no_more(void **state)
{
	static const struct qualify_rule rule = { QUALIFY_MATCH_YES,
						  QUALIFIER_STATEMENT };
	const struct qualify_period p = { .from = T0,
					  .status = QUALIFY_STATUS_GRANTED,
					  .purpose = QC_FOR_SIGNATURES,
					  .rules = &rule,
					  .rule_count = 1 };
	const struct qualify_period web = { .from = T0,
					    .status = QUALIFY_STATUS_GRANTED,
					    .purpose = QC_FOR_WEBSITES };
	const struct qualify_service s = { &p, 1 }, w = { &web, 1 };
	struct qualify_list list = list_of(&s, 1);

	(void)state;
	list.form = QUALIFY_FORM_LICENCES;
	expect_at(&list, T0, T0, QUALIFICATION_UNKNOWN, QUALIFY_RULE_UNKNOWN);
	list.services = &w;
	expect_at(&list, T0, T0, QUALIFICATION_NOT, QUALIFY_OTHER_PURPOSE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_second),
		cmocka_unit_test(test_list_ends),
		cmocka_unit_test(test_many_licences),
		cmocka_unit_test(test_what_it_claims),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_purposes_of_services),
		cmocka_unit_test(test_rules_of_services),
		cmocka_unit_test(test_directive),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_other_scheme),
		cmocka_unit_test(test_purposes_over_time),
		cmocka_unit_test(test_licence_is_no_more),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
