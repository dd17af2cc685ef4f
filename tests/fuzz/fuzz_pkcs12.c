/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "fuzz/fuzz.h"
#include "key/pkcs12.h"
#include "key/pkcs12_shape.h"

/* Opening is left out: it is many hashes, by intent, and the library's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice file = slice_of(data, size);
	struct pkcs12_shape shape;

	if (pkcs12_shape_read(file, &shape, NULL) == DEED_OK)
		assert(shape.key.len <= size);
	pkcs12_shape_clear(&shape);
	(void)pkcs12_looks_like(file);
	return 0;
}
