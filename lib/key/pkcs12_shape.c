/* SPDX-License-Identifier: Apache-2.0 */
#include "key/pkcs12_shape.h"

#include <stdio.h>

#include "codec/ber.h"
#include "crypto/digest.h"
#include "key/pbe_priv.h"

#define SHROUDED_KEY "1.2.840.113549.1.12.10.1.2"

static enum deed_status damaged(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the PKCS#12 file is damaged");
}

/* For identifiers that nothing else in deed uses. */
static bool oid_is(struct slice oid, const char *dotted)
{
	struct buf b = BUF_INIT;
	bool is = oid_encode(dotted, &b) && slice_equal(oid, buf_get(&b));

	buf_clear(&b);
	return is;
}

/* Where a file ends before its outermost length says so. */
static enum deed_status to_der(struct slice file, struct buf *out,
			       struct deed_error *err)
{
	size_t used = 0;
	enum deed_status status = ber_to_der(file, &used, out, NULL);

	if (status == DEED_LIMIT)
		return damaged(err);
	if (status == DEED_MALFORMED)
		return deed_error_set(err, status,
				      "the PKCS#12 file is cut short or "
				      "damaged: it has %zu bytes, and its "
				      "end is missing",
				      file.len);
	if (status == DEED_OK && used < file.len)
		return deed_error_set(err, DEED_MALFORMED,
				      "%zu bytes follow the end of the PKCS#12 "
				      "file",
				      file.len - used);
	return status;
}

/* [0] { OCTET STRING }: what is in it, in DER, appended to out. */
static bool content(struct der_reader *info, struct buf *out)
{
	struct der_reader r;
	struct slice octets;

	return der_enter(info, DER_CONTEXT_CONS(0), &r) &&
	       der_get(&r, DER_OCTET_STRING, &octets) &&
	       ber_to_der(octets, NULL, out, NULL) == DEED_OK;
}

/* SafeContents: the first shrouded key in it. */
static bool find_key(struct slice safe, struct buf *key)
{
	struct der_reader bags, bag, value;
	struct slice oid, whole;

	if (!der_open(safe, DER_SEQUENCE, &bags))
		return false;
	while (key->len == 0 && der_enter(&bags, DER_SEQUENCE, &bag)) {
		if (der_get_oid(&bag, &oid) && oid_is(oid, SHROUDED_KEY) &&
		    der_enter(&bag, DER_CONTEXT_CONS(0), &value) &&
		    der_get_element(&value, DER_SEQUENCE, &whole))
			buf_slice(key, whole);
	}
	return true;
}

/* EncryptedData (RFC 5652 8): how its content is encrypted. */
static enum deed_status check_encrypted(struct der_reader *info,
					struct deed_error *err)
{
	struct der_reader r, data, inner;
	struct slice oid, algorithm;
	uint64_t version;

	if (!der_enter(info, DER_CONTEXT_CONS(0), &r) ||
	    !der_enter(&r, DER_SEQUENCE, &data) ||
	    !der_get_uint64(&data, &version) ||
	    !der_enter(&data, DER_SEQUENCE, &inner) ||
	    !der_get_oid(&inner, &oid) ||
	    !der_get_element(&inner, DER_SEQUENCE, &algorithm))
		return damaged(err);
	return pbe_check(algorithm, err);
}

/* How it is encrypted is looked at before GnuTLS derives a key by it.  Of keys
 * only the first counts, as only that is opened. */
static enum deed_status read_part(struct der_reader *info, struct buf *key,
				  struct deed_error *err)
{
	struct buf safe = BUF_INIT;
	bool good = true;
	enum oid type;

	if (!der_get_known_oid(info, &type))
		return damaged(err);
	if (type == OID_ENCRYPTED_DATA)
		return check_encrypted(info, err);
	if (type != OID_DATA)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the PKCS#12 file is encrypted to a "
				      "certificate, not with a passphrase");
	if (key->len == 0)
		good = content(info, &safe) && find_key(buf_get(&safe), key);
	buf_clear(&safe);
	if (!good)
		return damaged(err);
	return pbe_check_key(buf_get(key), err);
}

/* A file need not have one.  The name is kept for the message about a MAC that
 * GnuTLS does not know.  Of PBMAC1 (RFC 9579) the count that is computed stands
 * in the algorithm, and the one beside it says nothing. */
static enum deed_status read_mac(struct der_reader *pfx,
				 struct pkcs12_shape *out,
				 struct deed_error *err)
{
	struct der_reader mac, info, r;
	struct buf name = BUF_INIT;
	struct slice algorithm, digest, salt, oid;
	uint64_t iterations = 1;

	out->has_mac = der_enter(pfx, DER_SEQUENCE, &mac);
	if (!out->has_mac)
		return DEED_OK;
	if (!der_enter(&mac, DER_SEQUENCE, &info) ||
	    !der_get_element(&info, DER_SEQUENCE, &algorithm) ||
	    !der_open(algorithm, DER_SEQUENCE, &r) || !der_get_oid(&r, &oid) ||
	    !der_get(&info, DER_OCTET_STRING, &digest) ||
	    !der_get(&mac, DER_OCTET_STRING, &salt) ||
	    (!der_at_end(&mac) && !der_get_uint64(&mac, &iterations)))
		return damaged(err);
	oid_describe(oid, &name);
	buf_byte(&name, 0);
	(void)snprintf(out->mac, sizeof(out->mac), "%s",
		       name.failed ? "" : (const char *)name.data);
	buf_clear(&name);
	if (oid_find(oid) == OID_PBMAC1)
		return pbe_check(algorithm, err);
	if (iterations > PBE_MAX_ITERATIONS)
		return deed_error_set(err, DEED_LIMIT,
				      "the passphrase is to be hashed %llu "
				      "times: expected at most %d",
				      (unsigned long long)iterations,
				      PBE_MAX_ITERATIONS);
	return DEED_OK;
}

/* AuthenticatedSafe: a sequence of parts. */
static enum deed_status read_safe(struct slice safe, struct buf *key,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct der_reader parts, info;

	if (!der_open(safe, DER_SEQUENCE, &parts))
		return damaged(err);
	while (status == DEED_OK && !der_at_end(&parts))
		status = der_enter(&parts, DER_SEQUENCE, &info)
				 ? read_part(&info, key, err)
				 : damaged(err);
	return status;
}

enum deed_status pkcs12_shape_read(struct slice file, struct pkcs12_shape *out,
				   struct deed_error *err)
{
	struct buf der = BUF_INIT, safe = BUF_INIT;
	enum deed_status status;
	struct der_reader pfx, info;
	uint64_t version;
	enum oid type;

	*out = (struct pkcs12_shape){ .key = BUF_INIT };
	status = to_der(file, &der, err);
	if (status != DEED_OK)
		goto out;
	if (!der_open(buf_get(&der), DER_SEQUENCE, &pfx) ||
	    !der_get_uint64(&pfx, &version) || version != 3 ||
	    !der_enter(&pfx, DER_SEQUENCE, &info) ||
	    !der_get_known_oid(&info, &type))
		status = damaged(err);
	else if (type != OID_DATA)
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"the PKCS#12 file is protected by a "
					"signature, not by a passphrase");
	else if (!content(&info, &safe))
		status = damaged(err);
	if (status == DEED_OK)
		status = read_mac(&pfx, out, err);
	if (status == DEED_OK)
		status = read_safe(buf_get(&safe), &out->key, err);
out:
	buf_clear(&der);
	buf_clear(&safe);
	return status;
}

void pkcs12_shape_clear(struct pkcs12_shape *s)
{
	buf_clear(&s->key);
}
