/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/xmldsig_properties.h"

#include "codec/base64.h"
#include "codec/xml.h"
#include "trust/xmldsig_info.h"

#define SHA1 "http://www.w3.org/2000/09/xmldsig#sha1"

/* The way to the digest, and what of it the depths are. */
static const struct {
	const char *ns, *name, *or_name;
} way[] = {
	{ XMLDSIG_NS_XADES, "SignedProperties", NULL },
	{ XMLDSIG_NS_XADES, "SignedSignatureProperties", NULL },
	{ XMLDSIG_NS_XADES, "SigningCertificate", "SigningCertificateV2" },
	{ XMLDSIG_NS_XADES, "Cert", NULL },
	{ XMLDSIG_NS_XADES, "CertDigest", NULL },
	{ XMLDSIG_NS_DS, "DigestMethod", "DigestValue" },
};

enum { AT_PROPERTIES = 1, AT_CERTIFICATES = 3, AT_DIGEST = 6 };

struct reading {
	struct slice id;
	const struct xmldsig_signer *signer;
	unsigned depth, on_way; /* elements; of these from the root */
	bool is_value, found;
	enum digest_alg digest;
	struct buf text;
};

static enum deed_status other_properties(struct deed_error *err)
{
	return deed_error_set(err, DEED_BAD_SIGNATURE,
			      "its signature is not of the one shape that is "
			      "accepted: its second reference is not to its "
			      "SignedProperties");
}

/* Only where the element's parents were on the way too: the same names
 * elsewhere mean nothing. */
static bool is_on_way(const struct reading *r, const struct xml_element *e)
{
	unsigned i = r->on_way;

	return i + 1 == r->depth && i < sizeof(way) / sizeof(way[0]) &&
	       slice_equal_str(e->ns, way[i].ns) &&
	       (slice_equal_str(e->name, way[i].name) ||
		(way[i].or_name != NULL &&
		 slice_equal_str(e->name, way[i].or_name)));
}

/* SHA-1 does here: it only selects a certificate, whose key has verified
 * already. */
static enum deed_status take_digest(struct reading *r,
				    const struct xml_element *e,
				    struct deed_error *err)
{
	struct slice uri = SLICE_NONE;

	buf_reset(&r->text);
	r->is_value = slice_equal_str(e->name, "DigestValue");
	if (r->is_value)
		return DEED_OK;
	(void)xml_attribute(e, "Algorithm", &uri);
	r->digest =
		slice_equal_str(uri, SHA1) ? DIGEST_SHA1 : xmldsig_digest(uri);
	return r->digest != DIGEST_NONE
		       ? DEED_OK
		       : deed_error_set(err, DEED_UNSUPPORTED,
					"its SigningCertificate has a digest "
					"method that is not supported");
}

static enum deed_status on_start(void *arg, const struct xml_element *e,
				 struct deed_error *err)
{
	struct reading *r = arg;
	struct slice id;

	if (++r->depth == AT_PROPERTIES &&
	    !(is_on_way(r, e) && xml_attribute(e, "Id", &id) &&
	      slice_equal(id, r->id)))
		return other_properties(err);
	if (!is_on_way(r, e))
		return DEED_OK;
	r->on_way++;
	if (r->on_way == AT_CERTIFICATES)
		r->found = false;
	if (r->on_way == AT_CERTIFICATES + 1)
		r->digest = DIGEST_NONE;
	return r->on_way == AT_DIGEST ? take_digest(r, e, err) : DEED_OK;
}

/* Over the whole certificate, as XAdES has it. */
static bool has_digest(const struct cert *c, enum digest_alg alg,
		       const uint8_t *value)
{
	uint8_t hash[DIGEST_MAX];

	digest_once(alg, cert_fields(c)->der, hash);
	return memcmp(hash, value, digest_size(alg)) == 0;
}

/* A renewed certificate of the same key may be in KeyInfo, and the properties
 * name that one. */
static bool is_signer(const struct xmldsig_signer *s, enum digest_alg alg,
		      const uint8_t *value)
{
	size_t i;

	if (has_digest(s->signer, alg, value))
		return true;
	for (i = 0; i < s->named->count; i++)
		if (memcmp(cert_spki_sha256(s->named->items[i]),
			   cert_spki_sha256(s->signer), SHA256_SIZE) == 0 &&
		    has_digest(s->named->items[i], alg, value))
			return true;
	return false;
}

/* One of several may be the signer's; the others are its issuers'. */
static void end_value(struct reading *r)
{
	uint8_t value[128 / 4 * 3 + 3];
	size_t len;

	if (r->digest != DIGEST_NONE && r->text.len <= 128 &&
	    base64_decode_into(buf_get(&r->text), true, value, &len) &&
	    len == digest_size(r->digest))
		r->found |= is_signer(r->signer, r->digest, value);
}

/* A list of certificates of which none is the signer's is refused when it
 * ends; where there is no list nothing is asked. */
static enum deed_status on_end(void *arg, struct deed_error *err)
{
	struct reading *r = arg;
	unsigned ended = r->on_way == r->depth ? r->on_way : 0;

	r->depth--;
	if (ended == 0)
		return DEED_OK;
	r->on_way--;
	if (ended == AT_DIGEST && r->is_value)
		end_value(r);
	if (ended == AT_CERTIFICATES && !r->found)
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "its SigningCertificate names another "
				      "certificate than its signer's");
	return DEED_OK;
}

/* What is too long is not kept, and is then no digest. */
static enum deed_status on_text(void *arg, struct slice text,
				struct deed_error *err)
{
	struct reading *r = arg;

	if (r->on_way != AT_DIGEST || r->text.len > 1024)
		return DEED_OK;
	buf_slice(&r->text, text);
	return buf_status(&r->text, err);
}

enum deed_status xmldsig_check_properties(struct slice properties,
					  struct slice id,
					  const struct xmldsig_signer *signer,
					  struct deed_error *err)
{
	static const struct xml_handler handler = { on_start, on_end, on_text };
	struct reading r = { .id = id, .signer = signer };
	enum deed_status status;

	status = xml_read(properties, "SignedProperties", &handler, &r, err);
	buf_clear(&r.text);
	return status;
}
