/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

#include "archive/box.h"

/* The first two bytes are the segment's size; a box is what box_write makes,
 * byte for byte, or none. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf again = BUF_INIT;
	struct slice in;
	struct box box;

	if (size < 2)
		return 0;
	in = slice_of(data + 2, size - 2);
	if (box_open(in, (size_t)data[0] << 8 | data[1], &box, NULL) ==
	    DEED_OK) {
		if (box_write(&box, &again, NULL) != DEED_OK)
			abort();
		assert(slice_equal(buf_get(&again), in));
	}
	buf_clear(&again);
	return 0;
}
