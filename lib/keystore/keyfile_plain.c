/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keyfile_priv.h"

#include "codec/der.h"
#include "crypto/digest.h"
#include "key/pkcs8.h"

/* The plaintext of a key file: PrivateKeyInfo with and without attributes. */

#define HEADER_MAX 8 /* octets of a tag and a length under SECRET_MAX */

/* SET OF Attribute: slots and public key; the same inputs, the same octets. */
static enum deed_status put_attributes(struct slice spki,
				       const struct keyfile_slot *slots,
				       size_t count, struct buf *out,
				       struct deed_error *err)
{
	uint8_t hash[SHA256_SIZE];
	char id[KEYFILE_ID_MAX];
	struct der_writer w;
	size_t i;

	der_writer_init(&w, out);
	der_begin(&w, DER_CONTEXT_CONS(0));
	der_begin(&w, DER_SEQUENCE);
	der_put_oid(&w, OID_DEED_KEY_SLOTS);
	der_begin(&w, DER_SET);
	for (i = 0; i < count; i++) {
		keyfile_slot_id(&slots[i], id);
		der_put_utf8(&w, id);
	}
	der_end_set_of(&w);
	der_end(&w);
	der_begin(&w, DER_SEQUENCE);
	der_put_oid(&w, OID_DEED_SPKI_HASH);
	der_begin(&w, DER_SET);
	sha256(spki, hash);
	der_put_octets(&w, slice_of(hash, sizeof(hash)));
	der_end(&w);
	der_end(&w);
	der_end_set_of(&w);
	return der_writer_status(&w, err);
}

/* Version, algorithm and key of a PrivateKeyInfo, as they stand, and what
 * follows them. */
static bool split(struct slice der, struct slice *fields, struct slice *rest)
{
	struct der_reader r, start;

	if (!der_open(der, DER_SEQUENCE, &r))
		return false;
	start = r;
	if (!der_get_element(&r, DER_INTEGER, fields) ||
	    !der_get_element(&r, DER_SEQUENCE, fields) ||
	    !der_get_element(&r, DER_OCTET_STRING, fields))
		return false;
	*fields = slice_of(start.p, (size_t)(r.p - start.p));
	*rest = der_rest(&r);
	return true;
}

/* SEQUENCE { fields, attributes } without a copy outside of secrets. */
static enum deed_status join(struct slice fields, struct slice attributes,
			     struct secret **out, struct deed_error *err)
{
	size_t len = fields.len + attributes.len, at = 0, count = 0, rest;
	uint8_t header[HEADER_MAX];
	enum deed_status status;

	header[at++] = DER_SEQUENCE;
	if (len < 0x80) {
		header[at++] = (uint8_t)len;
	} else {
		for (rest = len; rest > 0; rest >>= 8)
			count++;
		header[at++] = (uint8_t)(0x80 | count);
		for (; count > 0; count--)
			header[at++] = (uint8_t)(len >> 8 * (count - 1));
	}
	status = secret_new(at + len, out, err);
	if (status != DEED_OK)
		return status;
	memcpy(secret_data(*out), header, at);
	memcpy(secret_data(*out) + at, fields.data, fields.len);
	if (attributes.len > 0)
		memcpy(secret_data(*out) + at + fields.len, attributes.data,
		       attributes.len);
	return DEED_OK;
}

enum deed_status keyfile_dress(const struct secret *pkcs8,
			       const struct keyfile_slot *slots, size_t count,
			       struct secret **out, struct deed_error *err)
{
	struct buf spki = BUF_INIT, attributes = BUF_INIT;
	struct slice fields, rest;
	enum deed_status status;

	*out = NULL;
	status = pkcs8_spki(pkcs8, &spki, err);
	if (status != DEED_OK)
		goto out;
	status = put_attributes(buf_get(&spki), slots, count, &attributes, err);
	if (status != DEED_OK)
		goto out;
	if (split(secret_slice(pkcs8), &fields, &rest))
		status = join(fields, buf_get(&attributes), out, err);
	else
		status = deed_error_set(err, DEED_MALFORMED,
					"the private key is malformed");
out:
	buf_clear(&spki);
	buf_clear(&attributes);
	return status;
}

bool keyfile_strip(const struct secret *plain, const struct keyfile_slot *slots,
		   size_t count, struct secret **pkcs8)
{
	struct buf spki = BUF_INIT, attributes = BUF_INIT;
	struct slice fields, found;
	bool good;

	*pkcs8 = NULL;
	good = split(secret_slice(plain), &fields, &found) &&
	       join(fields, SLICE_NONE, pkcs8, NULL) == DEED_OK &&
	       pkcs8_spki(*pkcs8, &spki, NULL) == DEED_OK &&
	       put_attributes(buf_get(&spki), slots, count, &attributes,
			      NULL) == DEED_OK &&
	       slice_equal(buf_get(&attributes), found);
	buf_clear(&spki);
	buf_clear(&attributes);
	if (!good) {
		secret_free(*pkcs8);
		*pkcs8 = NULL;
	}
	return good;
}
