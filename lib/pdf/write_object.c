/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/write_object.h"

#include <inttypes.h>

/* Where a line is broken, given half a chance; the limit of old readers is
 * 255 (ISO 32000-1 7.5.1). */
#define LINE_WIDTH 200

/* How far the current line has come, looking back no further than matters:
 * long lines would else be searched for each entry. */
static size_t column(const struct buf *out, size_t start)
{
	size_t room = out->len - start;
	const uint8_t *line;

	if (room > LINE_WIDTH + 1)
		room = LINE_WIDTH + 1;
	if (room == 0)
		return 0;
	line = memrchr(out->data + out->len - room, '\n', room);
	return line == NULL ? room
			    : (size_t)(out->data + out->len - (line + 1));
}

static void separate(struct buf *out)
{
	buf_byte(out, column(out, 0) > LINE_WIDTH - 40 ? '\n' : ' ');
}

static bool is_regular(uint8_t c)
{
	return c > ' ' && c < 127 && strchr("()<>[]{}/%#", c) == NULL;
}

/* Everything but regular ASCII as #xx (ISO 32000-2 7.3.5), "#" itself too, so
 * that it reads back as the same bytes. */
static void write_name(struct slice name, struct buf *out)
{
	size_t i;

	buf_byte(out, '/');
	for (i = 0; i < name.len; i++) {
		if (is_regular(name.data[i]))
			buf_byte(out, name.data[i]);
		else
			buf_printf(out, "#%02x", name.data[i]);
	}
}

/* In one reservation: the value of a signature is tens of thousands of digits.
 */
static void write_hex(struct slice bytes, struct buf *out)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t *room = NULL;
	size_t i, len;

	buf_byte(out, '<');
	if (!__builtin_mul_overflow(bytes.len, 2, &len))
		room = buf_reserve(out, len);
	if (room == NULL) {
		out->failed = true;
		return;
	}
	for (i = 0; i < bytes.len; i++) {
		room[2 * i] = (uint8_t)digits[bytes.data[i] >> 4];
		room[2 * i + 1] = (uint8_t)digits[bytes.data[i] & 15];
	}
	out->len += len;
	buf_byte(out, '>');
}

/* Bytes above ASCII stand as they are, which a PDF allows; parentheses are
 * escaped whether or not they are in pairs. */
static void write_string(struct slice bytes, struct buf *out)
{
	size_t i;

	buf_byte(out, '(');
	for (i = 0; i < bytes.len; i++) {
		uint8_t c = bytes.data[i];

		if (c == '(' || c == ')' || c == '\\')
			buf_byte(out, '\\');
		/* A bare CR or LF would be read as LF, or be rewritten. */
		if (c == '\r')
			buf_str(out, "\\r");
		else if (c == '\n')
			buf_str(out, "\\n");
		else
			buf_byte(out, c);
	}
	buf_byte(out, ')');
}

/* Entries are sorted by key, so that the same dictionary is always the same
 * bytes. */
static void write_dict(const struct pdf_object *o, struct buf *out)
{
	const struct pdf_entry *entry;
	size_t i;

	buf_str(out, "<<");
	for (i = 0; i < o->u.dict.count; i++) {
		entry = &o->u.dict.entries[i];
		separate(out);
		write_name(entry->key, out);
		buf_byte(out, ' ');
		pdf_write_object(entry->value, out);
	}
	separate(out);
	buf_str(out, ">>");
}

/* Some readers take lines of 255 bytes at most: separate() breaks long arrays.
 */
static void write_array(const struct pdf_object *o, struct buf *out)
{
	size_t i;

	buf_byte(out, '[');
	for (i = 0; i < o->u.array.count; i++) {
		if (i > 0)
			separate(out);
		pdf_write_object(o->u.array.items[i], out);
	}
	buf_byte(out, ']');
}

/* A stream that was read has no data here, and only its dictionary is written.
 */
static void write_stream(const struct pdf_object *o, struct buf *out)
{
	write_dict(o, out);
	if (o->u.dict.data == NULL)
		return;
	buf_str(out, "\nstream\n");
	buf_append(out, o->u.dict.data, (size_t)o->u.dict.length);
	buf_str(out, "\nendstream");
}

/* Depth is bounded: by the parser for what was read, by the caller's own
 * code for what was built. */
void pdf_write_object(const struct pdf_object *obj, struct buf *out)
{
	if (obj == NULL) {
		buf_str(out, "null");
		return;
	}
	switch (obj->type) {
	case PDF_NULL:
		buf_str(out, "null");
		break;
	case PDF_BOOL:
		buf_str(out, obj->u.boolean ? "true" : "false");
		break;
	case PDF_INT:
		buf_printf(out, "%" PRId64, obj->u.integer);
		break;
	case PDF_REAL:
		buf_slice(out, obj->u.text);
		break;
	case PDF_NAME:
		write_name(obj->u.text, out);
		break;
	case PDF_STRING:
		if (obj->hex)
			write_hex(obj->u.text, out);
		else
			write_string(obj->u.text, out);
		break;
	case PDF_ARRAY:
		write_array(obj, out);
		break;
	case PDF_DICT:
		write_dict(obj, out);
		break;
	case PDF_STREAM:
		write_stream(obj, out);
		break;
	case PDF_REF:
		buf_printf(out, "%" PRIu32 " %" PRIu32 " R", obj->u.ref.num,
			   obj->u.ref.gen);
		break;
	}
}

void pdf_write_indirect(struct pdf_ref ref, const struct pdf_object *obj,
			struct buf *out)
{
	buf_printf(out, "%" PRIu32 " %" PRIu32 " obj\n", ref.num, ref.gen);
	pdf_write_object(obj, out);
	buf_str(out, "\nendobj\n");
}
