/* SPDX-License-Identifier: Apache-2.0 */
#include "key/pbe_priv.h"

/* How a passphrase is made a key, as the AlgorithmIdentifier says. */

/* The object identifiers stand here, for nothing else in deed uses them. */
struct named {
	const char *dotted;
	int is;
};

static const struct named prfs[] = {
	{ "1.2.840.113549.2.7", GNUTLS_MAC_SHA1 },
	{ "1.2.840.113549.2.8", GNUTLS_MAC_SHA224 },
	{ "1.2.840.113549.2.9", GNUTLS_MAC_SHA256 },
	{ "1.2.840.113549.2.10", GNUTLS_MAC_SHA384 },
	{ "1.2.840.113549.2.11", GNUTLS_MAC_SHA512 },
	{ NULL, 0 },
};

static const struct named ciphers[] = {
	{ "2.16.840.1.101.3.4.1.2", GNUTLS_CIPHER_AES_128_CBC },
	{ "2.16.840.1.101.3.4.1.22", GNUTLS_CIPHER_AES_192_CBC },
	{ "2.16.840.1.101.3.4.1.42", GNUTLS_CIPHER_AES_256_CBC },
	{ "1.2.840.113549.3.7", GNUTLS_CIPHER_3DES_CBC },
	{ NULL, 0 },
};

static const struct named pkcs12_schemes[] = {
	{ "1.2.840.113549.1.12.1.3", GNUTLS_CIPHER_3DES_CBC },
	{ NULL, 0 },
};

/* 0 is none of GnuTLS's numbers that are looked for here. */
static int lookup(const struct named *table, struct slice oid)
{
	struct buf dotted = BUF_INIT;
	int is = 0;

	oid_dotted(oid, &dotted);
	buf_byte(&dotted, 0);
	for (; !dotted.failed && table->dotted != NULL; table++) {
		if (!strcmp(table->dotted, (const char *)dotted.data))
			is = table->is;
	}
	buf_clear(&dotted);
	return is;
}

/* PBKDF2-params: salt, iterations, keyLength OPTIONAL, prf DEFAULT SHA-1. */
static bool read_pbkdf2(struct der_reader *r, struct pbe *p)
{
	struct der_reader prf;
	struct slice oid;
	uint64_t length;

	if (!der_get(r, DER_OCTET_STRING, &p->salt) ||
	    !der_get_uint64(r, &p->iterations))
		return false;
	if (der_peek(r, DER_INTEGER) && !der_get_uint64(r, &length))
		return false;
	p->prf = GNUTLS_MAC_SHA1;
	if (der_enter(r, DER_SEQUENCE, &prf) && der_get_oid(&prf, &oid))
		p->prf = (gnutls_mac_algorithm_t)lookup(prfs, oid);
	return true;
}

/* An encryption scheme that is not known leaves the cipher unknown and is no
 * failure: the count of iterations has been read, and it is what pbe_check
 * needs. */
static bool read_pbes2(struct der_reader *r, struct pbe *p)
{
	struct der_reader params, kdf, kdf_params, scheme;
	struct slice oid;
	enum oid known;

	p->pbes2 = true;
	if (!der_enter(r, DER_SEQUENCE, &params) ||
	    !der_enter(&params, DER_SEQUENCE, &kdf) ||
	    !der_get_known_oid(&kdf, &known) || known != OID_PBKDF2 ||
	    !der_enter(&kdf, DER_SEQUENCE, &kdf_params) ||
	    !read_pbkdf2(&kdf_params, p))
		return false;
	if (der_enter(&params, DER_SEQUENCE, &scheme) &&
	    der_get_oid(&scheme, &oid) &&
	    der_get(&scheme, DER_OCTET_STRING, &p->iv))
		p->cipher = (gnutls_cipher_algorithm_t)lookup(ciphers, oid);
	return true;
}

/* What of it can be read; whether it is enough is seen by the members. */
static bool read_pbe(struct slice algorithm, struct pbe *p)
{
	struct der_reader r, params;
	struct slice oid;

	*p = (struct pbe){ .prf = GNUTLS_MAC_UNKNOWN };
	if (!der_open(algorithm, DER_SEQUENCE, &r) || !der_get_oid(&r, &oid))
		return false;
	/* PBMAC1-params (RFC 8018 A.5) begin as those of PBES2. */
	if (oid_find(oid) == OID_PBES2 || oid_find(oid) == OID_PBMAC1)
		return read_pbes2(&r, p);
	/* All of PKCS#5 version 1 and PKCS#12: a salt and a count. */
	p->cipher = (gnutls_cipher_algorithm_t)lookup(pkcs12_schemes, oid);
	return der_enter(&r, DER_SEQUENCE, &params) &&
	       der_get(&params, DER_OCTET_STRING, &p->salt) &&
	       der_get_uint64(&params, &p->iterations);
}

enum deed_status pbe_check(struct slice algorithm, struct deed_error *err)
{
	struct pbe p;

	if (!read_pbe(algorithm, &p) || p.iterations <= PBE_MAX_ITERATIONS)
		return DEED_OK;
	return deed_error_set(err, DEED_LIMIT,
			      "the passphrase is to be hashed %llu times: "
			      "expected at most %d",
			      (unsigned long long)p.iterations,
			      PBE_MAX_ITERATIONS);
}

/* EncryptedPrivateKeyInfo (RFC 5958 3). */
static bool read_encrypted(struct slice key, struct slice *algorithm,
			   struct slice *data)
{
	struct der_reader r;

	return der_open(key, DER_SEQUENCE, &r) &&
	       der_get_element(&r, DER_SEQUENCE, algorithm) &&
	       der_get(&r, DER_OCTET_STRING, data);
}

enum deed_status pbe_check_key(struct slice key, struct deed_error *err)
{
	struct slice algorithm, data;

	return read_encrypted(key, &algorithm, &data)
		       ? pbe_check(algorithm, err)
		       : DEED_OK;
}

bool pbe_read_key(struct slice key, struct pbe *p, struct slice *data)
{
	struct slice algorithm;

	return read_encrypted(key, &algorithm, data) && read_pbe(algorithm, p);
}

/* What is decrypted is a PrivateKeyInfo: else the passphrase is another. */
bool pbe_is_private_key(struct slice der)
{
	struct der_reader r, algorithm;
	struct slice oid, key;
	uint64_t version;

	return der_open(der, DER_SEQUENCE, &r) &&
	       der_get_uint64(&r, &version) && version <= 1 &&
	       der_enter(&r, DER_SEQUENCE, &algorithm) &&
	       der_get_oid(&algorithm, &oid) &&
	       der_get(&r, DER_OCTET_STRING, &key);
}
