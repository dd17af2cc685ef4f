/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keystore.h"

#include <stdlib.h>

#include "keystore/keystore_priv.h"

/* Passphrases and slots of keys that are there. */

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
		return keystore_no_key(owner, role, err);
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
