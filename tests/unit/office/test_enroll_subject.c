/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "key/x509_name.h"
#include "office/party/enroll_subject.h"

#define TEXT 128

/* Whom the words are about; its strings are written over. */
static struct enrolment *enrolled(const char *kind, const char *id)
{
	static char party[] = "wang", name[] = "Wang Xiaoming",
		    email[] = "wang@example.org", of[TEXT], number[TEXT];
	static struct enrolment e = {
		.party = party,
		.kind = of,
		.name = name,
		.email = email,
		.id = number,
	};

	(void)snprintf(of, sizeof(of), "%s", kind);
	(void)snprintf(number, sizeof(number), "%s", id);
	return &e;
}

/* The words, and the name that is made of them. */
static void test_names(void **state)
{
	static const struct {
		const char *kind, *id, *words[5], *name;
	} cases[] = {
		{ "person",
		  "cn-ric:11010519491231002X",
		  { "C=CN", "CN", "serialNumber" },
		  "serialNumber=IDCCN-11010519491231002X,CN=Wang Xiaoming,"
		  "C=CN" },
		{ "enterprise",
		  "cn-uscc:91310000MADEED101N",
		  { "O", "organizationIdentifier", "CN=Seal", "emailAddress" },
		  "emailAddress=wang@example.org,CN=Seal,"
		  "organizationIdentifier=NTRCN-91310000MADEED101N,"
		  "O=Wang Xiaoming" },
		{ "person",
		  "ee-pno:38001085718",
		  { "serialNumber" },
		  "serialNumber=PNOEE-38001085718" },
		{ "person",
		  "cn-ric:11010519491231002X",
		  { "serialNumber=11010519491231002X" },
		  "serialNumber=11010519491231002X" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct enrolment *e =
			enrolled(cases[i].kind, cases[i].id);
		struct buf der = BUF_INIT, text = BUF_INIT;
		size_t n = 0;

		while (cases[i].words[n] != NULL)
			n++;
		assert_ok(enroll_subject(e, cases[i].words, n, &der, err));
		x509_name_text(buf_get(&der), &text);
		buf_byte(&text, 0);
		assert_string_equal((char *)text.data, cases[i].name);
		buf_clear(&text);
		buf_clear(&der);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *id, *word, *says;
	} cases[] = {
		{ "cn-ric:11010519491231002X", "shoeSize", "'shoeSize'" },
		{ "cn-ric:11010519491231002X", "C", "'C'" },
		/* No country of ISO 3166-1 gave this passport. */
		{ "mrz-td3:P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<|"
		  "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
		  "serialNumber", "serialNumber=TEXT" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct enrolment *e = enrolled("person", cases[i].id);
		struct deed_error err = DEED_ERROR_INIT;
		struct buf der = BUF_INIT;

		assert_int_equal(
			enroll_subject(e, &cases[i].word, 1, &der, &err),
			DEED_CONFIG);
		assert_non_null(strstr(err.message, cases[i].says));
		buf_clear(&der);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
