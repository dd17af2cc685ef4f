/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/frame/command.h"
#include "cmd/frame/operands.h"
#include "cmd/frame/option_value.h"

static void every_table_is_sound(void **state)
{
	struct deed_error e = DEED_ERROR_INIT;
	const struct command *c, *again;
	const char *words[4];
	char name[64], *p;
	size_t i, n, used;

	(void)state;
	for (i = 0; i < command_count; i++) {
		c = commands[i];
		if (option_check(c, &e) != DEED_OK)
			fail_msg("%s", e.message);
		assert_non_null(c->operands);
		assert_non_null(c->summary);
		assert_non_null(c->run);
		assert_true(strlen(c->summary) < 60);
		assert_true(c->min_operands <= c->max_operands);
		/* It is found by its own name. */
		assert_true(strlen(c->name) < sizeof(name));
		memcpy(name, c->name, strlen(c->name) + 1);
		n = 0;
		for (p = strtok(name, " "); p != NULL; p = strtok(NULL, " "))
			words[n++] = p;
		again = command_find(words, n, &used);
		assert_ptr_equal(again, c);
		assert_int_equal(used, n);
	}
}

struct args {
	bool flag;
	const char *text;
};

static enum deed_status check(const struct option *options)
{
	struct command c = { .name = "x",
			     .operands = "",
			     .options = options,
			     .args_size = sizeof(struct args) };

	return option_check(&c, NULL);
}

static void unsound_tables_are_found(void **state)
{
	static const struct option good[] = { { OPTION_FLAG(struct args, flag),
						.name = "flag", .help = "x" },
					      { 0 } };
	static const struct option bad[][3] = {
		{ { OPTION_FLAG(struct args, flag), .name = "flag" } },
		{ { OPTION_FLAG(struct args, flag), .name = "f",
		    .help = "x" } },
		{ { OPTION_FLAG(struct args, flag), .name = "Flag",
		    .help = "x" } },
		{ { OPTION_FLAG(struct args, flag), .name = "-flag",
		    .help = "x" } },
		{ { OPTION_FLAG(struct args, flag), .name = "fl--ag",
		    .help = "x" } },
		{ { OPTION_FLAG(struct args, flag), .name = "json",
		    .help = "x" } },
		{ { OPTION_FLAG(struct args, flag), .name = "help",
		    .help = "x" } },
		{ { OPTION_FLAG(struct args, flag), .name = "flag",
		    .letter = 'v', .help = "x" } },
		{ { OPTION_FLAG(struct args, flag), .name = "flag",
		    .help = "x" },
		  { OPTION_TEXT(struct args, text), .name = "flag",
		    .help = "x" } },
		{ { OPTION_FLAG(struct args, flag), .name = "flag",
		    .letter = 'f', .help = "x" },
		  { OPTION_TEXT(struct args, text), .name = "text",
		    .letter = 'f', .help = "x" } },
		{ { OPTION_TEXT(struct args, text), .name = "text",
		    .complete = COMPLETE_WORDS, .help = "x" } },
		{ { OPTION_TEXT(struct args, text), .name = "text",
		    .initial = "", .help = "x" } },
		{ { .name = "text", .help = "x" } },
		{ { OPTION_FLAG(struct args, flag), .name = "flag",
		    .excludes = "other", .help = "x" } },
		{ { OPTION_FLAG(struct args, flag), .name = "flag",
		    .needs = "flag", .help = "x" } },
	};
	size_t i;

	(void)state;
	assert_int_equal(check(good), DEED_OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (check(bad[i]) == DEED_OK)
			fail_msg("table %zu was accepted", i);
}

/* What the parser keeps a bit of for each. */
static void long_tables_are_found(void **state)
{
	static char names[OPTION_MAX + 1][8];
	static struct option table[OPTION_MAX + 2];
	size_t i;

	(void)state;
	for (i = 0; i < OPTION_MAX + 1; i++) {
		assert_int_equal(check(table), DEED_OK);
		(void)snprintf(names[i], sizeof(names[i]), "x%zu", i);
		table[i] = (struct option){ OPTION_FLAG(struct args, flag),
					    .name = names[i], .help = "x" };
	}
	assert_int_equal(check(table), DEED_USAGE);
}

static enum deed_status set(enum option_type type, const char *text,
			    union option_value *v)
{
	static const char *const words[] = { "one", "two", NULL };
	struct option o = {
		.type = type, .name = "x", .words = words, .min = 0, .max = 0
	};

	memset(v, 0, sizeof(*v));
	return option_value_set(&o, v, text, NULL);
}

static void values_are_read(void **state)
{
	union option_value v;

	(void)state;
	assert_int_equal(set(OPTION_TYPE_NUMBER, "42", &v), DEED_OK);
	assert_int_equal(v.number, 42);
	assert_int_equal(set(OPTION_TYPE_CHOICE, "two", &v), DEED_OK);
	assert_int_equal(v.choice, 1);
	assert_int_equal(set(OPTION_TYPE_POINT, "150,40.5", &v), DEED_OK);
	assert_true(v.point.given && v.point.x == 150 && v.point.y == 40.5);
	assert_int_equal(set(OPTION_TYPE_POINT, "-.5,0", &v), DEED_OK);
	assert_true(v.point.x == -0.5);
	assert_int_equal(set(OPTION_TYPE_LENGTH, "37.25", &v), DEED_OK);
	assert_true(fabs(v.length.value - 37.25) < 1e-9);
	assert_int_equal(set(OPTION_TYPE_TIME, "2026-11-23", &v), DEED_OK);
	assert_true(v.time.given);
	assert_int_equal(set(OPTION_TYPE_PASSPHRASE, "fd:3", &v), DEED_OK);
}

static void wrong_values_are_refused(void **state)
{
	static const struct {
		enum option_type type;
		const char *text;
	} bad[] = {
		{ OPTION_TYPE_NUMBER, "" },
		{ OPTION_TYPE_NUMBER, "4x" },
		{ OPTION_TYPE_NUMBER, "-1" },
		{ OPTION_TYPE_NUMBER, "99999999999999999999" },
		{ OPTION_TYPE_NUMBER, "0x10" },
		{ OPTION_TYPE_CHOICE, "" },
		{ OPTION_TYPE_CHOICE, "three" },
		{ OPTION_TYPE_TEXT, "" },
		{ OPTION_TYPE_POINT, "150" },
		{ OPTION_TYPE_POINT, "150,40,1" },
		{ OPTION_TYPE_POINT, "150;40" },
		{ OPTION_TYPE_POINT, "1e3,4" },
		{ OPTION_TYPE_POINT, "nan,4" },
		{ OPTION_TYPE_POINT, "4,inf" },
		{ OPTION_TYPE_POINT, "99999,4" },
		{ OPTION_TYPE_POINT, ",4" },
		{ OPTION_TYPE_LENGTH, "0" },
		{ OPTION_TYPE_LENGTH, "-4" },
		{ OPTION_TYPE_LENGTH, "4mm" },
		{ OPTION_TYPE_LENGTH, "" },
		{ OPTION_TYPE_LENGTH, "1234567890123" },
		{ OPTION_TYPE_TIME, "yesterday" },
		{ OPTION_TYPE_TIME, "2026-02-30" },
		{ OPTION_TYPE_FLAG, "maybe" },
		{ OPTION_TYPE_PASSPHRASE, "secret" },
		{ OPTION_TYPE_PASSPHRASE, "tty:" },
		{ OPTION_TYPE_PASSPHRASE, "fd:" },
		{ OPTION_TYPE_PASSPHRASE, "fd:x" },
		{ OPTION_TYPE_PASSPHRASE, "fd:-1" },
		{ OPTION_TYPE_PASSPHRASE, "file:" },
		{ OPTION_TYPE_PASSPHRASE, "env:" },
		{ OPTION_TYPE_PASSPHRASE, "credential:../x" },
		{ OPTION_TYPE_PASSPHRASE, "askpass:x" },
	};
	union option_value v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (set(bad[i].type, bad[i].text, &v) != DEED_USAGE)
			fail_msg("'%s' was accepted", bad[i].text);
}

static void distances(void **state)
{
	(void)state;
	assert_int_equal(option_distance("sign", "sign"), 0);
	assert_int_equal(option_distance("sgin", "sign"), 1);
	assert_int_equal(option_distance("sig", "sign"), 1);
	assert_int_equal(option_distance("signs", "sign"), 1);
	assert_int_equal(option_distance("", "sign"), 4);
	assert_int_equal(option_distance("kitten", "sitting"), 3);
	assert_string_equal(command_nearest("verison"), "version");
	assert_null(command_nearest("completely-else"));
}

static void output_names(void **state)
{
	static const struct {
		const char *input, *output;
	} cases[] = {
		{ "contract.pdf", "contract.signed.pdf" },
		{ "contract.signed.pdf", "contract.signed.2.pdf" },
		{ "contract.signed.2.pdf", "contract.signed.3.pdf" },
		{ "contract.signed.9.pdf", "contract.signed.10.pdf" },
		{ "contract.2.pdf", "contract.2.signed.pdf" },
		{ "a.sealed.pdf", "a.sealed.signed.pdf" },
		{ "signed.pdf", "signed.signed.pdf" },
		{ ".signed.pdf", ".signed.signed.pdf" },
		{ "dir.signed/a.pdf", "dir.signed/a.signed.pdf" },
		{ "dir.x/a", "dir.x/a.signed" },
		{ ".hidden", ".hidden.signed" },
		{ "unsigned.pdf", "unsigned.signed.pdf" },
		{ "a.signed.12345678901.pdf",
		  "a.signed.12345678901.signed.pdf" },
	};
	char *name;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		name = operand_marked(cases[i].input, "signed");
		assert_string_equal(name, cases[i].output);
		free(name);
	}
	name = operand_suffixed("minutes.odt", ".p7s");
	assert_string_equal(name, "minutes.odt.p7s");
	free(name);
	assert_true(operand_has_suffix("A.PDF", ".pdf"));
	assert_false(operand_has_suffix(".pdf", ".pdf"));
	assert_false(operand_has_suffix("a.pdf.txt", ".pdf"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_is_sound),
		cmocka_unit_test(unsound_tables_are_found),
		cmocka_unit_test(long_tables_are_found),
		cmocka_unit_test(values_are_read),
		cmocka_unit_test(wrong_values_are_refused),
		cmocka_unit_test(distances),
		cmocka_unit_test(output_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
