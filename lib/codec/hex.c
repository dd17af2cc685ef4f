/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/hex.h"

static const char digits[] = "0123456789abcdef";

void hex_text(struct slice in, char *out)
{
	size_t i;

	for (i = 0; i < in.len; i++) {
		*out++ = digits[in.data[i] >> 4];
		*out++ = digits[in.data[i] & 15];
	}
	*out = '\0';
}

void hex_encode(struct slice in, struct buf *out)
{
	uint8_t *at;
	size_t i;

	if (in.len > SIZE_MAX / 2) {
		out->failed = true;
		return;
	}
	at = buf_reserve(out, 2 * in.len);
	if (at == NULL)
		return;
	for (i = 0; i < in.len; i++) {
		*at++ = (uint8_t)digits[in.data[i] >> 4];
		*at++ = (uint8_t)digits[in.data[i] & 15];
	}
	out->len += 2 * in.len;
}

int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_decode(struct slice text, struct buf *out)
{
	size_t before = out->len, i;
	int high, low;

	if (text.len % 2 != 0)
		return false;
	for (i = 0; i < text.len; i += 2) {
		high = hex_digit(text.data[i]);
		low = hex_digit(text.data[i + 1]);
		if (high < 0 || low < 0) {
			out->len = before;
			return false;
		}
		buf_byte(out, (uint8_t)(high << 4 | low));
	}
	return true;
}
