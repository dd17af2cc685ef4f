/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "office/deposit/deposit_tree.h"

#define MANY 131 /* documents */

/* Each document of packs of any size has a path to the root, and no other
 * document, number or salt has. */
static void test_paths(void **state)
{
	static uint8_t hash[MANY][SHA256_SIZE];
	uint8_t salt[SHA256_SIZE], own[SHA256_SIZE], other[SHA256_SIZE];
	struct tree_hash root, leaf;
	struct deposit_tree *tree;
	struct tree_proof path;
	size_t count, n;

	(void)state;
	memset(salt, 0x5a, sizeof(salt));
	for (n = 0; n < MANY; n++)
		memset(hash[n], (int)n, SHA256_SIZE);
	for (count = 1; count <= MANY; count++) {
		assert_ok(deposit_tree_new(salt, hash[0], count, &tree, err));
		assert_ok(deposit_tree_root(tree, &root, err));
		for (n = 1; n <= count; n += 1 + count / 7) {
			assert_ok(deposit_tree_path(tree, n, &path, err));
			deposit_tree_salt(salt, n, own);
			deposit_tree_leaf(own, hash[n - 1], &leaf);
			assert_ok(tree_check_inclusion(n - 1, count, &leaf,
						       &root, &path, err));
			deposit_tree_leaf(own, hash[n % MANY], &leaf);
			assert_status(DEED_INCONSISTENT,
				      tree_check_inclusion(n - 1, count, &leaf,
							   &root, &path, err));
			deposit_tree_salt(salt, n + 1, other);
			deposit_tree_leaf(other, hash[n - 1], &leaf);
			assert_status(DEED_INCONSISTENT,
				      tree_check_inclusion(n - 1, count, &leaf,
							   &root, &path, err));
		}
		deposit_tree_free(tree);
	}
}

/* As many as a pack may have. */
static void test_most(void **state)
{
	static uint8_t hash[65536][SHA256_SIZE];
	uint8_t salt[SHA256_SIZE] = { 1 }, own[SHA256_SIZE];
	struct tree_hash root, leaf;
	struct deposit_tree *tree;
	struct tree_proof path;

	(void)state;
	assert_ok(deposit_tree_new(salt, hash[0], 65536, &tree, err));
	assert_ok(deposit_tree_root(tree, &root, err));
	assert_ok(deposit_tree_path(tree, 65536, &path, err));
	assert_int_equal(path.count, 16);
	deposit_tree_salt(salt, 65536, own);
	deposit_tree_leaf(own, hash[65535], &leaf);
	assert_ok(tree_check_inclusion(65535, 65536, &leaf, &root, &path, err));
	deposit_tree_free(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_most),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
