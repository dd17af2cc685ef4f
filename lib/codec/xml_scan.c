/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/xml_scan.h"

#include <string.h>

#include "codec/utf8.h"
#include "codec/xml.h"

struct scan {
	struct slice rest;
	size_t items; /* that may still come */
	unsigned depth;
	unsigned scope[XML_MAX_DEPTH + 1]; /* namespaces, at each depth */
};

static enum deed_status malformed(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED, "it is no well-formed XML");
}

static enum deed_status too_long(struct deed_error *err)
{
	return deed_error_set(err, DEED_LIMIT,
			      "a tag, comment or section in it has more than "
			      "%u bytes",
			      XML_MAX_ITEM);
}

static void skip(struct scan *s, size_t n)
{
	s->rest.data += n;
	s->rest.len -= n;
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* XML 1.0 2.2: behind another character libxml2 takes up markup anew. */
static enum deed_status check_characters(struct slice text,
					 struct deed_error *err)
{
	uint32_t code;

	while (text.len > 0) {
		if (*text.data < 0x80) {
			if (*text.data < ' ' && !is_space(*text.data))
				return malformed(err);
			text.data++;
			text.len--;
		} else if (!utf8_next(&text, &code) || code == 0xfffe ||
			   code == 0xffff) {
			return malformed(err);
		}
	}
	return DEED_OK;
}

/* What is compared never contains part of a character, so that octets will do.
 */
static bool skip_if(struct scan *s, const char *what)
{
	size_t n = strlen(what);

	if (s->rest.len < n || memcmp(s->rest.data, what, n) != 0)
		return false;
	skip(s, n);
	return true;
}

static void skip_space(struct scan *s)
{
	while (s->rest.len > 0 && is_space(*s->rest.data))
		skip(s, 1);
}

/* What ends with end; *within is what stands before that. */
static enum deed_status take_until(struct scan *s, const char *end,
				   struct slice *within, struct deed_error *err)
{
	size_t n = strlen(end);
	const uint8_t *at = s->rest.len == 0
				    ? NULL
				    : memmem(s->rest.data, s->rest.len, end, n);

	if (at == NULL)
		return malformed(err);
	*within = slice_of(s->rest.data, (size_t)(at - s->rest.data));
	skip(s, within->len + n);
	return within->len > XML_MAX_ITEM ? too_long(err) : DEED_OK;
}

static bool contains(struct slice text, const char *what)
{
	return text.len > 0 &&
	       memmem(text.data, text.len, what, strlen(what)) != NULL;
}

/* Letters and what may be one: libxml2 says which. */
static bool starts_name(const struct scan *s)
{
	uint8_t c = s->rest.len == 0 ? ' ' : *s->rest.data;

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       c == ':' || c >= 0x80;
}

/* Up to anything that ends a name here; whether the rest are characters of a
 * name is for libxml2. */
static struct slice take_name(struct scan *s)
{
	struct slice name = s->rest;

	while (s->rest.len > 0 && !is_space(*s->rest.data) &&
	       memchr("=/<>\"'", *s->rest.data, 6) == NULL)
		skip(s, 1);
	name.len -= s->rest.len;
	return name;
}

/* Markup and attributes alike: each becomes a node, which costs many times its
 * text in memory. */
static enum deed_status count_item(struct scan *s, struct deed_error *err)
{
	if (s->items == 0)
		return deed_error_set(err, DEED_LIMIT,
				      "it has too many elements and "
				      "attributes");
	s->items--;
	return DEED_OK;
}

/* One attribute; *is_namespace where it declares one. */
static enum deed_status take_attribute(struct scan *s, bool *is_namespace,
				       struct deed_error *err)
{
	struct slice name, value;
	enum deed_status status;

	if (!starts_name(s))
		return malformed(err);
	name = take_name(s);
	*is_namespace = name.len >= 5 && memcmp(name.data, "xmlns", 5) == 0;
	skip_space(s);
	if (!skip_if(s, "="))
		return malformed(err);
	skip_space(s);
	if (skip_if(s, "\""))
		status = take_until(s, "\"", &value, err);
	else if (skip_if(s, "'"))
		status = take_until(s, "'", &value, err);
	else
		return malformed(err);
	if (status == DEED_OK && contains(value, "<"))
		status = malformed(err);
	return status == DEED_OK ? count_item(s, err) : status;
}

/* Looked at before each attribute, so that an element with too many is not
 * read to its end first.  A declaration is in scope for what is within: scope
 * is carried down, and forgotten with the depth. */
static enum deed_status check_element(struct scan *s, unsigned attributes,
				      unsigned namespaces,
				      struct deed_error *err)
{
	if (s->depth >= XML_MAX_DEPTH || attributes > XML_MAX_ATTRIBUTES)
		return deed_error_set(err, DEED_LIMIT,
				      "it is deeper than %d elements or has "
				      "more than %d attributes on one",
				      XML_MAX_DEPTH, XML_MAX_ATTRIBUTES);
	s->scope[s->depth + 1] = s->scope[s->depth] + namespaces;
	if (s->scope[s->depth + 1] > XML_MAX_NAMESPACES)
		return deed_error_set(err, DEED_LIMIT,
				      "it has more than %d namespaces in one "
				      "place",
				      XML_MAX_NAMESPACES);
	return DEED_OK;
}

/* The text is measured before libxml2 sees it: elements with very many
 * attributes or namespaces cost it quadratic time. */
static enum deed_status take_start(struct scan *s, struct deed_error *err)
{
	unsigned attributes = 0, namespaces = 0;
	enum deed_status status = DEED_OK;
	bool is_namespace = false;
	size_t len = s->rest.len;

	if (!starts_name(s))
		return malformed(err);
	(void)take_name(s);
	for (;;) {
		skip_space(s);
		if (len - s->rest.len > XML_MAX_ITEM)
			return too_long(err);
		status = check_element(s, attributes, namespaces, err);
		if (status != DEED_OK || skip_if(s, "/>"))
			return status;
		if (skip_if(s, ">")) {
			s->depth++;
			return DEED_OK;
		}
		status = take_attribute(s, &is_namespace, err);
		if (status != DEED_OK)
			return status;
		attributes++;
		namespaces += is_namespace;
	}
}

/* Which element it ends is for libxml2; here only the depth counts, and that
 * an end does not hide another tag. */
static enum deed_status take_end(struct scan *s, struct deed_error *err)
{
	struct slice name;
	enum deed_status status = take_until(s, ">", &name, err);

	if (status == DEED_OK && (s->depth == 0 || contains(name, "<")))
		status = malformed(err);
	if (status == DEED_OK)
		s->depth--;
	return status;
}

/* libxml2 leaves the XML declaration at the first >, and an instruction
 * without a target at once. */
static enum deed_status take_instruction(struct scan *s, struct deed_error *err)
{
	struct slice within;
	enum deed_status status;

	if (!starts_name(s))
		return malformed(err);
	status = take_until(s, "?>", &within, err);
	return status == DEED_OK && contains(within, "<") ? malformed(err)
							  : status;
}

/* XML 1.0 2.5: no two hyphens within.  Refused here, so that scan and parser
 * cannot differ on where a comment ends. */
static enum deed_status take_comment(struct scan *s, struct deed_error *err)
{
	struct slice within;
	enum deed_status status = take_until(s, "-->", &within, err);

	return status == DEED_OK && contains(within, "--") ? malformed(err)
							   : status;
}

/* A document type is refused before libxml2 sees it: it brings entities, which
 * grow, and external subsets, which are fetched. */
static enum deed_status take_markup(struct scan *s, struct deed_error *err)
{
	struct slice within;

	if (skip_if(s, "/"))
		return take_end(s, err);
	if (skip_if(s, "?"))
		return take_instruction(s, err);
	if (skip_if(s, "!--"))
		return take_comment(s, err);
	if (skip_if(s, "![CDATA["))
		return take_until(s, "]]>", &within, err);
	if (skip_if(s, "!DOCTYPE"))
		return deed_error_set(err, DEED_MALFORMED,
				      "it has a document type");
	return take_start(s, err);
}

enum deed_status xml_scan(struct slice document, size_t items,
			  struct deed_error *err)
{
	struct scan s = { .rest = document, .items = items };
	enum deed_status status = check_characters(document, err);
	const uint8_t *at;

	while (status == DEED_OK && s.rest.len > 0) {
		at = memchr(s.rest.data, '<', s.rest.len);
		if (at == NULL)
			break;
		skip(&s, (size_t)(at - s.rest.data) + 1);
		status = count_item(&s, err);
		if (status == DEED_OK)
			status = take_markup(&s, err);
	}
	return status;
}
