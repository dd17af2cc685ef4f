/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keystore.h"

#include <stdlib.h>

#include "key/token.h"
#include "keystore/keystore_priv.h"

/* Keys are opened: of a file by a passphrase, on a token by a PIN. */

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
		status = keystore_find_newest(ks, owner, role, &number, err);
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
