/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keystore.h"

#include <stdlib.h>

#include "base/file.h"
#include "codec/pem.h"
#include "key/pkcs8.h"
#include "keystore/keystore_priv.h"

static enum deed_status no_key(const char *owner, enum keystore_role role,
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
	return *out > 0 ? DEED_OK : no_key(owner, role, err);
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

/* Is it a key for this role?  A key that does not suit is told now, not at
 * its first use. */
static enum deed_status check_kind(enum keystore_role role,
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

static enum deed_status write_public(const char *path,
				     const struct secret *pkcs8,
				     struct deed_error *err)
{
	struct buf spki = BUF_INIT, pem = BUF_INIT;
	enum deed_status status;

	status = pkcs8_spki(pkcs8, &spki, err);
	if (status == DEED_OK) {
		pem_encode(&pem, "PUBLIC KEY", buf_get(&spki));
		status = buf_status(&pem, err);
	}
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&pem), OUTFILE_REPLACE,
				    err);
	buf_clear(&spki);
	buf_clear(&pem);
	return status;
}

enum deed_status keystore_add_key(struct keystore *ks, const char *owner,
				  enum keystore_role role,
				  const struct secret *pkcs8, const char *label,
				  struct slice passphrase, unsigned kdf_ms,
				  struct deed_error *err)
{
	char *pub = NULL, *key = NULL;
	enum deed_status status;
	unsigned number = 0;

	status = keystore_check_owner(owner, err);
	if (status == DEED_OK)
		status = check_kind(role, pkcs8, err);
	if (status == DEED_OK)
		status = make_owner(ks, owner, err);
	if (status != DEED_OK)
		return status;
	status = find_newest(ks, owner, role, &number, NULL);
	if (status != DEED_OK && status != DEED_NO_KEY)
		return deed_error_set(err, status,
				      "cannot read the keys of '%s'", owner);
	if (number == KEYSTORE_GENERATION_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "'%s' has %u %s keys already", owner,
				      number, keystore_role_name(role));
	pub = keystore_path(ks, owner, role, number + 1, "pub");
	key = keystore_path(ks, owner, role, number + 1, "key");
	/* The public half first: a key without it would be of no use. */
	if (pub == NULL || key == NULL)
		status = deed_error_memory(err);
	else
		status = write_public(pub, pkcs8, err);
	if (status == DEED_OK)
		status = keyfile_create(
			key, pkcs8, label != NULL ? label : KEYFILE_FIRST_LABEL,
			passphrase, kdf_ms, err);
	free(pub);
	free(key);
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

	*pkcs8 = NULL;
	status = find_newest(ks, owner, role, &number, err);
	if (status != DEED_OK)
		return status;
	return unlock_number(ks, owner, role, number, passphrase, pkcs8, err);
}

enum deed_status
keystore_unlock_signing(const struct keystore *ks, const char *owner,
			enum keystore_role role, struct slice passphrase,
			struct signing_key **out, struct deed_error *err)
{
	struct secret *pkcs8;
	enum deed_status status;

	*out = NULL;
	status = keystore_unlock(ks, owner, role, passphrase, &pkcs8, err);
	if (status == DEED_OK)
		status = signing_key_from_pkcs8(pkcs8, out, err);
	secret_free(pkcs8);
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
	return first == DEED_NO_KEY ? no_key(owner, role, err) : first;
}

/* One change to each generation of a role that the passphrase opens. */
typedef enum deed_status change_fn(const char *path, const void *arg,
				   struct deed_error *err);

static enum deed_status change_all(struct keystore *ks, const char *owner,
				   enum keystore_role role, change_fn *change,
				   const void *arg, struct deed_error *err)
{
	enum deed_status status, result = DEED_NO_KEY;
	struct generation_list l;
	size_t i;
	char *path;

	status = keystore_scan(ks, owner, &l, err);
	if (status != DEED_OK)
		return status;
	for (i = l.count; i > 0; i--) {
		const struct generation *g = &l.items[i - 1];

		if (g->role != role || !g->key)
			continue;
		path = keystore_path(ks, owner, role, g->number, "key");
		if (path == NULL)
			status = deed_error_memory(err);
		else
			status = change(path, arg, err);
		free(path);
		/* A run that was cut short is finished by the next: what it
		 * has changed is left alone. */
		if (status == DEED_OK || result == DEED_NO_KEY)
			result = status;
		if (status != DEED_OK && status != DEED_WRONG_PASSPHRASE)
			break;
	}
	free(l.items);
	if (result == DEED_NO_KEY)
		return no_key(owner, role, err);
	if (status != DEED_OK && status != DEED_WRONG_PASSPHRASE)
		return status;
	if (result == DEED_OK && err != NULL)
		*err = (struct deed_error)DEED_ERROR_INIT;
	return result;
}

struct change_args {
	struct slice passphrase;
	const char *label;
	struct slice added;
	unsigned kdf_ms;
};

static enum deed_status change_passphrase(const char *path, const void *arg,
					  struct deed_error *err)
{
	const struct change_args *a = arg;

	return keyfile_passphrase(path, a->passphrase, a->added, a->kdf_ms,
				  err);
}

static enum deed_status change_add(const char *path, const void *arg,
				   struct deed_error *err)
{
	const struct change_args *a = arg;

	return keyfile_slot_add(path, a->passphrase, a->label, a->added,
				a->kdf_ms, err);
}

static enum deed_status change_remove(const char *path, const void *arg,
				      struct deed_error *err)
{
	const struct change_args *a = arg;

	return keyfile_slot_remove(path, a->passphrase, a->label, err);
}

enum deed_status keystore_passphrase(struct keystore *ks, const char *owner,
				     enum keystore_role role, struct slice old,
				     struct slice passphrase, unsigned kdf_ms,
				     struct deed_error *err)
{
	struct change_args a = { .passphrase = old,
				 .added = passphrase,
				 .kdf_ms = kdf_ms };

	return change_all(ks, owner, role, change_passphrase, &a, err);
}

enum deed_status keystore_slot_add(struct keystore *ks, const char *owner,
				   enum keystore_role role,
				   struct slice passphrase, const char *label,
				   struct slice added, unsigned kdf_ms,
				   struct deed_error *err)
{
	struct change_args a = { .passphrase = passphrase,
				 .label = label,
				 .added = added,
				 .kdf_ms = kdf_ms };

	return change_all(ks, owner, role, change_add, &a, err);
}

enum deed_status keystore_slot_remove(struct keystore *ks, const char *owner,
				      enum keystore_role role,
				      struct slice passphrase,
				      const char *label, struct deed_error *err)
{
	struct change_args a = { .passphrase = passphrase, .label = label };

	return change_all(ks, owner, role, change_remove, &a, err);
}
