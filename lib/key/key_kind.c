/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/pem.h"
#include "key/gnutls_priv.h"
#include "key/pubkey_priv.h"

/* What a private key or a file is that deed cannot use, in words. */

/* The remedy is worth more than the refusal: openssl wrote such keys by
 * default for years. */
static enum deed_status curve_kind(struct der_reader *params,
				   struct deed_error *err)
{
	struct buf name = BUF_INIT;
	struct slice oid;

	if (der_peek(params, DER_SEQUENCE)) {
		deed_error_set(err, DEED_UNSUPPORTED,
			       "the private key gives its elliptic curve by "
			       "numbers, where certificates must have its name "
			       "(RFC 5480 2.1.1)");
		deed_error_hint(err,
				"openssl pkey -in KEY -ec_param_enc "
				"named_curve -out NEW gives it the name of a "
				"known curve; its certificate must be made "
				"anew");
		return DEED_UNSUPPORTED;
	}
	if (!der_get_oid(params, &oid) ||
	    pubkey_curve_from_oid(oid_find(oid)) != EC_NONE)
		return DEED_OK;
	oid_describe(oid, &name);
	buf_byte(&name, 0);
	deed_error_set(err, DEED_UNSUPPORTED,
		       "the private key is on the elliptic curve %s, on which "
		       "deed does not sign: expected P-256, P-384 or P-521",
		       name.failed ? "" : (const char *)name.data);
	buf_clear(&name);
	return DEED_UNSUPPORTED;
}

/* deed verifies with more kinds of keys than it signs with: Ed448 and DSA are
 * not among these. */
static enum deed_status algorithm_kind(struct slice oid,
				       struct der_reader *params,
				       struct deed_error *err)
{
	struct buf name = BUF_INIT;

	switch (oid_find(oid)) {
	case OID_EC:
		return curve_kind(params, err);
	case OID_RSA:
	case OID_RSA_PSS:
	case OID_ED25519:
		return DEED_OK;
	default:
		break;
	}
	oid_describe(oid, &name);
	buf_byte(&name, 0);
	deed_error_set(err, DEED_UNSUPPORTED,
		       "the private key is of the algorithm %s, with which "
		       "deed does not sign: expected RSA, EC or Ed25519",
		       name.failed ? "" : (const char *)name.data);
	buf_clear(&name);
	return DEED_UNSUPPORTED;
}

enum deed_status private_key_kind(struct slice der, struct deed_error *err)
{
	struct der_reader r, algorithm, params;
	struct slice value;
	uint64_t version;

	if (!der_open(der, DER_SEQUENCE, &r) || !der_get_uint64(&r, &version))
		return DEED_OK;
	if (der_enter(&r, DER_SEQUENCE, &algorithm))
		return der_get_oid(&algorithm, &value)
			       ? algorithm_kind(value, &algorithm, err)
			       : DEED_OK;
	/* ECPrivateKey, where it names the curve itself. */
	if (version == 1 && der_get(&r, DER_OCTET_STRING, &value) &&
	    der_enter(&r, DER_CONTEXT_CONS(0), &params))
		return curve_kind(&params, err);
	return DEED_OK;
}

static const struct {
	const char *start;
	size_t len;
	const char *is;
	const char *hint;
} kinds[] = {
	{ "\xfe\xed\xfe\xed", 4, "a Java keystore (JKS)",
	  "keytool -importkeystore -srckeystore OLD -destkeystore NEW.p12 "
	  "-deststoretype pkcs12" },
	{ "\xce\xce\xce\xce", 4, "a Java keystore (JCEKS)",
	  "keytool -importkeystore -srckeystore OLD -srcstoretype jceks "
	  "-destkeystore NEW.p12 -deststoretype pkcs12" },
	{ "%PDF-", 5, "a PDF", NULL },
	{ "ssh-", 4, "a public key of SSH", NULL },
	{ "PuTTY-User-Key-File", 19, "a key of PuTTY",
	  "puttygen OLD -O private-openssh -o NEW" },
};

static const struct {
	const char *label;
	const char *is;
	const char *hint;
} labels[] = {
	{ "OPENSSH PRIVATE KEY", "a private key of OpenSSH",
	  "ssh-keygen -p -m PKCS8 -f COPY writes a copy anew as PKCS#8" },
	{ "CERTIFICATE REQUEST", "a certificate request", NULL },
	{ "CERTIFICATE", "a certificate, which has no private key in it",
	  NULL },
	{ "PUBLIC KEY", "a public key", NULL },
	{ "PGP PRIVATE KEY BLOCK", "a key of OpenPGP", NULL },
	{ "PKCS7", "a bundle of certificates, which has no private key in it",
	  NULL },
};

/* hint is NULL where nothing can be made of such a file. */
static void say(struct deed_error *err, const char *is, const char *hint)
{
	deed_error_set(err, DEED_MALFORMED,
		       "this is %s: expected a private key in PKCS#12 or "
		       "PKCS#8",
		       is);
	if (hint != NULL)
		deed_error_hint(err, "%s", hint);
}

enum deed_status not_a_key(struct slice file, struct deed_error *err)
{
	char label[PEM_LABEL];
	struct slice body;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (file.len >= kinds[i].len &&
		    !memcmp(file.data, kinds[i].start, kinds[i].len)) {
			say(err, kinds[i].is, kinds[i].hint);
			return DEED_MALFORMED;
		}
	}
	if (pem_looks_like(file) &&
	    pem_next(&file, label, &body, NULL) == DEED_OK) {
		for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
			if (!strcmp(label, labels[i].label)) {
				say(err, labels[i].is, labels[i].hint);
				return DEED_MALFORMED;
			}
		}
	}
	return deed_error_set(err, DEED_MALFORMED,
			      "this is no private key in PKCS#8 or PKCS#12");
}
