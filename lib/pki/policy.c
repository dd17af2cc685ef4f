/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/policy.h"

#include <assert.h>
#include <stdlib.h>

#include "base/array.h"
#include "pki/policy_read.h"

struct mapping {
	struct slice issuer, subject;
};

/* An order to search by and no more: octets, and of two with the same
 * beginning the shorter first. */
static int compare_slices(struct slice a, struct slice b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);

	if (order != 0)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

static int by_policy(const void *a, const void *b)
{
	const struct policy_node *x = a, *y = b;

	return compare_slices(x->policy, y->policy);
}

static int by_value(const void *a, const void *b)
{
	return compare_slices(*(const struct slice *)a,
			      *(const struct slice *)b);
}

static int by_subject(const void *a, const void *b)
{
	const struct mapping *x = a, *y = b;

	return compare_slices(x->subject, y->subject);
}

/* qsort is not to be given the null array of nothing. */
static void sort(void *list, size_t count, size_t size,
		 int (*compare)(const void *, const void *))
{
	if (count > 1)
		qsort(list, count, size, compare);
}

/* bsearch is not to be given the null array of a level without nodes. */
static struct policy_node *find(const struct policy_level *l,
				struct slice policy)
{
	struct policy_node key = { .policy = policy };

	return l->count == 0 ? NULL
			     : bsearch(&key, l->nodes, l->count,
				       sizeof(*l->nodes), by_policy);
}

static bool is_any(struct slice policy)
{
	return slice_equal(policy, oid_slice(OID_ANY_POLICY));
}

/* Room for so many nodes in all. */
static enum deed_status make_room(struct policy_level *l, size_t cap,
				  struct deed_error *err)
{
	if (cap > l->cap && !array_room(&l->nodes, &l->cap, cap))
		return deed_error_memory(err);
	return DEED_OK;
}

/* Nodes whose parent is the anyPolicy above, for each of these that is not
 * there yet.  new is sorted, and without doubles. */
static enum deed_status add_below_any(struct policy_level *l,
				      const struct slice *new, size_t count,
				      struct deed_error *err)
{
	enum deed_status status = make_room(l, l->count + count, err);
	size_t i, before = l->count, to = before;

	for (i = 0; status == DEED_OK && i < count; i++) {
		if (!is_any(new[i]) && find(l, new[i]) == NULL)
			l->nodes[to++] =
				(struct policy_node){ .policy = new[i] };
	}
	l->count = to;
	sort(l->nodes, l->count, sizeof(*l->nodes), by_policy);
	return status;
}

void policy_init(struct policy_graph *g, const struct policy_inputs *in,
		 unsigned length)
{
	assert(length <= POLICY_LEVELS);
	*g = (struct policy_graph){
		.length = length,
		.explicit_policy = in->explicit_policy ? 0 : length + 1,
		.policy_mapping = in->inhibit_mapping ? 0 : length + 1,
		.inhibit_any = in->inhibit_any ? 0 : length + 1,
	};
	g->levels[0].any = true;
}

void policy_clear(struct policy_graph *g)
{
	unsigned i;

	for (i = 0; i < POLICY_LEVELS; i++) {
		free(g->levels[i].nodes);
		free(g->levels[i].parents);
	}
	*g = (struct policy_graph){ 0 };
}

/* The policies of a certificate, sorted.  4.2.1.4: none of them twice. */
static enum pki_rule read_policies(struct slice value, struct slice *out,
				   size_t *count)
{
	struct slice qualifiers;
	struct der_reader r;
	size_t i, n = 0;

	if (!policy_open(value, &r))
		return PKI_RULE_EXTENSION;
	for (; !der_at_end(&r); n++) {
		if (n == POLICY_MAX)
			return PKI_RULE_LIMIT;
		if (!policy_next(&r, &out[n], &qualifiers))
			return PKI_RULE_EXTENSION;
	}
	sort(out, n, sizeof(*out), by_value);
	for (i = 1; i < n; i++) {
		if (slice_equal(out[i - 1], out[i]))
			return PKI_RULE_EXTENSION;
	}
	*count = n;
	return PKI_RULE_NONE;
}

static bool among(const struct slice *sorted, size_t count, struct slice policy)
{
	return bsearch(&policy, sorted, count, sizeof(*sorted), by_value) !=
	       NULL;
}

/* 6.1.3 (d): the level holds what is expected; leave what the certificate
 * asserts, and let anyPolicy above stand for the rest of it. */
static enum deed_status assert_policies(struct policy_level *l,
					const struct slice *said, size_t count,
					bool any_counts, struct deed_error *err)
{
	bool any_above = l->any;
	size_t i, to = 0;

	if (!any_counts || !among(said, count, oid_slice(OID_ANY_POLICY))) {
		for (i = 0; i < l->count; i++) {
			if (among(said, count, l->nodes[i].policy))
				l->nodes[to++] = l->nodes[i];
		}
		l->count = to;
		l->any = false;
	}
	return any_above ? add_below_any(l, said, count, err) : DEED_OK;
}

enum deed_status policy_process(struct policy_graph *g, const struct cert *c,
				enum pki_rule *rule, struct deed_error *err)
{
	const struct cert_extension *e =
		cert_extension(c, OID_CERTIFICATE_POLICIES);
	struct policy_level *l = &g->levels[g->depth];
	bool last = g->depth + 1 == g->length;
	enum deed_status status = DEED_OK;
	struct slice *said;
	size_t count = 0;

	*rule = PKI_RULE_NONE;
	if (e == NULL) {
		l->count = 0;
		l->any = false;
	} else {
		said = calloc(POLICY_MAX, sizeof(*said));
		if (said == NULL)
			return deed_error_memory(err);
		*rule = read_policies(e->value, said, &count);
		if (*rule == PKI_RULE_NONE)
			status = assert_policies(
				l, said, count,
				g->inhibit_any > 0 ||
					(!last && cert_self_issued(c)),
				err);
		free(said);
	}
	if (status == DEED_OK && *rule == PKI_RULE_NONE &&
	    g->explicit_policy == 0 && l->count == 0 && !l->any)
		*rule = PKI_RULE_POLICY;
	return status;
}

/* 6.1.4 (a): neither side may be anyPolicy. */
static enum pki_rule read_mappings(struct slice value, struct mapping *out,
				   size_t *count)
{
	struct der_reader r;
	size_t n = 0;

	if (!policy_mapping_open(value, &r))
		return PKI_RULE_EXTENSION;
	for (; !der_at_end(&r); n++) {
		if (n == POLICY_MAX)
			return PKI_RULE_LIMIT;
		if (!policy_mapping_next(&r, &out[n].issuer, &out[n].subject))
			return PKI_RULE_EXTENSION;
		if (is_any(out[n].issuer) || is_any(out[n].subject))
			return PKI_RULE_ANY_POLICY_MAPPED;
	}
	*count = n;
	return PKI_RULE_NONE;
}

/* 6.1.4 (b)(1), first half: what is mapped and lies below anyPolicy only
 * becomes a node of its own; then all that is mapped is marked. */
static enum deed_status mark_mapped(struct policy_level *l,
				    const struct mapping *m, size_t count,
				    struct deed_error *err)
{
	struct slice *issuers = calloc(count + 1, sizeof(*issuers));
	enum deed_status status = DEED_OK;
	struct policy_node *node;
	size_t i, to = 0;

	if (issuers == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++)
		issuers[i] = m[i].issuer;
	sort(issuers, count, sizeof(*issuers), by_value);
	for (i = 0; i < count; i++) {
		if (to == 0 || !slice_equal(issuers[to - 1], issuers[i]))
			issuers[to++] = issuers[i];
	}
	if (l->any)
		status = add_below_any(l, issuers, to, err);
	for (i = 0; status == DEED_OK && i < to; i++) {
		node = find(l, issuers[i]);
		if (node != NULL)
			node->mapped = true;
	}
	free(issuers);
	return status;
}

/* 6.1.4 (b)(2): where mapping is inhibited, what is mapped is no more. */
static void drop_mapped(struct policy_level *l)
{
	size_t i, to = 0;

	for (i = 0; i < l->count; i++) {
		if (!l->nodes[i].mapped)
			l->nodes[to++] = l->nodes[i];
	}
	l->count = to;
}

/* Pairs (policy here, policy expected below): those of the extension that
 * start at a node, and each unmapped node to itself. */
static size_t gather(const struct policy_level *l, const struct mapping *m,
		     size_t count, struct mapping *pairs)
{
	struct policy_node *node;
	size_t i, n = 0;

	for (i = 0; i < count; i++) {
		node = find(l, m[i].issuer);
		if (node != NULL && node->mapped)
			pairs[n++] = m[i];
	}
	for (i = 0; i < l->count; i++) {
		if (!l->nodes[i].mapped)
			pairs[n++] = (struct mapping){ l->nodes[i].policy,
						       l->nodes[i].policy };
	}
	sort(pairs, n, sizeof(*pairs), by_subject);
	return n;
}

/* The level below: one node for each policy expected there. */
static enum deed_status descend(struct policy_graph *g, const struct mapping *m,
				size_t count, struct deed_error *err)
{
	const struct policy_level *l = &g->levels[g->depth];
	struct policy_level *next = &g->levels[g->depth + 1];
	struct mapping *pairs = calloc(l->count + count + 1, sizeof(*pairs));
	struct policy_node *node = NULL;
	enum deed_status status;
	size_t i, n;

	next->any = l->any;
	next->parents = calloc(l->count + count + 1, sizeof(*next->parents));
	status = make_room(next, l->count + count + 1, err);
	if (status != DEED_OK || pairs == NULL || next->parents == NULL) {
		free(pairs);
		return deed_error_memory(err);
	}
	n = gather(l, m, count, pairs);
	for (i = 0; i < n; i++) {
		if (node == NULL ||
		    !slice_equal(node->policy, pairs[i].subject)) {
			node = &next->nodes[next->count++];
			*node = (struct policy_node){
				.policy = pairs[i].subject,
				.parent = (unsigned)next->parent_count,
			};
		}
		next->parents[next->parent_count++] = pairs[i].issuer;
		node->parent_count++;
	}
	free(pairs);
	g->depth++;
	return DEED_OK;
}

/* RFC 5280 6.1.4 (a) and (b): mapped where that is allowed, else the mapped
 * policies end here. */
static enum deed_status map_policies(struct policy_graph *g, struct slice value,
				     enum pki_rule *rule,
				     struct deed_error *err)
{
	struct policy_level *l = &g->levels[g->depth];
	struct mapping *m = calloc(POLICY_MAX, sizeof(*m));
	enum deed_status status = DEED_OK;
	size_t count = 0;

	if (m == NULL)
		return deed_error_memory(err);
	*rule = read_mappings(value, m, &count);
	if (*rule == PKI_RULE_NONE)
		status = mark_mapped(l, m, count, err);
	if (status == DEED_OK && *rule == PKI_RULE_NONE &&
	    g->policy_mapping == 0) {
		drop_mapped(l);
		count = 0;
	}
	if (status == DEED_OK && *rule == PKI_RULE_NONE)
		status = descend(g, m, count, err);
	free(m);
	return status;
}

/* The counters of RFC 5280 6.1.4 only ever fall, whatever a certificate
 * further down says. */
static void lower(unsigned *counter, uint32_t skip)
{
	if (skip < *counter)
		*counter = skip;
}

/* 6.1.4 (h) to (j). */
static enum pki_rule count_down(struct policy_graph *g, const struct cert *c)
{
	const struct cert_extension *e;
	uint32_t require, inhibit;

	if (!cert_self_issued(c)) {
		g->explicit_policy -= g->explicit_policy > 0;
		g->policy_mapping -= g->policy_mapping > 0;
		g->inhibit_any -= g->inhibit_any > 0;
	}
	e = cert_extension(c, OID_POLICY_CONSTRAINTS);
	if (e != NULL) {
		if (!policy_constraints_read(e->value, &require, &inhibit))
			return PKI_RULE_EXTENSION;
		lower(&g->explicit_policy, require);
		lower(&g->policy_mapping, inhibit);
	}
	e = cert_extension(c, OID_INHIBIT_ANY_POLICY);
	if (e != NULL) {
		if (!policy_inhibit_any_read(e->value, &inhibit))
			return PKI_RULE_EXTENSION;
		lower(&g->inhibit_any, inhibit);
	}
	return PKI_RULE_NONE;
}

enum deed_status policy_prepare(struct policy_graph *g, const struct cert *c,
				enum pki_rule *rule, struct deed_error *err)
{
	const struct cert_extension *e = cert_extension(c, OID_POLICY_MAPPINGS);
	enum deed_status status;

	*rule = PKI_RULE_NONE;
	status = e != NULL ? map_policies(g, e->value, rule, err)
			   : descend(g, NULL, 0, err);
	if (status == DEED_OK && *rule == PKI_RULE_NONE)
		*rule = count_down(g, c);
	return status;
}

/* The user-constrained set as it is written out. */
struct answer {
	const struct policy_inputs *in;
	bool all; /* the user takes any policy */
	struct slice *out;
	size_t max;
	unsigned count;
	bool some;
};

/* Where any-policy was asked for, every policy was. */
static bool asked_for(const struct answer *a, struct slice policy)
{
	size_t i;

	for (i = 0; !a->all && i < a->in->count; i++) {
		if (slice_equal(a->in->policies[i], policy))
			return true;
	}
	return a->all;
}

/* A policy that is reached twice is told once.  What finds no room in out
 * still counts: that there is some decides about the path. */
static void put_policy(struct answer *a, struct slice policy)
{
	unsigned i;

	a->some = true;
	for (i = 0; i < a->count; i++) {
		if (slice_equal(a->out[i], policy))
			return;
	}
	if (a->count < a->max)
		a->out[a->count++] = policy;
}

/* RFC 9618 5.4: from the last level up, to the nodes right below anyPolicy;
 * those are policies in the anchor's own domain. */
static void walk_up(struct policy_graph *g, struct answer *a)
{
	struct policy_node *node, *above;
	unsigned d = g->depth + 1, k;
	struct policy_level *l;
	size_t i;

	while (d-- > 0) {
		l = &g->levels[d];
		for (i = 0; i < l->count; i++) {
			node = &l->nodes[i];
			if (d != g->depth && !node->reached)
				continue;
			if (node->parent_count == 0 &&
			    asked_for(a, node->policy))
				put_policy(a, node->policy);
			for (k = 0; k < node->parent_count; k++) {
				above = find(l - 1,
					     l->parents[node->parent + k]);
				if (above != NULL)
					above->reached = true;
			}
		}
	}
}

void policy_wrap_up(struct policy_graph *g, const struct policy_inputs *in,
		    const struct cert *leaf, struct slice *out, size_t max,
		    unsigned *count, bool *any, enum pki_rule *rule)
{
	const struct cert_extension *e =
		cert_extension(leaf, OID_POLICY_CONSTRAINTS);
	struct answer a = { .in = in, .out = out, .max = max };
	uint32_t require = POLICY_NO_SKIP, inhibit;
	size_t i;

	*rule = PKI_RULE_NONE;
	g->explicit_policy -= g->explicit_policy > 0;
	if (e != NULL && !policy_constraints_read(e->value, &require, &inhibit))
		*rule = PKI_RULE_EXTENSION;
	if (require == 0)
		g->explicit_policy = 0;
	a.all = in->count == 0;
	for (i = 0; i < in->count; i++)
		a.all = a.all || is_any(in->policies[i]);
	walk_up(g, &a);
	*any = g->levels[g->depth].any;
	for (i = 0; *any && !a.all && i < in->count; i++)
		put_policy(&a, in->policies[i]);
	*count = a.count;
	if (*rule == PKI_RULE_NONE && g->explicit_policy == 0 && !a.some &&
	    !*any)
		*rule = PKI_RULE_POLICY;
}
