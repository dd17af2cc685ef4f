/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_XML_PARSE_H
#define DEED_CODEC_XML_PARSE_H

#include <libxml/parser.h>

#include "base/buf.h"

/*
 * libxml2, with the limits of codec/xml.h: for xml_serve.c and
 * xml_signed_serve.c, and net/store_xml.c in deed-fetch.  sax gets the events,
 * each with the parser, whose _private is arg; where it is NULL, *doc becomes
 * the tree, which is the caller's to free, also after a failure.  items as of
 * codec/xml_scan.h.
 *
 * DEED_UNSUPPORTED, DEED_MALFORMED, DEED_LIMIT, DEED_NO_MEMORY.
 */
enum deed_status xml_parse(const struct buf *body, size_t items,
			   const xmlSAXHandler *sax, void *arg, xmlDocPtr *doc,
			   struct deed_error *err) DEED_MUST_USE;

/* Nothing of a document goes to the terminal by libxml2's own messages. */
void xml_parse_silent(void);

/* A handler that is called for elements, with their namespaces, and for all
 * text alike, however it is written; and for nothing else. */
#define XML_HANDLER(on_start, on_end, on_text)                               \
	{                                                                    \
		.initialized = XML_SAX2_MAGIC, .startElementNs = (on_start), \
		.endElementNs = (on_end), .characters = (on_text),           \
		.ignorableWhitespace = (on_text), .cdataBlock = (on_text),   \
	}

#endif
