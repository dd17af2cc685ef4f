/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

#include "archive/index.h"

/* A text is the index of these two files, byte for byte, or it is none; and
 * one that is read by itself is the only text of what it says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	struct index x = INDEX_INIT;
	struct buf again = BUF_INIT;

	if (index_add(&x, "deposit.json", 512, 3, NULL) != DEED_OK ||
	    index_add(&x, "a.pdf", 1536, UINT64_C(1) << 33, NULL) != DEED_OK)
		abort();
	if (index_compare(&x, in, NULL) == DEED_OK) {
		if (index_write(&x, &again, NULL) != DEED_OK)
			abort();
		assert(slice_equal(buf_get(&again), in));
	}
	index_clear(&x);
	/* What is read is what would be written of it. */
	buf_reset(&again);
	if (index_read(in, &x, NULL) == DEED_OK) {
		if (index_write(&x, &again, NULL) != DEED_OK)
			abort();
		assert(slice_equal(buf_get(&again), in));
	}
	index_clear(&x);
	buf_clear(&again);
	return 0;
}
