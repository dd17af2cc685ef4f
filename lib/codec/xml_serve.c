/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/unpack_serve.h"

#include "base/frame.h"
#include "codec/xml.h"
#include "codec/xml_parse.h"

#define FLUSH_AT 65536

/* Events collected for one frame. */
struct sender {
	int out;
	struct buf events;
	size_t sent, most;	 /* octets of events */
	enum deed_status status; /* of the first event that failed */
	struct deed_error *err;
};

/* Big-endian, as xml.c reads it. */
static void put_u32(struct buf *b, size_t value)
{
	const uint8_t bytes[4] = { (uint8_t)(value >> 24),
				   (uint8_t)(value >> 16),
				   (uint8_t)(value >> 8), (uint8_t)value };

	buf_append(b, bytes, sizeof(bytes));
}

static void put_text(struct buf *b, struct slice text)
{
	put_u32(b, text.len);
	buf_slice(b, text);
}

/* libxml2 says NULL for no namespace; an empty name on the wire means the
 * same. */
static struct slice name_of(const xmlChar *text)
{
	return text == NULL ? SLICE_NONE : slice_str((const char *)text);
}

/* Frames are collected to some size, since every one costs two writes and the
 * reader as many wakes. */
static void flush(struct sender *s)
{
	s->status = buf_status(&s->events, s->err);
	if (s->status == DEED_OK && s->events.len > 0)
		s->status = frame_write(s->out, XML_EVENTS, buf_get(&s->events),
					s->err);
	buf_reset(&s->events);
}

/* libxml2 may call once more after it was told to stop. */
static void put_event(xmlParserCtxtPtr ctxt, enum xml_event kind,
		      struct slice body)
{
	struct sender *s = ctxt->_private;

	if (s->status != DEED_OK)
		return;
	s->sent += 5 + body.len;
	if (s->sent > s->most) {
		s->status = deed_error_set(s->err, DEED_LIMIT,
					   "its namespaces have such long "
					   "names that it is more than %d "
					   "times as large as it looks",
					   XML_MAX_GROWTH);
	} else {
		buf_byte(&s->events, (uint8_t)kind);
		put_text(&s->events, body);
		if (s->events.len >= FLUSH_AT)
			flush(s);
	}
	if (s->status != DEED_OK)
		xmlStopParser(ctxt);
}

/* attributes: local name, prefix, namespace, begin and end of the value. */
static void on_start(void *arg, const xmlChar *name, const xmlChar *prefix,
		     const xmlChar *ns, int namespace_count,
		     const xmlChar **namespaces, int count, int defaulted,
		     const xmlChar **attributes)
{
	struct buf body = BUF_INIT;
	const xmlChar **a;

	(void)prefix;
	(void)namespace_count;
	(void)namespaces;
	(void)defaulted;
	put_text(&body, name_of(ns));
	put_text(&body, name_of(name));
	for (a = attributes; count > 0; a += 5, count--) {
		put_text(&body, name_of(a[2]));
		put_text(&body, name_of(a[0]));
		put_text(&body, slice_of(a[3], (size_t)(a[4] - a[3])));
	}
	put_event(arg, XML_START, buf_get(&body));
	buf_clear(&body);
}

/* The name is left away: ends belong to the last start that is open, which
 * libxml2 has checked. */
static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix,
		   const xmlChar *ns)
{
	(void)name;
	(void)prefix;
	(void)ns;
	put_event(arg, XML_END, SLICE_NONE);
}

static void on_text(void *arg, const xmlChar *text, int len)
{
	put_event(arg, XML_TEXT, slice_of(text, (size_t)len));
}

enum deed_status xml_serve(int out, const struct buf *body,
			   struct deed_error *err)
{
	static const xmlSAXHandler handler =
		XML_HANDLER(on_start, on_end, on_text);
	struct sender s = { .out = out,
			    .most = body->len * XML_MAX_GROWTH + FLUSH_AT,
			    .err = err };
	enum deed_status status;

	status = xml_parse(body, SIZE_MAX, &handler, &s, NULL, err);
	if (s.status == DEED_OK)
		s.status = status;
	if (s.status == DEED_OK)
		flush(&s);
	if (s.status == DEED_OK)
		s.status = frame_write(out, XML_DONE, SLICE_NONE, err);
	buf_clear(&s.events);
	return s.status;
}
