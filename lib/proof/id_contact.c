/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/id_check.h"

#include <string.h>

/*
 * China's national numbers: mobiles are 1 and ten more digits, the second 3
 * to 9; Beijing is 10 and seven or eight; all other area codes begin with 2
 * to 9.  11 and 12 begin short codes only.
 */
static bool check_china(struct id_judgement *j, const char *national)
{
	size_t len = strlen(national);

	if (national[0] == '0')
		return id_fail(j, "the 0 before an area code is not dialled "
				  "after +86");
	if (national[0] != '1') {
		if (len < 9 || len > 11)
			return id_fail(j, "expected 9 to 11 digits after +86");
		return true;
	}
	if (national[1] == '0') {
		if (len != 9 && len != 10)
			return id_fail(j, "expected 7 or 8 digits after +8610");
		return true;
	}
	if (len != 11)
		return id_fail(j, "expected 11 digits after +86");
	if (national[1] < '3')
		return id_fail(j, "there are no mobile numbers 1%c",
			       national[1]);
	return true;
}

bool id_check_phone(struct id_judgement *j)
{
	const char *v = j->value;
	size_t len = strlen(v);

	if (v[0] != '+' || len < 2 || !id_all_digits(v + 1, len - 1))
		return id_fail(j, "expected + and digits, without blanks");
	if (v[1] == '0')
		return id_fail(j, "no country code begins with 0");
	if (len - 1 < 7 || len - 1 > 15)
		return id_fail(j, "%zu digits, expected 7 to 15", len - 1);
	if (strncmp(v, "+86", 3) == 0)
		return check_china(j, v + 3);
	return true;
}

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* RFC 5321 4.1.2: Dot-string, at most 64 octets (4.5.3.1.1). */
static bool check_local(struct id_judgement *j, const char *s, size_t len)
{
	if (len == 0 || len > 64)
		return id_fail(j, "expected 1 to 64 characters before the @");
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '.' && i > 0 && i < len - 1 && s[i - 1] != '.')
			continue;
		if (!is_alnum(s[i]) &&
		    (s[i] == '\0' ||
		     strchr("!#$%&'*+-/=?^_`{|}~", s[i]) == NULL))
			return id_fail(j, "character %zu cannot stand there",
				       i + 1);
	}
	return true;
}

/* RFC 1123 2.1: letters, digits and hyphens, of which none stands at either
 * end; RFC 1035 2.3.4: at most 63. */
static bool check_label(const char *s, size_t len)
{
	if (len == 0 || len > 63 || s[0] == '-' || s[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(s[i]) && s[i] != '-')
			return false;
	}
	return true;
}

/* At least two labels, as nobody is reached at a bare name, and no digits
 * alone at the end: that would be an address. */
static bool check_host(struct id_judgement *j, const char *host)
{
	const char *label = host, *end;
	int labels = 0;

	for (;; label = end + 1) {
		end = strchrnul(label, '.');
		if (!check_label(label, (size_t)(end - label)))
			return id_fail(j, "'%.80s' is no host name", host);
		labels++;
		if (*end == '\0')
			break;
	}
	if (labels < 2 || id_all_digits(label, strlen(label)))
		return id_fail(j, "'%.80s' is no domain name", host);
	return true;
}

bool id_check_email(struct id_judgement *j)
{
	char *at = strrchr(j->value, '@');

	if (at == NULL)
		return id_fail(j, "there is no @ in it");
	if (!check_local(j, j->value, (size_t)(at - j->value)) ||
	    !check_host(j, at + 1))
		return false;
	/* The host has no case; the part before it belongs to the host. */
	for (char *p = at; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	}
	return true;
}
