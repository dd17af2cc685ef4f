/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/qualify_list.h"

#include "pki/policy_read.h"

/* How many conditions of a list were met, were not, and cannot be told. */
struct tally {
	size_t yes, no, unknown;
};

/* Three values: what cannot be told is kept apart from what is not so. */
static void count(struct tally *t, enum qualify_match match)
{
	t->yes += match == QUALIFY_MATCH_YES;
	t->no += match == QUALIFY_MATCH_NO;
	t->unknown += match == QUALIFY_MATCH_UNKNOWN;
}

static enum qualify_match match_of(bool yes)
{
	return yes ? QUALIFY_MATCH_YES : QUALIFY_MATCH_NO;
}

enum qualify_match qualify_policy(const struct cert *c, struct slice policy)
{
	const struct cert_extension *e =
		cert_extension(c, OID_CERTIFICATE_POLICIES);
	struct slice one, qualifiers;
	struct der_reader r;

	if (e == NULL)
		return QUALIFY_MATCH_NO;
	if (!policy_open(e->value, &r))
		return QUALIFY_MATCH_UNKNOWN;
	while (!der_at_end(&r)) {
		if (!policy_next(&r, &one, &qualifiers))
			return QUALIFY_MATCH_UNKNOWN;
		if (slice_equal(one, policy))
			return QUALIFY_MATCH_YES;
	}
	return QUALIFY_MATCH_NO;
}

/* All of them must be there.  A set of none, and an identifier that cannot be
 * encoded, leave the answer open. */
static enum qualify_match has_policies(const struct trust_policy_set *set,
				       const struct cert *c)
{
	enum qualify_match match =
		set->count > 0 ? QUALIFY_MATCH_YES : QUALIFY_MATCH_UNKNOWN;
	struct buf oid = BUF_INIT;
	size_t i;

	for (i = 0; match == QUALIFY_MATCH_YES && i < set->count; i++) {
		buf_reset(&oid);
		match = oid_encode(set->oids[i], &oid) && !oid.failed
				? qualify_policy(c, buf_get(&oid))
				: QUALIFY_MATCH_UNKNOWN;
	}
	buf_clear(&oid);
	return match;
}

/* Three-valued: what is not known decides only where the rest does not. */
static enum qualify_match conclude(enum trust_assert assert,
				   const struct tally *t)
{
	switch (assert) {
	case TRUST_ASSERT_ALL:
		if (t->no > 0)
			return QUALIFY_MATCH_NO;
		break;
	case TRUST_ASSERT_AT_LEAST_ONE:
		if (t->yes > 0)
			return QUALIFY_MATCH_YES;
		break;
	case TRUST_ASSERT_NONE:
		if (t->yes > 0)
			return QUALIFY_MATCH_NO;
		break;
	default:
		return QUALIFY_MATCH_UNKNOWN;
	}
	if (t->unknown > 0)
		return QUALIFY_MATCH_UNKNOWN;
	return match_of(assert != TRUST_ASSERT_AT_LEAST_ONE);
}

/* Without the extension no bit of it is true, or false. */
static enum qualify_match has_usages(const struct trust_key_usage *k,
				     const struct cert_fields *f)
{
	if (k->mask == 0)
		return QUALIFY_MATCH_UNKNOWN;
	return match_of(f->has_key_usage &&
			(f->key_usage & k->mask) == k->value);
}

/* What asks for nothing would be met by everybody: nobody is meant. */
static enum qualify_match judge(const struct trust_criteria *criteria,
				const struct cert *c, unsigned depth)
{
	const struct cert_fields *f = cert_fields(c);
	struct tally t = { 0 };
	size_t i;

	/* The reader has the same limit; this one is for its callers. */
	if (depth > TRUST_LIST_DEPTH)
		return QUALIFY_MATCH_UNKNOWN;
	for (i = 0; i < criteria->key_usage_count; i++)
		count(&t, has_usages(&criteria->key_usages[i], f));
	for (i = 0; i < criteria->policy_set_count; i++)
		count(&t, has_policies(&criteria->policy_sets[i], c));
	for (i = 0; i < criteria->list_count; i++)
		count(&t, judge(&criteria->lists[i], c, depth + 1));
	if (t.yes + t.no + t.unknown == 0)
		return QUALIFY_MATCH_UNKNOWN;
	return conclude(criteria->assert, &t);
}

enum qualify_match qualify_criteria(const struct trust_criteria *criteria,
				    const struct cert *c)
{
	return judge(criteria, c, 0);
}
