/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/xmldsig_info.h"

#include "codec/base64.h"
#include "codec/xml.h"

#define EXCLUSIVE "http://www.w3.org/2001/10/xml-exc-c14n#"
#define ENVELOPED "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
#define PROPERTIES_TYPE "http://uri.etsi.org/01903#SignedProperties"

/* RFC 6931 2.3; PSS there has a salt as long as its digest. */
static const struct {
	const char *uri;
	enum sig_scheme scheme;
	enum digest_alg digest;
} signatures[] = {
	{ "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", SIG_RSA,
	  DIGEST_SHA256 },
	{ "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", SIG_RSA,
	  DIGEST_SHA384 },
	{ "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", SIG_RSA,
	  DIGEST_SHA512 },
	{ "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", SIG_RSA_PSS,
	  DIGEST_SHA256 },
	{ "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", SIG_RSA_PSS,
	  DIGEST_SHA384 },
	{ "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", SIG_RSA_PSS,
	  DIGEST_SHA512 },
	{ "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", SIG_ECDSA,
	  DIGEST_SHA256 },
	{ "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", SIG_ECDSA,
	  DIGEST_SHA384 },
	{ "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", SIG_ECDSA,
	  DIGEST_SHA512 },
};

static const struct {
	const char *uri;
	enum digest_alg digest;
} digests[] = {
	{ "http://www.w3.org/2001/04/xmlenc#sha256", DIGEST_SHA256 },
	{ "http://www.w3.org/2001/04/xmldsig-more#sha384", DIGEST_SHA384 },
	{ "http://www.w3.org/2001/04/xmlenc#sha512", DIGEST_SHA512 },
};

/*
 * The whole grammar: what may stand where, in this order.  Each element of
 * SignedInfo is one row; a path of depth 4 is the longest.
 */
enum step {
	AT_NOTHING,
	AT_INFO,
	AT_C14N,
	AT_METHOD,
	AT_REFERENCE,
	AT_TRANSFORMS,
	AT_TRANSFORM,
	AT_DIGEST,
	AT_VALUE,
};

static const struct {
	enum step at, inside, after;
	const char *name;
} grammar[] = {
	{ AT_INFO, AT_NOTHING, AT_NOTHING, "SignedInfo" },
	{ AT_C14N, AT_INFO, AT_NOTHING, "CanonicalizationMethod" },
	{ AT_METHOD, AT_INFO, AT_C14N, "SignatureMethod" },
	{ AT_REFERENCE, AT_INFO, AT_METHOD, "Reference" },
	{ AT_REFERENCE, AT_INFO, AT_REFERENCE, "Reference" },
	{ AT_TRANSFORMS, AT_REFERENCE, AT_NOTHING, "Transforms" },
	{ AT_TRANSFORM, AT_TRANSFORMS, AT_NOTHING, "Transform" },
	{ AT_TRANSFORM, AT_TRANSFORMS, AT_TRANSFORM, "Transform" },
	{ AT_DIGEST, AT_REFERENCE, AT_NOTHING, "DigestMethod" },
	{ AT_DIGEST, AT_REFERENCE, AT_TRANSFORMS, "DigestMethod" },
	{ AT_VALUE, AT_REFERENCE, AT_DIGEST, "DigestValue" },
};

#define DEPTH 4

struct reading {
	struct xmldsig_info *info;
	enum step path[DEPTH + 1]; /* path[0] is AT_NOTHING */
	enum step last[DEPTH + 1]; /* what ended last inside path[i] */
	unsigned depth;
	unsigned references, transforms;
	struct buf text;
};

/* One shape is accepted, and all else is a bad signature, whether or not it
 * could be verified. */
static enum deed_status other_shape(const char *what, struct deed_error *err)
{
	return deed_error_set(err, DEED_BAD_SIGNATURE,
			      "its signature is not of the one shape that is "
			      "accepted: %s",
			      what);
}

/* The URI is cut, as it is the document's. */
static enum deed_status unknown(const char *what, struct slice uri,
				struct deed_error *err)
{
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "its signature has the %s '%.*s', which is not "
			      "supported",
			      what, uri.len > 100 ? 100 : (int)uri.len,
			      (const char *)uri.data);
}

static struct xmldsig_reference *reference(struct reading *r)
{
	return r->references == 1 ? &r->info->document : &r->info->properties;
}

/* SHA-1 is not in the table, so that it is told as not supported. */
static enum deed_status take_method(struct reading *r, struct slice uri,
				    struct deed_error *err)
{
	struct sig_alg *alg = &r->info->alg;
	size_t i;

	for (i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		if (!slice_equal_str(uri, signatures[i].uri))
			continue;
		*alg = (struct sig_alg){ .scheme = signatures[i].scheme,
					 .digest = signatures[i].digest };
		if (alg->scheme == SIG_RSA_PSS)
			alg->salt_len = (unsigned)digest_size(alg->digest);
		return DEED_OK;
	}
	return unknown("signature method", uri, err);
}

enum digest_alg xmldsig_digest(struct slice uri)
{
	size_t i;

	for (i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		if (slice_equal_str(uri, digests[i].uri))
			return digests[i].digest;
	return DIGEST_NONE;
}

/* As take_method. */
static enum deed_status take_digest(struct reading *r, struct slice uri,
				    struct deed_error *err)
{
	reference(r)->digest = xmldsig_digest(uri);
	return reference(r)->digest != DIGEST_NONE
		       ? DEED_OK
		       : unknown("digest method", uri, err);
}

/* One shape alone is read, that which TS 119 612 B.1 asks for: XML signatures
 * of other shapes are where forgeries hide. */
static enum deed_status take_reference(struct reading *r,
				       const struct xml_element *e,
				       struct deed_error *err)
{
	struct slice uri = SLICE_NONE, type = SLICE_NONE;
	bool has_uri = xml_attribute(e, "URI", &uri);

	(void)xml_attribute(e, "Type", &type);
	r->transforms = 0;
	if (++r->references == 1)
		return has_uri && uri.len == 0
			       ? DEED_OK
			       : other_shape("its first reference is not to "
					     "the whole document",
					     err);
	if (r->references > 2)
		return other_shape("it has more than two references", err);
	if (!slice_equal_str(type, PROPERTIES_TYPE) || uri.len < 2 ||
	    uri.data[0] != '#')
		return other_shape("its second reference is not to its "
				   "SignedProperties",
				   err);
	buf_append(&r->info->properties_id, uri.data + 1, uri.len - 1);
	return buf_status(&r->info->properties_id, err);
}

/* The first reference has enveloped-signature and then exclusive C14N; the
 * second exclusive C14N or nothing.  A transform more could take anything out
 * of what is signed. */
static enum deed_status take_transform(struct reading *r, struct slice uri,
				       struct deed_error *err)
{
	bool enveloped = r->references == 1 && r->transforms == 0;

	r->transforms++;
	if (!slice_equal_str(uri, enveloped ? ENVELOPED : EXCLUSIVE) ||
	    reference(r)->exclusive)
		return other_shape("it has other transforms than "
				   "enveloped-signature and exclusive C14N",
				   err);
	reference(r)->exclusive = !enveloped;
	return DEED_OK;
}

/* The grammar has let the element stand here; this is what it must say. */
static enum deed_status take(struct reading *r, enum step step,
			     const struct xml_element *e,
			     struct deed_error *err)
{
	struct slice uri = SLICE_NONE;

	if (step == AT_REFERENCE)
		return take_reference(r, e, err);
	if (step == AT_INFO || step == AT_TRANSFORMS || step == AT_VALUE)
		return DEED_OK;
	if (!xml_attribute(e, "Algorithm", &uri))
		return other_shape("an algorithm is not named", err);
	switch (step) {
	case AT_METHOD:
		return take_method(r, uri, err);
	case AT_DIGEST:
		return take_digest(r, uri, err);
	case AT_TRANSFORM:
		return take_transform(r, uri, err);
	default:
		return slice_equal_str(uri, EXCLUSIVE)
			       ? DEED_OK
			       : other_shape("its SignedInfo is not in "
					     "exclusive C14N",
					     err);
	}
}

/* A grammar of what may follow what; anything else is refused, not passed
 * over. */
static enum deed_status on_start(void *arg, const struct xml_element *e,
				 struct deed_error *err)
{
	struct reading *r = arg;
	enum step inside = r->path[r->depth], after = r->last[r->depth];
	size_t i;

	for (i = 0; i < sizeof(grammar) / sizeof(grammar[0]); i++) {
		if (grammar[i].inside != inside || grammar[i].after != after ||
		    !slice_equal_str(e->name, grammar[i].name) ||
		    !slice_equal_str(e->ns, XMLDSIG_NS_DS))
			continue;
		r->depth++;
		r->path[r->depth] = grammar[i].at;
		r->last[r->depth] = AT_NOTHING;
		buf_reset(&r->text);
		return take(r, grammar[i].at, e, err);
	}
	return other_shape("its SignedInfo has an element where none or "
			   "another is expected",
			   err);
}

/* Without a value there is nothing to compare.  The document is digested in
 * exclusive C14N and in no other form. */
static enum deed_status end_reference(struct reading *r, struct deed_error *err)
{
	if (r->last[r->depth] != AT_VALUE)
		return other_shape("a reference has no digest", err);
	if (r->references == 1 && !reference(r)->exclusive)
		return other_shape("the document is not in exclusive C14N",
				   err);
	return DEED_OK;
}

/* 128 digits of base64 are more than any of the digests has, and fit into
 * bytes. */
static enum deed_status end_value(struct reading *r, struct deed_error *err)
{
	struct xmldsig_reference *ref = reference(r);
	size_t len, size = digest_size(ref->digest);
	uint8_t bytes[128 / 4 * 3 + 3];

	if (r->text.len > 128 ||
	    !base64_decode_into(buf_get(&r->text), true, bytes, &len) ||
	    len != size)
		return other_shape("a digest is not of its length", err);
	memcpy(ref->value, bytes, size);
	return DEED_OK;
}

/* last is what the grammar's "after" is compared with. */
static enum deed_status on_end(void *arg, struct deed_error *err)
{
	struct reading *r = arg;
	enum step step = r->path[r->depth];
	enum deed_status status = DEED_OK;

	if (step == AT_VALUE)
		status = end_value(r, err);
	else if (step == AT_REFERENCE)
		status = end_reference(r, err);
	r->depth--;
	r->last[r->depth] = step;
	return status;
}

/* Elsewhere is white space or nothing of weight.  What is too long is not
 * kept, and end_value refuses it. */
static enum deed_status on_text(void *arg, struct slice text,
				struct deed_error *err)
{
	struct reading *r = arg;

	if (r->path[r->depth] != AT_VALUE || r->text.len > 1024)
		return DEED_OK;
	buf_slice(&r->text, text);
	return buf_status(&r->text, err);
}

enum deed_status xmldsig_info_read(struct slice signed_info,
				   struct xmldsig_info *out,
				   struct deed_error *err)
{
	static const struct xml_handler handler = { on_start, on_end, on_text };
	struct reading r = { .info = out };
	enum deed_status status;

	*out = (struct xmldsig_info){ 0 };
	status = xml_read(signed_info, "SignedInfo", &handler, &r, err);
	if (status == DEED_OK && r.references != 2)
		status = other_shape("it has not exactly two references", err);
	buf_clear(&r.text);
	return status;
}

void xmldsig_info_clear(struct xmldsig_info *info)
{
	buf_clear(&info->properties_id);
}
