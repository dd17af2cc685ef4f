/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/id_check.h"

#include <string.h>

/* ICAO 9303-3 4.9: weights 7, 3, 1; the filler counts nothing. */
struct digit {
	int sum, count;
};

/* Weights go on over several fields, so that a composite digit can be computed
 * field by field. */
static void digit_add(struct digit *d, const char *s, size_t len)
{
	static const int weights[] = { 7, 3, 1 };

	for (size_t i = 0; i < len; i++) {
		int value = 0;

		if (s[i] >= '0' && s[i] <= '9')
			value = s[i] - '0';
		else if (s[i] >= 'A' && s[i] <= 'Z')
			value = s[i] - 'A' + 10;
		d->sum += value * weights[d->count++ % 3];
	}
}

/* A filler in place of a digit never fits: where the standard allows one, the
 * caller looks for it by itself. */
static bool digit_is(const struct digit *d, char c)
{
	return c == '0' + d->sum % 10;
}

/* For one field by itself; composite digits go through digit_add. */
static bool field_holds(const char *s, size_t len, char check)
{
	struct digit d = { 0, 0 };

	digit_add(&d, s, len);
	return digit_is(&d, check);
}

static bool all_filler(const char *s, size_t len)
{
	return strspn(s, "<") >= len;
}

/* Lines of one width parted by '|', only A-Z, 0-9 and '<'. */
static bool check_form(struct id_judgement *j, size_t lines, size_t width)
{
	const char *v = j->value;

	if (strlen(v) != lines * (width + 1) - 1)
		return id_fail(j, "expected %zu lines of %zu characters", lines,
			       width);
	for (size_t i = 0; v[i] != '\0'; i++) {
		bool sep = i % (width + 1) == width;

		if (sep != (v[i] == '|'))
			return id_fail(j,
				       "expected %zu lines of %zu characters",
				       lines, width);
		if (!sep && v[i] != '<' && (v[i] < 'A' || v[i] > 'Z') &&
		    (v[i] < '0' || v[i] > '9'))
			return id_fail(j,
				       "character %zu is not in the alphabet",
				       i + 1);
	}
	return true;
}

/* YYMMDD; unknown parts of a birth date may be filler (9303-3 4.8). */
static bool check_date(struct id_judgement *j, const char *s, bool birth)
{
	for (int i = 0; i < 6; i += 2) {
		static const int highest[] = { 99, 12, 31 };
		int n;

		if (birth && all_filler(s + i, 2))
			continue;
		if (!id_all_digits(s + i, 2))
			return id_fail(j, "'%.6s' is no date", s);
		n = id_digits(s + i, 2);
		if (n > highest[i / 2] || (i > 0 && n == 0))
			return id_fail(j, "there is no date %.6s", s);
	}
	if (id_all_digits(s, 6) &&
	    !id_date_exists(1900 + id_digits(s, 2), id_digits(s + 2, 2),
			    id_digits(s + 4, 2)) &&
	    !id_date_exists(2000 + id_digits(s, 2), id_digits(s + 2, 2),
			    id_digits(s + 4, 2)))
		return id_fail(j, "there is no date %.6s", s);
	return true;
}

/* A state or organisation: one to three letters, then filler. */
static bool check_state(struct id_judgement *j, const char *s)
{
	size_t len = 0;

	while (len < 3 && s[len] >= 'A' && s[len] <= 'Z')
		len++;
	if (len > 0 && all_filler(s + len, 3 - len))
		return true;
	return id_fail(j, "'%.3s' is no state or organisation", s);
}

static bool check_names(struct id_judgement *j, const char *s)
{
	if (s[0] != '<')
		return true;
	return id_fail(j, "there is no name in it");
}

/*
 * birth, sex and expiry with their check digits stand together in TD1, and
 * in TD2 and TD3 at the same distances.
 */
static bool check_dates(struct id_judgement *j, const char *s)
{
	if (!check_date(j, s, true) || !check_date(j, s + 8, false))
		return false;
	if (s[7] != 'M' && s[7] != 'F' && s[7] != '<')
		return id_fail(j, "'%c' is no sex, expected M, F or <", s[7]);
	if (!field_holds(s, 6, s[6]))
		return id_fail(j, "the check digit of the date of birth is "
				  "wrong");
	if (!field_holds(s + 8, 6, s[14]))
		return id_fail(j, "the check digit of the date of expiry is "
				  "wrong");
	return true;
}

/*
 * The document number is nine characters and a check digit.  In TD1 and TD2
 * a longer one has filler there and goes on in the optional data, its check
 * digit last, then filler (9303-5 4.2.2.1 note j, 9303-6 4.2.2.1 note i).
 */
static bool check_document(struct id_judgement *j, const char *number,
			   const char *optional, size_t optional_len)
{
	struct digit d = { 0, 0 };
	size_t more = 0;

	if (all_filler(number, 9))
		return id_fail(j, "there is no document number in it");
	if (field_holds(number, 9, number[9]))
		return true;
	while (more < optional_len && optional[more] != '<')
		more++;
	digit_add(&d, number, 9);
	if (number[9] == '<' && more >= 2) {
		digit_add(&d, optional, more - 1);
		if (digit_is(&d, optional[more - 1]))
			return true;
	}
	return id_fail(j, "the check digit of the document number is wrong");
}

/* Over several fields at once: it finds a field that was swapped for another
 * whose own digit is right. */
static bool check_composite(struct id_judgement *j, const struct digit *d,
			    char check)
{
	if (digit_is(d, check))
		return true;
	return id_fail(j, "the composite check digit is wrong");
}

static bool check_card(struct id_judgement *j)
{
	if (strchr("ACI", j->value[0]) != NULL)
		return true;
	return id_fail(j, "expected A, C or I as the first letter");
}

bool id_check_mrz_td1(struct id_judgement *j)
{
	const char *one = j->value, *two = one + 31, *three = two + 31;
	struct digit d = { 0, 0 };

	if (!check_form(j, 3, 30) || !check_card(j) ||
	    !check_state(j, one + 2) || !check_state(j, two + 15) ||
	    !check_names(j, three) ||
	    !check_document(j, one + 5, one + 15, 15) || !check_dates(j, two))
		return false;
	digit_add(&d, one + 5, 25);
	digit_add(&d, two, 7);
	digit_add(&d, two + 8, 7);
	digit_add(&d, two + 18, 11);
	return check_composite(j, &d, two[29]);
}

/* What TD2 and TD3 have in common: the second line but for its end. */
static bool check_second_line(struct id_judgement *j, const char *two)
{
	return check_state(j, j->value + 2) && check_state(j, two + 10) &&
	       check_names(j, j->value + 5) && check_dates(j, two + 13);
}

bool id_check_mrz_td2(struct id_judgement *j)
{
	const char *two = j->value + 37;
	struct digit d = { 0, 0 };

	if (!check_form(j, 2, 36) || !check_card(j) ||
	    !check_second_line(j, two) || !check_document(j, two, two + 28, 7))
		return false;
	digit_add(&d, two, 10);
	digit_add(&d, two + 13, 7);
	digit_add(&d, two + 21, 14);
	return check_composite(j, &d, two[35]);
}

bool id_check_mrz_td3(struct id_judgement *j)
{
	const char *two = j->value + 45;
	struct digit d = { 0, 0 };

	if (!check_form(j, 2, 44))
		return false;
	if (j->value[0] != 'P')
		return id_fail(j, "expected P as the first letter");
	if (!check_second_line(j, two) || !check_document(j, two, NULL, 0))
		return false;
	/* Empty optional data may have filler as its check digit. */
	if (!field_holds(two + 28, 14, two[42]) &&
	    !(two[42] == '<' && all_filler(two + 28, 14)))
		return id_fail(j, "the check digit of the optional data is "
				  "wrong");
	digit_add(&d, two, 10);
	digit_add(&d, two + 13, 7);
	digit_add(&d, two + 21, 22);
	return check_composite(j, &d, two[43]);
}
