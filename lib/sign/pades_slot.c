/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_slot.h"

#include <inttypes.h>
#include <stdio.h>

#include "codec/hex.h"

#define NUMBER "0000000000"
#define NUMBER_LEN 10

void pades_slot_put(struct pades_slot *slot, size_t max, struct buf *body)
{
	buf_str(body, "/ByteRange[0 ");
	slot->range_at = body->len;
	buf_str(body, NUMBER " " NUMBER " " NUMBER "]\n/Contents");
	slot->contents_at = body->len;
	slot->contents_len = 2 * max + 2;
	buf_byte(body, '<');
	buf_fill(body, '0', 2 * max);
	buf_byte(body, '>');
}

void pades_slot_range(const struct pades_slot *slot, uint64_t size,
		      uint64_t body, struct buf *tail, uint64_t range[4],
		      size_t *first, size_t *second)
{
	char number[32];
	uint8_t *at;
	int i;

	*first = (size_t)body + slot->contents_at;
	*second = *first + slot->contents_len;
	range[0] = 0;
	range[1] = size + *first;
	range[2] = size + *second;
	range[3] = tail->len - *second;
	at = tail->data + body + slot->range_at;
	for (i = 1; i < 4; i++, at += NUMBER_LEN + 1) {
		snprintf(number, sizeof(number), "%10" PRIu64, range[i]);
		memcpy(at, number, NUMBER_LEN);
	}
}

enum deed_status pades_slot_fill(struct slice value, struct buf *tail,
				 size_t first, size_t second, bool *fits,
				 struct deed_error *err)
{
	struct buf hex = BUF_INIT;
	enum deed_status status;

	*fits = false;
	hex_encode(value, &hex);
	status = buf_status(&hex, err);
	if (status == DEED_OK) {
		*fits = hex.len <= second - first - 2;
		if (*fits)
			memcpy(tail->data + first + 1, hex.data, hex.len);
	}
	buf_clear(&hex);
	return status;
}
