/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "event/acts.h"
#include "fuzz/fuzz.h"

/* What is read of a block, made into one again, is the block. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT, again = BUF_INIT, entry = BUF_INIT;
	struct acts_opening o;
	struct acts a;
	struct slice rest;
	uint64_t number = 0;
	size_t i;

	/* Of whatever number. */
	for (i = 12; i < 20 && i < size; i++)
		number = number << 8 | data[i];
	buf_append(&text, data, size);
	if (acts_parse(&text, number, &a, NULL) == DEED_OK) {
		acts_begin(number, &again);
		for (i = 0; i < a.count; i++) {
			acts_begin_entry(&entry);
			rest = acts_entry(&a, i);
			while (acts_next(&rest, &o))
				acts_put(&entry, &o);
			assert(rest.len == 0);
			acts_add(&again, buf_get(&entry));
		}
		assert(again.len == size &&
		       memcmp(again.data, data, size) == 0);
	}
	acts_clear(&a);
	buf_clear(&text);
	buf_clear(&again);
	buf_clear(&entry);
	return 0;
}
