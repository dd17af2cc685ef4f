/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/xml.h"

#include "base/frame.h"
#include "codec/unpack_job.h"

/* Big-endian.  The helper parsed a hostile document and may be in its hands:
 * no length from it is believed. */
static bool get_u32(struct slice *s, uint32_t *out)
{
	if (s->len < 4)
		return false;
	*out = (uint32_t)s->data[0] << 24 | (uint32_t)s->data[1] << 16 |
	       (uint32_t)s->data[2] << 8 | s->data[3];
	s->data += 4;
	s->len -= 4;
	return true;
}

/* A run lies in the frame: nothing is copied, and the slices live as long as
 * it does. */
static bool get_run(struct slice *s, struct slice *out)
{
	uint32_t len;

	if (!get_u32(s, &len) || len > s->len)
		return false;
	*out = slice_of(s->data, len);
	s->data += len;
	s->len -= len;
	return true;
}

/* The scan refuses documents with more attributes, but the helper is not
 * believed: the array has no more room. */
static bool get_element(struct slice body, struct xml_element *e)
{
	struct xml_attribute *a;

	e->attribute_count = 0;
	if (!get_run(&body, &e->ns) || !get_run(&body, &e->name))
		return false;
	while (body.len > 0) {
		if (e->attribute_count == XML_MAX_ATTRIBUTES)
			return false;
		a = &e->attributes[e->attribute_count++];
		if (!get_run(&body, &a->ns) || !get_run(&body, &a->name) ||
		    !get_run(&body, &a->value))
			return false;
	}
	return true;
}

/* Not a fault of the document: either the helper is of another version, or the
 * document has got hold of it. */
static enum deed_status bad_wire(struct deed_error *err)
{
	return deed_error_set(err, DEED_SYSTEM,
			      "'deed-unpack' speaks another language");
}

/* What comes from the helper is as hostile as the file: it is checked as if it
 * came from outside. */
static enum deed_status deliver(uint8_t kind, struct slice body,
				const struct xml_handler *h, void *arg,
				struct deed_error *err)
{
	struct xml_element e;

	switch (kind) {
	case XML_START:
		if (!get_element(body, &e))
			return bad_wire(err);
		return h->start == NULL ? DEED_OK : h->start(arg, &e, err);
	case XML_END:
		return h->end == NULL ? DEED_OK : h->end(arg, err);
	case XML_TEXT:
		return h->text == NULL ? DEED_OK : h->text(arg, body, err);
	default:
		return bad_wire(err);
	}
}

/* The handler may stop the reading by its status; the rest of the frame is
 * then left unread. */
static enum deed_status deliver_all(struct slice events,
				    const struct xml_handler *h, void *arg,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct slice body;
	uint8_t kind;

	while (status == DEED_OK && events.len > 0) {
		kind = *events.data++;
		events.len--;
		if (!get_run(&events, &body))
			return bad_wire(err);
		status = deliver(kind, body, h, arg, err);
	}
	return status;
}

enum deed_status xml_take(int fd, const struct xml_handler *handler, void *arg,
			  struct deed_error *err)
{
	struct buf frame = BUF_INIT;
	enum deed_status status = DEED_OK;
	uint32_t type = XML_EVENTS;

	while (status == DEED_OK && type == XML_EVENTS) {
		status = frame_read(fd, &type, &frame, UNPACK_BODY_MAX, err);
		if (status == DEED_OK && type == XML_EVENTS)
			status =
				deliver_all(buf_get(&frame), handler, arg, err);
	}
	if (status == DEED_OK && type != XML_DONE)
		status = bad_wire(err);
	buf_clear(&frame);
	return status;
}

bool xml_attribute(const struct xml_element *element, const char *name,
		   struct slice *value)
{
	size_t i;

	for (i = 0; i < element->attribute_count; i++) {
		const struct xml_attribute *a = &element->attributes[i];

		if (a->ns.len == 0 && slice_equal_str(a->name, name)) {
			*value = a->value;
			return true;
		}
	}
	return false;
}

bool xml_put_special(uint32_t c, struct buf *out)
{
	switch (c) {
	case '&':
		buf_str(out, "&amp;");
		return true;
	case '<':
		buf_str(out, "&lt;");
		return true;
	case '>':
		buf_str(out, "&gt;");
		return true;
	case '"':
		buf_str(out, "&quot;");
		return true;
	case '\'':
		buf_str(out, "&#39;");
		return true;
	default:
		return false;
	}
}

void xml_escape(struct slice text, struct buf *out)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (!xml_put_special(text.data[i], out))
			buf_byte(out, text.data[i]);
	}
}
