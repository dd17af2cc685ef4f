/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>

#include "tlog/tree.h"
#include "crypto/digest.h"

/* All leaves in memory; nodes are computed anew each time. */
#define LEAVES 70
static struct tree_hash leaf[LEAVES];

static enum deed_status read_node(void *arg, unsigned level, uint64_t number,
				  struct tree_hash *out, struct deed_error *err)
{
	struct tree_hash left, right;

	(void)arg;
	assert_true((number + 1) << level <= LEAVES);
	if (level == 0) {
		*out = leaf[number];
		return DEED_OK;
	}
	if (read_node(arg, level - 1, 2 * number, &left, err) != DEED_OK ||
	    read_node(arg, level - 1, 2 * number + 1, &right, err) != DEED_OK)
		return DEED_IO;
	tree_node(&left, &right, out);
	return DEED_OK;
}

/* MTH of RFC 6962 2.1, word for word. */
static struct tree_hash slow_root(size_t from, size_t n)
{
	struct tree_hash left, right, out;
	size_t k = 1;

	if (n == 0) {
		sha256(SLICE_NONE, out.bytes);
		return out;
	}
	if (n == 1)
		return leaf[from];
	while (2 * k < n)
		k *= 2;
	left = slow_root(from, k);
	right = slow_root(from + k, n - k);
	tree_node(&left, &right, &out);
	return out;
}

static int setup(void **state)
{
	uint8_t byte;
	size_t i;

	(void)state;
	for (i = 0; i < LEAVES; i++) {
		byte = (uint8_t)i;
		tree_leaf(slice_of(&byte, 1), &leaf[i]);
	}
	return 0;
}

static void test_roots(void **state)
{
	struct tree_hash root, slow;
	size_t n;

	(void)state;
	for (n = 0; n <= LEAVES; n++) {
		assert_ok(tree_root(n, read_node, NULL, &root, err));
		slow = slow_root(0, n);
		assert_memory_equal(root.bytes, slow.bytes, TREE_HASH);
	}
}

static void test_inclusion(void **state)
{
	struct tree_proof proof;
	struct tree_hash root;
	size_t n, i, k;

	(void)state;
	for (n = 1; n <= LEAVES; n++) {
		root = slow_root(0, n);
		for (i = 0; i < n; i++) {
			assert_ok(tree_inclusion(i, n, read_node, NULL, &proof,
						 err));
			assert_ok(tree_check_inclusion(i, n, &leaf[i], &root,
						       &proof, err));
			for (k = 0; k < proof.count; k++) {
				proof.hash[k].bytes[k % 32] ^= 1;
				assert_status(DEED_INCONSISTENT,
					      tree_check_inclusion(
						      i, n, &leaf[i], &root,
						      &proof, err));
				proof.hash[k].bytes[k % 32] ^= 1;
			}
			if (proof.count == 0)
				continue;
			proof.count--;
			assert_status(DEED_INCONSISTENT,
				      tree_check_inclusion(i, n, &leaf[i],
							   &root, &proof, err));
			proof.count += 2;
			assert_status(DEED_INCONSISTENT,
				      tree_check_inclusion(i, n, &leaf[i],
							   &root, &proof, err));
			proof.count--;
			assert_status(DEED_INCONSISTENT,
				      tree_check_inclusion(
					      i, n, &leaf[(i + 1) % LEAVES],
					      &root, &proof, err));
		}
	}
	assert_status(DEED_MALFORMED,
		      tree_check_inclusion(5, 5, &leaf[5], &root, &proof, err));
	assert_status(DEED_MALFORMED,
		      tree_inclusion(5, 5, read_node, NULL, &proof, err));
}

static void test_consistency(void **state)
{
	struct tree_proof proof;
	struct tree_hash old, new;
	size_t n, m, k;

	(void)state;
	for (n = 1; n <= LEAVES; n++) {
		new = slow_root(0, n);
		for (m = 0; m <= n; m++) {
			old = slow_root(0, m);
			assert_ok(tree_consistency(m, n, read_node, NULL,
						   &proof, err));
			assert_ok(tree_check_consistency(m, n, &old, &new,
							 &proof, err));
			for (k = 0; k < proof.count; k++) {
				proof.hash[k].bytes[31] ^= 0x80;
				assert_status(
					DEED_INCONSISTENT,
					tree_check_consistency(m, n, &old, &new,
							       &proof, err));
				proof.hash[k].bytes[31] ^= 0x80;
			}
			old.bytes[0] ^= 1;
			assert_status(DEED_INCONSISTENT,
				      tree_check_consistency(m, n, &old, &new,
							     &proof, err));
			old.bytes[0] ^= 1;
			proof.count++;
			memset(&proof.hash[proof.count - 1], 0, TREE_HASH);
			assert_status(DEED_INCONSISTENT,
				      tree_check_consistency(m, n, &old, &new,
							     &proof, err));
			if (proof.count < 2)
				continue;
			proof.count -= 2;
			assert_status(DEED_INCONSISTENT,
				      tree_check_consistency(m, n, &old, &new,
							     &proof, err));
		}
	}
	assert_status(DEED_MALFORMED,
		      tree_check_consistency(3, 2, &old, &new, &proof, err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_inclusion),
		cmocka_unit_test(test_consistency),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, NULL);
}
