/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_XML_H
#define DEED_CODEC_XML_H

#include "base/buf.h"

/*
 * Reading XML as events, through libxml2 in the sandboxed helper deed-unpack.
 * Only UTF-8; no document type, so no entities but the five of XML itself;
 * nothing is fetched.  Namespaces are resolved.  Time and memory are linear
 * in the document.  Limits: XML_MAX_SIZE octets, XML_MAX_DEPTH elements deep,
 * XML_MAX_ATTRIBUTES on an element, namespace declarations among them, of
 * which XML_MAX_NAMESPACES are in scope anywhere; XML_MAX_ITEM octets of a
 * tag, comment, processing instruction or section; names, each once, of
 * about XML_MAX_NAMES octets; events of XML_MAX_GROWTH times the document's
 * size, as every element comes with the whole name of its namespace.  What
 * takes XML_SECONDS of CPU all the same is given up.
 */
#define XML_MAX_SIZE (32u << 20)
#define XML_MAX_DEPTH 64
#define XML_MAX_ATTRIBUTES 64
#define XML_MAX_NAMESPACES 64
#define XML_MAX_ITEM (1u << 20)
#define XML_MAX_NAMES (1u << 20)
#define XML_MAX_GROWTH 16
#define XML_SECONDS 60

/* Namespace is empty where there is none. */
struct xml_attribute {
	struct slice ns, name, value;
};

struct xml_element {
	struct slice ns, name;
	struct xml_attribute attributes[XML_MAX_ATTRIBUTES];
	size_t attribute_count;
};

/*
 * Called in document order; slices live for the call.  Any function may be
 * NULL.  A status other than DEED_OK ends the reading and is returned.  Text
 * may come in several pieces.
 */
struct xml_handler {
	enum deed_status (*start)(void *arg, const struct xml_element *element,
				  struct deed_error *err);
	enum deed_status (*end)(void *arg, struct deed_error *err);
	enum deed_status (*text)(void *arg, struct slice text,
				 struct deed_error *err);
};

/*
 * Read a whole document; name is for messages.  DEED_MALFORMED (not well
 * formed, a document type), DEED_UNSUPPORTED (another encoding), DEED_LIMIT.
 * Events may have been delivered before a fault is found.
 */
enum deed_status xml_read(struct slice document, const char *name,
			  const struct xml_handler *handler, void *arg,
			  struct deed_error *err) DEED_MUST_USE;

/*
 * The second half of xml_read: take the frames of xml_serve (below) from fd
 * and call the handler.
 */
enum deed_status xml_take(int fd, const struct xml_handler *handler, void *arg,
			  struct deed_error *err) DEED_MUST_USE;

/* The value of an attribute without namespace; false if there is none. */
bool xml_attribute(const struct xml_element *element, const char *name,
		   struct slice *value);

/* Append what stands for one of the five special characters, so that HTML
 * reads it too (it had no &apos; for long); false for any other. */
bool xml_put_special(uint32_t c, struct buf *out);

/* Append text with the five special characters escaped. */
void xml_escape(struct slice text, struct buf *out);

/*
 * The wire: frames XML_EVENTS, each a run of events: 1 byte kind, 4 bytes
 * length (big-endian), body.  The body of a start is a run of strings, each
 * 4 bytes length and bytes: namespace, name, then namespace, name and value
 * of every attribute.  A frame XML_DONE ends the document.
 */
enum xml_frame { XML_EVENTS = 1, XML_DONE };
enum xml_event { XML_START = 1, XML_END, XML_TEXT };

#endif
