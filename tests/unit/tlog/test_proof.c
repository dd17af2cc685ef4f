/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "tlog/proof.h"
#include "vectors.h"

static void test_inclusion_vector(void **state)
{
	struct buf file = vector_file("ten.tlog-proof"), again = BUF_INIT;
	struct note_signer s = vector_signer();
	struct tree_hash leaf, root;
	struct checkpoint c;
	struct proof_file p;

	(void)state;
	assert_true(proof_is_inclusion(buf_get(&file)));
	assert_ok(proof_parse_inclusion(buf_get(&file), &p, err));
	assert_int_equal(p.index, 10);
	assert_ok(checkpoint_open(p.checkpoint, &s.verifier, &c, err));
	tree_leaf(slice_str(vector_entries[10]), &leaf);
	memcpy(root.bytes, c.root, TREE_HASH);
	assert_ok(tree_check_inclusion(p.index, c.size, &leaf, &root, &p.proof,
				       err));
	assert_status(
		DEED_INCONSISTENT,
		tree_check_inclusion(9, c.size, &leaf, &root, &p.proof, err));
	proof_format_inclusion(&p, &again);
	assert_true(slice_equal(buf_get(&file), buf_get(&again)));
	/* With something beside it. */
	buf_str(&p.extra, "what this is about");
	buf_reset(&again);
	proof_format_inclusion(&p, &again);
	proof_file_clear(&p);
	assert_ok(proof_parse_inclusion(buf_get(&again), &p, err));
	assert_true(slice_equal_str(buf_get(&p.extra), "what this is about"));
	proof_file_clear(&p);
	note_signer_clear(&s);
	buf_clear(&again);
	buf_clear(&file);
}

static void test_consistency_vector(void **state)
{
	struct buf file = vector_file("add-checkpoint.txt"), again = BUF_INIT;
	struct buf old = vector_file("checkpoint.7");
	struct note_signer s = vector_signer();
	struct tree_hash old_root, root;
	struct checkpoint before, after;
	struct proof_file p;

	(void)state;
	assert_false(proof_is_inclusion(buf_get(&file)));
	assert_ok(proof_parse_consistency(buf_get(&file), &p, err));
	assert_int_equal(p.index, 7);
	assert_ok(checkpoint_open(p.checkpoint, &s.verifier, &after, err));
	assert_ok(checkpoint_open(buf_get(&old), &s.verifier, &before, err));
	memcpy(old_root.bytes, before.root, TREE_HASH);
	memcpy(root.bytes, after.root, TREE_HASH);
	assert_ok(tree_check_consistency(7, after.size, &old_root, &root,
					 &p.proof, err));
	assert_status(DEED_INCONSISTENT,
		      tree_check_consistency(6, after.size, &old_root, &root,
					     &p.proof, err));
	proof_format_consistency(&p, &again);
	assert_true(slice_equal(buf_get(&file), buf_get(&again)));
	proof_file_clear(&p);
	note_signer_clear(&s);
	buf_clear(&old);
	buf_clear(&again);
	buf_clear(&file);
}

#define MAGIC "c2sp.org/tlog-proof@v1\n"
#define HASH "O61cHA6zA3ynJh7PzdEPrfB8aE1YBWCBnJcNIpeUePs=\n"

static void test_malformed(void **state)
{
	static const char *const files[] = {
		"",
		"\n",
		MAGIC,
		MAGIC "\n",
		MAGIC "index\n\n",
		MAGIC "index \n\n",
		MAGIC "index 01\n\n",
		MAGIC "index -1\n\n",
		MAGIC "index 1",
		MAGIC "index 1\n",
		MAGIC "index 1\n" HASH,
		MAGIC "index 1\nO61c\n\n",
		MAGIC "index 1\n" HASH " \n\n",
		MAGIC "extra \nindex 1\n\n",
		MAGIC "extra =\nindex 1\n\n",
		MAGIC "extra AAAA\n",
		MAGIC "index 1\nextra AAAA\n\n",
		MAGIC "index 9007199254740992\n\n",
		"c2sp.org/tlog-proof@v2\nindex 1\n\n",
	};
	struct proof_file p;
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		assert_status(
			DEED_MALFORMED,
			proof_parse_inclusion(slice_str(files[i]), &p, err));
		proof_file_clear(&p);
	}
	assert_ok(proof_parse_inclusion(slice_str(MAGIC "index 1\n" HASH "\nx"),
					&p, err));
	assert_true(slice_equal_str(p.checkpoint, "x"));
	proof_file_clear(&p);
	buf_str(&b, "old 3\n");
	for (i = 0; i <= TREE_PROOF_MAX; i++)
		buf_str(&b, HASH);
	buf_str(&b, "\n");
	assert_status(DEED_LIMIT,
		      proof_parse_consistency(buf_get(&b), &p, err));
	proof_file_clear(&p);
	assert_status(DEED_MALFORMED,
		      proof_parse_consistency(slice_str("new 3\n\n"), &p, err));
	proof_file_clear(&p);
	buf_fill(&b, 'x', PROOF_MAX);
	assert_status(DEED_LIMIT,
		      proof_parse_consistency(buf_get(&b), &p, err));
	proof_file_clear(&p);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inclusion_vector),
		cmocka_unit_test(test_consistency_vector),
		cmocka_unit_test(test_malformed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
