/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tree_priv.h"

#include "crypto/digest.h"

static bool tree_hash_equal(const struct tree_hash *a,
			    const struct tree_hash *b)
{
	return !memcmp(a->bytes, b->bytes, TREE_HASH);
}

static enum deed_status inconsistent(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_INCONSISTENT,
			      "the %s proof does not hold", what);
}

enum deed_status tree_check_inclusion(uint64_t index, uint64_t size,
				      const struct tree_hash *leaf,
				      const struct tree_hash *root,
				      const struct tree_proof *proof,
				      struct deed_error *err)
{
	struct tree_hash hash = *leaf;
	uint64_t at = index, last;
	size_t i;

	if (index >= size || size >= TREE_SIZE_LIMIT)
		return tree_impossible(err);
	last = size - 1;
	for (i = 0; i < proof->count; i++) {
		if (last == 0)
			return inconsistent(err, "inclusion");
		if ((at & 1) != 0 || at == last) {
			tree_node(&proof->hash[i], &hash, &hash);
			while ((at & 1) == 0 && at != 0) {
				at >>= 1;
				last >>= 1;
			}
		} else {
			tree_node(&hash, &proof->hash[i], &hash);
		}
		at >>= 1;
		last >>= 1;
	}
	if (last != 0 || !tree_hash_equal(&hash, root))
		return inconsistent(err, "inclusion");
	return DEED_OK;
}

/* One hash of the path goes into both roots; RFC 9162 2.1.4.2, step 6. */
static void consistency_step(uint64_t *at, uint64_t *last,
			     const struct tree_hash *hash,
			     struct tree_hash *old, struct tree_hash *new)
{
	if ((*at & 1) != 0 || *at == *last) {
		tree_node(hash, old, old);
		tree_node(hash, new, new);
		while ((*at & 1) == 0 && *at != 0) {
			*at >>= 1;
			*last >>= 1;
		}
	} else {
		tree_node(new, hash, new);
	}
	*at >>= 1;
	*last >>= 1;
}

static bool power_of_two(uint64_t n)
{
	return (n & (n - 1)) == 0;
}

enum deed_status tree_check_consistency(uint64_t old, uint64_t size,
					const struct tree_hash *old_root,
					const struct tree_hash *root,
					const struct tree_proof *proof,
					struct deed_error *err)
{
	struct tree_hash old_hash, hash;
	uint64_t at, last;
	size_t i = 0;

	if (old > size || size >= TREE_SIZE_LIMIT)
		return tree_impossible(err);
	if (old == 0 || old == size) {
		if (old == 0)
			sha256(slice_str(""), hash.bytes);
		else
			hash = *root;
		if (proof->count != 0 || !tree_hash_equal(old_root, &hash))
			return inconsistent(err, "consistency");
		return DEED_OK;
	}
	at = old - 1;
	last = size - 1;
	while ((at & 1) != 0) {
		at >>= 1;
		last >>= 1;
	}
	if (power_of_two(old)) {
		old_hash = *old_root;
	} else {
		if (proof->count == 0)
			return inconsistent(err, "consistency");
		old_hash = proof->hash[i++];
	}
	hash = old_hash;
	for (; i < proof->count; i++) {
		if (last == 0)
			return inconsistent(err, "consistency");
		consistency_step(&at, &last, &proof->hash[i], &old_hash, &hash);
	}
	if (last != 0 || !tree_hash_equal(&old_hash, old_root) ||
	    !tree_hash_equal(&hash, root))
		return inconsistent(err, "consistency");
	return DEED_OK;
}
