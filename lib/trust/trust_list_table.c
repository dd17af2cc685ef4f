/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/trust_list_table.h"

#include <stdlib.h>

#define AT(s, f, m) .name = (f), .offset = offsetof(struct trust_##s, m)
#define MANY(s, f, m, c, limit) \
	AT(s, f, m), .count = offsetof(struct trust_##s, c), .max = (limit)
#define OF(s, t) .size = sizeof(struct trust_##s), .table = (t)

static const char *const kinds[] = { "ts119612", "yaml", NULL };
static const char *const asserts[] = { "all", "atLeastOne", "none", NULL };
static const char *const uses[] = { "signature",  "seal",     "web",
				    "time-stamp", "identity", NULL };

static const struct trust_member key_usage[] = {
	{ AT(key_usage, "mask", mask), .form = TRUST_NUMBER },
	{ AT(key_usage, "value", value), .form = TRUST_NUMBER },
	{ 0 }
};

static const struct trust_member policy_set[] = {
	{ MANY(policy_set, "oids", oids, count, TRUST_LIST_ITEMS),
	  .form = TRUST_TEXTS },
	{ 0 }
};

static const struct trust_member criteria[] = {
	{ AT(criteria, "assert", assert), .form = TRUST_WORD,
	  .words = asserts },
	{ MANY(criteria, "key_usages", key_usages, key_usage_count,
	       TRUST_LIST_ITEMS),
	  .form = TRUST_ITEMS, OF(key_usage, key_usage), .optional = true },
	{ MANY(criteria, "policy_sets", policy_sets, policy_set_count,
	       TRUST_LIST_ITEMS),
	  .form = TRUST_ITEMS, OF(policy_set, policy_set), .optional = true },
	{ MANY(criteria, "lists", lists, list_count, TRUST_LIST_ITEMS),
	  .form = TRUST_ITEMS, OF(criteria, criteria), .optional = true },
	{ 0 }
};

static const struct trust_member qualification[] = {
	{ MANY(qualification, "qualifiers", qualifiers, qualifier_count,
	       TRUST_LIST_ITEMS),
	  .form = TRUST_TEXTS },
	{ AT(qualification, "criteria", criteria), .form = TRUST_STRUCT,
	  .table = criteria },
	{ 0 }
};

const struct trust_member trust_status_members[] = {
	{ AT(status, "since", since), .form = TRUST_TIME },
	{ AT(status, "status", status), .form = TRUST_TEXT },
	{ AT(status, "uses", uses), .form = TRUST_WORDS, .words = uses },
	{ AT(status, "service_type", type), .form = TRUST_TEXT,
	  .optional = true },
	{ MANY(status, "additional", additional, additional_count,
	       TRUST_LIST_ITEMS),
	  .form = TRUST_TEXTS, .optional = true },
	{ MANY(status, "qualifications", qualifications, qualification_count,
	       TRUST_LIST_ITEMS),
	  .form = TRUST_ITEMS, OF(qualification, qualification),
	  .optional = true },
	{ AT(status, "unsupported", unsupported), .form = TRUST_TEXT,
	  .optional = true },
	{ 0 }
};

static const struct trust_member service[] = {
	{ AT(service, "name", name), .form = TRUST_TEXT },
	{ MANY(service, "certificates", identities, identity_count,
	       TRUST_LIST_ITEMS),
	  .form = TRUST_HASHES },
	{ MANY(service, "statuses", statuses, status_count,
	       TRUST_LIST_STATUSES),
	  .form = TRUST_ITEMS, OF(status, trust_status_members) },
	{ 0 }
};

static const struct trust_member operator[] = {
	{ AT(operator, "name", name), .form = TRUST_TEXT },
	{ AT(operator, "trade_name", trade_name), .form = TRUST_TEXT,
	  .optional = true },
	{ AT(operator, "licence", licence), .form = TRUST_TEXT,
	  .optional = true },
	{ AT(operator, "licence_from", licence_from), .form = TRUST_TIME,
	  .optional = true },
	{ AT(operator, "licence_until", licence_until), .form = TRUST_TIME,
	  .optional = true },
	{ AT(operator, "licence_by", licence_by), .form = TRUST_TEXT,
	  .optional = true },
	{ AT(operator, "representative", representative), .form = TRUST_TEXT,
	  .optional = true },
	{ AT(operator, "address", address), .form = TRUST_TEXT,
	  .optional = true },
	{ MANY(operator, "services", services, service_count,
	       TRUST_LIST_SERVICES),
	  .form = TRUST_ITEMS, OF(service, service) },
	{ 0 }
};

const struct trust_member trust_list_members[] = {
	{ AT(list, "kind", kind), .form = TRUST_WORD, .words = kinds },
	{ AT(list, "scheme", scheme), .form = TRUST_TEXT },
	{ AT(list, "scheme_operator", scheme_operator), .form = TRUST_TEXT },
	{ AT(list, "territory", territory), .form = TRUST_TEXT },
	{ AT(list, "sequence", sequence), .form = TRUST_NUMBER },
	{ AT(list, "issued", issued), .form = TRUST_TIME },
	{ AT(list, "next_update", next_update), .form = TRUST_TIME,
	  .optional = true },
	{ AT(list, "source", source), .form = TRUST_HASH },
	{ MANY(list, "operators", operators, operator_count,
	       TRUST_LIST_OPERATORS),
	  .form = TRUST_ITEMS, OF(operator, operator) },
	{ 0 }
};

/* Items may be NULL, of an array that was read in part. */
static void free_texts(char **texts, size_t count)
{
	for (size_t i = 0; texts != NULL && i < count; i++)
		free(texts[i]);
	free(texts);
}

/* As deep as the lists in it, which no reader makes deeper than the limit. */
void trust_members_free(const struct trust_member *table, void *s)
{
	for (const struct trust_member *m = table; m->name != NULL; m++) {
		void *at = (char *)s + m->offset;
		size_t count = *(size_t *)((char *)s + m->count);

		switch (m->form) {
		case TRUST_TEXT:
		case TRUST_HASHES:
			free(*(void **)at);
			break;
		case TRUST_TEXTS:
			free_texts(*(char ***)at, count);
			break;
		case TRUST_ITEMS:
			for (size_t i = 0; *(char **)at != NULL && i < count;
			     i++)
				trust_members_free(m->table,
						   *(char **)at + i * m->size);
			free(*(void **)at);
			break;
		case TRUST_STRUCT:
			trust_members_free(m->table, at);
			break;
		default:
			break;
		}
	}
}
