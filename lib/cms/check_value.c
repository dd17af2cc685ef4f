/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/check_priv.h"

/* How the value stands: told, and why not. */
struct value {
	bool told, good;
	bool over_stored; /* over the attributes as they are stored alone */
	struct deed_error why;
};

/* bytes says which form of the attributes is meant: their DER, or their octets
 * as they are stored. */
static enum deed_status verify_attributes(
	struct cms_checking *s, const struct pubkey *pk,
	void (*bytes)(const struct cms_signer *signer, struct buf *out),
	struct deed_error *why)
{
	struct buf attrs = BUF_INIT;
	enum deed_status status;

	bytes(s->signer, &attrs);
	status = buf_status(&attrs, why);
	if (status == DEED_OK)
		status = pubkey_verify(pk, &s->out->algorithm, buf_get(&attrs),
				       s->signer->signature, why);
	buf_clear(&attrs);
	return status;
}

/* Their DER is what was signed, and their order in the file is nobody's
 * matter (RFC 5652 5.4). */
static enum deed_status verify_signed(struct cms_checking *s,
				      const struct pubkey *pk, struct value *v)
{
	enum deed_status status, stored;

	status = verify_attributes(s, pk, cms_signed_attrs_der, &v->why);
	if (status != DEED_BAD_SIGNATURE || s->signer->signed_attrs.sorted)
		return status;
	stored = verify_attributes(s, pk, cms_signed_attrs_stored, NULL);
	v->over_stored = stored == DEED_OK;
	return stored == DEED_NO_MEMORY ? stored : status;
}

/* Verify the signature value. */
static enum deed_status verify_value(struct cms_checking *s,
				     const struct pubkey *pk, struct value *v,
				     struct deed_error *err)
{
	uint8_t digest[DIGEST_MAX];
	enum deed_status status;

	if (s->signer->signed_attrs.present) {
		status = verify_signed(s, pk, v);
	} else {
		status = s->content->digest(
			s->content->arg, s->out->algorithm.digest, digest, err);
		if (status != DEED_OK)
			return status;
		status = pubkey_verify_hash(
			pk, &s->out->algorithm,
			slice_of(digest, digest_size(s->out->algorithm.digest)),
			s->signer->signature, &v->why);
	}
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	v->told = status == DEED_OK || status == DEED_BAD_SIGNATURE;
	v->good = status == DEED_OK;
	return DEED_OK;
}

/* Can the value be verified at all?  Finds why not. */
static enum deed_status can_verify(struct cms_checking *s, bool *can,
				   struct deed_error *err)
{
	struct cms_check *out = s->out;
	struct buf name = BUF_INIT;

	*can = false;
	if (!out->digest_known) {
		oid_describe(s->signer->digest_oid, &name);
		buf_byte(&name, 0);
		cms_fault(out, CMS_UNKNOWN_ALGORITHM, "algorithm-unknown",
			  "the digest algorithm %.180s is not known",
			  name.failed ? "?" : (const char *)name.data);
		buf_clear(&name);
	} else if (!out->algorithm_known) {
		cms_fault(out, CMS_UNKNOWN_ALGORITHM, "algorithm-unknown",
			  "%.250s", s->unknown.message);
	} else if (s->cert == NULL) {
		cms_fault(out, CMS_NO_CERTIFICATE, "signing-certificate",
			  "the signer's certificate is not there");
		if (s->sd != NULL)
			return cms_explain_missing(s->sd, s->signer, out, err);
	} else if (!out->has_attributes && s->content == NULL) {
		cms_fault(out, CMS_NO_CONTENT, "content",
			  "the signed content is not there");
	} else if (!out->has_attributes &&
		   !sig_scheme_hashes(out->algorithm.scheme)) {
		cms_fault(out, CMS_UNKNOWN_ALGORITHM, "algorithm-unknown",
			  "%s without signed attributes is not judged",
			  sig_scheme_name(out->algorithm.scheme));
	} else {
		*can = true;
	}
	return DEED_OK;
}

/* The signer's public key; NULL, and found why, where it is of no use. */
static enum deed_status signer_key(struct cms_checking *s,
				   const struct pubkey **pk,
				   struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = cert_pubkey(s->cert, pk, &why);

	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status == DEED_MALFORMED)
		cms_fault(s->out, CMS_MALFORMED_CERTIFICATE,
			  "certificate-malformed",
			  "cannot use the signer's certificate: %.200s",
			  why.message);
	else if (status != DEED_OK)
		cms_fault(s->out, CMS_UNKNOWN_ALGORITHM, "algorithm-unknown",
			  "cannot use the signer's public key: %.200s",
			  why.message);
	return DEED_OK;
}

/* A value that holds over the attributes in the order in which they are
 * stored, rather than that of DER (RFC 5652 5.4), was made by a careless
 * signer; it is told apart from one that does not hold at all. */
static void judge_value(struct cms_checking *s, const struct value *v)
{
	struct cms_check *out = s->out;

	if (!v->told) {
		cms_fault(out, CMS_UNKNOWN_ALGORITHM, "algorithm-unknown",
			  "%.250s", v->why.message);
		return;
	}
	if (!v->good) {
		out->value_broken = true;
		if (v->over_stored)
			cms_fault(
				out, CMS_BAD_SIGNATURE, "attributes-order",
				"the signature value was made over the signed "
				"attributes in the order in which they are "
				"stored: expected the order of DER");
		else
			cms_fault(out, CMS_BAD_SIGNATURE, "signature-value",
				  "the signature value does not hold");
		return;
	}
	if (!out->has_attributes || s->content_matches)
		out->value_intact = !out->value_broken;
}

enum deed_status cms_check_value(struct cms_checking *s, struct deed_error *err)
{
	struct value v = { .why = DEED_ERROR_INIT };
	const struct pubkey *pk = NULL;
	enum deed_status status;
	bool can;

	status = can_verify(s, &can, err);
	if (status == DEED_OK && can)
		status = signer_key(s, &pk, err);
	if (status == DEED_OK && pk != NULL) {
		status = verify_value(s, pk, &v, err);
		if (status == DEED_OK)
			judge_value(s, &v);
	}
	return status;
}
