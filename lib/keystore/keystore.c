/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keystore.h"

#include <stdlib.h>

#include "base/file.h"
#include "codec/pem.h"
#include "key/pkcs8.h"
#include "key/token.h"
#include "keystore/keystore_priv.h"

enum deed_status keystore_no_key(const char *owner, enum keystore_role role,
				 struct deed_error *err)
{
	return deed_error_set(err, DEED_NO_KEY, "'%s' has no %s key", owner,
			      keystore_role_name(role));
}

/* Number of the newest key, or DEED_NO_KEY. */
static enum deed_status find_newest(const struct keystore *ks,
				    const char *owner, enum keystore_role role,
				    unsigned *out, struct deed_error *err)
{
	struct generation_list l;
	enum deed_status status;

	status = keystore_scan(ks, owner, &l, err);
	if (status != DEED_OK)
		return status;
	*out = keystore_newest(&l, role);
	free(l.items);
	return *out > 0 ? DEED_OK : keystore_no_key(owner, role, err);
}

/* DIR/OWNER, mode 0700. */
static enum deed_status make_owner(const struct keystore *ks, const char *owner,
				   struct deed_error *err)
{
	char *path = path_join(ks->dir, owner);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = file_mkdirs(path, 0700, err);
	if (status == DEED_OK)
		status = file_sync_parent(path, err);
	free(path);
	return status;
}

enum deed_status keystore_check_kind(enum keystore_role role,
				     const struct secret *pkcs8,
				     struct deed_error *err)
{
	struct deposit_key *deposit = NULL;
	struct signing_key *signing = NULL;
	enum deed_status status;

	status = keystore_role_decrypts(role)
			 ? deposit_key_from_pkcs8(pkcs8, &deposit, err)
			 : signing_key_from_pkcs8(pkcs8, &signing, err);
	deposit_key_free(deposit);
	signing_key_free(signing);
	if (status != DEED_UNSUPPORTED)
		return status;
	return deed_error_set(err, DEED_USAGE,
			      "this kind of key does not suit the role '%s'",
			      keystore_role_name(role));
}

/* Replaces one that is there: a run that was cut short has left it without a
 * key, and its number is used again. */
static enum deed_status write_public(const char *path, struct slice spki,
				     struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	enum deed_status status;

	pem_encode(&pem, "PUBLIC KEY", spki);
	status = buf_status(&pem, err);
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&pem), OUTFILE_REPLACE,
				    err);
	buf_clear(&pem);
	return status;
}

enum deed_status keystore_next_number(struct keystore *ks, const char *owner,
				      enum keystore_role role, unsigned *number,
				      struct deed_error *err)
{
	enum deed_status status = make_owner(ks, owner, err);

	*number = 0;
	if (status != DEED_OK)
		return status;
	status = find_newest(ks, owner, role, number, NULL);
	if (status != DEED_OK && status != DEED_NO_KEY)
		return deed_error_set(err, status,
				      "cannot read the keys of '%s'", owner);
	if (*number == KEYSTORE_GENERATION_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' has %u %s keys already", owner,
				      *number, keystore_role_name(role));
	++*number;
	return DEED_OK;
}

enum deed_status keystore_add_key(struct keystore *ks, const char *owner,
				  enum keystore_role role,
				  const struct secret *pkcs8, const char *label,
				  struct slice passphrase, unsigned kdf_ms,
				  struct deed_error *err)
{
	char *pub = NULL, *key = NULL;
	struct buf spki = BUF_INIT;
	enum deed_status status;
	unsigned number = 0;

	status = keystore_check_owner(owner, err);
	if (status == DEED_OK)
		status = keystore_check_kind(role, pkcs8, err);
	if (status == DEED_OK)
		status = pkcs8_spki(pkcs8, &spki, err);
	if (status == DEED_OK)
		status = keystore_next_number(ks, owner, role, &number, err);
	if (status != DEED_OK) {
		buf_clear(&spki);
		return status;
	}
	pub = keystore_path(ks, owner, role, number, "pub");
	key = keystore_path(ks, owner, role, number, "key");
	/* The public half first: a key without it would be of no use. */
	if (pub == NULL || key == NULL)
		status = deed_error_memory(err);
	else
		status = write_public(pub, buf_get(&spki), err);
	buf_clear(&spki);
	if (status == DEED_OK)
		status = keyfile_create(
			key, pkcs8, label != NULL ? label : KEYFILE_FIRST_LABEL,
			passphrase, kdf_ms, err);
	free(pub);
	free(key);
	return status;
}

enum deed_status keystore_add_token(struct keystore *ks, const char *owner,
				    enum keystore_role role, const char *uri,
				    struct slice spki, struct deed_error *err)
{
	struct buf line = BUF_INIT;
	char *pub, *path;
	enum deed_status status;
	unsigned number;

	status = keystore_check_owner(owner, err);
	if (status == DEED_OK && role != KEYSTORE_SIGNATURE)
		status = deed_error_set(err, DEED_USAGE,
					"only a signature key may be on a "
					"token, no %s key",
					keystore_role_name(role));
	if (status == DEED_OK)
		status = keystore_next_number(ks, owner, role, &number, err);
	if (status != DEED_OK)
		return status;
	pub = keystore_path(ks, owner, role, number, "pub");
	path = keystore_path(ks, owner, role, number, "uri");
	buf_printf(&line, "%s\n", uri);
	if (pub == NULL || path == NULL || line.failed)
		status = deed_error_memory(err);
	else
		status = write_public(pub, spki, err);
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&line), OUTFILE_NEW,
				    err);
	free(pub);
	free(path);
	buf_clear(&line);
	return status;
}

/* The one line of a .uri file. */
static enum deed_status read_uri(const char *path, char **out,
				 struct deed_error *err)
{
	struct buf file = BUF_INIT;
	enum deed_status status =
		file_read(path, TOKEN_URI_MAX + 1, &file, err);

	if (status == DEED_OK && file.len > 0 &&
	    file.data[file.len - 1] == '\n')
		file.len--;
	if (status == DEED_OK)
		*out = buf_take(&file, NULL);
	if (status == DEED_OK && (*out == NULL || !token_is_uri(*out)))
		status = deed_error_set(err, DEED_DAMAGED,
					"'%s' is damaged: expected a PKCS#11 "
					"URI",
					path);
	if (status != DEED_OK) {
		free(*out);
		*out = NULL;
	}
	buf_clear(&file);
	return status;
}

enum deed_status keystore_token(const struct keystore *ks, const char *owner,
				enum keystore_role role, char **uri,
				struct deed_error *err)
{
	enum deed_status status;
	unsigned number;
	char *path;

	*uri = NULL;
	status = find_newest(ks, owner, role, &number, err);
	if (status != DEED_OK)
		return status;
	path = keystore_path(ks, owner, role, number, "uri");
	if (path == NULL)
		return deed_error_memory(err);
	if (file_exists(path))
		status = read_uri(path, uri, err);
	free(path);
	return status;
}

enum deed_status keystore_create_key(struct keystore *ks, const char *owner,
				     enum keystore_role role, enum key_alg alg,
				     const char *label, struct slice passphrase,
				     unsigned kdf_ms, struct deed_error *err)
{
	struct secret *pkcs8;
	enum deed_status status;

	if (keystore_role_decrypts(role) && !key_alg_decrypts(alg))
		return deed_error_set(
			err, DEED_USAGE, "a %s key cannot be '%s': p256 or RSA",
			keystore_role_name(role), key_alg_name(alg));
	status = keygen(alg, &pkcs8, err);
	if (status != DEED_OK)
		return status;
	status = keystore_add_key(ks, owner, role, pkcs8, label, passphrase,
				  kdf_ms, err);
	secret_free(pkcs8);
	return status;
}

enum deed_status keystore_key_path(const struct keystore *ks, const char *owner,
				   enum keystore_role role, char **out,
				   struct deed_error *err)
{
	enum deed_status status;
	unsigned number;

	*out = NULL;
	status = find_newest(ks, owner, role, &number, err);
	if (status != DEED_OK)
		return status;
	*out = keystore_path(ks, owner, role, number, "key");
	return *out != NULL ? DEED_OK : deed_error_memory(err);
}

enum deed_status keystore_read_public(const char *path, struct buf *spki,
				      struct deed_error *err)
{
	struct buf pem = BUF_INIT;
	char label[PEM_LABEL];
	enum deed_status status;
	struct slice at;

	status = file_read(path, 64 * 1024, &pem, err);
	at = buf_get(&pem);
	if (status == DEED_OK &&
	    (pem_decode_next(&at, label, spki, NULL) != DEED_OK ||
	     strcmp(label, "PUBLIC KEY") != 0))
		status = deed_error_set(err, DEED_DAMAGED,
					"the public key '%s' is damaged", path);
	buf_clear(&pem);
	return status;
}

enum deed_status keystore_public(const struct keystore *ks, const char *owner,
				 enum keystore_role role, struct buf *spki,
				 struct deed_error *err)
{
	enum deed_status status;
	unsigned number;
	char *path;

	status = find_newest(ks, owner, role, &number, err);
	if (status != DEED_OK)
		return status;
	path = keystore_path(ks, owner, role, number, "pub");
	status = path != NULL ? keystore_read_public(path, spki, err)
			      : deed_error_memory(err);
	free(path);
	return status;
}

/* Any slot will do: whoever gives the passphrase need not know which one is
 * theirs. */
static enum deed_status
unlock_number(const struct keystore *ks, const char *owner,
	      enum keystore_role role, unsigned number, struct slice passphrase,
	      struct secret **pkcs8, struct deed_error *err)
{
	struct keyfile *kf = NULL;
	enum deed_status status;
	char *path;

	*pkcs8 = NULL;
	path = keystore_path(ks, owner, role, number, "key");
	if (path == NULL)
		return deed_error_memory(err);
	status = keyfile_load(path, &kf, err);
	if (status == DEED_OK)
		status = keyfile_unlock(kf, NULL, passphrase, pkcs8, err);
	keyfile_free(kf);
	free(path);
	return status;
}

enum deed_status keystore_unlock(const struct keystore *ks, const char *owner,
				 enum keystore_role role,
				 struct slice passphrase, struct secret **pkcs8,
				 struct deed_error *err)
{
	enum deed_status status;
	unsigned number;

	char *uri;

	*pkcs8 = NULL;
	status = keystore_token(ks, owner, role, &uri, err);
	if (status == DEED_OK && uri != NULL)
		status = deed_error_set(err, DEED_NO_KEY,
					"the %s key of '%s' is on a token and "
					"stays there",
					keystore_role_name(role), owner);
	free(uri);
	if (status == DEED_OK)
		status = find_newest(ks, owner, role, &number, err);
	if (status != DEED_OK)
		return status;
	return unlock_number(ks, owner, role, number, passphrase, pkcs8, err);
}

/* It must be the key that was taken: another one may lie there by now. */
static enum deed_status unlock_token(const struct keystore *ks,
				     const char *owner, enum keystore_role role,
				     const char *uri, struct slice pin,
				     struct signing_key **out,
				     struct deed_error *err)
{
	struct buf spki = BUF_INIT;
	enum deed_status status;

	status = keystore_public(ks, owner, role, &spki, err);
	if (status == DEED_OK)
		status = signing_key_from_token(uri, pin, buf_get(&spki), out,
						err);
	buf_clear(&spki);
	return status;
}

enum deed_status
keystore_unlock_signing(const struct keystore *ks, const char *owner,
			enum keystore_role role, struct slice passphrase,
			struct signing_key **out, struct deed_error *err)
{
	struct secret *pkcs8 = NULL;
	enum deed_status status;
	char *uri;

	*out = NULL;
	status = keystore_token(ks, owner, role, &uri, err);
	if (status == DEED_OK && uri != NULL)
		status = unlock_token(ks, owner, role, uri, passphrase, out,
				      err);
	else if (status == DEED_OK)
		status = keystore_unlock(ks, owner, role, passphrase, &pkcs8,
					 err);
	if (status == DEED_OK && uri == NULL)
		status = signing_key_from_pkcs8(pkcs8, out, err);
	secret_free(pkcs8);
	free(uri);
	return status;
}

void deposit_key_list_clear(struct deposit_key_list *l)
{
	size_t i;

	for (i = 0; i < l->count; i++)
		deposit_key_free(l->items[i]);
	free(l->items);
	*l = (struct deposit_key_list)DEPOSIT_KEY_LIST_INIT;
}

/* Open one generation and add it. */
static enum deed_status add_deposit(const struct keystore *ks,
				    const char *owner, enum keystore_role role,
				    unsigned number, struct slice passphrase,
				    struct deposit_key_list *out,
				    struct deed_error *err)
{
	struct secret *pkcs8;
	enum deed_status status;

	status =
		unlock_number(ks, owner, role, number, passphrase, &pkcs8, err);
	if (status == DEED_OK)
		status = deposit_key_from_pkcs8(pkcs8, &out->items[out->count],
						err);
	if (status == DEED_OK)
		out->count++;
	secret_free(pkcs8);
	return status;
}

/* A generation that this passphrase does not open is passed over, for it may
 * have another; it is a failure only where none opens. */
enum deed_status
keystore_unlock_deposit(const struct keystore *ks, const char *owner,
			enum keystore_role role, struct slice passphrase,
			struct deposit_key_list *out, struct deed_error *err)
{
	enum deed_status status, first = DEED_NO_KEY;
	struct generation_list l;
	size_t i;

	*out = (struct deposit_key_list)DEPOSIT_KEY_LIST_INIT;
	status = keystore_scan(ks, owner, &l, err);
	if (status != DEED_OK)
		return status;
	out->items = calloc(l.count + 1, sizeof(*out->items));
	if (out->items == NULL) {
		free(l.items);
		return deed_error_memory(err);
	}
	for (i = l.count; i > 0; i--) {
		const struct generation *g = &l.items[i - 1];

		if (g->role != role || !g->key)
			continue;
		/* Of several failures that of the newest is reported. */
		status = add_deposit(ks, owner, role, g->number, passphrase,
				     out, first == DEED_NO_KEY ? err : NULL);
		if (first == DEED_NO_KEY)
			first = status;
	}
	free(l.items);
	if (out->count > 0)
		return DEED_OK;
	deposit_key_list_clear(out);
	return first == DEED_NO_KEY ? keystore_no_key(owner, role, err) : first;
}
