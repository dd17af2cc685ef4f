/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/xmldsig.h"

#include "codec/base64.h"
#include "codec/der.h"
#include "codec/xml_signed.h"
#include "trust/xmldsig_info.h"
#include "trust/xmldsig_properties.h"

/* One ECDSA signature is r and s one after the other (RFC 6931 2.3.6), where
 * X.509 has a SEQUENCE. */
static enum deed_status ecdsa_der(struct slice raw, struct buf *out,
				  struct deed_error *err)
{
	struct der_writer w;
	size_t half = raw.len / 2;

	if (raw.len == 0 || raw.len % 2 != 0 || half > 72)
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "its signature value is of no length "
				      "that ECDSA has");
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_unsigned(&w, slice_of(raw.data, half));
	der_put_unsigned(&w, slice_of(raw.data + half, half));
	der_end(&w);
	return der_writer_status(&w, err);
}

/* With line breaks, as XML has it; anything else in it is refused. */
static enum deed_status decode(const struct buf *text, const char *what,
			       struct buf *out, struct deed_error *err)
{
	uint8_t *room = buf_reserve(out, base64_decoded_max(text->len));
	size_t len;

	if (room == NULL)
		return deed_error_memory(err);
	if (!base64_decode_into(buf_get(text), true, room, &len))
		return deed_error_set(err, DEED_BAD_SIGNATURE,
				      "its %s is no base64", what);
	out->len += len;
	return DEED_OK;
}

/* What one verification holds. */
struct verifying {
	struct xml_signed parts;
	struct xmldsig_info info;
	struct buf value;	/* the signature, as pubkey_verify wants it */
	struct cert_list named; /* in KeyInfo */
};

/* Into the form that pubkey_verify wants, which for ECDSA is that of X.509. */
static enum deed_status read_value(struct verifying *v, struct deed_error *err)
{
	struct buf raw = BUF_INIT;
	enum deed_status status;

	if (v->info.alg.scheme != SIG_ECDSA)
		return decode(&v->parts.value, "signature value", &v->value,
			      err);
	status = decode(&v->parts.value, "signature value", &raw, err);
	if (status == DEED_OK)
		status = ecdsa_der(buf_get(&raw), &v->value, err);
	buf_clear(&raw);
	return status;
}

/* What is no certificate selects nobody. */
static enum deed_status read_key_info(struct verifying *v,
				      struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct cert *cert;
	size_t i;

	for (i = 0; status == DEED_OK && i < v->parts.certificate_count; i++) {
		struct buf der = BUF_INIT;

		cert = NULL;
		if (decode(&v->parts.certificates[i], "KeyInfo", &der, NULL) ==
			    DEED_OK &&
		    cert_parse(buf_get(&der), &cert, NULL) == DEED_OK)
			status = cert_list_add(&v->named, cert, err);
		cert_free(cert);
		buf_clear(&der);
	}
	return status;
}

/* A certificate that was made anew has the key of the old one. */
static bool is_named(const struct verifying *v, const struct cert *signer)
{
	size_t i;

	for (i = 0; i < v->named.count; i++)
		if (memcmp(cert_spki_sha256(v->named.items[i]),
			   cert_spki_sha256(signer), SHA256_SIZE) == 0)
			return true;
	return false;
}

/* KeyInfo is named only to help: nothing vouches for it. */
static enum deed_status no_signer(const struct verifying *v,
				  struct deed_error *err)
{
	struct buf who = BUF_INIT;

	if (v->named.count > 0)
		x509_name_display(cert_fields(v->named.items[0])->subject,
				  &who);
	deed_error_set(err, DEED_BAD_SIGNATURE,
		       "it is signed by none of the signers that are believed; "
		       "its KeyInfo, which proves nothing, names '%.*s'",
		       who.len > 100 ? 100 : (int)who.len,
		       who.len == 0 ? "nobody" : (const char *)who.data);
	buf_clear(&who);
	return DEED_BAD_SIGNATURE;
}

/* Over the canonical octets of SignedInfo, from which the algorithm was read
 * as well. */
static enum deed_status try_signer(const struct verifying *v,
				   struct cert *signer, struct deed_error *err)
{
	const struct pubkey *key;
	enum deed_status status = cert_pubkey(signer, &key, err);

	if (status == DEED_OK)
		status = pubkey_verify(key, &v->info.alg,
				       buf_get(&v->parts.signed_info),
				       buf_get(&v->value), err);
	return status;
}

/*
 * Which of the signers made it?  Where KeyInfo has certificates, only signers
 * with a key of theirs are tried, and the first that fails has its say.
 */
static enum deed_status find_signer(const struct verifying *v,
				    const struct cert_list *signers,
				    struct cert **out, struct deed_error *err)
{
	enum deed_status status = DEED_NOT_FOUND;
	bool tried = false;
	size_t i;

	for (i = 0; i < signers->count; i++) {
		if (v->named.count > 0 && !is_named(v, signers->items[i]))
			continue;
		tried = true;
		status = try_signer(v, signers->items[i], err);
		if (status == DEED_OK) {
			*out = cert_ref(signers->items[i]);
			return DEED_OK;
		}
		if (status != DEED_BAD_SIGNATURE && status != DEED_UNSUPPORTED)
			return status;
	}
	if (!tried || (v->named.count == 0 && status == DEED_BAD_SIGNATURE))
		return no_signer(v, err);
	if (status == DEED_BAD_SIGNATURE)
		return deed_error_set(err, status,
				      "its signature value does not hold under "
				      "the signer's key: SignedInfo was "
				      "changed, or another key signed it");
	return status;
}

/* value is as long as the digest: xmldsig_info_read takes no other. */
static enum deed_status check_digest(const struct xmldsig_reference *ref,
				     const struct buf *octets, const char *what,
				     struct deed_error *err)
{
	uint8_t hash[DIGEST_MAX];

	digest_once(ref->digest, buf_get(octets), hash);
	return memcmp(hash, ref->value, digest_size(ref->digest)) == 0
		       ? DEED_OK
		       : deed_error_set(err, DEED_BAD_SIGNATURE,
					"%s changed after it was signed", what);
}

/* Both references, to the document and to the properties that name the
 * signer's certificate (EN 319 132-1): without the second another key could be
 * said to have signed. */
static enum deed_status check_references(struct verifying *v,
					 const struct cert *signer,
					 struct deed_error *err)
{
	const struct xmldsig_signer who = { signer, &v->named };
	const struct xmldsig_reference *ref = &v->info.properties;
	const struct buf *properties = ref->exclusive
					       ? &v->parts.properties
					       : &v->parts.properties_1_0;
	enum deed_status status;

	status = check_digest(&v->info.document, &v->parts.document,
			      "the document was", err);
	if (status == DEED_OK)
		status = check_digest(ref, properties,
				      "its SignedProperties were", err);
	if (status == DEED_OK)
		status = xmldsig_check_properties(
			buf_get(properties), buf_get(&v->info.properties_id),
			&who, err);
	return status;
}

/* The signature over SignedInfo before its references: what they say counts
 * only when that holds. */
static enum deed_status judge(struct verifying *v,
			      const struct cert_list *signers,
			      struct cert **signer, struct deed_error *err)
{
	enum deed_status status;

	status = xmldsig_info_read(buf_get(&v->parts.signed_info), &v->info,
				   err);
	if (status == DEED_OK)
		status = read_value(v, err);
	if (status == DEED_OK)
		status = read_key_info(v, err);
	if (status == DEED_OK)
		status = find_signer(v, signers, signer, err);
	if (status == DEED_OK)
		status = check_references(v, *signer, err);
	return status;
}

enum deed_status xmldsig_verify(struct slice document, const char *name,
				const struct cert_list *signers,
				struct xmldsig *out, struct deed_error *err)
{
	struct verifying v = { 0 };
	enum deed_status status;

	*out = (struct xmldsig){ 0 };
	if (signers->count > XMLDSIG_SIGNERS)
		return deed_error_set(err, DEED_LIMIT,
				      "there are more than %d signers",
				      XMLDSIG_SIGNERS);
	status = xml_signed_read(document, name, &v.parts, err);
	if (status == DEED_OK) {
		status = judge(&v, signers, &out->signer, err);
		if (status != DEED_OK)
			deed_error_prefix(err, "'%s'", name);
	}
	if (status == DEED_OK) {
		out->content = v.parts.document;
		v.parts.document = (struct buf)BUF_INIT;
		sha256(document, out->sha256);
	}
	xml_signed_clear(&v.parts);
	xmldsig_info_clear(&v.info);
	buf_clear(&v.value);
	cert_list_clear(&v.named);
	return status;
}

void xmldsig_clear(struct xmldsig *x)
{
	buf_clear(&x->content);
	cert_free(x->signer);
	x->signer = NULL;
}
