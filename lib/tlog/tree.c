/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tree.h"

#include <assert.h>

#include "crypto/digest.h"

#define SIZE_LIMIT (UINT64_C(1) << 53)

void tree_leaf(struct slice entry, struct tree_hash *out)
{
	static const uint8_t zero;
	const struct slice parts[2] = { slice_of(&zero, 1), entry };

	/* An entry of a log has at most 65,535 bytes. */
	assert(entry.len <= TREE_ENTRY_MAX);
	sha256_parts(parts, 2, out->bytes);
}

void tree_node(const struct tree_hash *left, const struct tree_hash *right,
	       struct tree_hash *out)
{
	uint8_t both[1 + 2 * TREE_HASH];

	both[0] = 1;
	memcpy(both + 1, left->bytes, TREE_HASH);
	memcpy(both + 1 + TREE_HASH, right->bytes, TREE_HASH);
	sha256(slice_of(both, sizeof(both)), out->bytes);
}

static bool tree_hash_equal(const struct tree_hash *a,
			    const struct tree_hash *b)
{
	return !memcmp(a->bytes, b->bytes, TREE_HASH);
}

/* The level of the largest complete subtree that size leaves begin with. */
static unsigned top_level(uint64_t size)
{
	return 63 - (unsigned)__builtin_clzll(size);
}

/* The largest power of two below n; n is at least 2. */
static uint64_t split(uint64_t n)
{
	return UINT64_C(1) << top_level(n - 1);
}

/*
 * The hash over the leaves start to start + n, where start is a multiple of
 * the smallest power of two that is not below n: complete subtrees from the
 * left, of falling size, folded from the right.
 */
static enum deed_status range_hash(uint64_t start, uint64_t n,
				   tree_read_fn *read, void *arg,
				   struct tree_hash *out,
				   struct deed_error *err)
{
	struct tree_hash part[TREE_PROOF_MAX];
	size_t count = 0;
	unsigned level;
	enum deed_status status;

	while (n > 0) {
		level = top_level(n);
		status = read(arg, level, start >> level, &part[count], err);
		if (status != DEED_OK)
			return status;
		count++;
		start += UINT64_C(1) << level;
		n -= UINT64_C(1) << level;
	}
	*out = part[--count];
	while (count > 0)
		tree_node(&part[--count], out, out);
	return DEED_OK;
}

enum deed_status tree_root(uint64_t size, tree_read_fn *read, void *arg,
			   struct tree_hash *out, struct deed_error *err)
{
	if (size >= SIZE_LIMIT)
		return deed_error_set(err, DEED_LIMIT, "the log is too long");
	if (size == 0) {
		sha256(slice_str(""), out->bytes);
		return DEED_OK;
	}
	return range_hash(0, size, read, arg, out, err);
}

/* Both proofs are made from the root down, and stand from the leaf up (RFC
 * 6962 2.1.1 and 2.1.2). */
static void reverse(struct tree_proof *proof)
{
	struct tree_hash swap;
	size_t i;

	for (i = 0; i < proof->count / 2; i++) {
		swap = proof->hash[i];
		proof->hash[i] = proof->hash[proof->count - 1 - i];
		proof->hash[proof->count - 1 - i] = swap;
	}
}

static enum deed_status impossible(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the proof's index and sizes do not fit");
}

struct range {
	uint64_t start, count;
};

/* Down into one half; the hash of the other is the next of the proof. */
static enum deed_status descend(struct range *at, bool left, tree_read_fn *read,
				void *arg, struct tree_proof *out,
				struct deed_error *err)
{
	uint64_t k = split(at->count);
	const struct range half[2] = { { at->start, k },
				       { at->start + k, at->count - k } };
	const struct range *other = &half[left];
	enum deed_status status = range_hash(other->start, other->count, read,
					     arg, &out->hash[out->count], err);

	*at = half[!left];
	if (status == DEED_OK)
		out->count++;
	return status;
}

enum deed_status tree_inclusion(uint64_t index, uint64_t size,
				tree_read_fn *read, void *arg,
				struct tree_proof *out, struct deed_error *err)
{
	struct range at = { 0, size };
	enum deed_status status = DEED_OK;

	out->count = 0;
	if (index >= size || size >= SIZE_LIMIT)
		return impossible(err);
	while (at.count > 1 && status == DEED_OK)
		status = descend(&at, index - at.start < split(at.count), read,
				 arg, out, err);
	if (status == DEED_OK)
		reverse(out);
	return status;
}

enum deed_status tree_consistency(uint64_t old, uint64_t size,
				  tree_read_fn *read, void *arg,
				  struct tree_proof *out,
				  struct deed_error *err)
{
	struct range at = { 0, size };
	enum deed_status status = DEED_OK;

	out->count = 0;
	if (old > size || size >= SIZE_LIMIT)
		return impossible(err);
	if (old == 0 || old == size)
		return DEED_OK;
	while (old - at.start != at.count && status == DEED_OK)
		status = descend(&at, old - at.start <= split(at.count), read,
				 arg, out, err);
	if (status != DEED_OK)
		return status;
	/* The old tree itself is known to the reader, its right part not. */
	if (at.start != 0) {
		status = range_hash(at.start, at.count, read, arg,
				    &out->hash[out->count], err);
		if (status != DEED_OK)
			return status;
		out->count++;
	}
	reverse(out);
	return DEED_OK;
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

	if (index >= size || size >= SIZE_LIMIT)
		return impossible(err);
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

	if (old > size || size >= SIZE_LIMIT)
		return impossible(err);
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
