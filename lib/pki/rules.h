/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_RULES_H
#define DEED_PKI_RULES_H

/*
 * The rules of path validation by number: rules.def is the one list.  All
 * strings are static and for people, except the id.
 */
enum pki_rule {
	PKI_RULE_NONE, /* none failed */
#define RULE(name, id, leaf, issuer, clause, text) PKI_RULE_##name,
#include "pki/rules.def"
#undef RULE
	PKI_RULE_COUNT
};

/* "permitted-subtree"; "" for PKI_RULE_NONE. */
const char *pki_rule_id(enum pki_rule rule);

/* "RFC 5280 6.1.3 (b)". */
const char *pki_rule_clause(enum pki_rule rule);

/* What the clause demands, without a full stop. */
const char *pki_rule_text(enum pki_rule rule);

#endif
