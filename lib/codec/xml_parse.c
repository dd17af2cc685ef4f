/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/xml_parse.h"

#include <strings.h>

#include "codec/xml.h"
#include "codec/xml_scan.h"

#include <libxml/parserInternals.h>

/*
 * The limits of libxml2 itself are off (HUGE): they depend on where its
 * buffer ends, and those of the scan are lower.  NOENT, without a tree, puts
 * in the five entities of XML: there are no others.
 */
#define OPTIONS                                                      \
	(XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_NOERROR | \
	 XML_PARSE_IGNORE_ENC | XML_PARSE_HUGE)

/* The two kinds of messages that libxml2 has. */
static void no_message(void *arg, const char *format, ...)
{
	(void)arg;
	(void)format;
}

static void no_error(void *arg, xmlErrorPtr error)
{
	(void)arg;
	(void)error;
}

void xml_parse_silent(void)
{
	xmlSetGenericErrorFunc(NULL, no_message);
	xmlSetStructuredErrorFunc(NULL, no_error);
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

/* All limits that depend on the text alone are checked before libxml2 sees it,
 * whose own depend on how its buffer falls. */
static enum deed_status acceptable(const struct buf *body, size_t items,
				   struct deed_error *err)
{
	if (body->len == 0 || body->len > XML_MAX_SIZE)
		return deed_error_set(err, DEED_LIMIT, "it is %s",
				      body->len == 0 ? "empty" : "too large");
	if (!is_utf8(buf_get(body)))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "its encoding is not UTF-8");
	return xml_scan(buf_get(body), items, err);
}

/* libxml2 says that a document is not well formed also where its table of
 * names was full: its size tells which of them it was, as far as that can be
 * told. */
static enum deed_status how_it_went(const xmlParserCtxt *ctxt,
				    struct deed_error *err)
{
	if (ctxt->wellFormed && ctxt->nsWellFormed)
		return DEED_OK;
	if (ctxt->errNo == XML_ERR_NO_MEMORY)
		return deed_error_memory(err);
	if (xmlDictGetUsage(ctxt->dict) > XML_MAX_NAMES)
		return deed_error_set(err, DEED_LIMIT,
				      "its names have more than %u bytes "
				      "together, or it is no well-formed XML",
				      XML_MAX_NAMES);
	return deed_error_set(err, DEED_MALFORMED, "it is no well-formed XML");
}

/* libxml2 sees only what the scan has let through.  In tree mode *doc is the
 * caller's to free, also where the document turned out to be malformed. */
enum deed_status xml_parse(const struct buf *body, size_t items,
			   const xmlSAXHandler *sax, void *arg, xmlDocPtr *doc,
			   struct deed_error *err)
{
	enum deed_status status = acceptable(body, items, err);
	xmlParserCtxtPtr ctxt;

	if (status != DEED_OK)
		return status;
	ctxt = xmlCreateMemoryParserCtxt((const char *)body->data,
					 (int)body->len);
	if (ctxt == NULL)
		return deed_error_memory(err);
	(void)xmlCtxtUseOptions(ctxt, sax == NULL ? OPTIONS
						  : OPTIONS | XML_PARSE_NOENT);
	/* Its table of names does not grow with them for ever. */
	(void)xmlDictSetLimit(ctxt->dict, XML_MAX_NAMES);
	if (sax != NULL) {
		*ctxt->sax = *sax;
		ctxt->_private = arg;
	}
	(void)xmlParseDocument(ctxt);
	if (doc != NULL)
		*doc = ctxt->myDoc;
	else
		xmlFreeDoc(ctxt->myDoc);
	status = how_it_went(ctxt, err);
	xmlFreeParserCtxt(ctxt);
	return status;
}
