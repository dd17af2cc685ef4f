/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/source_digests.h"

#include <stdlib.h>

struct digest_node {
	_Atomic(struct digest_node *) child[2];
	struct source_node *node;
};

static bool bit_of(const struct cert *c, unsigned at)
{
	return (cert_sha256(c)[at / 8] >> (7 - at % 8) & 1) != 0;
}

/* Acquired: whoever sees a node sees all that was written before it was
 * linked. */
static struct digest_node *follow(const _Atomic(struct digest_node *) *link)
{
	return atomic_load_explicit(link, memory_order_acquire);
}

struct source_node *source_digests_find(const struct source_digests *d,
					const struct cert *c)
{
	const struct digest_node *n = follow(&d->root);
	unsigned at;

	for (at = 0; n != NULL; at++) {
		if (cert_equal(n->node->object, c))
			return n->node;
		if (at == 8 * SHA256_SIZE)
			break;
		n = follow(&n->child[bit_of(c, at)]);
	}
	return NULL;
}

enum deed_status source_digests_add(struct source_digests *d,
				    struct source_node *node,
				    struct deed_error *err)
{
	struct digest_node *added = calloc(1, sizeof(*added)), *n;
	_Atomic(struct digest_node *) *link = &d->root;
	unsigned at = 0;

	if (added == NULL)
		return deed_error_memory(err);
	atomic_init(&added->child[0], NULL);
	atomic_init(&added->child[1], NULL);
	added->node = node;
	/* It ends before the digest does: no two have the same. */
	while ((n = follow(link)) != NULL)
		link = &n->child[bit_of(node->object, at++)];
	atomic_store_explicit(link, added, memory_order_release);
	return DEED_OK;
}

/* What is on the left is turned up, until nothing is: no stack is needed. */
void source_digests_clear(struct source_digests *d)
{
	struct digest_node *n = follow(&d->root), *left, *next;

	while (n != NULL) {
		left = follow(&n->child[0]);
		if (left != NULL) {
			atomic_store(&n->child[0], follow(&left->child[1]));
			atomic_store(&left->child[1], n);
			n = left;
		} else {
			next = follow(&n->child[1]);
			free(n);
			n = next;
		}
	}
	atomic_store(&d->root, NULL);
}
