/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_POLICY_H
#define DEED_PKI_POLICY_H

#include "key/cert.h"
#include "pki/rules.h"

/*
 * Certificate policies along a path: the state variables explicit_policy,
 * policy_mapping, inhibit_anyPolicy and valid_policy_tree of RFC 5280 6.1.2.
 * The tree is the graph of RFC 9618: a policy is one node of its level
 * whatever the ways that lead to it, so that mappings cost what their
 * extensions are long (n log n) instead of multiplying at every level.
 *
 * Slices point into the certificates, which outlive the graph.  Limits:
 * POLICY_LEVELS certificates, POLICY_MAX policies or mappings in one.
 */
#define POLICY_LEVELS 16
#define POLICY_MAX 1024

struct policy_node {
	struct slice policy; /* content octets of an object identifier */
	/* Which nodes above it were mapped to it, in this level's parents;
	 * none: its parent is the anyPolicy of the level above. */
	unsigned parent, parent_count;
	bool mapped, reached;
};

struct policy_level {
	struct policy_node *nodes; /* sorted by policy */
	size_t count, cap;
	bool any; /* the node anyPolicy is there too */
	struct slice *parents;
	size_t parent_count;
};

struct policy_graph {
	struct policy_level levels[POLICY_LEVELS];
	unsigned depth;	 /* certificates worked through so far */
	unsigned length; /* of the path */
	unsigned explicit_policy, policy_mapping, inhibit_any;
};

/* What 6.1.1 (c), (e), (f) and (g) give. */
struct policy_inputs {
	const struct slice *policies;
	size_t count; /* 0: any-policy */
	bool explicit_policy, inhibit_mapping, inhibit_any;
};

/* For a path of length certificates, the anchor not counted: at most
 * POLICY_LEVELS.  policy_clear afterwards, always. */
void policy_init(struct policy_graph *g, const struct policy_inputs *in,
		 unsigned length);
void policy_clear(struct policy_graph *g);

/*
 * The next certificate down.  policy_process does 6.1.3 (d) to (f), then
 * policy_prepare 6.1.4 (a), (b) and (h) to (j) for each but the last.  rule
 * is PKI_RULE_NONE, POLICY, ANY_POLICY_MAPPED, EXTENSION or LIMIT.  Fails
 * with DEED_NO_MEMORY alone.
 */
enum deed_status policy_process(struct policy_graph *g, const struct cert *c,
				enum pki_rule *rule,
				struct deed_error *err) DEED_MUST_USE;
enum deed_status policy_prepare(struct policy_graph *g, const struct cert *c,
				enum pki_rule *rule,
				struct deed_error *err) DEED_MUST_USE;

/*
 * 6.1.5 (a), (b) and (g) for the last certificate.  Up to max policies of
 * the user-constrained set are written to out, *count of them; *any where it
 * holds every policy that was asked for.  rule: NONE, POLICY or EXTENSION.
 */
void policy_wrap_up(struct policy_graph *g, const struct policy_inputs *in,
		    const struct cert *leaf, struct slice *out, size_t max,
		    unsigned *count, bool *any, enum pki_rule *rule);

#endif
