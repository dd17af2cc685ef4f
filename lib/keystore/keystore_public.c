/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keystore_priv.h"

#include <stdlib.h>

/* Is this generation's public key the one that is asked for? */
static enum deed_status is_key(const struct keystore *ks, const char *owner,
			       const struct generation *g, struct slice spki,
			       bool *is, struct deed_error *err)
{
	char *path = keystore_path(ks, owner, g->role, g->number, "pub");
	struct buf have = BUF_INIT;
	enum deed_status status;

	*is = false;
	if (path == NULL)
		return deed_error_memory(err);
	status = keystore_read_public(path, &have, err);
	*is = status == DEED_OK && slice_equal(buf_get(&have), spki);
	buf_clear(&have);
	free(path);
	return status;
}

/* The signing key is made from what the file holds; who asks has compared the
 * public half beside it. */
static enum deed_status unlock(const struct keystore *ks, const char *owner,
			       const struct generation *g,
			       struct slice passphrase,
			       struct signing_key **out, struct deed_error *err)
{
	char *path = keystore_path(ks, owner, g->role, g->number, "key");
	struct secret *pkcs8 = NULL;
	struct keyfile *kf = NULL;
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = keyfile_load(path, &kf, err);
	if (status == DEED_OK)
		status = keyfile_unlock(kf, NULL, passphrase, &pkcs8, err);
	if (status == DEED_OK)
		status = signing_key_from_pkcs8(pkcs8, out, err);
	secret_free(pkcs8);
	keyfile_free(kf);
	free(path);
	return status;
}

enum deed_status
keystore_unlock_public(const struct keystore *ks, const char *owner,
		       enum keystore_role role, struct slice spki,
		       struct slice passphrase, struct signing_key **out,
		       struct deed_error *err)
{
	struct generation_list list = { NULL, 0 };
	enum deed_status status;
	bool is = false;

	*out = NULL;
	status = keystore_scan(ks, owner, &list, err);
	for (size_t i = list.count; status == DEED_OK && !is && i-- > 0;) {
		if (list.items[i].role != role || !list.items[i].key)
			continue;
		status = is_key(ks, owner, &list.items[i], spki, &is, err);
		if (is)
			status = unlock(ks, owner, &list.items[i], passphrase,
					out, err);
	}
	if (status == DEED_OK && !is)
		status = keystore_no_key(owner, role, err);
	free(list.items);
	return status;
}
