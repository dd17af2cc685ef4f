/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "crypto/hmac.h"

#define LEVELS 18 /* of 65536 leaves 17 */

struct deposit_tree {
	struct tree_hash *node[LEVELS]; /* of complete subtrees */
	size_t count;
};

void deposit_tree_salt(const uint8_t salt[SHA256_SIZE], size_t n,
		       uint8_t out[SHA256_SIZE])
{
	char text[40];

	snprintf(text, sizeof(text), "document %zu", n);
	hmac(DIGEST_SHA256, slice_of(salt, SHA256_SIZE), slice_str(text), out);
}

void deposit_tree_leaf(const uint8_t salt[SHA256_SIZE],
		       const uint8_t sha256[SHA256_SIZE], struct tree_hash *out)
{
	uint8_t entry[2 * SHA256_SIZE];

	memcpy(entry, salt, SHA256_SIZE);
	memcpy(entry + SHA256_SIZE, sha256, SHA256_SIZE);
	tree_leaf(slice_of(entry, sizeof(entry)), out);
}

/* Each level has half as many nodes as the one below, without the odd one:
 * only complete subtrees are kept, and tree_root puts the edge together out of
 * those (RFC 6962 2.1). */
static bool make_nodes(struct deposit_tree *t)
{
	size_t count = t->count / 2, level, i;

	for (level = 1; level < LEVELS && count > 0; level++, count /= 2) {
		t->node[level] = calloc(count, sizeof(struct tree_hash));
		if (t->node[level] == NULL)
			return false;
		for (i = 0; i < count; i++)
			tree_node(&t->node[level - 1][2 * i],
				  &t->node[level - 1][2 * i + 1],
				  &t->node[level][i]);
	}
	return count == 0;
}

/* The hashes are the caller's and are not kept: a leaf is made of each, and
 * the tree of the leaves. */
enum deed_status deposit_tree_new(const uint8_t salt[SHA256_SIZE],
				  const uint8_t *sha256, size_t count,
				  struct deposit_tree **out,
				  struct deed_error *err)
{
	struct deposit_tree *t = calloc(1, sizeof(*t));
	uint8_t own[SHA256_SIZE];
	size_t i;

	*out = NULL;
	if (t == NULL)
		return deed_error_memory(err);
	t->count = count;
	t->node[0] = calloc(count + 1, sizeof(struct tree_hash));
	for (i = 0; t->node[0] != NULL && i < count; i++) {
		deposit_tree_salt(salt, i + 1, own);
		deposit_tree_leaf(own, sha256 + i * SHA256_SIZE,
				  &t->node[0][i]);
	}
	if (t->node[0] == NULL || !make_nodes(t)) {
		deposit_tree_free(t);
		return deed_error_memory(err);
	}
	*out = t;
	return DEED_OK;
}

void deposit_tree_free(struct deposit_tree *t)
{
	size_t i;

	if (t == NULL)
		return;
	for (i = 0; i < LEVELS; i++)
		free(t->node[i]);
	free(t);
}

/* A tree_read_fn. */
static enum deed_status read_node(void *arg, unsigned level, uint64_t number,
				  struct tree_hash *out, struct deed_error *err)
{
	const struct deposit_tree *t = arg;

	if (level >= LEVELS || number >= t->count >> level)
		return deed_error_set(err, DEED_LIMIT,
				      "the tree of a pack has no such node");
	*out = t->node[level][number];
	return DEED_OK;
}

enum deed_status deposit_tree_root(const struct deposit_tree *t,
				   struct tree_hash *out,
				   struct deed_error *err)
{
	return tree_root(t->count, read_node, (void *)(uintptr_t)t, out, err);
}

enum deed_status deposit_tree_path(const struct deposit_tree *t, size_t n,
				   struct tree_proof *out,
				   struct deed_error *err)
{
	return tree_inclusion(n - 1, t->count, read_node, (void *)(uintptr_t)t,
			      out, err);
}
