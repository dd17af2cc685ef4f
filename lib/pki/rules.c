/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/rules.h"

struct rule {
	const char *id;
	const char *clause;
	const char *text;
};

static const struct rule rules[] = {
	[PKI_RULE_NONE] = { "", "", "" },
#define RULE(name, id, leaf, issuer, clause, text) \
	[PKI_RULE_##name] = { id, clause, text },
#include "pki/rules.def"
#undef RULE
};

const char *pki_rule_id(enum pki_rule rule)
{
	return rules[rule].id;
}

const char *pki_rule_clause(enum pki_rule rule)
{
	return rules[rule].clause;
}

const char *pki_rule_text(enum pki_rule rule)
{
	return rules[rule].text;
}
