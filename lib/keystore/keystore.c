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

enum deed_status keystore_find_newest(const struct keystore *ks,
				      const char *owner,
				      enum keystore_role role, unsigned *out,
				      struct deed_error *err)
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
	status = keystore_find_newest(ks, owner, role, number, NULL);
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
	status = keystore_find_newest(ks, owner, role, &number, err);
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
	status = keystore_find_newest(ks, owner, role, &number, err);
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

	status = keystore_find_newest(ks, owner, role, &number, err);
	if (status != DEED_OK)
		return status;
	path = keystore_path(ks, owner, role, number, "pub");
	status = path != NULL ? keystore_read_public(path, spki, err)
			      : deed_error_memory(err);
	free(path);
	return status;
}
