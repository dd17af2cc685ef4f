/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/id_check.h"

#include <stdio.h>
#include <string.h>

/* ISO/IEC 7064 MOD 11-2 over 17 digits, as GB 11643 uses it. */
static char mod_11_2(const char *digits)
{
	int sum = 0;

	for (int i = 0; i < 17; i++)
		sum = (sum + digits[i] - '0') * 2 % 11;
	return "0123456789X"[(12 - sum) % 11];
}

/* GB 11643: 17 digits, and a check character that may be X, for ten.  A small
 * x was capitalised before. */
static bool check_form(struct id_judgement *j)
{
	const char *v = j->value;

	if (strlen(v) != 18)
		return id_fail(j, "%zu characters, expected 18", strlen(v));
	if (!id_all_digits(v, 17) ||
	    (v[17] != 'X' && !id_all_digits(v + 17, 1)))
		return id_fail(j, "expected 17 digits and a digit or X");
	return true;
}

/* Only whether there is such a day: how old somebody may be is no matter of
 * the number's form. */
static bool check_birth(struct id_judgement *j, int year, const char *mmdd)
{
	int month = id_digits(mmdd, 2), day = id_digits(mmdd + 2, 2);

	if (id_date_exists(year, month, day))
		return true;
	return id_fail(j, "there is no date of birth %04d-%02d-%02d", year,
		       month, day);
}

/* Weights and modulus find every single wrong digit and every swap of two
 * neighbours. */
static bool check_last(struct id_judgement *j)
{
	if (j->value[17] == mod_11_2(j->value))
		return true;
	return id_fail(j, "the check digit is wrong");
}

/* GB/T 2260: the first two digits of every division code in use; 81 to 83
 * begin the residence permits for Hong Kong, Macao and Taiwan residents. */
static bool check_province(struct id_judgement *j)
{
	static const char provinces[] =
		"11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 "
		"46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 ";
	const char want[] = { j->value[0], j->value[1], ' ', '\0' };

	if (strstr(provinces, want) != NULL)
		return true;
	return id_fail(j, "no division code begins with %.2s", j->value);
}

bool id_check_cn_ric(struct id_judgement *j)
{
	return check_form(j) && check_province(j) &&
	       check_birth(j, id_digits(j->value + 6, 4), j->value + 10) &&
	       check_last(j);
}

bool id_check_cn_ric15(struct id_judgement *j)
{
	const char *v = j->value;
	char full[19];

	if (strlen(v) != 15 || !id_all_digits(v, 15))
		return id_fail(j, "expected 15 digits");
	if (!check_province(j) ||
	    !check_birth(j, 1900 + id_digits(v + 6, 2), v + 8))
		return false;
	(void)snprintf(full, sizeof(full), "%.6s19%.9s", v, v + 6);
	full[17] = mod_11_2(full);
	full[18] = '\0';
	id_warn(j, "no check digit of its own; the 18-digit form is %s", full);
	return true;
}

/* 9, two digits of the place of application, the nationality in the three
 * digits of ISO 3166-1, date of birth, two of sequence, one of check. */
bool id_check_cn_prc_foreign(struct id_judgement *j)
{
	if (!check_form(j))
		return false;
	if (j->value[0] != '9')
		return id_fail(j, "expected 9 as the first digit");
	if (memcmp(j->value + 3, "000", 3) == 0)
		return id_fail(j, "there is no nationality 000");
	return check_birth(j, id_digits(j->value + 6, 4), j->value + 10) &&
	       check_last(j);
}

/* GB 32100: digits and capitals without I, O, S, V, Z; the place in this
 * string is the value of a character. */
static const char uscc_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int uscc_value(char c)
{
	const char *at = c == '\0' ? NULL : strchr(uscc_alphabet, c);

	return at == NULL ? -1 : (int)(at - uscc_alphabet);
}

/* GB 11714: the organisation code inside has a check of its own. */
static bool organisation_code_holds(const char *code)
{
	static const int weights[] = { 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;

	for (int i = 0; i < 8; i++) {
		int value = code[i] <= '9' ? code[i] - '0' : code[i] - 'A' + 10;

		sum += value * weights[i];
	}
	return code[8] == "0X987654321"[sum % 11];
}

bool id_check_cn_uscc(struct id_judgement *j)
{
	const char *v = j->value;
	int sum = 0, weight = 1;

	if (strlen(v) != 18)
		return id_fail(j, "%zu characters, expected 18", strlen(v));
	for (int i = 0; i < 18; i++) {
		if (uscc_value(v[i]) < 0)
			return id_fail(j, "character %d is not in the alphabet",
				       i + 1);
	}
	if (!id_all_digits(v + 2, 6))
		return id_fail(j, "expected a division code of six digits "
				  "at characters 3 to 8");
	for (int i = 0; i < 17; i++) {
		sum += uscc_value(v[i]) * weight;
		weight = weight * 3 % 31;
	}
	if (v[17] != uscc_alphabet[(31 - sum % 31) % 31])
		return id_fail(j, "the check character is wrong");
	if (!organisation_code_holds(v + 8))
		id_warn(j, "the check digit of the organisation code in it "
			   "is not that of GB 11714");
	return true;
}
