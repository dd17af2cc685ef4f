/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/text.h"

#include "base/buf.h"
#include "codec/base64.h"

bool text_line(struct slice *rest, struct slice *line)
{
	const uint8_t *newline;

	if (rest->len == 0)
		return false;
	newline = memchr(rest->data, '\n', rest->len);
	if (newline == NULL)
		return false;
	*line = slice_of(rest->data, (size_t)(newline - rest->data));
	rest->data += line->len + 1;
	rest->len -= line->len + 1;
	return true;
}

bool text_number(struct slice s, uint64_t *out)
{
	uint64_t n = 0;
	size_t i;

	/* 2^53 has sixteen digits. */
	if (s.len == 0 || s.len > 16 || (s.len > 1 && s.data[0] == '0'))
		return false;
	for (i = 0; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
		n = 10 * n + (s.data[i] - '0');
	}
	if (n >= UINT64_C(1) << 53)
		return false;
	*out = n;
	return true;
}

bool text_hash(struct slice s, uint8_t out[32])
{
	struct buf bytes = BUF_INIT;
	bool good;

	good = s.len == 44 && base64_decode(s, &bytes) && bytes.len == 32;
	if (good)
		memcpy(out, bytes.data, 32);
	buf_clear(&bytes);
	return good;
}
