/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "tlog/proof.h"
#include "fuzz/fuzz.h"

/* What is read as a proof is written as the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size);
	struct tree_hash leaf = { { 0 } }, root = { { 1 } };
	struct buf again = BUF_INIT;
	struct proof_file p;

	if (proof_parse_inclusion(bytes, &p, NULL) == DEED_OK) {
		proof_format_inclusion(&p, &again);
		if (!slice_equal(bytes, buf_get(&again)))
			abort();
		if (tree_check_inclusion(p.index, p.index + size, &leaf, &root,
					 &p.proof, NULL) == DEED_OK)
			abort();
	}
	proof_file_clear(&p);
	buf_reset(&again);
	if (proof_parse_consistency(bytes, &p, NULL) == DEED_OK) {
		proof_format_consistency(&p, &again);
		if (!slice_equal(bytes, buf_get(&again)))
			abort();
		if (tree_check_consistency(p.index, p.index + size, &leaf,
					   &root, &p.proof, NULL) == DEED_OK)
			abort();
	}
	proof_file_clear(&p);
	buf_clear(&again);
	return 0;
}
