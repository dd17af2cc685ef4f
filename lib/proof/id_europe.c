/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/id_check.h"

#include <string.h>

/* ISO/IEC 7064 MOD 97-10 over digits and capitals. */
bool id_check_lei(struct id_judgement *j)
{
	const char *v = j->value;
	int rest = 0;

	if (strlen(v) != 20)
		return id_fail(j, "%zu characters, expected 20", strlen(v));
	for (int i = 0; i < 20; i++) {
		if (v[i] >= '0' && v[i] <= '9')
			rest = (rest * 10 + v[i] - '0') % 97;
		else if (v[i] >= 'A' && v[i] <= 'Z' && i < 18)
			rest = (rest * 100 + v[i] - 'A' + 10) % 97;
		else
			return id_fail(j, "expected 18 letters or digits and "
					  "two digits");
	}
	/* 00, 01 and 99 are no check digits, though 97 divides as well. */
	if (rest != 1 || strcmp(v + 18, "00") == 0 ||
	    strcmp(v + 18, "01") == 0 || strcmp(v + 18, "99") == 0)
		return id_fail(j, "the check digits are wrong");
	return true;
}

/* EVS 585: two rounds of weights, modulo 11. */
static int estonian_digit(const char *v)
{
	static const int first[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 1 };
	static const int second[] = { 3, 4, 5, 6, 7, 8, 9, 1, 2, 3 };
	int a = 0, b = 0;

	for (int i = 0; i < 10; i++) {
		a += (v[i] - '0') * first[i];
		b += (v[i] - '0') * second[i];
	}
	if (a % 11 < 10)
		return a % 11;
	return b % 11 < 10 ? b % 11 : 0;
}

bool id_check_ee_pno(struct id_judgement *j)
{
	const char *v = j->value;
	int year, month, day;

	if (strlen(v) != 11 || !id_all_digits(v, 11))
		return id_fail(j, "expected 11 digits");
	if (v[0] < '1' || v[0] > '8')
		return id_fail(j, "expected 1 to 8 as the first digit");
	/* 1 and 2 are the 19th century, 3 and 4 the 20th, and so on. */
	year = 1800 + (v[0] - '1') / 2 * 100 + id_digits(v + 1, 2);
	month = id_digits(v + 3, 2);
	day = id_digits(v + 5, 2);
	if (year > 2099)
		return id_fail(j, "the date of birth lies in the future");
	if (!id_date_exists(year, month, day))
		return id_fail(j, "there is no date of birth %04d-%02d-%02d",
			       year, month, day);
	if (v[10] != '0' + estonian_digit(v))
		return id_fail(j, "the check digit is wrong");
	return true;
}

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/*
 * EN 319 412-1 5.1.3 and 5.1.4: three letters of type and two of country, or
 * two characters and a colon for a national scheme and then the country; a
 * hyphen; the identifier.  *id is what follows the hyphen.
 */
static bool check_frame(struct id_judgement *j, const char *const *types,
			const char **id)
{
	const char *v = j->value;
	bool known = strlen(v) >= 3 && is_capital(v[0]) && is_capital(v[1]) &&
		     v[2] == ':';

	for (; !known && *types != NULL; types++)
		known = strncmp(v, *types, 3) == 0;
	if (!known)
		return id_fail(j,
			       "'%.3s' is no type of the standard, nor two "
			       "letters and a colon",
			       v);
	if (strlen(v) < 6 || !is_capital(v[3]) || !is_capital(v[4]) ||
	    v[5] != '-')
		return id_fail(j,
			       "expected two letters of country and a "
			       "hyphen after '%.3s'",
			       v);
	*id = v + 6;
	if (**id == '\0')
		return id_fail(j, "there is no identifier after the hyphen");
	for (const char *p = *id; *p != '\0'; p++) {
		if (*p < '!' || *p > '~')
			return id_fail(j, "a character of the identifier is "
					  "blank or not ASCII");
	}
	return true;
}

/* The number inside, by the rules of its own kind. */
static bool check_inner(struct id_judgement *j, enum id_kind kind,
			const char *id, bool strict)
{
	struct id_judgement inner;

	id_judge(kind, id, &inner);
	if (inner.state != ID_MALFORMED && strcmp(inner.value, id) == 0)
		return true;
	if (strict)
		return id_fail(j, "the number in it is no %s: %.80s",
			       id_kind_name(kind), inner.reason);
	id_warn(j, "the number in it is no %s: %.80s", id_kind_name(kind),
		inner.reason);
	return true;
}

bool id_check_etsi_natural(struct id_judgement *j)
{
	static const char *const types[] = { "PAS", "IDC", "PNO",
					     "TAX", "TIN", NULL };
	const char *v = j->value, *id;

	if (!check_frame(j, types, &id))
		return false;
	if (strncmp(v, "PNOEE-", 6) == 0)
		return check_inner(j, ID_EE_PNO, id, true);
	if (strncmp(v, "IDCCN-", 6) == 0 && id[0] != '9')
		return check_inner(j, ID_CN_RIC, id, false);
	return true;
}

/* TS 119 495 5.2.1: PSDcc-, 2 to 8 capitals of the authority, -, number. */
static bool check_psd(struct id_judgement *j, const char *id)
{
	size_t len = 0;

	while (is_capital(id[len]))
		len++;
	if (len < 2 || len > 8 || id[len] != '-' || id[len + 1] == '\0')
		return id_fail(j, "expected 2 to 8 letters of the authority, "
				  "a hyphen and a number");
	return true;
}

bool id_check_etsi_legal(struct id_judgement *j)
{
	static const char *const types[] = { "VAT", "NTR", "PSD", "LEI", NULL };
	const char *v = j->value, *id;

	if (!check_frame(j, types, &id))
		return false;
	if (strncmp(v, "LEI", 3) == 0) {
		if (strncmp(v, "LEIXG-", 6) != 0)
			return id_fail(j, "expected XG as the country of a "
					  "LEI");
		return check_inner(j, ID_LEI, id, true);
	}
	if (strncmp(v, "PSD", 3) == 0)
		return check_psd(j, id);
	if (strncmp(v, "NTRCN-", 6) == 0)
		return check_inner(j, ID_CN_USCC, id, false);
	return true;
}
