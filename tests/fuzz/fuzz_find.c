/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

#include "base/wire.h"
#include "look/find.h"
#include "look/find_text.h"

/* Five numbers a letter: its code, and where it stands. */
#define LETTER 12

static double place(struct slice *in)
{
	unsigned high = 0, low = 0;

	(void)wire_get_u8(in, &high);
	(void)wire_get_u8(in, &low);
	return (double)(high << 8 | low) / 16 - 100;
}

static void find(const struct find_pattern *p, struct slice in)
{
	size_t i, n = 0, count, room = in.len / LETTER;
	struct find_letter *letters = calloc(room + 1, sizeof(*letters));
	struct find_match *list;
	struct find_seen seen;

	for (; letters != NULL && n < room; n++) {
		(void)wire_get_u32(&in, &letters[n].code);
		letters[n].x0 = place(&in);
		letters[n].y0 = place(&in);
		letters[n].x1 = place(&in);
		letters[n].y1 = place(&in);
	}
	if (find_on_page(p, letters, n, &list, &count, &seen, NULL) ==
	    DEED_OK) {
		for (i = 1; i < count; i++)
			assert(list[i - 1].y0 <= list[i].y0);
		assert(seen.unreadable <= seen.letters);
	}
	free(list);
	free(letters);
}

/* An answer; or an order to find a text behind its length, and the letters of
 * a page. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size), order;
	struct look_find_order o = { NULL };
	struct look_found found;
	struct find_pattern *p = NULL;

	if (look_found_read(in, &found, NULL) == DEED_OK)
		assert(found.count <= LOOK_FOUND);
	if (wire_get_bytes(&in, 4096, &order) &&
	    look_find_order_read(order, &o, NULL) == DEED_OK &&
	    /* What an expression costs is its author's business. */
	    find_pattern_new(o.wanted.text, false, &p, NULL) == DEED_OK)
		find(p, in);
	find_pattern_free(p);
	look_find_order_clear(&o);
	return 0;
}
