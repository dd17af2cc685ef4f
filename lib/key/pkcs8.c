/* SPDX-License-Identifier: Apache-2.0 */
#include "key/pkcs8.h"

#include "codec/pem.h"
#include "key/gnutls_priv.h"
#include "key/pbe_priv.h"

/* Wipe and free what GnuTLS allocated. */
static void datum_wipe(gnutls_datum_t *d)
{
	if (d->data == NULL)
		return;
	secret_wipe(d->data, d->size);
	gnutls_free(d->data);
	d->data = NULL;
}

enum deed_status passphrase_string(struct slice passphrase, struct secret **out,
				   struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	if (passphrase.len > 0 &&
	    memchr(passphrase.data, 0, passphrase.len) != NULL)
		return deed_error_set(err, DEED_USAGE,
				      "the passphrase holds a NUL character");
	status = secret_new(passphrase.len + 1, out, err);
	if (status == DEED_OK && passphrase.len > 0)
		memcpy(secret_data(*out), passphrase.data, passphrase.len);
	return status;
}

enum deed_status x509_key_import(const struct secret *pkcs8,
				 gnutls_x509_privkey_t *out,
				 struct deed_error *err)
{
	gnutls_datum_t der = datum(secret_slice(pkcs8));
	int ret;

	*out = NULL;
	if (gnutls_x509_privkey_init(out) != 0) {
		*out = NULL;
		return deed_error_memory(err);
	}
	ret = gnutls_x509_privkey_import_pkcs8(*out, &der, GNUTLS_X509_FMT_DER,
					       NULL, GNUTLS_PKCS_PLAIN);
	if (ret == 0)
		return DEED_OK;
	gnutls_x509_privkey_deinit(*out);
	*out = NULL;
	if (ret == GNUTLS_E_MEMORY_ERROR)
		return deed_error_memory(err);
	if (ret == GNUTLS_E_UNKNOWN_PK_ALGORITHM ||
	    ret == GNUTLS_E_ECC_UNSUPPORTED_CURVE ||
	    ret == GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "this kind of private key is not "
				      "supported");
	return deed_error_set(err, DEED_MALFORMED,
			      "the private key is malformed");
}

enum deed_status x509_key_export(gnutls_x509_privkey_t key,
				 struct secret **pkcs8, struct deed_error *err)
{
	gnutls_datum_t der = { NULL, 0 };
	enum deed_status status;
	int ret;

	*pkcs8 = NULL;
	ret = gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_DER, NULL,
						GNUTLS_PKCS_PLAIN, &der);
	if (ret != 0)
		return ret == GNUTLS_E_MEMORY_ERROR
			       ? deed_error_memory(err)
			       : deed_error_set(err, DEED_UNSUPPORTED,
						"the private key cannot be "
						"written");
	status = secret_copy(der.data, der.size, pkcs8, err);
	datum_wipe(&der);
	return status;
}

/* EncryptedPrivateKeyInfo begins with an AlgorithmIdentifier, PrivateKeyInfo
 * and the older forms with a version. */
static bool der_is_encrypted(struct slice der)
{
	struct der_reader r;

	return der_open(der, DER_SEQUENCE, &r) && der_peek(&r, DER_SEQUENCE);
}

bool pkcs8_is_encrypted(struct slice file)
{
	struct slice at = file, body;
	char label[PEM_LABEL];

	if (!pem_looks_like(file))
		return der_is_encrypted(file);
	while (pem_next(&at, label, &body, NULL) == DEED_OK) {
		if (!strcmp(label, "ENCRYPTED PRIVATE KEY"))
			return true;
		/* RFC 1421 headers, as OpenSSL once wrote them. */
		if (strstr(label, "PRIVATE KEY") != NULL && body.len > 0 &&
		    memmem(body.data, body.len, "ENCRYPTED", 9) != NULL)
			return true;
	}
	return false;
}

/* EncryptedPrivateKeyInfo in DER; nothing secret in it. */
static void encrypted_der(struct slice file, struct buf *der)
{
	char label[PEM_LABEL];

	if (!pem_looks_like(file))
		buf_slice(der, file);
	else if (pem_decode_next(&file, label, der, NULL) != DEED_OK)
		buf_reset(der);
}

/* PBES2 with scrypt, which GnuTLS 3.7 does not know and calls malformed. */
static bool uses_scrypt(struct slice der)
{
	struct der_reader r, algorithm, params, kdf;
	enum oid pbes = OID_NONE, oid = OID_NONE;

	if (der_open(der, DER_SEQUENCE, &r) &&
	    der_enter(&r, DER_SEQUENCE, &algorithm) &&
	    der_get_known_oid(&algorithm, &pbes) && pbes == OID_PBES2 &&
	    der_enter(&algorithm, DER_SEQUENCE, &params) &&
	    der_enter(&params, DER_SEQUENCE, &kdf))
		(void)der_get_known_oid(&kdf, &oid);
	return oid == OID_SCRYPT;
}

/* GnuTLS has one answer for many causes, so what the file says of its
 * encryption is looked at once more. */
static enum deed_status encrypted_failed(int ret, struct slice der,
					 struct deed_error *err)
{
	if (ret == GNUTLS_E_MEMORY_ERROR)
		return deed_error_memory(err);
	if (uses_scrypt(der)) {
		deed_error_set(err, DEED_UNSUPPORTED,
			       "the private key is encrypted with scrypt, "
			       "which is not supported");
		deed_error_hint(err, "openssl pkcs8 -topk8 -in OLD -out NEW");
		return DEED_UNSUPPORTED;
	}
	if (ret == GNUTLS_E_UNKNOWN_CIPHER_TYPE ||
	    ret == GNUTLS_E_UNKNOWN_HASH_ALGORITHM)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the private key is encrypted in a way "
				      "that is not supported");
	/* Padding after a wrong key: decryption, or garbage that is no DER. */
	return deed_error_set(err, DEED_WRONG_PASSPHRASE,
			      "the passphrase does not open the private key");
}

/* What GnuTLS reads and deed does not sign with is refused here, for all forms
 * of files alike. */
static enum deed_status export_new(gnutls_x509_privkey_t key,
				   struct secret **out, struct deed_error *err)
{
	enum deed_status status = x509_key_export(key, out, err);

	if (status == DEED_OK)
		status = private_key_kind(secret_slice(*out), err);
	if (status != DEED_OK) {
		secret_free(*out);
		*out = NULL;
	}
	return status;
}

static bool has_kind(struct slice der, void *context)
{
	return private_key_kind(der, context) == DEED_UNSUPPORTED;
}

/* A key of a kind that is not supported is told as that, before it could be
 * told as no key; then the one form is tried that GnuTLS does not read. */
static enum deed_status plain_failed(int ret, struct slice file,
				     struct secret **out,
				     struct deed_error *err)
{
	struct secret *completed = NULL;
	gnutls_x509_privkey_t key = NULL;
	enum deed_status status;

	if (ret == GNUTLS_E_MEMORY_ERROR)
		return deed_error_memory(err);
	if (private_der_any(file, has_kind, err))
		return DEED_UNSUPPORTED;
	if (!pkcs8_complete_ec(file, &completed))
		return not_a_key(file, err);
	status = x509_key_import(completed, &key, err);
	if (status == DEED_OK)
		status = export_new(key, out, err);
	gnutls_x509_privkey_deinit(key);
	secret_free(completed);
	return status;
}

/* Without a passphrase only what is not encrypted is read (GNUTLS_PKCS_PLAIN).
 */
static int import_with(gnutls_x509_privkey_t key, struct slice file,
		       const char *passphrase)
{
	gnutls_datum_t data = datum(file);

	return gnutls_x509_privkey_import2(
		key, &data,
		pem_looks_like(file) ? GNUTLS_X509_FMT_PEM
				     : GNUTLS_X509_FMT_DER,
		passphrase, passphrase != NULL ? 0 : GNUTLS_PKCS_PLAIN);
}

/* GnuTLS first, as it reads more forms; why it did not is looked into
 * afterwards. */
static enum deed_status import_plain(struct slice file, struct secret **out,
				     struct deed_error *err)
{
	gnutls_x509_privkey_t key;
	enum deed_status status;
	int ret;

	*out = NULL;
	if (gnutls_x509_privkey_init(&key) != 0)
		return deed_error_memory(err);
	ret = import_with(key, file, NULL);
	status = ret == 0 ? export_new(key, out, err)
			  : plain_failed(ret, file, out, err);
	gnutls_x509_privkey_deinit(key);
	return status;
}

/* GnuTLS says of a key that it does not know that it does not decrypt. */
static enum deed_status import_encrypted(struct slice file,
					 const char *passphrase,
					 struct secret **out,
					 struct deed_error *err)
{
	gnutls_x509_privkey_t key = NULL;
	struct secret *plain = NULL;
	struct buf der = BUF_INIT;
	enum deed_status status;
	int ret;

	encrypted_der(file, &der);
	status = pbe_check_key(buf_get(&der), err);
	if (status != DEED_OK)
		goto out;
	if (gnutls_x509_privkey_init(&key) != 0) {
		status = deed_error_memory(err);
		goto out;
	}
	ret = import_with(key, file, passphrase);
	if (ret == 0)
		status = export_new(key, out, err);
	else if (pbe_decrypt_key(buf_get(&der), passphrase, &plain))
		status = import_plain(secret_slice(plain), out, err);
	else
		status = encrypted_failed(ret, buf_get(&der), err);
out:
	secret_free(plain);
	gnutls_x509_privkey_deinit(key);
	buf_clear(&der);
	return status;
}

enum deed_status pkcs8_import(struct slice file, struct slice passphrase,
			      struct secret **out, struct deed_error *err)
{
	struct secret *text = NULL;
	enum deed_status status;

	*out = NULL;
	if (!pkcs8_is_encrypted(file))
		return import_plain(file, out, err);
	if (passphrase.data == NULL)
		return deed_error_set(err, DEED_NO_PASSPHRASE,
				      "the private key is encrypted");
	status = passphrase_string(passphrase, &text, err);
	if (status == DEED_OK)
		status = import_encrypted(
			file, (const char *)secret_bytes(text), out, err);
	secret_free(text);
	return status;
}

enum deed_status pkcs8_export(const struct secret *pkcs8,
			      struct slice passphrase, struct buf *out,
			      struct deed_error *err)
{
	gnutls_x509_privkey_t key = NULL;
	gnutls_datum_t pem = { NULL, 0 };
	struct secret *text = NULL;
	enum deed_status status;

	status = passphrase_string(passphrase, &text, err);
	if (status == DEED_OK)
		status = x509_key_import(pkcs8, &key, err);
	if (status != DEED_OK)
		goto out;
	if (gnutls_x509_privkey_export2_pkcs8(
		    key, GNUTLS_X509_FMT_PEM, (const char *)secret_bytes(text),
		    GNUTLS_PKCS_PBES2_AES_256, &pem) != 0) {
		status = deed_error_set(err, DEED_SYSTEM,
					"the private key cannot be encrypted");
		goto out;
	}
	buf_append(out, pem.data, pem.size);
	status = buf_status(out, err);
out:
	gnutls_free(pem.data);
	gnutls_x509_privkey_deinit(key);
	secret_free(text);
	return status;
}

enum deed_status pkcs8_spki(const struct secret *pkcs8, struct buf *out,
			    struct deed_error *err)
{
	gnutls_x509_privkey_t key = NULL;
	gnutls_privkey_t abstract = NULL;
	gnutls_pubkey_t pub = NULL;
	gnutls_datum_t der = { NULL, 0 };
	enum deed_status status;

	if (pkcs8_pss_spki(pkcs8, out))
		return buf_status(out, err);
	status = x509_key_import(pkcs8, &key, err);
	if (status != DEED_OK)
		return status;
	if (gnutls_privkey_init(&abstract) != 0 ||
	    gnutls_pubkey_init(&pub) != 0 ||
	    gnutls_privkey_import_x509(abstract, key,
				       GNUTLS_PRIVKEY_IMPORT_COPY) != 0 ||
	    gnutls_pubkey_import_privkey(pub, abstract, 0, 0) != 0 ||
	    gnutls_pubkey_export2(pub, GNUTLS_X509_FMT_DER, &der) != 0) {
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"the public key cannot be told from "
					"the private one");
		goto out;
	}
	buf_append(out, der.data, der.size);
	status = buf_status(out, err);
out:
	gnutls_free(der.data);
	if (pub != NULL)
		gnutls_pubkey_deinit(pub);
	if (abstract != NULL)
		gnutls_privkey_deinit(abstract);
	gnutls_x509_privkey_deinit(key);
	return status;
}
