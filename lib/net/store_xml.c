/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_xml.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "codec/hex.h"
#include "codec/utf8.h"
#include "codec/xml_parse.h"
#include "net/store_wire.h"

#define NO_ITEMS (STORE_PAGE * 16u)

/* Where we are: the elements that matter, by the path that leads to them. */
enum place {
	NOWHERE,
	ROOT,
	ITEM,	/* Contents, Version, DeleteMarker: in ROOT */
	LEAF,	/* in ROOT */
	LEAF_OF /* in ITEM */
};

enum leaf {
	OTHER,
	NAME,
	PREFIX,
	ENCODING,
	TRUNCATED,
	COUNT,
	STATUS,
	CODE,
	MESSAGE,
	KEY,
	SIZE,
	VERSION_ID,
	LATEST
};

static const struct {
	const char *name;
	enum place in;
	enum leaf leaf;
} leaves[] = {
	{ "Name", ROOT, NAME },
	{ "Prefix", ROOT, PREFIX },
	{ "EncodingType", ROOT, ENCODING },
	{ "IsTruncated", ROOT, TRUNCATED },
	{ "KeyCount", ROOT, COUNT },
	{ "Status", ROOT, STATUS },
	{ "Code", ROOT, CODE },
	{ "Message", ROOT, MESSAGE },
	{ "Key", ITEM, KEY },
	{ "Size", ITEM, SIZE },
	{ "VersionId", ITEM, VERSION_ID },
	{ "IsLatest", ITEM, LATEST },
};

#define ROOT_LEAVES (MESSAGE + 1)

/* A text in the buffer of all texts; len 0 where it is empty or not given. */
struct span {
	size_t at, len;
	bool given;
};

/* As it stands in the XML. */
struct raw_item {
	struct span key, version;
	uint64_t size;
	bool latest, marker;
};

struct reading {
	unsigned depth; /* of the element we are in */
	enum place place;
	enum leaf leaf;
	char root[32];
	struct span of_root[ROOT_LEAVES];
	struct raw_item item;
	struct span size, latest; /* of item */
	struct raw_item *list;
	size_t count, room;
	struct buf texts;
	size_t text_at; /* of the leaf we are in */
	bool bad, memory;
};

static void stop(xmlParserCtxtPtr ctxt, bool *why)
{
	*why = true;
	xmlStopParser(ctxt);
}

/* A name means something in its place only: a Name within an item is another
 * thing. */
static enum leaf leaf_named(const char *name, enum place in)
{
	size_t i;

	for (i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
		if (leaves[i].in == in && strcmp(leaves[i].name, name) == 0)
			return leaves[i].leaf;
	return OTHER;
}

static bool is_item(const char *name)
{
	return strcmp(name, "Contents") == 0 || strcmp(name, "Version") == 0 ||
	       strcmp(name, "DeleteMarker") == 0;
}

static void begin_root(struct reading *r, const char *name)
{
	(void)snprintf(r->root, sizeof(r->root), "%s", name);
	r->place = ROOT;
}

static void begin_item(struct reading *r, const char *name)
{
	r->item = (struct raw_item){ .marker = name[0] == 'D' };
	r->size = (struct span){ .given = false };
	r->latest = r->size;
	r->place = ITEM;
}

/* What is not known is passed over with all that is in it, at any depth:
 * stores add elements.  One within a text that matters is refused. */
static void on_start(void *arg, const xmlChar *element, const xmlChar *prefix,
		     const xmlChar *ns, int namespace_count,
		     const xmlChar **namespaces, int count, int defaulted,
		     const xmlChar **attributes)
{
	struct reading *r = ((xmlParserCtxtPtr)arg)->_private;
	const char *name = (const char *)element;
	enum leaf leaf;

	(void)prefix;
	(void)ns;
	(void)namespace_count;
	(void)namespaces;
	(void)count;
	(void)defaulted;
	(void)attributes;
	r->depth++;
	if (r->depth == 1) {
		begin_root(r, name);
	} else if (r->depth == 2 && is_item(name)) {
		begin_item(r, name);
	} else if (r->depth == 2 || (r->depth == 3 && r->place == ITEM)) {
		leaf = leaf_named(name, r->place);
		if (leaf == OTHER)
			return;
		r->leaf = leaf;
		r->place = r->place == ROOT ? LEAF : LEAF_OF;
		r->text_at = r->texts.len;
	} else if (r->place == LEAF || r->place == LEAF_OF) {
		/* A text has no elements in it. */
		stop(arg, &r->bad);
	}
}

/* Only texts that matter are kept, one behind another: they are never more
 * than the XML itself, whose length is bounded. */
static void on_text(void *arg, const xmlChar *text, int len)
{
	struct reading *r = ((xmlParserCtxtPtr)arg)->_private;

	if (r->place != LEAF && r->place != LEAF_OF)
		return;
	buf_append(&r->texts, text, (size_t)len);
	if (r->texts.failed)
		stop(arg, &r->memory);
}

static struct slice text_of(const struct reading *r, struct span s)
{
	return s.len == 0 ? SLICE_NONE : slice_of(r->texts.data + s.at, s.len);
}

/* Where the leaf's text goes; NULL: nowhere. */
static struct span *home_of(struct reading *r)
{
	if (r->place == LEAF)
		return &r->of_root[r->leaf];
	switch (r->leaf) {
	case KEY:
		return &r->item.key;
	case VERSION_ID:
		return &r->item.version;
	case SIZE:
		return &r->size;
	default:
		return &r->latest;
	}
}

/* Each of these stands once. */
static bool end_leaf(struct reading *r)
{
	struct span *home = home_of(r);

	r->place = r->place == LEAF ? ROOT : ITEM;
	if (home->given)
		return false;
	*home = (struct span){ r->text_at, r->texts.len - r->text_at, true };
	return true;
}

/* 18 digits at most, which no uint64_t overflows by. */
static bool number(struct slice text, uint64_t *out)
{
	size_t i;

	*out = 0;
	for (i = 0; i < text.len; i++) {
		if (!isdigit(text.data[i]) || i == 18)
			return false;
		*out = *out * 10 + (uint64_t)(text.data[i] - '0');
	}
	return text.len > 0;
}

static bool truth(struct slice text, bool *out)
{
	*out = slice_equal_str(text, "true");
	return *out || slice_equal_str(text, "false");
}

/* An object has a length; a delete marker has none.  More items than any page
 * may have are not read to their end. */
static bool end_item(struct reading *r, bool *memory)
{

	r->place = ROOT;
	if (!r->item.key.given ||
	    (r->size.given && !number(text_of(r, r->size), &r->item.size)) ||
	    (!r->size.given && !r->item.marker) ||
	    (r->latest.given &&
	     !truth(text_of(r, r->latest), &r->item.latest)) ||
	    r->count == NO_ITEMS)
		return false;
	*memory = !array_room(&r->list, &r->room, r->count + 1);
	if (*memory)
		return false;
	r->list[r->count++] = r->item;
	return true;
}

/* An element that was passed over changed nothing when it began, and so ends
 * nothing. */
static void on_end(void *arg, const xmlChar *name, const xmlChar *prefix,
		   const xmlChar *ns)
{
	struct reading *r = ((xmlParserCtxtPtr)arg)->_private;
	bool good = true;

	(void)name;
	(void)prefix;
	(void)ns;
	if (r->place == LEAF || r->place == LEAF_OF)
		good = end_leaf(r);
	else if (r->place == ITEM && r->depth == 2)
		good = end_item(r, &r->memory);
	r->depth--;
	if (!good)
		stop(arg, &r->bad);
}

static enum deed_status no_xml(struct deed_error *err)
{
	return deed_error_set(err, DEED_DAMAGED,
			      "it answers with what is not the XML of S3");
}

static void reading_clear(struct reading *r)
{
	free(r->list);
	buf_clear(&r->texts);
}

/* Whatever is wrong with it, to us it is no XML of S3: words of a parser about
 * what a hostile store wrote help nobody. */
static enum deed_status read_xml(struct slice xml, struct reading *r,
				 struct deed_error *err)
{
	static const xmlSAXHandler handler =
		XML_HANDLER(on_start, on_end, on_text);
	struct buf body = BUF_INIT;
	enum deed_status status;

	if (xml.len == 0 || xml.len > STORE_XML_MAX)
		return no_xml(err);
	/* libxml2 reads a byte beyond what it is given, as strings have. */
	buf_slice(&body, xml);
	buf_byte(&body, 0);
	status = buf_status(&body, err);
	if (status == DEED_OK) {
		body.len--;
		xml_parse_silent();
		status = xml_parse(&body, SIZE_MAX, &handler, r, NULL, NULL);
	}
	buf_clear(&body);
	if (r->memory || status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	return status != DEED_OK || r->bad ? no_xml(err) : DEED_OK;
}

/* ---- pages ---- */

/* "%2F" and "+", which encoding-type=url has for what XML cannot hold; a
 * name's NUL is added, and none is in it. */
static bool decode(struct slice text, bool encoded, size_t max, struct buf *out)
{
	int high, low;
	size_t i;

	buf_reset(out);
	for (i = 0; i < text.len; i++) {
		if (!encoded || (text.data[i] != '%' && text.data[i] != '+')) {
			buf_byte(out, text.data[i]);
			continue;
		}
		if (text.data[i] == '+') {
			buf_byte(out, ' ');
			continue;
		}
		if (text.len - i < 3)
			return false;
		high = hex_digit(text.data[i + 1]);
		low = hex_digit(text.data[i + 2]);
		if (high < 0 || low < 0)
			return false;
		buf_byte(out, (uint8_t)(high << 4 | low));
		i += 2;
	}
	if (out->len > max ||
	    (out->len > 0 && memchr(out->data, 0, out->len) != NULL))
		return false;
	buf_byte(out, 0);
	return !out->failed;
}

static enum deed_status wrong(struct deed_error *err, const char *what)
{
	return deed_error_set(err, DEED_DAMAGED, "its list of objects %s",
			      what);
}

/* A page as it is checked: the key before, and the last of all. */
struct paging {
	const struct reading *r;
	const struct store_request *request;
	bool encoded, versions;
	struct buf key, before, version, version_before;
	bool first;
};

/* Versions of one key follow each other; keys of LIST are there once. */
static bool comes_after(const struct paging *p, const char *key,
			const char *version)
{
	const char *before = p->request->after;
	const char *version_before = p->request->after_version;
	int order;

	if (!p->first) {
		before = (const char *)p->before.data;
		version_before = (const char *)p->version_before.data;
	}
	order = before == NULL ? 1 : strcmp(key, before);
	return order > 0 ||
	       (order == 0 && p->versions && version_before != NULL &&
		strcmp(version, version_before) != 0);
}

static enum deed_status keep(const struct buf *from, struct buf *to,
			     struct deed_error *err)
{
	buf_reset(to);
	buf_slice(to, buf_get(from));
	return buf_status(to, err);
}

/* Each key is held against the one before it, so that a list cannot go round;
 * the items go on in the form in which the wire has them. */
static enum deed_status check_item(struct paging *p, const struct raw_item *raw,
				   struct buf *items, struct deed_error *err)
{
	struct store_item item = { .size = raw->size,
				   .latest = raw->latest,
				   .marker = raw->marker };
	size_t prefix = strlen(p->request->key);

	if (!decode(text_of(p->r, raw->key), p->encoded, STORE_KEY_MAX,
		    &p->key) ||
	    p->key.len <= 1 ||
	    !decode(text_of(p->r, raw->version), false, STORE_VERSION_MAX,
		    &p->version))
		return wrong(err, "has a name that is none");
	item.key = (const char *)p->key.data;
	if (strncmp(item.key, p->request->key, prefix) != 0)
		return wrong(err, "has one that was not asked for");
	if (!comes_after(p, item.key, (const char *)p->version.data))
		return wrong(err, "does not go on: it repeats what was "
				  "before, or is in no order");
	if (p->versions)
		item.version = (const char *)p->version.data;
	store_wire_put_item(&item, items);
	p->first = false;
	if (keep(&p->key, &p->before, err) != DEED_OK)
		return DEED_NO_MEMORY;
	return keep(&p->version, &p->version_before, err);
}

/* Bucket and prefix, where the page names them. */
static enum deed_status check_page(struct paging *p, const char *bucket,
				   struct store_answer *out,
				   struct deed_error *err)
{
	const struct span *root = p->r->of_root;
	unsigned limit =
		p->request->limit != 0 ? p->request->limit : STORE_PAGE;
	struct slice name = text_of(p->r, root[NAME]);
	uint64_t count = p->r->count;

	if (strcmp(p->r->root, p->versions ? "ListVersionsResult"
					   : "ListBucketResult") != 0)
		return no_xml(err);
	if (root[NAME].given && !slice_equal_str(name, bucket))
		return wrong(err, "is of another bucket");
	p->encoded = slice_equal_str(text_of(p->r, root[ENCODING]), "url");
	if (root[PREFIX].given &&
	    (!decode(text_of(p->r, root[PREFIX]), p->encoded, STORE_KEY_MAX,
		     &p->key) ||
	     strcmp((const char *)p->key.data, p->request->key) != 0))
		return wrong(err, "is of another prefix");
	if (root[COUNT].given && (!number(text_of(p->r, root[COUNT]), &count) ||
				  count != p->r->count))
		return wrong(err, "is shorter or longer than it says");
	if (!truth(text_of(p->r, root[TRUNCATED]), &out->more))
		return wrong(err, "does not say whether there are more");
	if (p->r->count > limit)
		return wrong(err, "is longer than was asked for");
	if (out->more && p->r->count == 0)
		return wrong(err, "does not go on");
	return DEED_OK;
}

enum deed_status store_xml_page(struct slice xml, const char *bucket,
				const struct store_request *request,
				struct store_answer *out, struct buf *items,
				struct deed_error *err)
{
	struct reading r = { .texts = BUF_INIT };
	struct paging p = { .r = &r,
			    .request = request,
			    .versions = request->method == STORE_VERSIONS,
			    .first = true };
	enum deed_status status;
	size_t i;

	buf_reset(items);
	out->item_count = 0;
	out->more = false;
	status = read_xml(xml, &r, err);
	if (status == DEED_OK)
		status = check_page(&p, bucket, out, err);
	for (i = 0; status == DEED_OK && i < r.count; i++)
		status = check_item(&p, &r.list[i], items, err);
	if (status == DEED_OK)
		status = buf_status(items, err);
	if (status == DEED_OK)
		out->item_count = r.count;
	else
		buf_reset(items);
	buf_clear(&p.key);
	buf_clear(&p.before);
	buf_clear(&p.version);
	buf_clear(&p.version_before);
	reading_clear(&r);
	return status;
}

/* A word that is not known may mean that some are kept. */
static enum store_versioning versioning_of(struct slice word)
{
	if (word.len == 0)
		return STORE_UNVERSIONED;
	return slice_equal_str(word, "Enabled") ? STORE_VERSIONED
						: STORE_WAS_VERSIONED;
}

enum deed_status store_xml_versioning(struct slice xml,
				      enum store_versioning *out,
				      struct deed_error *err)
{
	struct reading r = { .texts = BUF_INIT };
	enum deed_status status = read_xml(xml, &r, err);

	if (status == DEED_OK && strcmp(r.root, "VersioningConfiguration") != 0)
		status = no_xml(err);
	*out = STORE_UNVERSIONED;
	if (status == DEED_OK)
		*out = versioning_of(text_of(&r, r.of_root[STATUS]));
	reading_clear(&r);
	return status;
}

/* ---- errors ---- */

/* The store's words may end on a terminal: they are cleaned, and cut between
 * characters. */
static void put_message(struct slice text, struct store_xml_error *out)
{
	struct buf clean = BUF_INIT;
	size_t len;

	utf8_clean(text, &clean);
	len = utf8_cut(buf_get(&clean), sizeof(out->message) - 1);
	if (!clean.failed && len > 0) {
		memcpy(out->message, clean.data, len);
		out->message[len] = '\0';
	}
	buf_clear(&clean);
}

/* A code is a word by which we decide: one with anything else in it, or too
 * long, is none. */
static void put_code(struct slice text, struct store_xml_error *out)
{
	size_t i;

	if (text.len >= sizeof(out->code))
		return;
	for (i = 0; i < text.len; i++)
		if (!isalnum(text.data[i]) &&
		    strchr("-._", (char)text.data[i]) == NULL)
			return;
	if (text.len > 0)
		memcpy(out->code, text.data, text.len);
	out->code[text.len] = '\0';
}

void store_xml_error(struct slice xml, struct store_xml_error *out)
{
	struct reading r = { .texts = BUF_INIT };

	*out = (struct store_xml_error){ .code = "" };
	if (read_xml(xml, &r, NULL) == DEED_OK &&
	    strcmp(r.root, "Error") == 0) {
		put_code(text_of(&r, r.of_root[CODE]), out);
		if (out->code[0] != '\0')
			put_message(text_of(&r, r.of_root[MESSAGE]), out);
	}
	reading_clear(&r);
}
