/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tree_priv.h"

#include <assert.h>

#include "crypto/digest.h"

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
	if (size >= TREE_SIZE_LIMIT)
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

enum deed_status tree_impossible(struct deed_error *err)
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
	if (index >= size || size >= TREE_SIZE_LIMIT)
		return tree_impossible(err);
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
	if (old > size || size >= TREE_SIZE_LIMIT)
		return tree_impossible(err);
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
