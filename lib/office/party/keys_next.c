/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/keys_next.h"

#include <stdlib.h>

#include "base/file.h"
#include "codec/pem.h"
#include "keystore/keyfile.h"
#include "keystore/keystore.h"
#include "office/keys.h"
#include "office/party/party.h"

void keys_next_clear(struct keys_next *k)
{
	signing_key_free(k->key);
	buf_clear(&k->spki);
	buf_clear(&k->file);
	buf_clear(&k->deposit_spki);
	buf_clear(&k->deposit_file);
}

/* The file is sealed and kept in memory: nothing is in the keystore before the
 * transaction writes it. */
static enum deed_status make_signature(struct keys_next *k, enum key_alg alg,
				       const struct secret *given,
				       const struct secret *passphrase,
				       struct deed_error *err)
{
	struct secret *made = NULL;
	enum deed_status status = DEED_OK;

	if (given == NULL)
		status = keygen(alg, &made, err);
	if (status == DEED_OK)
		status = keystore_seal_key(
			KEYSTORE_SIGNATURE, given != NULL ? given : made,
			secret_slice(passphrase), KEYFILE_KDF_MS, &k->file,
			&k->spki, err);
	if (status == DEED_OK)
		status = signing_key_from_pkcs8(given != NULL ? given : made,
						&k->key, err);
	secret_free(made);
	return status;
}

/* Only the public half is needed open; what is deposited later is opened with
 * the sealed file. */
static enum deed_status make_deposit(struct keys_next *k, enum key_alg alg,
				     const struct secret *passphrase,
				     struct deed_error *err)
{
	struct secret *made = NULL;
	enum deed_status status = keygen(alg, &made, err);

	if (status == DEED_OK)
		status = keystore_seal_key(KEYSTORE_DEPOSIT, made,
					   secret_slice(passphrase),
					   KEYFILE_KDF_MS, &k->deposit_file,
					   &k->deposit_spki, err);
	secret_free(made);
	return status;
}

enum deed_status keys_next_make(struct keys_next *k, enum key_alg alg,
				const struct secret *signature,
				enum key_alg deposit_alg,
				const struct secret *passphrase,
				struct deed_error *err)
{
	enum deed_status status;

	status = make_signature(k, alg, signature, passphrase, err);
	if (status == DEED_OK)
		status = make_deposit(k, deposit_alg, passphrase, err);
	return status;
}

/* The next generation of this role.  Under the lock nobody else takes its
 * number. */
static enum deed_status next_path(const struct home *h, const char *party,
				  bool deposit, const char *suffix, char **out,
				  struct deed_error *err)
{
	struct keystore *ks = NULL;
	enum deed_status status = keys_open(h, party, &ks, err);

	*out = NULL;
	if (status == DEED_OK)
		status = keystore_next_path(ks, party,
					    deposit ? KEYSTORE_DEPOSIT
						    : KEYSTORE_SIGNATURE,
					    suffix, out, err);
	keystore_close(ks);
	return status;
}

/* The path is asked for anew each time; nothing is published before the
 * transaction is finished, so the number stays the same. */
static enum deed_status add_file(const struct home *h, const char *party,
				 bool deposit, const char *suffix,
				 enum outfile_mode mode, struct slice bytes,
				 struct event *ev, struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status;

	status = next_path(h, party, deposit, suffix, &path, err);
	if (status == DEED_OK)
		status = event_output_bytes(ev, 0, path, mode, bytes, err);
	free(path);
	return status;
}

/* The public half first: a key without it would be of no use. */
static enum deed_status add_key(const struct home *h, const char *party,
				bool deposit, const struct buf *spki,
				const struct buf *file, struct event *ev,
				struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	enum deed_status status;

	pem_encode(&pem, "PUBLIC KEY", buf_get(spki));
	status = buf_status(&pem, err);
	/* A .pub alone is what a crash left. */
	if (status == DEED_OK)
		status = add_file(h, party, deposit, "pub", OUTFILE_REPLACE,
				  buf_get(&pem), ev, err);
	if (status == DEED_OK)
		status = add_file(h, party, deposit, "key", OUTFILE_NEW,
				  buf_get(file), ev, err);
	buf_clear(&pem);
	return status;
}

enum deed_status keys_next_add(const struct keys_next *k, const struct home *h,
			       const char *party, struct event *ev,
			       struct deed_error *err)
{
	enum deed_status status;

	status = add_key(h, party, false, &k->spki, &k->file, ev, err);
	if (status == DEED_OK)
		status = add_key(h, party, true, &k->deposit_spki,
				 &k->deposit_file, ev, err);
	return status;
}

enum deed_status keys_next_chain_path(const struct home *h, const char *party,
				      bool deposit, char **out,
				      struct deed_error *err)
{
	return next_path(h, party, deposit, "pem", out, err);
}
