/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/pem.h"

#include "codec/base64.h"

static const char begin_mark[] = "-----BEGIN ";
static const char end_mark[] = "-----END ";
static const char dashes[] = "-----";

#define BEGIN_LEN (sizeof(begin_mark) - 1)
#define END_LEN (sizeof(end_mark) - 1)
#define DASHES_LEN (sizeof(dashes) - 1)
#define LINE 64

static const uint8_t *find(struct slice in, const char *mark, size_t len)
{
	return in.len == 0 ? NULL : memmem(in.data, in.len, mark, len);
}

bool pem_looks_like(struct slice text)
{
	return find(text, begin_mark, BEGIN_LEN) != NULL;
}

/* What follows at, up to the end of in. */
static struct slice rest_from(struct slice in, const uint8_t *at)
{
	return slice_of(at, (size_t)(in.data + in.len - at));
}

/* "LABEL-----" at the start of in; in moves behind it. */
static bool read_label(struct slice *in, char label[PEM_LABEL])
{
	struct slice window =
		slice_of(in->data, in->len < PEM_LABEL + DASHES_LEN
					   ? in->len
					   : PEM_LABEL + DASHES_LEN);
	const uint8_t *end = find(window, dashes, DASHES_LEN);
	size_t len, i;

	if (end == NULL)
		return false;
	len = (size_t)(end - in->data);
	if (len >= PEM_LABEL)
		return false;
	for (i = 0; i < len; i++) {
		if (in->data[i] < 0x20 || in->data[i] > 0x7e)
			return false;
	}
	memcpy(label, in->data, len);
	label[len] = '\0';
	*in = rest_from(*in, end + DASHES_LEN);
	return true;
}

enum deed_status pem_next(struct slice *cursor, char label[PEM_LABEL],
			  struct slice *body, struct deed_error *err)
{
	const uint8_t *begin = find(*cursor, begin_mark, BEGIN_LEN), *end;
	char closing[PEM_LABEL];
	struct slice rest;

	*body = SLICE_NONE;
	label[0] = '\0';
	if (begin == NULL)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "there is no PEM block");
	rest = rest_from(*cursor, begin + BEGIN_LEN);
	if (!read_label(&rest, label))
		return deed_error_set(err, DEED_MALFORMED,
				      "a PEM block has no proper label");
	*body = rest;
	end = find(rest, end_mark, END_LEN);
	if (end == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "PEM block '%s' has no end", label);
	body->len = (size_t)(end - body->data);
	rest = rest_from(rest, end + END_LEN);
	if (!read_label(&rest, closing) || strcmp(label, closing) != 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "PEM block '%s' does not end as it began",
				      label);
	*cursor = rest;
	return DEED_OK;
}

enum deed_status pem_decode_next(struct slice *cursor, char label[PEM_LABEL],
				 struct buf *out, struct deed_error *err)
{
	struct slice at = *cursor, body;
	enum deed_status status;
	uint8_t *to;
	size_t len;

	status = pem_next(&at, label, &body, err);
	if (status != DEED_OK)
		return status;
	to = buf_reserve(out, base64_decoded_max(body.len));
	if (to == NULL)
		return deed_error_memory(err);
	if (!base64_decode_into(body, true, to, &len))
		return deed_error_set(err, DEED_MALFORMED,
				      "PEM block '%s' is not proper base64",
				      label);
	out->len += len;
	*cursor = at;
	return DEED_OK;
}

void pem_encode(struct buf *out, const char *label, struct slice der)
{
	struct buf text = BUF_INIT;
	size_t at, len;

	base64_encode(der, &text);
	buf_printf(out, "%s%s%s\n", begin_mark, label, dashes);
	for (at = 0; at < text.len; at += len) {
		len = text.len - at < LINE ? text.len - at : LINE;
		buf_append(out, text.data + at, len);
		buf_byte(out, '\n');
	}
	buf_printf(out, "%s%s%s\n", end_mark, label, dashes);
	if (text.failed)
		out->failed = true;
	buf_clear(&text);
}
