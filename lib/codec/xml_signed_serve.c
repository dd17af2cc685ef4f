/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/xml_signed.h"

#include <libxml/c14n.h>

#include "base/frame.h"
#include "codec/unpack_job.h"
#include "codec/unpack_serve.h"
#include "codec/xml_parse.h"

#define NS_DS "http://www.w3.org/2000/09/xmldsig#"
#define NS_XADES "http://uri.etsi.org/01903/v1.3.2#"

/* What the one walk over the document found. */
struct found {
	unsigned signatures, properties;
	xmlNodePtr signature, signed_info, value, key_info, signed_properties;
};

/* Namespace and local name; the prefix is the author's choice and means
 * nothing. */
static bool is(const xmlNode *node, const char *ns, const char *name)
{
	return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
	       strcmp((const char *)node->ns->href, ns) == 0 &&
	       strcmp((const char *)node->name, name) == 0;
}

/* Pre-order, without recursion. */
static xmlNodePtr next_node(xmlNodePtr node, unsigned *depth)
{
	if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
		(*depth)++;
		return node->children;
	}
	while (node->next == NULL && *depth > 0) {
		node = node->parent;
		(*depth)--;
	}
	return *depth == 0 ? NULL : node->next;
}

/* All of them are counted, wherever they stand: a second signature or second
 * properties are how a wrapped signature hides what was really signed. */
static void look(xmlDocPtr doc, struct found *f)
{
	unsigned depth = 0;
	xmlNodePtr node;

	for (node = xmlDocGetRootElement(doc); node != NULL;
	     node = next_node(node, &depth)) {
		if (is(node, NS_DS, "Signature")) {
			f->signatures++;
			f->signature = node;
		}
		if (is(node, NS_XADES, "SignedProperties")) {
			f->properties++;
			f->signed_properties = node;
		}
	}
}

/* The only child element of that name; NULL where there are none or more. */
static xmlNodePtr only_child(const xmlNode *parent, const char *name)
{
	xmlNodePtr node, found = NULL;

	for (node = parent->children; node != NULL; node = node->next) {
		if (!is(node, NS_DS, name))
			continue;
		if (found != NULL)
			return NULL;
		found = node;
	}
	return found;
}

/* Tells none from several, for which only_child says NULL alike: KeyInfo may
 * be missing, but not stand twice. */
static bool has_child(const xmlNode *parent, const char *name)
{
	const xmlNode *node;

	for (node = parent->children; node != NULL; node = node->next)
		if (is(node, NS_DS, name))
			return true;
	return false;
}

/* A signature in another shape is a bad one, not an unknown one: what it
 * covers cannot be told safely. */
static enum deed_status bad_shape(const char *why, struct deed_error *err)
{
	return deed_error_set(err, DEED_BAD_SIGNATURE, "%s", why);
}

/* An enveloped signature in one place, and one alone: with several, or
 * elsewhere, programs differ in what they take for signed (signature
 * wrapping). */
static enum deed_status check_place(xmlNodePtr root, struct found *f,
				    struct deed_error *err)
{
	if (f->signatures == 0)
		return deed_error_set(err, DEED_NO_SIGNATURE,
				      "it is not signed");
	if (f->signatures > 1)
		return deed_error_set(
			err, DEED_BAD_SIGNATURE,
			"it has %u signatures, and exactly one is "
			"allowed",
			f->signatures);
	if (f->signature->parent != root ||
	    xmlLastElementChild(root) != f->signature)
		return bad_shape("its signature is not the last child of the "
				 "root element: it is wrapped, or was moved",
				 err);
	f->signed_info = only_child(f->signature, "SignedInfo");
	f->value = only_child(f->signature, "SignatureValue");
	f->key_info = only_child(f->signature, "KeyInfo");
	if (f->signed_info == NULL || f->value == NULL ||
	    (f->key_info == NULL && has_child(f->signature, "KeyInfo")))
		return bad_shape(
			"its signature has not exactly one SignedInfo, "
			"one SignatureValue and one KeyInfo",
			err);
	return DEED_OK;
}

/* C14N 1.0 looks up every namespace in scope, for every one, at each element:
 * few of both. */
static enum deed_status check_size(xmlNodePtr properties,
				   struct deed_error *err)
{
	xmlNodePtr node = properties;
	unsigned depth = 0, n = 0;

	for (; node != NULL; node = next_node(node, &depth))
		if (n++ == XML_SIGNED_NODES)
			return deed_error_set(
				err, DEED_LIMIT,
				"its SignedProperties have more than %d nodes",
				XML_SIGNED_NODES);
	return DEED_OK;
}

/* Signature, Object, QualifyingProperties, SignedProperties. */
static enum deed_status check_properties(struct found *f,
					 struct deed_error *err)
{
	const xmlNode *qualifying, *object;

	if (f->properties != 1)
		return deed_error_set(
			err, DEED_BAD_SIGNATURE,
			"it has %u elements SignedProperties, and "
			"exactly one is allowed",
			f->properties);
	qualifying = f->signed_properties->parent;
	object = qualifying->parent;
	if (!is(qualifying, NS_XADES, "QualifyingProperties") ||
	    object == NULL || !is(object, NS_DS, "Object") ||
	    object->parent != f->signature)
		return bad_shape("its SignedProperties are not in the place "
				 "where the signature has them",
				 err);
	return check_size(f->signed_properties, err);
}

/* What readers take for an identifier: Id in any case, xml:id too. */
static bool is_id(const xmlAttr *a)
{
	return xmlStrcasecmp(a->name, BAD_CAST "id") == 0;
}

/* Compared as one text: an Id is a name, and has no entity in it that would
 * make several nodes of it. */
static bool has_id(const xmlNode *node, const xmlChar *id)
{
	const xmlAttr *a;

	for (a = node->properties; a != NULL; a = a->next)
		if (is_id(a) && a->children != NULL &&
		    a->children->next == NULL &&
		    xmlStrEqual(a->children->content, id))
			return true;
	return false;
}

/* The signature refers to the properties by this Id: if another element had
 * it, a reader could digest that one and take the values from these. */
static enum deed_status check_id(xmlDocPtr doc, const struct found *f,
				 struct deed_error *err)
{
	xmlChar *id = xmlGetNoNsProp(f->signed_properties, BAD_CAST "Id");
	unsigned depth = 0, same = 0;
	xmlNodePtr node;

	if (id == NULL)
		return bad_shape("its SignedProperties have no Id", err);
	for (node = xmlDocGetRootElement(doc); node != NULL;
	     node = next_node(node, &depth))
		same += node->type == XML_ELEMENT_NODE && has_id(node, id);
	xmlFree(id);
	return same == 1 ? DEED_OK
			 : bad_shape("the Id of its SignedProperties is not "
				     "unique",
				     err);
}

/* Visible is what lies in the element arg; namespaces come with parent. */
static int inside(void *arg, xmlNodePtr node, xmlNodePtr parent)
{
	const xmlNode *at = node->type == XML_NAMESPACE_DECL ||
					    node->type == XML_ATTRIBUTE_NODE
				    ? parent
				    : node;

	while (at != NULL && at != arg)
		at = at->parent;
	return at != NULL;
}

/* What comes of canonicalising. */
struct canonical {
	struct buf text;
	bool too_large;
};

/* libxml2 goes on after a failure, but calls this no more. */
static int take_octets(void *arg, const char *octets, int len)
{
	struct canonical *c = arg;

	if (c->text.len + (size_t)len > UNPACK_BODY_MAX) {
		c->too_large = true;
		return -1;
	}
	buf_append(&c->text, octets, (size_t)len);
	return c->text.failed ? -1 : len;
}

/* A refusal of take_octets looks like any other failure to libxml2: the reason
 * was written down there. */
static enum deed_status how_it_went(struct canonical *c, bool failed,
				    struct deed_error *err)
{
	if (c->too_large)
		return deed_error_set(err, DEED_LIMIT,
				      "its canonical form is larger than %u "
				      "bytes",
				      UNPACK_BODY_MAX);
	if (buf_status(&c->text, err) != DEED_OK)
		return DEED_NO_MEMORY;
	return failed ? deed_error_set(err, DEED_MALFORMED,
				       "it has no canonical form")
		      : DEED_OK;
}

/* Canonical form of an element, or of the document where it is NULL. */
static enum deed_status send_canonical(int out, uint32_t type, xmlDocPtr doc,
				       xmlNodePtr element, int mode,
				       struct deed_error *err)
{
	struct canonical c = { .text = BUF_INIT };
	xmlOutputBufferPtr to;
	enum deed_status status;
	bool failed;

	to = xmlOutputBufferCreateIO(take_octets, NULL, &c, NULL);
	if (to == NULL)
		return deed_error_memory(err);
	failed = xmlC14NExecute(doc, element == NULL ? NULL : inside, element,
				mode, NULL, 0, to) < 0;
	failed |= xmlOutputBufferClose(to) < 0;
	status = how_it_went(&c, failed, err);
	if (status == DEED_OK)
		status = frame_write(out, type, buf_get(&c.text), err);
	buf_clear(&c.text);
	return status;
}

/* Base64 with its white space, as it stands: the caller decodes. */
static enum deed_status send_text(int out, uint32_t type, xmlNodePtr node,
				  struct deed_error *err)
{
	xmlChar *text = xmlNodeGetContent(node);
	enum deed_status status;

	if (text == NULL)
		return deed_error_memory(err);
	status = frame_write(out, type, slice_str((const char *)text), err);
	xmlFree(text);
	return status;
}

/* The limit is that of the caller's array.  What else a KeyInfo may hold is
 * passed over: the signature is judged by certificates alone. */
static enum deed_status send_certificates(int out, xmlNodePtr key_info,
					  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	xmlNodePtr data, cert;
	unsigned n = 0;

	for (data = key_info == NULL ? NULL : key_info->children; data != NULL;
	     data = data->next) {
		if (!is(data, NS_DS, "X509Data"))
			continue;
		for (cert = data->children; cert != NULL && status == DEED_OK;
		     cert = cert->next) {
			if (!is(cert, NS_DS, "X509Certificate"))
				continue;
			if (n++ == XML_SIGNED_CERTIFICATES)
				return deed_error_set(
					err, DEED_LIMIT,
					"its KeyInfo has more than %d "
					"certificates",
					XML_SIGNED_CERTIFICATES);
			status = send_text(out, XML_SIGNED_CERTIFICATE, cert,
					   err);
		}
	}
	return status;
}

/*
 * The signature is taken out of the tree: what the enveloped-signature
 * transform does.  Then it is the only thing that is left under the root, so
 * that its parts keep the namespaces around them and cost no further walk
 * over the document.
 */
static enum deed_status send_parts(int out, xmlDocPtr doc,
				   const struct found *f,
				   struct deed_error *err)
{
	xmlNodePtr root = xmlDocGetRootElement(doc), rest;
	enum deed_status status;

	xmlUnlinkNode(f->signature);
	status = send_canonical(out, XML_SIGNED_DOCUMENT, doc, NULL,
				XML_C14N_EXCLUSIVE_1_0, err);
	rest = root->children;
	root->children = root->last = NULL;
	xmlFreeNodeList(rest);
	(void)xmlAddChild(root, f->signature);
	if (status == DEED_OK)
		status = send_canonical(out, XML_SIGNED_INFO, doc,
					f->signed_info, XML_C14N_EXCLUSIVE_1_0,
					err);
	if (status == DEED_OK)
		status = send_canonical(out, XML_SIGNED_PROPERTIES, doc,
					f->signed_properties,
					XML_C14N_EXCLUSIVE_1_0, err);
	if (status == DEED_OK)
		status =
			send_canonical(out, XML_SIGNED_PROPERTIES_1_0, doc,
				       f->signed_properties, XML_C14N_1_0, err);
	if (status == DEED_OK)
		status = send_text(out, XML_SIGNED_VALUE, f->value, err);
	if (status == DEED_OK)
		status = send_certificates(out, f->key_info, err);
	if (status == DEED_OK)
		status = frame_write(out, XML_SIGNED_DONE, SLICE_NONE, err);
	return status;
}

enum deed_status xml_signed_serve(int out, const struct buf *body,
				  struct deed_error *err)
{
	struct found f = { 0 };
	enum deed_status status;
	xmlDocPtr doc = NULL;

	status = xml_parse(body, XML_SIGNED_ITEMS, NULL, NULL, &doc, err);
	if (status == DEED_OK) {
		look(doc, &f);
		status = check_place(xmlDocGetRootElement(doc), &f, err);
	}
	if (status == DEED_OK)
		status = check_properties(&f, err);
	if (status == DEED_OK)
		status = check_id(doc, &f, err);
	if (status == DEED_OK)
		status = send_parts(out, doc, &f, err);
	xmlFreeDoc(doc);
	return status;
}
