/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/unpack_serve.h"

#include <libxml/xmlreader.h>
#include <strings.h>

#include "base/frame.h"
#include "codec/xml.h"

#define FLUSH_AT 65536

/* Events collected for one frame. */
struct sender {
	int out;
	struct buf events;
	xmlTextReaderPtr reader;
	bool faulty;
};

static void put_u32(struct buf *b, size_t value)
{
	const uint8_t bytes[4] = { (uint8_t)(value >> 24),
				   (uint8_t)(value >> 16),
				   (uint8_t)(value >> 8), (uint8_t)value };

	buf_append(b, bytes, sizeof(bytes));
}

static void put_text(struct buf *b, const xmlChar *text)
{
	size_t len = text == NULL ? 0 : strlen((const char *)text);

	put_u32(b, len);
	buf_append(b, text, len);
}

static enum deed_status flush(struct sender *s, struct deed_error *err)
{
	enum deed_status status = buf_status(&s->events, err);

	if (status == DEED_OK && s->events.len > 0)
		status = frame_write(s->out, XML_EVENTS, buf_get(&s->events),
				     err);
	buf_reset(&s->events);
	return status;
}

static enum deed_status put_event(struct sender *s, enum xml_event kind,
				  struct slice body, struct deed_error *err)
{
	buf_byte(&s->events, (uint8_t)kind);
	put_u32(&s->events, body.len);
	buf_slice(&s->events, body);
	return s->events.len < FLUSH_AT ? DEED_OK : flush(s, err);
}

static void put_attributes(struct sender *s, struct buf *body)
{
	while (xmlTextReaderMoveToNextAttribute(s->reader) == 1) {
		if (xmlTextReaderIsNamespaceDecl(s->reader) == 1)
			continue;
		put_text(body, xmlTextReaderConstNamespaceUri(s->reader));
		put_text(body, xmlTextReaderConstLocalName(s->reader));
		put_text(body, xmlTextReaderConstValue(s->reader));
	}
	(void)xmlTextReaderMoveToElement(s->reader);
}

static enum deed_status put_start(struct sender *s, struct deed_error *err)
{
	struct buf body = BUF_INIT;
	enum deed_status status;
	/* Asked first: the attributes move the reader. */
	bool empty = xmlTextReaderIsEmptyElement(s->reader) == 1;

	if (xmlTextReaderDepth(s->reader) >= XML_MAX_DEPTH ||
	    xmlTextReaderAttributeCount(s->reader) > XML_MAX_ATTRIBUTES)
		return deed_error_set(err, DEED_LIMIT,
				      "it is deeper than %d elements or has "
				      "more than %d attributes on one",
				      XML_MAX_DEPTH, XML_MAX_ATTRIBUTES);
	put_text(&body, xmlTextReaderConstNamespaceUri(s->reader));
	put_text(&body, xmlTextReaderConstLocalName(s->reader));
	put_attributes(s, &body);
	status = buf_status(&body, err);
	if (status == DEED_OK)
		status = put_event(s, XML_START, buf_get(&body), err);
	if (status == DEED_OK && empty)
		status = put_event(s, XML_END, SLICE_NONE, err);
	buf_clear(&body);
	return status;
}

static enum deed_status put_node(struct sender *s, struct deed_error *err)
{
	const xmlChar *text;

	switch (xmlTextReaderNodeType(s->reader)) {
	case XML_READER_TYPE_ELEMENT:
		return put_start(s, err);
	case XML_READER_TYPE_END_ELEMENT:
		return put_event(s, XML_END, SLICE_NONE, err);
	case XML_READER_TYPE_TEXT:
	case XML_READER_TYPE_CDATA:
	case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
		text = xmlTextReaderConstValue(s->reader);
		return text == NULL
			       ? DEED_OK
			       : put_event(s, XML_TEXT,
					   slice_str((const char *)text), err);
	case XML_READER_TYPE_DOCUMENT_TYPE:
	case XML_READER_TYPE_ENTITY_REFERENCE:
		return deed_error_set(err, DEED_MALFORMED,
				      "it has a document type");
	default:
		return DEED_OK;
	}
}

/* An undeclared prefix is an error that does not end the reading by itself. */
static void note_error(void *arg, const char *message,
		       xmlParserSeverities severity, xmlTextReaderLocatorPtr at)
{
	struct sender *s = arg;

	(void)message;
	(void)at;
	if (severity == XML_PARSER_SEVERITY_ERROR)
		s->faulty = true;
}

/*
 * Other encodings are refused before libxml2 sees them: it would look for a
 * converter in the file system, and two readers might read them differently.
 */
static bool is_utf8(struct slice doc)
{
	const uint8_t *end, *at;
	size_t len = doc.len < 256 ? doc.len : 256;

	if (len >= 2 &&
	    (doc.data[0] >= 0xfe || doc.data[0] == 0 || doc.data[1] == 0))
		return false;
	end = memmem(doc.data, len, "?>", 2);
	if (end == NULL)
		return true;
	at = memmem(doc.data, (size_t)(end - doc.data), "encoding", 8);
	if (at == NULL)
		return true;
	for (at += 8; at < end && (*at == ' ' || *at == '='); at++)
		;
	if (at >= end)
		return false;
	return (end - at >= 7 &&
		strncasecmp((const char *)at + 1, "utf-8", 5) == 0) ||
	       (end - at >= 10 &&
		strncasecmp((const char *)at + 1, "us-ascii", 8) == 0);
}

enum deed_status xml_acceptable(const struct buf *body, struct deed_error *err)
{
	if (body->len == 0 || body->len > XML_MAX_SIZE)
		return deed_error_set(err, DEED_LIMIT, "it is %s",
				      body->len == 0 ? "empty" : "too large");
	if (!is_utf8(buf_get(body)))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "its encoding is not UTF-8");
	return DEED_OK;
}

static enum deed_status read_all(struct sender *s, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	int more;

	while ((more = xmlTextReaderRead(s->reader)) == 1) {
		status = put_node(s, err);
		if (status != DEED_OK)
			return status;
	}
	if (more != 0 || s->faulty)
		return deed_error_set(err, DEED_MALFORMED,
				      "it is no well-formed XML");
	return flush(s, err);
}

enum deed_status xml_serve(int out, const struct buf *body,
			   struct deed_error *err)
{
	struct sender s = { .out = out };
	enum deed_status status;

	status = xml_acceptable(body, err);
	if (status != DEED_OK)
		return status;
	s.reader = xmlReaderForMemory(
		(const char *)body->data, (int)body->len, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_NOERROR);
	if (s.reader == NULL)
		return deed_error_memory(err);
	xmlTextReaderSetErrorHandler(s.reader, note_error, &s);
	status = read_all(&s, err);
	if (status == DEED_OK)
		status = frame_write(out, XML_DONE, SLICE_NONE, err);
	xmlFreeTextReader(s.reader);
	buf_clear(&s.events);
	return status;
}
