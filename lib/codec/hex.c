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

/* A table: the value of a signature is thousands of digits, and a processor
 * cannot guess which of them are letters. */
#define NO -1
#define NO_16 NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO
#define A_F NO, 10, 11, 12, 13, 14, 15, NO, NO, NO, NO, NO, NO, NO, NO, NO
#define DIGITS 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, NO, NO, NO, NO, NO, NO
const int8_t hex_digits[256] = {
	NO_16, NO_16, NO_16, DIGITS, A_F,   NO_16, A_F,	  NO_16,
	NO_16, NO_16, NO_16, NO_16,  NO_16, NO_16, NO_16, NO_16,
};

static bool read_octet(const uint8_t *text, uint8_t *out)
{
	int high = hex_digit(text[0]), low = hex_digit(text[1]);

	*out = (uint8_t)(high << 4 | low);
	return high >= 0 && low >= 0;
}

bool hex_read(struct slice text, uint8_t *out, size_t size)
{
	size_t i;

	if (text.len % 2 != 0 || text.len / 2 != size)
		return false;
	for (i = 0; i < size; i++)
		if (!read_octet(text.data + 2 * i, &out[i]))
			return false;
	return true;
}

bool hex_read_lower(struct slice text, uint8_t *out, size_t size)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.data[i] >= 'A' && text.data[i] <= 'F')
			return false;
	return hex_read(text, out, size);
}
