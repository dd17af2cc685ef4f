/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "codec/ber.h"
#include "codec/der.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf der = BUF_INIT, again = BUF_INIT;
	struct der_reader r;
	size_t used = 0;

	buf_str(&der, "kept");
	if (ber_to_der(slice_of(data, size), &used, &der, NULL) != DEED_OK) {
		assert(der.len == 4);
		buf_clear(&der);
		return 0;
	}
	assert(used > 0 && used <= size);
	/* One element with DER's lengths, which stays as it is. */
	der_init(&r, slice_of(der.data + 4, der.len - 4));
	assert(der_skip(&r) && der_at_end(&r));
	assert(ber_to_der(slice_of(der.data + 4, der.len - 4), &used, &again,
			  NULL) == DEED_OK);
	assert(used == der.len - 4);
	assert(slice_equal(buf_get(&again),
			   slice_of(der.data + 4, der.len - 4)));
	buf_clear(&der);
	buf_clear(&again);
	return 0;
}
