/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/id_number.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "proof/id_check.h"

enum id_letters { KEEP, UPPER };

static const struct id_rule {
	const char *name;
	enum id_subject subject;
	enum id_letters letters;
	bool (*check)(struct id_judgement *j);
} rules[ID_KIND_COUNT] = {
	[ID_CN_RIC] = { "cn-ric", ID_OF_PERSON, UPPER, id_check_cn_ric },
	[ID_CN_RIC15] = { "cn-ric15", ID_OF_PERSON, KEEP, id_check_cn_ric15 },
	[ID_CN_PRC_FOREIGN] = { "cn-prc-foreign", ID_OF_PERSON, UPPER,
				id_check_cn_prc_foreign },
	[ID_CN_USCC] = { "cn-uscc", ID_OF_ORGANISATION, UPPER,
			 id_check_cn_uscc },
	[ID_LEI] = { "lei", ID_OF_ORGANISATION, UPPER, id_check_lei },
	[ID_MRZ_TD1] = { "mrz-td1", ID_OF_PERSON, KEEP, id_check_mrz_td1 },
	[ID_MRZ_TD2] = { "mrz-td2", ID_OF_PERSON, KEEP, id_check_mrz_td2 },
	[ID_MRZ_TD3] = { "mrz-td3", ID_OF_PERSON, KEEP, id_check_mrz_td3 },
	[ID_EE_PNO] = { "ee-pno", ID_OF_PERSON, KEEP, id_check_ee_pno },
	[ID_ETSI_NATURAL] = { "etsi-natural", ID_OF_PERSON, KEEP,
			      id_check_etsi_natural },
	[ID_ETSI_LEGAL] = { "etsi-legal", ID_OF_ORGANISATION, KEEP,
			    id_check_etsi_legal },
	[ID_PHONE] = { "phone", ID_OF_CONTACT, KEEP, id_check_phone },
	[ID_EMAIL] = { "email", ID_OF_CONTACT, KEEP, id_check_email },
};

/* False if there is no such kind. */
static bool id_kind_find(const char *name, enum id_kind *out)
{
	for (unsigned i = 0; i < ID_KIND_COUNT; i++) {
		if (strcmp(rules[i].name, name) == 0) {
			*out = (enum id_kind)i;
			return true;
		}
	}
	return false;
}

const char *id_kind_name(enum id_kind kind)
{
	return rules[kind].name;
}

enum id_subject id_kind_subject(enum id_kind kind)
{
	return rules[kind].subject;
}

const char *id_state_name(enum id_state state)
{
	static const char *const names[] = { "malformed", "well-formed" };

	return names[state];
}

bool id_fail(struct id_judgement *j, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(j->reason, sizeof(j->reason), fmt, args);
	va_end(args);
	return false;
}

void id_warn(struct id_judgement *j, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(j->warning, sizeof(j->warning), fmt, args);
	va_end(args);
}

bool id_all_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	return true;
}

int id_digits(const char *s, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++)
		n = n * 10 + (s[i] - '0');
	return n;
}

bool id_date_exists(int year, int month, int day)
{
	const struct civil c = { .year = year, .month = month, .day = day };
	int64_t t;

	return year >= 1800 && year <= 2099 && clock_from_civil(&c, &t);
}

/* A copy without what can only be a writing accident: letter case where the
 * kind has none, a line feed between the lines of a machine-readable zone. */
static bool normalise(const char *value, const struct id_rule *rule,
		      struct id_judgement *out)
{
	size_t len = strlen(value);
	bool fits = len <= ID_VALUE_MAX;

	if (!fits)
		len = ID_VALUE_MAX;
	memcpy(out->value, value, len);
	out->value[len] = '\0';
	for (char *p = out->value; *p != '\0'; p++) {
		if (rule->letters == UPPER && *p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
		if (*p == '\n')
			*p = '|';
	}
	return fits;
}

void id_judge(enum id_kind kind, const char *value, struct id_judgement *out)
{
	const struct id_rule *rule = &rules[kind];

	memset(out, 0, sizeof(*out));
	out->kind = kind;
	out->state = ID_MALFORMED;
	if (!normalise(value, rule, out)) {
		id_fail(out, "longer than %d bytes", ID_VALUE_MAX);
		return;
	}
	if (rule->check(out))
		out->state = ID_WELL_FORMED;
}

bool id_judge_typed(const char *text, struct id_judgement *out)
{
	const char *colon = strchr(text, ':');
	char name[24];
	enum id_kind kind;

	memset(out, 0, sizeof(*out));
	if (colon == NULL)
		return id_fail(out, "expected KIND:NUMBER");
	if ((size_t)(colon - text) >= sizeof(name))
		return id_fail(out, "there is no such kind of number");
	memcpy(name, text, (size_t)(colon - text));
	name[colon - text] = '\0';
	if (!id_kind_find(name, &kind))
		return id_fail(out, "there is no kind of number '%s'", name);
	id_judge(kind, colon + 1, out);
	return true;
}
