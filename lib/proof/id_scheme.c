/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/id_scheme.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "proof/id_country.h"

#define SCHEME 5 /* characters, before the hyphen */

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static char capital(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* "PNO", "EI:": three letters, or two and a colon. */
static bool is_type(const char *t)
{
	return is_capital(t[0]) && is_capital(t[1]) &&
	       (is_capital(t[2]) || t[2] == ':');
}

/* Capitals throughout, for certificates and people write the same number in
 * both.  PNO and IDC are one number in China, and are compared as one. */
static bool fill(struct id_scheme *out, const char *type, const char *country,
		 const char *value)
{
	size_t len = strlen(value), i;

	if (len == 0 || len > ID_VALUE_MAX)
		return false;
	(void)snprintf(out->scheme, sizeof(out->scheme), "%.3s%.2s", type,
		       country);
	if (strcmp(out->scheme, "PNOCN") == 0)
		memcpy(out->scheme, "IDC", 3);
	for (i = 0; i <= len; i++)
		out->value[i] = capital(value[i]);
	return true;
}

bool id_scheme_parse(const char *text, struct id_scheme *out)
{
	char head[SCHEME + 1];
	size_t i;

	for (i = 0; i < SCHEME; i++) {
		if (text[i] == '\0')
			return false;
		head[i] = capital(text[i]);
	}
	head[i] = '\0';
	if (text[SCHEME] != '-' || !is_type(head) || !is_capital(head[3]) ||
	    !is_capital(head[4]))
		return false;
	return fill(out, head, head + 3, text + SCHEME + 1);
}

/* The number of a document, of at most nine characters, filled up with "<";
 * of a longer one only the beginning stands there (ICAO 9303-5 4.2). */
static bool of_document(const char *type, const char *country,
			const char *number, struct id_scheme *out)
{
	char text[10];

	if (strnlen(number, 10) < 10 || number[9] == '<')
		return false;
	memcpy(text, number, 9);
	text[9] = '\0';
	text[strcspn(text, "<")] = '\0';
	return fill(out, type, country, text);
}

bool id_scheme_of(const struct id_judgement *id, struct id_scheme *out)
{
	const char *line = strpbrk(id->value, "|\n");
	char country[3];

	switch (id->kind) {
	case ID_CN_RIC:
	case ID_CN_RIC15:
	case ID_CN_PRC_FOREIGN:
		return fill(out, "IDC", "CN", id->value);
	case ID_CN_USCC:
		return fill(out, "NTR", "CN", id->value);
	case ID_LEI:
		return fill(out, "LEI", "XG", id->value);
	case ID_EE_PNO:
		return fill(out, "PNO", "EE", id->value);
	case ID_ETSI_NATURAL:
	case ID_ETSI_LEGAL:
		return id_scheme_parse(id->value, out);
	case ID_MRZ_TD1:
		return strlen(id->value) > 5 && id_country(id, country) &&
		       of_document("IDC", country, id->value + 5, out);
	case ID_MRZ_TD2:
	case ID_MRZ_TD3:
		return line != NULL && id_country(id, country) &&
		       of_document(id->kind == ID_MRZ_TD3 ? "PAS" : "IDC",
				   country, line + 1, out);
	case ID_PHONE:
	case ID_EMAIL:
	case ID_KIND_COUNT:
		break;
	}
	return false;
}

bool id_scheme_write(const struct id_judgement *id, char out[ID_SCHEME_TEXT])
{
	struct id_scheme scheme;

	if (!id_scheme_of(id, &scheme))
		return false;
	if (id->kind == ID_ETSI_NATURAL || id->kind == ID_ETSI_LEGAL)
		(void)snprintf(out, ID_SCHEME_TEXT, "%s", id->value);
	else
		(void)snprintf(out, ID_SCHEME_TEXT, "%s-%s", scheme.scheme,
			       scheme.value);
	return true;
}

bool id_scheme_bare(const char *number, const char *country,
		    struct id_scheme *out)
{
	static const struct {
		const char *country;
		enum id_kind kind;
	} kinds[] = { { "EE", ID_EE_PNO }, { "CN", ID_CN_RIC } };
	struct id_judgement id;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcasecmp(kinds[i].country, country) != 0)
			continue;
		id_judge(kinds[i].kind, number, &id);
		if (id.state != ID_MALFORMED)
			return id_scheme_of(&id, out);
	}
	return false;
}

/* GB 11643: the century and the check digit came later. */
static bool same_ric(const char *old, const char *new)
{
	return strlen(old) == 15 && strlen(new) == 18 &&
	       strncmp(old, new, 6) == 0 && strncmp(new + 6, "19", 2) == 0 &&
	       strncmp(old + 6, new + 8, 9) == 0;
}

enum id_compared id_scheme_compare(const struct id_scheme *a,
				   const struct id_scheme *b)
{
	if (strcmp(a->scheme, b->scheme) != 0)
		return ID_INCOMPARABLE;
	if (strcmp(a->value, b->value) == 0)
		return ID_SAME;
	if (strcmp(a->scheme, "IDCCN") == 0 &&
	    (same_ric(a->value, b->value) || same_ric(b->value, a->value)))
		return ID_SAME;
	return ID_OTHER;
}
