/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "draw/jpeg.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jpeg jpeg = JPEG_INIT, again = JPEG_INIT;

	if (jpeg_read(slice_of(data, size), &jpeg, NULL) == DEED_OK) {
		assert(jpeg.width > 0 && jpeg.height > 0);
		assert(jpeg.orientation >= 1 && jpeg.orientation <= 8);
		/* What is kept is read as the same, and is its own. */
		assert(jpeg_read(buf_get(&jpeg.data), &again, NULL) == DEED_OK);
		assert(slice_equal(buf_get(&jpeg.data), buf_get(&again.data)));
	}
	buf_clear(&jpeg.data);
	buf_clear(&again.data);
	return 0;
}
