/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>

#include "look/wire.h"

static void read_order(struct slice in)
{
	struct buf again = BUF_INIT;
	struct look_order o;

	if (look_order_read(in, &o, NULL) == DEED_OK) {
		assert(o.count <= LOOK_STATES);
		look_order_write(o.password, o.states, o.count, o.pictures,
				 &again);
	}
	look_order_clear(&o);
	buf_clear(&again);
}

static void read_answer(struct slice in, size_t count)
{
	struct buf again = BUF_INIT;
	struct look_seen *list;

	if (look_seen_read(in, count, &list, NULL) == DEED_OK) {
		look_seen_write(list, count, &again);
		assert(slice_equal(buf_get(&again), in));
	}
	look_seen_free(list, count);
	buf_clear(&again);
}

/* What deed-look and deed say to each other; the first byte tells who. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in;

	if (size == 0)
		return 0;
	in = slice_of(data + 1, size - 1);
	if (data[0] == 'o')
		read_order(in);
	else
		read_answer(in, data[0] % 3);
	return 0;
}
