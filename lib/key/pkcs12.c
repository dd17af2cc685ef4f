/* SPDX-License-Identifier: Apache-2.0 */
#include "key/pkcs12.h"

#include <gnutls/pkcs12.h>

#include "key/gnutls_priv.h"

/* PFX (RFC 7292 4): version 3, then a ContentInfo. */
bool pkcs12_looks_like(struct slice file)
{
	struct der_reader r;
	uint64_t version;
	uint8_t start[4];

	/* NSS and Java write BER: the outermost length tells nothing. */
	if (file.len < sizeof(start) || file.data[0] != DER_SEQUENCE)
		return false;
	if (file.data[1] == 0x80)
		return !memcmp(file.data + 2, "\x02\x01", 2) && file.len > 4 &&
		       file.data[4] == 3;
	return der_open(file, DER_SEQUENCE, &r) &&
	       der_get_uint64(&r, &version) && version == 3 &&
	       der_peek(&r, DER_SEQUENCE);
}

static enum deed_status failed(int ret, struct deed_error *err)
{
	switch (ret) {
	case GNUTLS_E_MEMORY_ERROR:
		return deed_error_memory(err);
	case GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE:
		return deed_error_set(err, DEED_NO_KEY,
				      "the PKCS#12 file holds no private key");
	case GNUTLS_E_MAC_VERIFY_FAILED:
	case GNUTLS_E_DECRYPTION_FAILED:
		return deed_error_set(err, DEED_WRONG_PASSPHRASE,
				      "the passphrase does not open the "
				      "PKCS#12 file");
	case GNUTLS_E_UNKNOWN_CIPHER_TYPE:
	case GNUTLS_E_UNKNOWN_HASH_ALGORITHM:
	case GNUTLS_E_UNKNOWN_PK_ALGORITHM:
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the PKCS#12 file uses an algorithm that "
				      "is not supported");
	default:
		return deed_error_set(err, DEED_MALFORMED,
				      "this is no PKCS#12 file");
	}
}

static enum deed_status add_cert(gnutls_x509_crt_t crt, struct cert_list *l,
				 struct deed_error *err)
{
	gnutls_datum_t der = { NULL, 0 };
	struct cert *c = NULL;
	enum deed_status status;

	if (gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) != 0)
		return deed_error_memory(err);
	status = cert_parse(slice_of(der.data, der.size), &c, err);
	if (status == DEED_OK && !cert_list_has(l, c))
		status = cert_list_add(l, c, err);
	cert_free(c);
	gnutls_free(der.data);
	return status;
}

static enum deed_status add_certs(gnutls_x509_crt_t *crts, unsigned count,
				  struct cert_list *l, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	unsigned i;

	for (i = 0; i < count; i++) {
		if (status == DEED_OK)
			status = add_cert(crts[i], l, err);
		gnutls_x509_crt_deinit(crts[i]);
	}
	gnutls_free(crts);
	return status;
}

static enum deed_status parse(gnutls_pkcs12_t p12, const char *passphrase,
			      struct secret **pkcs8, struct cert_list *chain,
			      struct deed_error *err)
{
	gnutls_x509_crt_t *own = NULL, *others = NULL;
	unsigned own_count = 0, other_count = 0;
	gnutls_x509_privkey_t key = NULL;
	enum deed_status status, more;
	int ret;

	/* A MAC first: a wrong passphrase must not look like damage. */
	ret = gnutls_pkcs12_verify_mac(p12, passphrase);
	/* Some files have none: then decryption has to tell. */
	if (ret == 0 || ret == GNUTLS_E_ASN1_ELEMENT_NOT_FOUND)
		ret = gnutls_pkcs12_simple_parse(p12, passphrase, &key, &own,
						 &own_count, &others,
						 &other_count, NULL, 0);
	if (ret != 0)
		return failed(ret, err);
	status = key == NULL ? deed_error_set(err, DEED_NO_KEY,
					      "the PKCS#12 file holds no "
					      "private key")
			     : x509_key_export(key, pkcs8, err);
	gnutls_x509_privkey_deinit(key);
	more = add_certs(own, own_count, chain, status == DEED_OK ? err : NULL);
	if (status == DEED_OK)
		status = more;
	more = add_certs(others, other_count, chain,
			 status == DEED_OK ? err : NULL);
	return status == DEED_OK ? more : status;
}

enum deed_status pkcs12_import(struct slice file, struct slice passphrase,
			       struct secret **pkcs8, struct cert_list *chain,
			       struct deed_error *err)
{
	gnutls_datum_t data = datum(file);
	struct secret *text = NULL;
	gnutls_pkcs12_t p12 = NULL;
	enum deed_status status;
	int ret;

	*pkcs8 = NULL;
	if (file.len > PKCS12_MAX_SIZE)
		return deed_error_set(err, DEED_LIMIT,
				      "a PKCS#12 file over %d bytes",
				      PKCS12_MAX_SIZE);
	status = passphrase_string(passphrase, &text, err);
	if (status != DEED_OK)
		return status;
	if (gnutls_pkcs12_init(&p12) != 0) {
		secret_free(text);
		return deed_error_memory(err);
	}
	ret = gnutls_pkcs12_import(p12, &data, GNUTLS_X509_FMT_DER, 0);
	status = ret != 0 ? failed(ret, err)
			  : parse(p12, (const char *)secret_bytes(text), pkcs8,
				  chain, err);
	if (status != DEED_OK) {
		secret_free(*pkcs8);
		*pkcs8 = NULL;
	}
	gnutls_pkcs12_deinit(p12);
	secret_free(text);
	return status;
}

/* A bag with the certificate; the first one belongs to the key. */
static int put_cert(gnutls_pkcs12_t p12, const struct cert *c,
		    const gnutls_datum_t *id, const char *name)
{
	gnutls_datum_t der = datum(cert_fields(c)->der);
	gnutls_pkcs12_bag_t bag;
	int ret, at;

	ret = gnutls_pkcs12_bag_init(&bag);
	if (ret != 0)
		return ret;
	at = gnutls_pkcs12_bag_set_data(bag, GNUTLS_BAG_CERTIFICATE, &der);
	ret = at < 0 ? at : 0;
	if (ret == 0 && id != NULL)
		ret = gnutls_pkcs12_bag_set_key_id(bag, (unsigned)at, id);
	if (ret == 0 && id != NULL && name != NULL)
		ret = gnutls_pkcs12_bag_set_friendly_name(bag, (unsigned)at,
							  name);
	if (ret == 0)
		ret = gnutls_pkcs12_set_bag(p12, bag);
	gnutls_pkcs12_bag_deinit(bag);
	return ret;
}

static int put_key(gnutls_pkcs12_t p12, gnutls_x509_privkey_t key,
		   const gnutls_datum_t *id, const char *name,
		   const char *passphrase)
{
	gnutls_datum_t der = { NULL, 0 };
	gnutls_pkcs12_bag_t bag;
	int ret, at;

	ret = gnutls_pkcs12_bag_init(&bag);
	if (ret != 0)
		return ret;
	ret = gnutls_x509_privkey_export2_pkcs8(
		key, GNUTLS_X509_FMT_DER, passphrase, GNUTLS_PKCS_PBES2_AES_256,
		&der);
	if (ret == 0) {
		at = gnutls_pkcs12_bag_set_data(
			bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &der);
		ret = at < 0 ? at : 0;
		if (ret == 0)
			ret = gnutls_pkcs12_bag_set_key_id(bag, (unsigned)at,
							   id);
		if (ret == 0 && name != NULL)
			ret = gnutls_pkcs12_bag_set_friendly_name(
				bag, (unsigned)at, name);
	}
	if (ret == 0)
		ret = gnutls_pkcs12_set_bag(p12, bag);
	gnutls_free(der.data);
	gnutls_pkcs12_bag_deinit(bag);
	return ret;
}

static int fill(gnutls_pkcs12_t p12, gnutls_x509_privkey_t key,
		const struct cert_list *chain, const char *name,
		const char *passphrase)
{
	uint8_t id_octets[20] = { 1 };
	gnutls_datum_t id = { id_octets, sizeof(id_octets) };
	size_t i;
	int ret = 0;

	/* localKeyId ties the key to its certificate. */
	if (chain->count > 0)
		memcpy(id_octets, cert_sha256(chain->items[0]),
		       sizeof(id_octets));
	for (i = 0; ret == 0 && i < chain->count; i++)
		ret = put_cert(p12, chain->items[i], i == 0 ? &id : NULL, name);
	if (ret == 0)
		ret = put_key(p12, key, &id, name, passphrase);
	if (ret == 0)
		ret = gnutls_pkcs12_generate_mac2(p12, GNUTLS_MAC_SHA256,
						  passphrase);
	return ret;
}

enum deed_status pkcs12_export(const struct secret *pkcs8,
			       const struct cert_list *chain, const char *name,
			       struct slice passphrase, struct buf *out,
			       struct deed_error *err)
{
	gnutls_x509_privkey_t key = NULL;
	gnutls_datum_t der = { NULL, 0 };
	struct secret *text = NULL;
	gnutls_pkcs12_t p12 = NULL;
	enum deed_status status;

	status = passphrase_string(passphrase, &text, err);
	if (status == DEED_OK)
		status = x509_key_import(pkcs8, &key, err);
	if (status != DEED_OK)
		goto out;
	if (gnutls_pkcs12_init(&p12) != 0 ||
	    fill(p12, key, chain, name, (const char *)secret_bytes(text)) !=
		    0 ||
	    gnutls_pkcs12_export2(p12, GNUTLS_X509_FMT_DER, &der) != 0) {
		status = deed_error_set(err, DEED_SYSTEM,
					"the PKCS#12 file cannot be written");
		goto out;
	}
	buf_append(out, der.data, der.size);
	status = buf_status(out, err);
out:
	gnutls_free(der.data);
	if (p12 != NULL)
		gnutls_pkcs12_deinit(p12);
	gnutls_x509_privkey_deinit(key);
	secret_free(text);
	return status;
}
