/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keystore.h"

#include <stdlib.h>

#include "keystore/keystore_priv.h"

/* Passphrases and slots of keys that are there. */

/* One change to each generation of a role that the passphrase opens. */
typedef enum deed_status change_fn(const char *path, const void *arg,
				   struct deed_error *err);

/* Each key file is written anew as a whole: a run that is cut short has
 * changed some of the generations, and each of them entirely. */
static enum deed_status change_one(struct keystore *ks, const char *owner,
				   const struct generation *g,
				   change_fn *change, const void *arg,
				   struct deed_error *err)
{
	char *path = keystore_path(ks, owner, g->role, g->number, "key");
	enum deed_status status =
		path == NULL ? deed_error_memory(err) : change(path, arg, err);

	free(path);
	return status;
}

/* already: what change says of a key that a run which was cut short has
 * changed, or that is younger than the slot.  Such a key is left alone. */
static enum deed_status change_all(struct keystore *ks, const char *owner,
				   enum keystore_role role, change_fn *change,
				   const void *arg, enum deed_status already,
				   struct deed_error *err)
{
	enum deed_status status, result = DEED_NO_KEY;
	struct generation_list l;
	struct deed_error why;
	bool stays = true;
	size_t i;

	status = keystore_scan(ks, owner, &l, err);
	if (status != DEED_OK)
		return status;
	(void)keystore_no_key(owner, role, err);
	for (i = l.count; stays && i > 0; i--) {
		if (l.items[i - 1].role != role || !l.items[i - 1].key)
			continue;
		why = (struct deed_error)DEED_ERROR_INIT;
		status = change_one(ks, owner, &l.items[i - 1], change, arg,
				    &why);
		stays = status == DEED_OK || status == already ||
			status == DEED_WRONG_PASSPHRASE;
		if (status == DEED_OK || result == DEED_NO_KEY || !stays) {
			result = status;
			if (err != NULL)
				*err = why;
		}
	}
	free(l.items);
	return result;
}

struct change_args {
	struct slice passphrase;
	const char *label;
	struct slice added;
	unsigned kdf_ms;
};

/* A key that is done already is one that the old passphrase no longer opens.
 */
static enum deed_status change_passphrase(const char *path, const void *arg,
					  struct deed_error *err)
{
	const struct change_args *a = arg;

	return keyfile_passphrase(path, a->passphrase, a->added, a->kdf_ms,
				  err);
}

/* A key that is done already has the label, which keyfile_slot_add says by
 * DEED_EXISTS. */
static enum deed_status change_add(const char *path, const void *arg,
				   struct deed_error *err)
{
	const struct change_args *a = arg;

	return keyfile_slot_add(path, a->passphrase, a->label, a->added,
				a->kdf_ms, err);
}

/* A key that is done already, or is younger than the slot, has no such label:
 * DEED_NOT_FOUND. */
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

	return change_all(ks, owner, role, change_passphrase, &a,
			  DEED_WRONG_PASSPHRASE, err);
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

	return change_all(ks, owner, role, change_add, &a, DEED_EXISTS, err);
}

enum deed_status keystore_slot_remove(struct keystore *ks, const char *owner,
				      enum keystore_role role,
				      struct slice passphrase,
				      const char *label, struct deed_error *err)
{
	struct change_args a = { .passphrase = passphrase, .label = label };

	return change_all(ks, owner, role, change_remove, &a, DEED_NOT_FOUND,
			  err);
}
