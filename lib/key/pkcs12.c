/* SPDX-License-Identifier: Apache-2.0 */
#include "key/pkcs12.h"

#include <gnutls/pkcs12.h>

#include "key/gnutls_priv.h"
#include "key/pbe_priv.h"
#include "key/pkcs12_shape.h"
#include "key/pkcs8.h"

#define PARTS_MAX 64

/* PFX (RFC 7292 4): version 3, then a ContentInfo.  The outermost length does
 * not count: NSS and Java write BER, and a file may be cut short. */
bool pkcs12_looks_like(struct slice file)
{
	static const uint8_t version[] = { DER_INTEGER, 1, 3, DER_SEQUENCE };
	size_t at;

	if (file.len < 2 || file.data[0] != DER_SEQUENCE)
		return false;
	at = 2 + (file.data[1] > 0x80 ? file.data[1] & 0x7fU : 0);
	return at <= 10 && file.len >= at + sizeof(version) &&
	       !memcmp(file.data + at, version, sizeof(version));
}

static enum deed_status wrong_passphrase(struct deed_error *err)
{
	return deed_error_set(err, DEED_WRONG_PASSPHRASE,
			      "the passphrase does not open the PKCS#12 file");
}

/* Of a file whose outer shape is sound. */
static enum deed_status failed(int ret, struct deed_error *err)
{
	switch (ret) {
	case GNUTLS_E_MEMORY_ERROR:
		return deed_error_memory(err);
	case GNUTLS_E_DECRYPTION_FAILED:
		return wrong_passphrase(err);
	case GNUTLS_E_UNKNOWN_CIPHER_TYPE:
	case GNUTLS_E_UNKNOWN_HASH_ALGORITHM:
	case GNUTLS_E_UNKNOWN_PK_ALGORITHM:
		deed_error_set(err, DEED_UNSUPPORTED,
			       "the PKCS#12 file is encrypted in a way that "
			       "is not supported");
		deed_error_hint(err, "openssl pkcs12 -legacy -in OLD -nodes, "
				     "then openssl pkcs12 -export -out NEW");
		return DEED_UNSUPPORTED;
	default:
		return deed_error_set(err, DEED_MALFORMED,
				      "the PKCS#12 file is damaged");
	}
}

/* What the passphrase opens, gathered from all bags. */
struct opened {
	const char *passphrase; /* NULL: none at all, as some write it */
	bool has_mac;
	unsigned keys;
	struct secret *pkcs8; /* of the first */
	struct cert_list certs;
};

/* The same certificate may lie in a file several times.  One that cannot be
 * read fails the whole: the chain would be another. */
static enum deed_status take_cert(struct opened *o, struct slice der,
				  struct deed_error *err)
{
	struct cert *c = NULL;
	enum deed_status status = cert_parse(der, &c, err);

	if (status == DEED_OK && !cert_list_has(&o->certs, c))
		status = cert_list_add(&o->certs, c, err);
	else if (status != DEED_OK)
		deed_error_prefix(err, "a certificate in the PKCS#12 file");
	cert_free(c);
	return status;
}

/* Further keys are only counted: take_all refuses a file that has several. */
static enum deed_status take_key(struct opened *o, struct slice der,
				 struct deed_error *err)
{
	const char *text = o->passphrase == NULL ? "" : o->passphrase;
	enum deed_status status;

	if (o->keys++ > 0)
		return DEED_OK;
	status = pkcs8_import(der, slice_str(text), &o->pkcs8, err);
	if (status != DEED_WRONG_PASSPHRASE || !o->has_mac)
		return status;
	/* The MAC said that the passphrase is right. */
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "the passphrase opens the PKCS#12 file but not "
			      "the private key in it, which has a passphrase "
			      "of its own or is encrypted in a way that is "
			      "not supported");
}

/* Bags of other kinds, such as CRLs and secrets, are passed over. */
static enum deed_status take_bag(struct opened *o, gnutls_pkcs12_bag_t bag,
				 struct deed_error *err)
{
	int i, count = gnutls_pkcs12_bag_get_count(bag);
	enum deed_status status = DEED_OK;
	gnutls_datum_t data;

	for (i = 0; status == DEED_OK && i < count; i++) {
		if (gnutls_pkcs12_bag_get_data(bag, (unsigned)i, &data) != 0)
			continue;
		switch (gnutls_pkcs12_bag_get_type(bag, (unsigned)i)) {
		case GNUTLS_BAG_PKCS8_KEY:
		case GNUTLS_BAG_PKCS8_ENCRYPTED_KEY:
			status = take_key(o, slice_of(data.data, data.size),
					  err);
			break;
		case GNUTLS_BAG_CERTIFICATE:
			status = take_cert(o, slice_of(data.data, data.size),
					   err);
			break;
		default:
			break;
		}
	}
	return status;
}

/* *more is false behind the last part. */
static enum deed_status take_part(struct opened *o, gnutls_pkcs12_t p12, int at,
				  bool *more, struct deed_error *err)
{
	gnutls_pkcs12_bag_t bag;
	enum deed_status status = DEED_OK;
	int ret;

	if (gnutls_pkcs12_bag_init(&bag) != 0)
		return deed_error_memory(err);
	ret = gnutls_pkcs12_get_bag(p12, at, bag);
	*more = ret != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
	if (ret == 0 &&
	    gnutls_pkcs12_bag_get_type(bag, 0) == GNUTLS_BAG_ENCRYPTED)
		ret = gnutls_pkcs12_bag_decrypt(bag, o->passphrase);
	if (*more)
		status = ret == 0 ? take_bag(o, bag, err) : failed(ret, err);
	gnutls_pkcs12_bag_deinit(bag);
	return status;
}

/* Which of two keys is meant nobody can tell but the user. */
static enum deed_status take_all(struct opened *o, gnutls_pkcs12_t p12,
				 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	bool more = true;
	int at;

	for (at = 0; status == DEED_OK && more; at++)
		status = at < PARTS_MAX
				 ? take_part(o, p12, at, &more, err)
				 : deed_error_set(err, DEED_LIMIT,
						  "a PKCS#12 file of over %d "
						  "parts",
						  PARTS_MAX);
	if (status == DEED_OK && o->keys == 0)
		status = deed_error_set(err, DEED_NO_KEY,
					"the PKCS#12 file holds no private "
					"key");
	/* The first need not be the one that is meant. */
	if (status == DEED_OK && o->keys > 1)
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"the PKCS#12 file holds %u private "
					"keys, and one is expected: export the "
					"one that is meant alone",
					o->keys);
	return status;
}

/* Is it the passphrase or the file that is wrong, where its MAC is? */
static enum deed_status mac_failed(int ret, const struct pkcs12_shape *shape,
				   const char *passphrase,
				   struct deed_error *err)
{
	struct secret *key = NULL;

	if (ret == GNUTLS_E_MEMORY_ERROR)
		return deed_error_memory(err);
	if (ret == GNUTLS_E_UNKNOWN_HASH_ALGORITHM)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the PKCS#12 file is protected by %s, "
				      "which is not supported",
				      shape->mac);
	if (passphrase == NULL ||
	    !pbe_decrypt_key(buf_get(&shape->key), passphrase, &key))
		return wrong_passphrase(err);
	secret_free(key);
	return deed_error_set(err, DEED_MALFORMED,
			      "the passphrase is right, but the PKCS#12 file "
			      "was changed after it was made");
}

/* The shape has been read before: counts of iterations that would take hours
 * are refused by then. */
static enum deed_status open_with(const struct pkcs12_shape *shape,
				  gnutls_pkcs12_t p12, struct opened *o,
				  struct deed_error *err)
{
	int ret = 0;

	/* A MAC first: a wrong passphrase must not look like damage.  Some
	 * files have none: then decryption has to tell. */
	o->has_mac = shape->has_mac;
	if (shape->has_mac)
		ret = gnutls_pkcs12_verify_mac(p12, o->passphrase);
	return ret == 0 ? take_all(o, p12, err)
			: mac_failed(ret, shape, o->passphrase, err);
}

static bool is_of(const struct cert *c, struct slice spki)
{
	return spki_same_key(cert_fields(c)->spki, spki);
}

/* Files name the key's certificate or not; the key itself tells. */
static enum deed_status hand_over(struct opened *o, struct secret **pkcs8,
				  struct cert_list *chain,
				  struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	enum deed_status status = pkcs8_spki(o->pkcs8, &spki, err);
	size_t i, round;

	for (round = 0; status == DEED_OK && round < 2; round++) {
		for (i = 0; status == DEED_OK && i < o->certs.count; i++) {
			if (is_of(o->certs.items[i], buf_get(&spki)) ==
			    (round == 0))
				status = cert_list_add(chain, o->certs.items[i],
						       err);
		}
	}
	/* Some files name the key otherwise than its certificate does. */
	if (status == DEED_OK && chain->count > 0 &&
	    is_of(chain->items[0], buf_get(&spki)))
		status = pkcs8_bind(&o->pkcs8,
				    cert_fields(chain->items[0])->spki, err);
	buf_clear(&spki);
	if (status == DEED_OK) {
		*pkcs8 = o->pkcs8;
		o->pkcs8 = NULL;
	}
	return status;
}

/* What hand_over did not take is freed here; the key is wiped as it is. */
static enum deed_status import(struct slice file, const char *passphrase,
			       struct secret **pkcs8, struct cert_list *chain,
			       struct deed_error *err)
{
	struct opened o = { .passphrase = passphrase, .certs = CERT_LIST_INIT };
	gnutls_datum_t data = datum(file);
	struct pkcs12_shape shape;
	gnutls_pkcs12_t p12 = NULL;
	enum deed_status status;
	int ret;

	status = pkcs12_shape_read(file, &shape, err);
	if (status == DEED_OK && gnutls_pkcs12_init(&p12) != 0)
		status = deed_error_memory(err);
	if (status == DEED_OK) {
		ret = gnutls_pkcs12_import(p12, &data, GNUTLS_X509_FMT_DER, 0);
		status = ret == 0 ? open_with(&shape, p12, &o, err)
				  : failed(ret, err);
	}
	if (status == DEED_OK)
		status = hand_over(&o, pkcs8, chain, err);
	if (p12 != NULL)
		gnutls_pkcs12_deinit(p12);
	secret_free(o.pkcs8);
	cert_list_clear(&o.certs);
	pkcs12_shape_clear(&shape);
	return status;
}

enum deed_status pkcs12_import(struct slice file, struct slice passphrase,
			       struct secret **pkcs8, struct cert_list *chain,
			       struct deed_error *err)
{
	struct secret *text = NULL;
	enum deed_status status;

	*pkcs8 = NULL;
	if (file.len > PKCS12_MAX_SIZE)
		return deed_error_set(err, DEED_LIMIT,
				      "a PKCS#12 file over %d bytes",
				      PKCS12_MAX_SIZE);
	status = passphrase_string(passphrase, &text, err);
	if (status == DEED_OK)
		status = import(file, (const char *)secret_bytes(text), pkcs8,
				chain, err);
	/* Two ways of writing no passphrase (RFC 7292 B.1). */
	if (status == DEED_WRONG_PASSPHRASE && passphrase.len == 0) {
		if (err != NULL)
			*err = (struct deed_error)DEED_ERROR_INIT;
		status = import(file, NULL, pkcs8, chain, err);
	}
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

/* The key is encrypted in its own bag, as certificates may lie in the clear
 * beside it. */
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

/* Without a certificate the key has an identifier that nothing else has. */
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
