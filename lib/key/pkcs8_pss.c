/* SPDX-License-Identifier: Apache-2.0 */
#include "key/pkcs8.h"

#include "key/gnutls_priv.h"

/*
 * Private keys of RSA and the name that they go by: rsaEncryption, or
 * id-RSASSA-PSS with what it binds them to.
 */

#define AROUND 64 /* octets: lengths, and the version */

/* The AlgorithmIdentifier, whole, and the RSAPrivateKey. */
static bool read_rsa(struct slice pkcs8, enum oid *name,
		     struct slice *algorithm, struct slice *key)
{
	struct der_reader r, at;
	uint64_t version;

	return der_open(pkcs8, DER_SEQUENCE, &r) &&
	       der_get_uint64(&r, &version) &&
	       der_get_element(&r, DER_SEQUENCE, algorithm) &&
	       der_open(*algorithm, DER_SEQUENCE, &at) &&
	       der_get_known_oid(&at, name) &&
	       (*name == OID_RSA || *name == OID_RSA_PSS) &&
	       der_get(&r, DER_OCTET_STRING, key);
}

/* GnuTLS would write what the key is bound to in another form than that which
 * stands beside the key, and perhaps in its certificate. */
bool pkcs8_pss_spki(const struct secret *pkcs8, struct buf *out)
{
	struct slice algorithm, key, n, e;
	struct buf numbers = BUF_INIT;
	struct der_reader r;
	struct der_writer w;
	uint64_t version;
	enum oid name;
	bool made;

	if (!read_rsa(secret_slice(pkcs8), &name, &algorithm, &key) ||
	    name != OID_RSA_PSS || !der_open(key, DER_SEQUENCE, &r) ||
	    !der_get_uint64(&r, &version) ||
	    !der_get_element(&r, DER_INTEGER, &n) ||
	    !der_get_element(&r, DER_INTEGER, &e))
		return false;
	der_writer_init(&w, &numbers);
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, n);
	der_put_raw(&w, e);
	der_end(&w);
	made = der_writer_status(&w, NULL) == DEED_OK;
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_raw(&w, algorithm);
	der_put_bits(&w, buf_get(&numbers));
	der_end(&w);
	made = made && der_writer_status(&w, NULL) == DEED_OK;
	buf_clear(&numbers);
	return made;
}

/* The same private key, by the name that spki has. */
static enum deed_status rename_key(struct slice algorithm, struct slice key,
				   struct secret **out, struct deed_error *err)
{
	struct buf b = BUF_INIT;
	struct der_writer w;
	enum deed_status status;

	/* Reserved whole, so that growing leaves no copies behind. */
	if (buf_reserve(&b, algorithm.len + key.len + AROUND) == NULL)
		return deed_error_memory(err);
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, 0);
	der_put_raw(&w, algorithm);
	der_put_octets(&w, key);
	der_end(&w);
	status = der_writer_status(&w, err);
	if (status == DEED_OK)
		status = secret_copy(b.data, b.len, out, err);
	secret_wipe(b.data, b.cap);
	buf_clear(&b);
	return status;
}

/* Tried: not all that a key may be bound to is signed with. */
enum deed_status pkcs8_bind(struct secret **pkcs8, struct slice spki,
			    struct deed_error *err)
{
	struct slice own, key, algorithm;
	gnutls_x509_privkey_t tried;
	struct secret *bound = NULL;
	struct der_reader r, at;
	enum deed_status status;
	enum oid name;

	if (!read_rsa(secret_slice(*pkcs8), &name, &own, &key) ||
	    !der_open(spki, DER_SEQUENCE, &r) ||
	    !der_get_element(&r, DER_SEQUENCE, &algorithm) ||
	    !der_open(algorithm, DER_SEQUENCE, &at) ||
	    !der_get_known_oid(&at, &name) || name != OID_RSA_PSS ||
	    slice_equal(own, algorithm))
		return DEED_OK;
	status = rename_key(algorithm, key, &bound, err);
	if (status != DEED_OK)
		return status;
	status = x509_key_import(bound, &tried, NULL);
	gnutls_x509_privkey_deinit(tried);
	if (status != DEED_OK) {
		secret_free(bound);
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the certificate binds its key to "
				      "RSA-PSS in a way that deed does not "
				      "sign in");
	}
	secret_free(*pkcs8);
	*pkcs8 = bound;
	return DEED_OK;
}
