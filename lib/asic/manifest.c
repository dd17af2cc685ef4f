/* SPDX-License-Identifier: Apache-2.0 */
#include "asic/manifest.h"

#include <stdlib.h>

#include "asic/manifest_priv.h"
#include "asic/names.h"
#include "base/array.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/utf8.h"
#include "codec/xml.h"

/* RFC 6931 and XML Encryption name the same digests. */
static const struct {
	enum digest_alg alg;
	const char *uri;
} algorithms[] = {
	{ DIGEST_SHA1, "http://www.w3.org/2000/09/xmldsig#sha1" },
	{ DIGEST_SHA224, "http://www.w3.org/2001/04/xmldsig-more#sha224" },
	{ DIGEST_SHA256, "http://www.w3.org/2001/04/xmlenc#sha256" },
	{ DIGEST_SHA384, "http://www.w3.org/2001/04/xmldsig-more#sha384" },
	{ DIGEST_SHA512, "http://www.w3.org/2001/04/xmlenc#sha512" },
	{ DIGEST_SHA3_224, "http://www.w3.org/2007/05/xmldsig-more#sha3-224" },
	{ DIGEST_SHA3_256, "http://www.w3.org/2007/05/xmldsig-more#sha3-256" },
	{ DIGEST_SHA3_384, "http://www.w3.org/2007/05/xmldsig-more#sha3-384" },
	{ DIGEST_SHA3_512, "http://www.w3.org/2007/05/xmldsig-more#sha3-512" },
};
#define ALGORITHMS (sizeof(algorithms) / sizeof(algorithms[0]))

const char *asic_digest_uri(enum digest_alg alg)
{
	size_t i;

	for (i = 0; i < ALGORITHMS; i++) {
		if (algorithms[i].alg == alg)
			return algorithms[i].uri;
	}
	return "";
}

/* Where in the document the reader is. */
struct reading {
	struct asic_manifest *m;
	struct buf text; /* of a DigestValue */
	unsigned depth;
	bool root;	       /* the first element was seen and is right */
	unsigned in_reference; /* depth of the DataObjectReference, 0 outside */
	bool in_value;
	bool has_value, has_method;
	size_t cap;
};

void asic_manifest_free(struct asic_manifest *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < m->count; i++) {
		free(m->references[i].name);
		free(m->references[i].mime_type);
	}
	free(m->references);
	free(m->by_name);
	free(m->signature);
	free(m);
}

/* Undo percent encoding (RFC 3986 2.1); the result is UTF-8 without NUL. */
static enum deed_status decode_uri(struct slice uri, char **out,
				   struct deed_error *err)
{
	struct buf b = BUF_INIT;
	int high, low;
	size_t i;

	for (i = 0; i < uri.len; i++) {
		if (uri.data[i] != '%') {
			buf_byte(&b, uri.data[i]);
			continue;
		}
		high = uri.len - i > 2 ? hex_digit(uri.data[i + 1]) : -1;
		low = uri.len - i > 2 ? hex_digit(uri.data[i + 2]) : -1;
		if (high < 0 || low < 0)
			goto bad;
		buf_byte(&b, (uint8_t)(high << 4 | low));
		i += 2;
	}
	if (b.len == 0 || memchr(b.data, '\0', b.len) != NULL ||
	    !utf8_valid(buf_get(&b)))
		goto bad;
	*out = buf_take(&b, NULL);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
bad:
	buf_clear(&b);
	return deed_error_set(err, DEED_MALFORMED,
			      "the manifest has a URI that is no name");
}

/* The prefix is the author's choice and means nothing. */
static bool is(const struct xml_element *e, const char *ns, const char *name)
{
	return slice_equal_str(e->ns, ns) && slice_equal_str(e->name, name);
}

/* EN 319 162-1 A.4: SigReference stands exactly once.  With two of them two
 * readers might each take another signature. */
static enum deed_status take_signature(struct reading *r,
				       const struct xml_element *e,
				       struct deed_error *err)
{
	struct slice uri;

	if (r->m->signature != NULL || !xml_attribute(e, "URI", &uri))
		return deed_error_set(err, DEED_MALFORMED,
				      "the manifest does not name exactly one "
				      "signature");
	return decode_uri(uri, &r->m->signature, err);
}

/* Before anything of the reference is allocated, so that a refusal has nothing
 * to free. */
static enum deed_status grow(struct reading *r, struct deed_error *err)
{
	if (r->m->count == MANIFEST_REFERENCES)
		return deed_error_set(err, DEED_LIMIT,
				      "the manifest names more than %d files",
				      MANIFEST_REFERENCES);
	if (!array_room(&r->m->references, &r->cap, r->m->count + 1))
		return deed_error_memory(err);
	return DEED_OK;
}

/* Rootfile says which file is the main one (EN 319 162-1 A.4); kept, and
 * nothing follows from it. */
static enum deed_status begin_reference(struct reading *r,
					const struct xml_element *e,
					struct deed_error *err)
{
	struct asic_manifest_reference ref = { 0 };
	enum deed_status status;
	struct slice value;

	status = grow(r, err);
	if (status != DEED_OK)
		return status;
	if (r->in_reference != 0 || !xml_attribute(e, "URI", &value))
		return deed_error_set(err, DEED_MALFORMED,
				      "the manifest has a reference without "
				      "URI or inside another");
	status = decode_uri(value, &ref.name, err);
	if (status != DEED_OK)
		return status;
	if (xml_attribute(e, "MimeType", &value)) {
		ref.mime_type = strndup((const char *)value.data, value.len);
		if (ref.mime_type == NULL) {
			free(ref.name);
			return deed_error_memory(err);
		}
	}
	ref.rootfile =
		xml_attribute(e, "Rootfile", &value) &&
		(slice_equal_str(value, "true") || slice_equal_str(value, "1"));
	r->m->references[r->m->count++] = ref;
	r->in_reference = r->depth;
	r->has_value = r->has_method = false;
	return DEED_OK;
}

/* An algorithm that is not known leaves DIGEST_NONE: the reference is read all
 * the same, and cannot be verified. */
static enum deed_status take_method(struct reading *r,
				    const struct xml_element *e,
				    struct deed_error *err)
{
	struct slice uri;
	size_t i;

	if (r->has_method)
		return deed_error_set(err, DEED_MALFORMED,
				      "the manifest has two digest methods for "
				      "'%s'",
				      r->m->references[r->m->count - 1].name);
	r->has_method = true;
	for (i = 0; i < ALGORITHMS; i++) {
		if (xml_attribute(e, "Algorithm", &uri) &&
		    slice_equal_str(uri, algorithms[i].uri))
			r->m->references[r->m->count - 1].alg =
				algorithms[i].alg;
	}
	return DEED_OK;
}

static bool in_reference(const struct reading *r)
{
	return r->in_reference != 0 && r->depth == r->in_reference + 1;
}

/* Elements that are not known are passed over, as other programs put
 * extensions there, but not inside of a digest. */
static enum deed_status on_start(void *arg, const struct xml_element *e,
				 struct deed_error *err)
{
	struct reading *r = arg;

	r->depth++;
	if (!r->root) {
		r->root = is(e, NS_ASIC, "ASiCManifest");
		return r->root ? DEED_OK
			       : deed_error_set(err, DEED_MALFORMED,
						"it is no ASiCManifest");
	}
	if (r->in_value)
		return deed_error_set(err, DEED_MALFORMED,
				      "the manifest has an element inside a "
				      "digest");
	if (is(e, NS_ASIC, "SigReference"))
		return take_signature(r, e, err);
	if (is(e, NS_ASIC, "DataObjectReference"))
		return begin_reference(r, e, err);
	if (in_reference(r) && is(e, NS_DS, "DigestMethod"))
		return take_method(r, e, err);
	if (in_reference(r) && is(e, NS_DS, "DigestValue")) {
		r->in_value = true;
		buf_reset(&r->text);
	}
	return DEED_OK;
}

/* Text comes in pieces, whose borders may lie within a group of base64: it is
 * collected, and decoded at the end. */
static enum deed_status on_text(void *arg, struct slice text,
				struct deed_error *err)
{
	struct reading *r = arg;
	size_t i;

	for (i = 0; r->in_value && i < text.len; i++) {
		/* xsd:base64Binary allows white space. */
		if (strchr(" \t\r\n", text.data[i]) == NULL)
			buf_byte(&r->text, text.data[i]);
	}
	return buf_status(&r->text, err);
}

/* A second DigestValue in one reference is refused: two readers could each go
 * by another one. */
static enum deed_status end_value(struct reading *r, struct deed_error *err)
{
	struct asic_manifest_reference *ref =
		&r->m->references[r->m->count - 1];
	struct buf digest = BUF_INIT;
	bool good;

	good = !r->has_value && base64_decode(buf_get(&r->text), &digest) &&
	       digest.len > 0 && digest.len <= DIGEST_MAX;
	if (good) {
		memcpy(ref->digest, digest.data, digest.len);
		ref->digest_len = digest.len;
		r->has_value = true;
	}
	buf_clear(&digest);
	return good ? DEED_OK
		    : deed_error_set(err, DEED_MALFORMED,
				     "the manifest has a malformed digest for "
				     "'%s'",
				     ref->name);
}

/* The length is checked only here, as DigestMethod may stand behind the value.
 */
static enum deed_status end_reference(struct reading *r, struct deed_error *err)
{
	const struct asic_manifest_reference *ref =
		&r->m->references[r->m->count - 1];

	r->in_reference = 0;
	if (!r->has_value || (ref->alg != DIGEST_NONE &&
			      ref->digest_len != digest_size(ref->alg)))
		return deed_error_set(err, DEED_MALFORMED,
				      "the manifest has no digest of the right "
				      "length for '%s'",
				      ref->name);
	return DEED_OK;
}

/* Depth tells which element ends, for the reader hands on no names of ends. */
static enum deed_status on_end(void *arg, struct deed_error *err)
{
	struct reading *r = arg;
	enum deed_status status = DEED_OK;

	if (r->in_value) {
		r->in_value = false;
		status = end_value(r, err);
	} else if (r->in_reference == r->depth) {
		status = end_reference(r, err);
	}
	r->depth--;
	return status;
}

static int by_name(const void *a, const void *b)
{
	const struct asic_manifest_reference *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int against_name(const void *name, const void *reference)
{
	const struct asic_manifest_reference *const *r = reference;

	return strcmp(name, (*r)->name);
}

bool asic_manifest_names(const struct asic_manifest *m, const char *name)
{
	return bsearch(name, m->by_name, m->count, sizeof(*m->by_name),
		       against_name) != NULL;
}

/* A file that is named twice could have two digests, of which each reader
 * believes one. */
static enum deed_status check_names(struct asic_manifest *m,
				    struct deed_error *err)
{
	const struct asic_manifest_reference **sorted;
	enum deed_status status = DEED_OK;
	size_t i;

	sorted = calloc(m->count + 1, sizeof(*sorted));
	if (sorted == NULL)
		return deed_error_memory(err);
	for (i = 0; i < m->count; i++)
		sorted[i] = &m->references[i];
	qsort(sorted, m->count, sizeof(*sorted), by_name);
	for (i = 1; i < m->count; i++) {
		if (strcmp(sorted[i - 1]->name, sorted[i]->name) == 0)
			status = deed_error_set(err, DEED_MALFORMED,
						"the manifest names '%s' twice",
						sorted[i]->name);
	}
	m->by_name = sorted;
	return status;
}

enum deed_status asic_manifest_read(struct slice xml, const char *name,
				    struct asic_manifest **out,
				    struct deed_error *err)
{
	static const struct xml_handler handler = { on_start, on_end, on_text };
	struct reading r = { 0 };
	enum deed_status status;

	*out = NULL;
	if (xml.len > MANIFEST_SIZE)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' is larger than %u bytes", name,
				      MANIFEST_SIZE);
	r.m = calloc(1, sizeof(*r.m));
	if (r.m == NULL)
		return deed_error_memory(err);
	status = xml_read(xml, name, &handler, &r, err);
	if (status == DEED_OK && (r.m->signature == NULL || r.m->count == 0))
		status = deed_error_set(err, DEED_MALFORMED,
					"'%s' names no signature or no file",
					name);
	if (status == DEED_OK)
		status = check_names(r.m, err);
	buf_clear(&r.text);
	if (status != DEED_OK) {
		asic_manifest_free(r.m);
		return status;
	}
	*out = r.m;
	return DEED_OK;
}
