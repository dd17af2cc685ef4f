/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_wire.h"

#include <stdlib.h>

void pades_wire_put_text(struct buf *b, const char *text)
{
	wire_put_bytes(b, text == NULL ? SLICE_NONE
				       : slice_of(text, strlen(text) + 1));
}

bool pades_wire_get_text(struct slice *in, const char **out)
{
	struct slice text;

	if (!wire_get_bytes(in, PADES_WIRE_TEXT, &text))
		return false;
	*out = text.len == 0 ? NULL : (const char *)text.data;
	return text.len == 0 ||
	       memchr(text.data, 0, text.len) == text.data + text.len - 1;
}

bool pades_wire_get_i64(struct slice *in, int64_t *out)
{
	uint64_t value;

	if (!wire_get_u64(in, &value))
		return false;
	*out = (int64_t)value;
	return true;
}

void pades_wire_put_texts(struct buf *b, const char *const *list, size_t count)
{
	size_t i;

	wire_put_u32(b, (uint32_t)count);
	for (i = 0; i < count; i++)
		pades_wire_put_text(b, list[i]);
}

/* Each takes four bytes on the wire at least. */
bool pades_wire_get_texts(struct slice *in, const char ***list, size_t *count)
{
	const char **items;
	uint32_t n, i;

	*list = NULL;
	*count = 0;
	if (!wire_get_u32(in, &n) || n > PADES_WIRE_TEXTS || n > in->len / 4)
		return false;
	items = calloc(n + 1, sizeof(*items));
	*list = items;
	for (i = 0; items != NULL && i < n; i++) {
		if (!pades_wire_get_text(in, &items[i]) || items[i] == NULL)
			return false;
	}
	*count = n;
	return items != NULL;
}
