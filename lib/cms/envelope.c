/* SPDX-License-Identifier: Apache-2.0 */
#include "cms/envelope.h"

#include "codec/der.h"

/* id-ecPublicKey P-256 points, uncompressed. */
#define POINT_SIZE 65

static enum deed_status bad(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "this is no AuthEnvelopedData (RFC 5083)");
}

/* AlgorithmIdentifier: the OID, and the parameters as they stand. */
static bool get_algorithm(struct der_reader *r, enum oid *oid,
			  struct der_reader *params)
{
	return der_enter(r, DER_SEQUENCE, params) &&
	       der_get_known_oid(params, oid);
}

/* Absent or NULL. */
static bool no_params(struct der_reader *params)
{
	return der_at_end(params) ||
	       (der_get_null(params) && der_at_end(params));
}

/* SEQUENCE { id-sha256 } with parameters absent or NULL. */
static bool is_sha256(struct der_reader *r)
{
	struct der_reader params;
	enum oid oid;

	return get_algorithm(r, &oid, &params) && oid == OID_SHA256 &&
	       no_params(&params);
}

/* RSAES-OAEP-params (RFC 8017 A.2.1) with SHA-256 twice and no label. */
static bool is_oaep_sha256(struct der_reader *params)
{
	struct der_reader seq, hash, mgf, mgf_params;
	enum oid oid;

	return der_enter(params, DER_SEQUENCE, &seq) && der_at_end(params) &&
	       der_enter(&seq, DER_CONTEXT_CONS(0), &hash) &&
	       is_sha256(&hash) && der_at_end(&hash) &&
	       der_enter(&seq, DER_CONTEXT_CONS(1), &mgf) &&
	       get_algorithm(&mgf, &oid, &mgf_params) && der_at_end(&mgf) &&
	       oid == OID_MGF1 && is_sha256(&mgf_params) &&
	       der_at_end(&mgf_params) && der_at_end(&seq);
}

/* KeyTransRecipientInfo (RFC 5652 6.2.1); false only where it is broken. */
static bool read_key_trans(struct der_reader *r, struct envelope_recipient *to)
{
	struct der_reader params;
	struct slice id, wrapped;
	uint64_t version;
	uint8_t tag;
	enum oid oid;

	if (!der_get_uint64(r, &version) || !der_get_any(r, &tag, &id, NULL) ||
	    !get_algorithm(r, &oid, &params) ||
	    !der_get(r, DER_OCTET_STRING, &wrapped) || !der_at_end(r))
		return false;
	if (version != 2 || tag != DER_CONTEXT(0) || oid != OID_RSA_OAEP ||
	    !is_oaep_sha256(&params))
		return true;
	to->kind = ENVELOPE_RSA;
	to->id = id;
	to->wrapped = wrapped;
	return true;
}

/* KEKRecipientInfo (RFC 5652 6.2.3). */
static bool read_kek(struct der_reader *r, struct envelope_recipient *to)
{
	struct der_reader kekid, params;
	struct slice id, wrapped;
	uint64_t version;
	enum oid oid;

	if (!der_get_uint64(r, &version) || version != 4 ||
	    !der_enter(r, DER_SEQUENCE, &kekid) ||
	    !der_get(&kekid, DER_OCTET_STRING, &id) ||
	    !get_algorithm(r, &oid, &params) ||
	    !der_get(r, DER_OCTET_STRING, &wrapped) || !der_at_end(r))
		return false;
	if (oid != OID_AES256_WRAP || !no_params(&params))
		return true;
	to->kind = ENVELOPE_KEK;
	to->id = id;
	to->wrapped = wrapped;
	return true;
}

/* OriginatorIdentifierOrKey with a key: the point. */
static bool read_originator(struct der_reader *r, struct slice *point)
{
	struct der_reader key, params;
	enum oid oid;

	*point = SLICE_NONE;
	if (!der_peek(r, DER_CONTEXT_CONS(1)))
		return der_skip(r) && der_at_end(r);
	if (!der_enter(r, DER_CONTEXT_CONS(1), &key) || !der_at_end(r) ||
	    !get_algorithm(&key, &oid, &params) ||
	    !der_get_bits(&key, point, NULL) || !der_at_end(&key))
		return false;
	if (oid != OID_EC || point->len != POINT_SIZE)
		*point = SLICE_NONE;
	return true;
}

/* The first RecipientEncryptedKey that names a subjectKeyIdentifier. */
static bool read_encrypted_keys(struct der_reader *r,
				struct envelope_recipient *to)
{
	while (!der_at_end(r)) {
		struct der_reader rek, rid;
		struct slice id = SLICE_NONE, wrapped;
		bool named;

		if (!der_enter(r, DER_SEQUENCE, &rek))
			return false;
		named = der_peek(&rek, DER_CONTEXT_CONS(0));
		if (named && (!der_enter(&rek, DER_CONTEXT_CONS(0), &rid) ||
			      !der_get(&rid, DER_OCTET_STRING, &id)))
			return false;
		if (!named && !der_skip(&rek))
			return false;
		if (!der_get(&rek, DER_OCTET_STRING, &wrapped) ||
		    !der_at_end(&rek))
			return false;
		if (named && to->id.data == NULL) {
			to->id = id;
			to->wrapped = wrapped;
		}
	}
	return true;
}

/* KeyAgreeRecipientInfo (RFC 5652 6.2.2, RFC 5753 3.1.1). */
static bool read_key_agree(struct der_reader *r, struct envelope_recipient *to)
{
	struct der_reader originator, params, wrap_params, keys, ukm;
	enum oid oid, wrap;
	uint64_t version;

	if (!der_get_uint64(r, &version) || version != 3 ||
	    !der_enter(r, DER_CONTEXT_CONS(0), &originator) ||
	    !read_originator(&originator, &to->ephemeral))
		return false;
	if (der_peek(r, DER_CONTEXT_CONS(1)) &&
	    (!der_enter(r, DER_CONTEXT_CONS(1), &ukm) ||
	     !der_get(&ukm, DER_OCTET_STRING, &to->ukm) || !der_at_end(&ukm)))
		return false;
	if (!get_algorithm(r, &oid, &params) ||
	    !der_enter(r, DER_SEQUENCE, &keys) || !der_at_end(r) ||
	    !read_encrypted_keys(&keys, to))
		return false;
	if (oid == OID_ECDH_SHA256 &&
	    get_algorithm(&params, &wrap, &wrap_params) &&
	    der_at_end(&params) && wrap == OID_AES256_WRAP &&
	    no_params(&wrap_params) && to->ephemeral.data != NULL &&
	    to->id.data != NULL)
		to->kind = ENVELOPE_ECDH;
	return true;
}

/* A kind of recipient that is not known stays as a whole, so that who only
 * adds recipients keeps it. */
static bool read_recipient(struct der_reader *r, struct envelope_recipient *to)
{
	struct der_reader inner;
	struct slice content;
	uint8_t tag;
	bool ok = true;

	memset(to, 0, sizeof(*to));
	to->kind = ENVELOPE_OTHER;
	if (!der_get_any(r, &tag, &content, &to->der))
		return false;
	der_init(&inner, content);
	if (tag == DER_SEQUENCE)
		ok = read_key_trans(&inner, to);
	else if (tag == DER_CONTEXT_CONS(1))
		ok = read_key_agree(&inner, to);
	else if (tag == DER_CONTEXT_CONS(2))
		ok = read_kek(&inner, to);
	if (to->kind == ENVELOPE_OTHER) {
		to->id = to->wrapped = SLICE_NONE;
		to->ephemeral = to->ukm = SLICE_NONE;
	}
	return ok && to->id.len <= ENVELOPE_ID_MAX;
}

/* A hostile message could list millions; out has a fixed number of places. */
static enum deed_status read_recipients(struct der_reader *set,
					struct envelope *out,
					struct deed_error *err)
{
	while (!der_at_end(set)) {
		if (out->count == ENVELOPE_RECIPIENTS_MAX)
			return deed_error_set(err, DEED_LIMIT,
					      "over %d recipients",
					      ENVELOPE_RECIPIENTS_MAX);
		if (!read_recipient(set, &out->to[out->count]))
			return bad(err);
		out->count++;
	}
	return out->count > 0 ? DEED_OK : bad(err);
}

/* GCMParameters (RFC 5084 3.2): nonce, and the tag's length. */
static bool read_gcm(struct der_reader *params, struct slice *nonce)
{
	struct der_reader seq;
	uint64_t tag_size = 12;

	return der_enter(params, DER_SEQUENCE, &seq) && der_at_end(params) &&
	       der_get(&seq, DER_OCTET_STRING, nonce) &&
	       (der_at_end(&seq) || der_get_uint64(&seq, &tag_size)) &&
	       der_at_end(&seq) && nonce->len == ENVELOPE_NONCE_SIZE &&
	       tag_size == ENVELOPE_TAG_SIZE;
}

/* Only AES-256-GCM with the whole tag: a shorter one would be easier to forge.
 */
static enum deed_status read_content(struct der_reader *r, struct envelope *out,
				     struct deed_error *err)
{
	struct der_reader info, params;
	struct slice type;
	enum oid oid;

	if (!der_enter(r, DER_SEQUENCE, &info) || !der_get_oid(&info, &type) ||
	    !get_algorithm(&info, &oid, &params))
		return bad(err);
	if (oid != OID_AES256_GCM || !read_gcm(&params, &out->nonce))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the content is not encrypted with "
				      "AES-256-GCM and a tag of 16 bytes");
	if (!der_get(&info, DER_CONTEXT(0), &out->ciphertext) ||
	    !der_at_end(&info))
		return bad(err);
	return DEED_OK;
}

/* authAttrs are kept whole, as they are authenticated beside the content (RFC
 * 5083 2.2). unauthAttrs are passed over: nothing vouches for them. */
static bool read_end(struct der_reader *r, struct envelope *out)
{
	struct slice unauth;
	bool there;

	if (der_peek(r, DER_CONTEXT_CONS(1)) &&
	    !der_get_element(r, DER_CONTEXT_CONS(1), &out->aad))
		return false;
	return der_get(r, DER_OCTET_STRING, &out->tag) &&
	       out->tag.len == ENVELOPE_TAG_SIZE &&
	       der_get_optional(r, DER_CONTEXT_CONS(2), &there, &unauth) &&
	       der_at_end(r);
}

enum deed_status envelope_parse(struct slice der, struct envelope *out,
				struct deed_error *err)
{
	struct der_reader info, content, body, set;
	struct slice whole;
	enum deed_status status;
	uint64_t version;
	enum oid oid;

	memset(out, 0, sizeof(*out));
	if (!der_open(der, DER_SEQUENCE, &info) ||
	    !der_get_known_oid(&info, &oid))
		return bad(err);
	if (oid != OID_AUTH_ENVELOPED_DATA)
		return bad(err);
	if (!der_enter(&info, DER_CONTEXT_CONS(0), &content) ||
	    !der_at_end(&info) || !der_enter(&content, DER_SEQUENCE, &body) ||
	    !der_at_end(&content) || !der_get_uint64(&body, &version) ||
	    version != 0)
		return bad(err);
	if (der_peek(&body, DER_CONTEXT_CONS(0)) &&
	    !der_get_element(&body, DER_CONTEXT_CONS(0), &whole))
		return bad(err);
	if (!der_enter(&body, DER_SET, &set))
		return bad(err);
	status = read_recipients(&set, out, err);
	if (status == DEED_OK)
		status = read_content(&body, out, err);
	if (status == DEED_OK && !read_end(&body, out))
		status = bad(err);
	return status;
}
