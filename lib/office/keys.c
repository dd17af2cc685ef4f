/* SPDX-License-Identifier: Apache-2.0 */
#include "office/keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "ca/issuers.h"
#include "crypto/random.h"
#include "key/token.h"
#include "keystore/keyfile.h"
#include "keystore/keystore.h"

/* All keys of the house itself lie under the handle of the office, told apart
 * by their role. */
static enum deed_status unlock(const struct home *h, enum keystore_role role,
			       const struct secret *passphrase,
			       struct signing_key **out, struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status;

	*out = NULL;
	status = keystore_open(h->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_unlock_signing(ks, HOME_OFFICE, role,
						 secret_slice(passphrase), out,
						 err);
	keystore_close(ks);
	return status;
}

enum deed_status keys_notary(const struct home *h,
			     const struct secret *passphrase,
			     struct signing_key **out, struct deed_error *err)
{
	return unlock(h, KEYSTORE_SIGNATURE, passphrase, out, err);
}

enum deed_status keys_issuing(const struct home *h,
			      const struct secret *passphrase,
			      struct signing_key **out, struct deed_error *err)
{
	struct ca_issuers issuers;
	enum deed_status status;

	*out = NULL;
	status = ca_issuers_load(h->ca, &issuers, err);
	if (status == DEED_OK)
		status = keys_issuing_of(h, ca_issuers_current(&issuers)->cert,
					 passphrase, out, err);
	ca_issuers_clear(&issuers);
	return status;
}

/* By the certificate: a key may lie there that an interrupted renewal of the
 * CA made, newer than the one in use. */
enum deed_status keys_issuing_of(const struct home *h, const struct cert *c,
				 const struct secret *passphrase,
				 struct signing_key **out,
				 struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status;

	*out = NULL;
	status = keystore_open(h->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_unlock_public(
			ks, HOME_OFFICE, KEYSTORE_ISSUING, cert_fields(c)->spki,
			secret_slice(passphrase), out, err);
	keystore_close(ks);
	return status;
}

enum deed_status keys_register(const struct home *h,
			       const struct secret *passphrase,
			       struct deposit_key **out, struct deed_error *err)
{
	struct deposit_key_list list = DEPOSIT_KEY_LIST_INIT;
	struct keystore *ks = NULL;
	enum deed_status status;

	*out = NULL;
	status = keystore_open(h->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_unlock_deposit(
			ks, HOME_OFFICE, KEYSTORE_REGISTER,
			secret_slice(passphrase), &list, err);
	if (status == DEED_OK) {
		*out = list.items[0];
		list.items[0] = NULL;
	}
	deposit_key_list_clear(&list);
	keystore_close(ks);
	return status;
}

/* A root that is kept away from the home, on a medium of its own: nothing of
 * the file is copied into the keystore.  The PKCS#8 is wiped once the key is
 * made of it. */
static enum deed_status root_from_file(const char *file,
				       const struct secret *passphrase,
				       struct signing_key **out,
				       struct deed_error *err)
{
	struct keyfile *kf = NULL;
	struct secret *pkcs8 = NULL;
	enum deed_status status;

	status = keyfile_load(file, &kf, err);
	if (status == DEED_OK)
		status = keyfile_unlock(kf, NULL, secret_slice(passphrase),
					&pkcs8, err);
	if (status == DEED_OK)
		status = signing_key_from_pkcs8(pkcs8, out, err);
	secret_free(pkcs8);
	keyfile_free(kf);
	return status;
}

enum deed_status keys_root(const struct home *h, const char *file,
			   const struct secret *passphrase,
			   struct signing_key **out, struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	if (file != NULL)
		return root_from_file(file, passphrase, out, err);
	status = unlock(h, KEYSTORE_ROOT, passphrase, out, err);
	if (status == DEED_NO_KEY)
		deed_error_remedy(err, "root-crl-key", NULL);
	return status;
}

enum deed_status keys_open(const struct home *h, const char *party,
			   struct keystore **out, struct deed_error *err)
{
	enum deed_status status = home_check_party(party, err);

	*out = NULL;
	return status == DEED_OK ? keystore_open(h->keystore, out, err)
				 : status;
}

/* The handle is checked by keys_open before it becomes part of a path. */
static enum deed_status chain_of(const struct home *h, const char *party,
				 enum keystore_role role, struct cert_list *out,
				 struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status = keys_open(h, party, &ks, err);

	if (status == DEED_OK)
		status = keystore_chain(ks, party, role, out, err);
	keystore_close(ks);
	return status;
}

enum deed_status keys_chain(const struct home *h, const char *party,
			    struct cert_list *out, struct deed_error *err)
{
	return chain_of(h, party, KEYSTORE_SIGNATURE, out, err);
}

enum deed_status keys_deposit_chain(const struct home *h, const char *party,
				    struct cert_list *out,
				    struct deed_error *err)
{
	return chain_of(h, party, KEYSTORE_DEPOSIT, out, err);
}

enum deed_status keys_notary_chain(const struct home *h, struct cert_list *out,
				   struct deed_error *err)
{
	enum deed_status status = keys_chain(h, HOME_OFFICE, out, err);

	if (status == DEED_OK && out->count == 0)
		status = deed_error_set(err, DEED_NO_KEY,
					"the notary of this home has no "
					"certificate");
	return status;
}

/* Takes pkcs8 as the newest of its role. */
static enum deed_status keep(const struct home *h, const char *owner,
			     enum keystore_role role,
			     const struct secret *pkcs8,
			     const struct secret *passphrase,
			     struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status;

	status = keystore_open(h->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_add_key(ks, owner, role, pkcs8, NULL,
					  secret_slice(passphrase),
					  KEYFILE_KDF_MS, err);
	keystore_close(ks);
	return status;
}

enum deed_status keys_take_signature(const struct home *h, const char *party,
				     const struct secret *pkcs8,
				     const struct secret *passphrase,
				     struct signing_key **out,
				     struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	status = keep(h, party, KEYSTORE_SIGNATURE, pkcs8, passphrase, err);
	if (status == DEED_OK)
		status = signing_key_from_pkcs8(pkcs8, out, err);
	return status;
}

enum deed_status keys_make_signature(const struct home *h, const char *party,
				     enum key_alg alg,
				     const struct secret *passphrase,
				     struct signing_key **out,
				     struct deed_error *err)
{
	struct secret *pkcs8 = NULL;
	enum deed_status status;

	*out = NULL;
	status = keygen(alg, &pkcs8, err);
	if (status == DEED_OK)
		status = keys_take_signature(h, party, pkcs8, passphrase, out,
					     err);
	secret_free(pkcs8);
	return status;
}

/* A signature that holds: then the token signs, and with this very key. */
static enum deed_status try_key(const struct signing_key *key,
				struct deed_error *err)
{
	static const char text[] = "deed tries a key";
	struct buf signature = BUF_INIT;
	enum deed_status status;
	struct sig_alg alg;

	signing_key_default_alg(key, &alg);
	status = signing_key_sign(key, &alg, slice_str(text), &signature, err);
	if (status == DEED_OK &&
	    pubkey_verify(signing_key_public(key), &alg, slice_str(text),
			  buf_get(&signature), NULL) != DEED_OK)
		status = deed_error_set(
			err, DEED_NO_KEY,
			"what the token signs does not hold under "
			"the public key that it tells");
	buf_clear(&signature);
	return status;
}

/* The key signs something before it is entered: a token that cannot, or
 * another key than it tells, leaves nothing in the keystore. */
enum deed_status keys_take_token(const struct home *h, const char *party,
				 const char *uri, const struct secret *pin,
				 const struct cert *match,
				 struct signing_key **out,
				 struct deed_error *err)
{
	struct slice text = pin != NULL ? secret_slice(pin) : SLICE_NONE;
	struct signing_key *key = NULL;
	struct keystore *ks = NULL;
	char *found = NULL;
	enum deed_status status;

	*out = NULL;
	status = token_find(uri, text, match, &found, err);
	if (status == DEED_OK)
		status = signing_key_from_token(
			found, text,
			match != NULL ? cert_fields(match)->spki : SLICE_NONE,
			&key, err);
	if (status == DEED_OK)
		status = try_key(key, err);
	if (status == DEED_OK)
		status = keystore_open(h->keystore, &ks, err);
	if (status == DEED_OK)
		status = keystore_add_token(ks, party, KEYSTORE_SIGNATURE,
					    found, signing_key_spki(key), err);
	keystore_close(ks);
	free(found);
	if (status == DEED_OK)
		*out = key;
	else
		signing_key_free(key);
	return status;
}

enum deed_status keys_make_deposit(const struct home *h, const char *party,
				   enum key_alg alg,
				   const struct secret *passphrase,
				   struct deed_error *err)
{
	struct secret *pkcs8 = NULL;
	enum deed_status status;

	status = keygen(alg, &pkcs8, err);
	if (status == DEED_OK)
		status = keep(h, party, KEYSTORE_DEPOSIT, pkcs8, passphrase,
			      err);
	secret_free(pkcs8);
	return status;
}

enum deed_status keys_put_aside(const struct home *h, const char *party,
				struct deed_error *err)
{
	struct buf from = BUF_INIT, to = BUF_INIT;
	uint32_t number;
	enum deed_status status;

	status = home_check_party(party, err);
	if (status == DEED_OK)
		status = random_bytes(&number, sizeof(number), err);
	if (status != DEED_OK)
		return status;
	buf_printf(&from, "%s/%s%c", h->keystore, party, 0);
	/* No handle begins with a full stop, so nobody takes it for one. */
	buf_printf(&to, "%s/.unused-%s-%08x%c", h->keystore, party,
		   (unsigned)number, 0);
	status = buf_status(&from, err);
	if (status == DEED_OK)
		status = buf_status(&to, err);
	if (status == DEED_OK &&
	    rename((const char *)from.data, (const char *)to.data) != 0 &&
	    errno != ENOENT)
		status = deed_error_errno(err, errno, "cannot put aside '%s'",
					  (const char *)from.data);
	buf_clear(&from);
	buf_clear(&to);
	return status;
}

enum deed_status keys_of_party(const struct home *h, const char *party,
			       struct keys_public *out, struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status;

	*out = (struct keys_public){ BUF_INIT, BUF_INIT, { 0 } };
	status = home_check_party(party, err);
	if (status == DEED_OK)
		status = keystore_open(h->keystore, &ks, err);
	if (status == DEED_OK) {
		status = keystore_public(ks, party, KEYSTORE_SIGNATURE,
					 &out->spki, err);
		/* It may be elsewhere: then a request brought it. */
		status = status == DEED_NO_KEY ? DEED_OK : status;
	}
	if (status == DEED_OK)
		status = keystore_public(ks, party, KEYSTORE_DEPOSIT,
					 &out->deposit_spki, err);
	if (status == DEED_OK &&
	    !spki_key_id(buf_get(&out->deposit_spki), out->deposit_id))
		status = deed_error_set(
			err, DEED_DAMAGED,
			"the deposit key of party '%s' cannot be "
			"read",
			party);
	keystore_close(ks);
	return status;
}

void keys_public_clear(struct keys_public *k)
{
	buf_clear(&k->spki);
	buf_clear(&k->deposit_spki);
}

struct dropbox_reader keys_reader(const struct keys_public *k)
{
	return (struct dropbox_reader){
		.ski = slice_of(k->deposit_id, sizeof(k->deposit_id)),
		.spki = buf_get(&k->deposit_spki),
	};
}

enum deed_status keys_certificate_path(const struct home *h, const char *party,
				       bool deposit, char **out,
				       struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status = keys_open(h, party, &ks, err);

	*out = NULL;
	if (status == DEED_OK)
		status = keystore_chain_path(ks, party,
					     deposit ? KEYSTORE_DEPOSIT
						     : KEYSTORE_SIGNATURE,
					     out, err);
	keystore_close(ks);
	return status;
}
