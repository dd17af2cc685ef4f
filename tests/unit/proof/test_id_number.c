/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "proof/id_country.h"
#include "proof/id_number.h"
#include "proof/id_scheme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_data(const char *name)
{
	const char *dir = getenv("srcdir");
	char path[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/tests/data/%s",
		       dir != NULL ? dir : ".", name);
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("cannot open %s", path);
	return f;
}

static void check_vector(char *line)
{
	char *value, *expected, *end, *rest = line;
	const char *kind_name = strsep(&rest, "\t");
	struct id_judgement j;
	enum id_kind kind;

	value = strsep(&rest, "\t");
	expected = strsep(&rest, "\t");
	assert_non_null(expected);
	end = strchr(expected, '\n');
	if (end != NULL)
		*end = '\0';
	for (kind = 0; kind < ID_KIND_COUNT; kind++)
		if (strcmp(id_kind_name(kind), kind_name) == 0)
			break;
	if (kind == ID_KIND_COUNT)
		fail_msg("no kind %s", kind_name);
	id_judge(kind, value, &j);
	if ((j.state == ID_WELL_FORMED) != (strcmp(expected, "valid") == 0))
		fail_msg("%s %s: expected %s, got %s (%s)", kind_name, value,
			 expected, id_state_name(j.state), j.reason);
	if ((j.state == ID_MALFORMED) != (j.reason[0] != '\0'))
		fail_msg("%s %s: reason '%s'", kind_name, value, j.reason);
}

static void test_vectors(void **state)
{
	FILE *f = open_data("proof/id_vectors.tsv");
	char line[512];
	int count = 0;

	(void)state;
	while (fgets(line, sizeof(line), f) != NULL) {
		check_vector(line);
		count++;
	}
	fclose(f);
	assert_int_equal(count, 53);
}

/* Each differs in one thing from a number that is right. */
static const struct {
	enum id_kind kind;
	const char *value;
} bad[] = {
	{ ID_CN_RIC, "" },
	{ ID_CN_RIC, "X" },
	{ ID_CN_RIC, "11010519491231002X " },
	{ ID_CN_RIC, " 11010519491231002X" },
	{ ID_CN_RIC, "11010519491231002-X" },
	{ ID_CN_RIC, "1101051949123100X2" },
	{ ID_CN_RIC, "990105194912310020" },
	{ ID_CN_RIC, "000000000000000000" },
	{ ID_CN_RIC, "11010519491331002X" },
	{ ID_CN_RIC, "１1010519491231002X" },
	{ ID_CN_RIC, "931840198802290012" },
	{ ID_CN_RIC15, "13050367040100" },
	{ ID_CN_RIC15, "1305036704010011" },
	{ ID_CN_RIC15, "130503671301001" },
	{ ID_CN_RIC15, "13050367040100X" },
	{ ID_CN_RIC15, "990503670401001" },
	{ ID_CN_PRC_FOREIGN, "831840198802290012" },
	{ ID_CN_PRC_FOREIGN, "931840198802290013" },
	{ ID_CN_PRC_FOREIGN, "931840198702290012" },
	{ ID_CN_PRC_FOREIGN, "93184019880229001" },
	{ ID_CN_USCC, "91110000600037341" },
	{ ID_CN_USCC, "91110000600037341LL" },
	{ ID_CN_USCC, "91110000600037314L" },
	{ ID_CN_USCC, "9111A000600037341L" },
	{ ID_CN_USCC, "91110000I00037341L" },
	{ ID_CN_USCC, "91110000 00037341L" },
	{ ID_LEI, "5493001KJTIIGC8Y1R1" },
	{ ID_LEI, "5493001KJTIIGC8Y1R122" },
	{ ID_LEI, "5493001KJTIIGC8Y1R21" },
	{ ID_LEI, "5493001KJTIIGC8Y1-12" },
	{ ID_LEI, "5493001KJTIIGC8Y1R1A" },
	{ ID_MRZ_TD3, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<" },
	{ ID_MRZ_TD3, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<< "
		      "L898902C36UTO7408122F1204159ZE184226B<<<<<10" },
	{ ID_MRZ_TD3, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<|"
		      "L898902C46UTO7408122F1204159ZE184226B<<<<<10" },
	{ ID_MRZ_TD3, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<|"
		      "L898902C36UTO7408123F1204159ZE184226B<<<<<10" },
	{ ID_MRZ_TD3, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<|"
		      "L898902C36UTO7413122F1204159ZE184226B<<<<<10" },
	{ ID_MRZ_TD3, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<|"
		      "L898902C36UTO7408122Q1204159ZE184226B<<<<<10" },
	{ ID_MRZ_TD3, "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<|"
		      "L898902C36UTO7408122F1204159ZE184226B<<<<<10" },
	{ ID_MRZ_TD3, "p<utoeriksson<<anna<maria<<<<<<<<<<<<<<<<<<<|"
		      "l898902c36uto7408122f1204159ze184226b<<<<<10" },
	{ ID_MRZ_TD1, "I<UTOD231458907<<<<<<<<<<<<<<<|"
		      "7408122F1204159UTO<<<<<<<<<<<7|"
		      "ERIKSSON<<ANNA<MARIA<<<<<<<<<<" },
	{ ID_MRZ_TD1, "I<UTOD231458907<<<<<<<<<<<<<<<|"
		      "7408122F1204159UTO<<<<<<<<<<<6" },
	{ ID_MRZ_TD1, "X<UTOD231458907<<<<<<<<<<<<<<<|"
		      "7408122F1204159UTO<<<<<<<<<<<6|"
		      "ERIKSSON<<ANNA<MARIA<<<<<<<<<<" },
	{ ID_MRZ_TD2, "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<|"
		      "D231458907UTO7408122F1204159<<<<<<<5" },
	{ ID_MRZ_TD2, "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<|<"
		      "D231458907UTO7408122F1204159<<<<<<<6" },
	{ ID_EE_PNO, "3800108571" },
	{ ID_EE_PNO, "380010857180" },
	{ ID_EE_PNO, "08001085718" },
	{ ID_EE_PNO, "98001085718" },
	{ ID_EE_PNO, "38013085718" },
	{ ID_EE_PNO, "3800108571X" },
	{ ID_ETSI_NATURAL, "" },
	{ ID_ETSI_NATURAL, "PNOEE38001085718" },
	{ ID_ETSI_NATURAL, "PNOEE-" },
	{ ID_ETSI_NATURAL, "PNOee-38001085718" },
	{ ID_ETSI_NATURAL, "PNOEE-38001085719" },
	{ ID_ETSI_NATURAL, "PNOEE-3800 085718" },
	{ ID_ETSI_NATURAL, "XYZEE-38001085718" },
	{ ID_ETSI_NATURAL, "VATBE-0876866142" },
	{ ID_ETSI_NATURAL, "EI:-200007292386" },
	{ ID_ETSI_LEGAL, "PNOEE-38001085718" },
	{ ID_ETSI_LEGAL, "LEIDE-5493001KJTIIGC8Y1R12" },
	{ ID_ETSI_LEGAL, "LEIXG-5493001KJTIIGC8Y1R13" },
	{ ID_ETSI_LEGAL, "PSDPL-1234567890" },
	{ ID_ETSI_LEGAL, "PSDPL-P-1234567890" },
	{ ID_ETSI_LEGAL, "PSDPL-PFSAPFSAP-1" },
	{ ID_ETSI_LEGAL, "VAT-0876866142" },
	{ ID_PHONE, "" },
	{ ID_PHONE, "+" },
	{ ID_PHONE, "13123456789" },
	{ ID_PHONE, "008613123456789" },
	{ ID_PHONE, "+86 13123456789" },
	{ ID_PHONE, "+8613123456789;ext=1" },
	{ ID_PHONE, "+861312345678" },
	{ ID_PHONE, "+86131234567890" },
	{ ID_PHONE, "+8611123456789" },
	{ ID_PHONE, "+86013123456789" },
	{ ID_PHONE, "+123456" },
	{ ID_EMAIL, "" },
	{ ID_EMAIL, "li" },
	{ ID_EMAIL, "@example.org" },
	{ ID_EMAIL, "li@" },
	{ ID_EMAIL, "li@example" },
	{ ID_EMAIL, "li@.example.org" },
	{ ID_EMAIL, "li@example.org." },
	{ ID_EMAIL, "li@-example.org" },
	{ ID_EMAIL, "li@exa_mple.org" },
	{ ID_EMAIL, "li@192.0.2.1" },
	{ ID_EMAIL, ".li@example.org" },
	{ ID_EMAIL, "li.@example.org" },
	{ ID_EMAIL, "l..i@example.org" },
	{ ID_EMAIL, "l i@example.org" },
	{ ID_EMAIL, "li@a@example.org" },
	{ ID_EMAIL, "li@example.org\r\nBcc: x@example.org" },
	{ ID_EMAIL, "li\x01@example.org" },
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct id_judgement j;

		id_judge(bad[i].kind, bad[i].value, &j);
		if (j.state != ID_MALFORMED || j.reason[0] == '\0')
			fail_msg("%s '%s' was taken", id_kind_name(bad[i].kind),
				 bad[i].value);
	}
}

static void test_good(void **state)
{
	static const struct {
		enum id_kind kind;
		const char *value, *normal;
	} good[] = {
		{ ID_CN_RIC, "11010519491231002x", "11010519491231002X" },
		{ ID_CN_USCC, "91110000600037341l", "91110000600037341L" },
		{ ID_EMAIL, "Li.Na+x@Example.ORG", "Li.Na+x@example.org" },
		{ ID_EMAIL, "contracts@example.com", "contracts@example.com" },
		{ ID_PHONE, "+861065529988", "+861065529988" },
		{ ID_PHONE, "+862163215555", "+862163215555" },
		{ ID_PHONE, "+37255512345", "+37255512345" },
		/* A document number of twelve characters. */
		{ ID_MRZ_TD1,
		  "I<UTOD23145890<7349<<<<<<<<<<<\n"
		  "3407127M9507122UTO<<<<<<<<<<<2\n"
		  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
		  "I<UTOD23145890<7349<<<<<<<<<<<|"
		  "3407127M9507122UTO<<<<<<<<<<<2|"
		  "ERIKSSON<<ANNA<MARIA<<<<<<<<<<" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct id_judgement j;

		id_judge(good[i].kind, good[i].value, &j);
		if (j.state != ID_WELL_FORMED)
			fail_msg("%s: %s", good[i].value, j.reason);
		assert_string_equal(j.value, good[i].normal);
	}
}

static void test_warnings(void **state)
{
	struct id_judgement j;

	(void)state;
	id_judge(ID_CN_RIC15, "130503670401001", &j);
	assert_non_null(strstr(j.warning, "130503196704010016"));
	id_judge(ID_ETSI_NATURAL, "IDCCN-110105194912310021", &j);
	assert_int_equal(j.state, ID_WELL_FORMED);
	assert_true(j.warning[0] != '\0');
	id_judge(ID_CN_RIC, "11010519491231002X", &j);
	assert_string_equal(j.warning, "");
}

static void test_typed(void **state)
{
	struct id_judgement j;

	(void)state;
	assert_false(id_judge_typed("11010519491231002X", &j));
	assert_false(id_judge_typed("cn-xyz:1", &j));
	assert_false(id_judge_typed(":1", &j));
	assert_false(id_judge_typed("a-kind-with-a-name-too-long-to-be:1", &j));
	assert_true(j.reason[0] != '\0');
	/* Only the first colon parts. */
	assert_true(id_judge_typed("etsi-natural:EI:SE-200007292386", &j));
	assert_int_equal(j.state, ID_WELL_FORMED);
}

static void test_long(void **state)
{
	char value[300];

	(void)state;
	memset(value, '1', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	for (unsigned k = 0; k < ID_KIND_COUNT; k++) {
		struct id_judgement j;

		id_judge((enum id_kind)k, value, &j);
		assert_int_equal(j.state, ID_MALFORMED);
		assert_int_equal(strlen(j.value), ID_VALUE_MAX);
	}
}

static void test_country(void **state)
{
	static const struct {
		const char *number, *country;
	} cases[] = {
		{ "cn-ric:11010519491231002X", "CN" },
		{ "cn-uscc:91310000MADEED101N", "CN" },
		{ "etsi-natural:PASPL-AB1234567", "PL" },
		{ "etsi-natural:IDCBE-590082394654", "BE" },
		{ "etsi-natural:EI:SE-200007292386", "SE" },
		{ "etsi-legal:NTRSK-12345678", "SK" },
		{ "etsi-legal:LEIXG-5493001KJTIIGC8Y1R12", NULL },
		{ "lei:5493001KJTIIGC8Y1R12", NULL },
		{ "mrz-td3:P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
		  "|L898902C36UTO7408122F1204159ZE184226B<<<<<10",
		  NULL },
		{ "mrz-td3:P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<"
		  "|L898902C36D<<7408122F1204159ZE184226B<<<<<10",
		  "DE" },
		{ "mrz-td3:P<POLERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
		  "|L898902C36POL7408122F1204159ZE184226B<<<<<10",
		  "PL" },
		{ "mrz-td3:P<ZWEERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
		  "|L898902C36ZWE7408122F1204159ZE184226B<<<<<10",
		  "ZW" },
	};
	char country[3];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct id_judgement j;

		assert_true(id_judge_typed(cases[i].number, &j));
		if (j.state != ID_WELL_FORMED)
			fail_msg("%s: %s", cases[i].number, j.reason);
		if (cases[i].country == NULL) {
			assert_false(id_country(&j, country));
			continue;
		}
		assert_true(id_country(&j, country));
		assert_string_equal(country, cases[i].country);
	}
}

/* What a certificate has beside what was enrolled: the same, another's, or
 * nothing to compare. */
static void test_scheme(void **state)
{
	static const struct {
		const char *enrolled, *text;
		enum id_compared result;
	} cases[] = {
		{ "ee-pno:38001085718", "PNOEE-38001085718", ID_SAME },
		{ "ee-pno:38001085718", "PNOEE-37605030299", ID_OTHER },
		{ "ee-pno:38001085718", "PASEE-38001085718", ID_INCOMPARABLE },
		{ "etsi-natural:PNOEE-38001085718", "pnoee-38001085718",
		  ID_SAME },
		{ "cn-ric:11010519491231002X", "IDCCN-11010519491231002x",
		  ID_SAME },
		{ "cn-ric:11010519491231002X", "PNOCN-110105491231002",
		  ID_SAME },
		{ "cn-ric:11010519491231002X", "IDCCN-110105491231003",
		  ID_OTHER },
		{ "cn-uscc:91310000MADEED101N", "NTRCN-91310000MADEED101N",
		  ID_SAME },
		{ "cn-uscc:91310000MADEED101N", "VATCN-91310000MADEED101N",
		  ID_INCOMPARABLE },
		{ "etsi-legal:VATDE-203620884", "VATDE-203620885", ID_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct id_judgement j;
		struct id_scheme a, b;

		assert_true(id_judge_typed(cases[i].enrolled, &j));
		assert_true(id_scheme_of(&j, &a));
		assert_true(id_scheme_parse(cases[i].text, &b));
		assert_int_equal(id_scheme_compare(&a, &b), cases[i].result);
	}
}

static void test_scheme_none(void **state)
{
	static const char *const bad[] = { "",	      "PNOEE",	"PNOEE-",
					   "PNO1E-1", "PNEE-1", "38001085718" };
	struct id_scheme s;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(id_scheme_parse(bad[i], &s));
	assert_true(id_scheme_bare("38001085718", "EE", &s));
	assert_string_equal(s.scheme, "PNOEE");
	assert_true(id_scheme_bare("38001085718", "ee", &s));
	assert_string_equal(s.scheme, "PNOEE");
	assert_false(id_scheme_bare("38001085719", "EE", &s));
	assert_false(id_scheme_bare("38001085718", "LV", &s));
}

/* What was enrolled, as a certificate says it. */
static void test_scheme_write(void **state)
{
	static const char *const cases[][2] = {
		{ "cn-ric:11010519491231002x", "IDCCN-11010519491231002X" },
		{ "cn-uscc:91310000MADEED101N", "NTRCN-91310000MADEED101N" },
		{ "lei:5493001KJTIIGC8Y1R12", "LEIXG-5493001KJTIIGC8Y1R12" },
		{ "ee-pno:38001085718", "PNOEE-38001085718" },
		{ "etsi-natural:PNOCN-1", "PNOCN-1" },
		{ "etsi-legal:VATDE-203620884", "VATDE-203620884" },
		{ "mrz-td3:P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<|"
		  "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
		  NULL },
		{ "phone:+8613123456789", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[ID_SCHEME_TEXT];
		struct id_judgement j;

		assert_true(id_judge_typed(cases[i][0], &j));
		assert_int_not_equal(j.state, ID_MALFORMED);
		if (cases[i][1] == NULL) {
			assert_false(id_scheme_write(&j, text));
			continue;
		}
		assert_true(id_scheme_write(&j, text));
		assert_string_equal(text, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_typed),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_country),
		cmocka_unit_test(test_scheme),
		cmocka_unit_test(test_scheme_none),
		cmocka_unit_test(test_scheme_write),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
