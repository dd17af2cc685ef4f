/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keystore.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "key/pkcs8.h"
#include "keystore/keystore_priv.h"

/* What a transaction writes itself: the next generation of a key, and what
 * it takes the place of. */

/* More certificates of one key than anybody renews. */
#define CHAINS_MAX 9999

enum deed_status keystore_next_path(struct keystore *ks, const char *owner,
				    enum keystore_role role, const char *suffix,
				    char **out, struct deed_error *err)
{
	enum deed_status status;
	unsigned number = 0;

	*out = NULL;
	status = keystore_next_number(ks, owner, role, &number, err);
	if (status != DEED_OK)
		return status;
	*out = keystore_path(ks, owner, role, number, suffix);
	return *out != NULL ? DEED_OK : deed_error_memory(err);
}

enum deed_status keystore_seal_key(enum keystore_role role,
				   const struct secret *pkcs8,
				   struct slice passphrase, unsigned kdf_ms,
				   struct buf *key, struct buf *spki,
				   struct deed_error *err)
{
	enum deed_status status = keystore_check_kind(role, pkcs8, err);

	if (status == DEED_OK)
		status = pkcs8_spki(pkcs8, spki, err);
	if (status == DEED_OK)
		status = keyfile_seal(pkcs8, KEYFILE_FIRST_LABEL, passphrase,
				      kdf_ms, key, err);
	return status;
}

enum deed_status keystore_old_chain_path(const struct keystore *ks,
					 const char *owner,
					 enum keystore_role role, char **out,
					 struct deed_error *err)
{
	enum deed_status status;
	struct generation_list l;
	unsigned number, n;
	char suffix[16];

	*out = NULL;
	status = keystore_scan(ks, owner, &l, err);
	if (status != DEED_OK)
		return status;
	number = keystore_newest(&l, role);
	free(l.items);
	if (number == 0)
		number = 1;
	for (n = 1; n <= CHAINS_MAX; n++) {
		(void)snprintf(suffix, sizeof(suffix), "%u.pem", n);
		*out = keystore_path(ks, owner, role, number, suffix);
		if (*out == NULL)
			return deed_error_memory(err);
		if (!file_exists(*out))
			return DEED_OK;
		free(*out);
		*out = NULL;
	}
	return deed_error_set(err, DEED_LIMIT,
			      "'%s' had over %d certificates of one key", owner,
			      CHAINS_MAX);
}

/* "ROLE-....pem" */
static bool is_chain(const char *name, enum keystore_role role)
{
	const char *word = keystore_role_name(role);
	size_t len = strlen(name), prefix = strlen(word);

	return len > prefix + 5 && strncmp(name, word, prefix) == 0 &&
	       name[prefix] == '-' && strcmp(name + len - 4, ".pem") == 0;
}

/* Only the leaf is compared: the others of a chain are not the owner's. */
static enum deed_status look(const char *dir, const char *name,
			     const uint8_t hash[32], struct cert **out,
			     struct deed_error *err)
{
	struct cert_list chain = CERT_LIST_INIT;
	struct buf file = BUF_INIT;
	char *path = path_join(dir, name);
	enum deed_status status;

	status = path == NULL ? deed_error_memory(err)
			      : file_read(path, KEYSTORE_CHAIN_MAX, &file, err);
	if (status == DEED_OK)
		status = cert_list_load(&chain, buf_get(&file), path, err);
	if (status == DEED_OK &&
	    memcmp(cert_sha256(chain.items[0]), hash, 32) == 0)
		*out = cert_ref(chain.items[0]);
	cert_list_clear(&chain);
	buf_clear(&file);
	free(path);
	return status;
}

/* A chain that cannot be read hides no other; it is told where none is. */
static enum deed_status look_in(DIR *dir, const char *path,
				enum keystore_role role,
				const uint8_t sha256[32], struct cert **out,
				struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct deed_error first = DEED_ERROR_INIT;
	const struct dirent *e = NULL;

	while (*out == NULL && (errno = 0, e = readdir(dir)) != NULL) {
		if (is_chain(e->d_name, role) && status == DEED_OK)
			status = look(path, e->d_name, sha256, out, &first);
		else if (is_chain(e->d_name, role))
			(void)!look(path, e->d_name, sha256, out, NULL);
	}
	if (*out != NULL)
		return DEED_OK;
	if (e == NULL && errno != 0)
		return deed_error_errno(err, errno, "cannot read '%s'", path);
	if (status != DEED_OK && err != NULL)
		*err = first;
	return status;
}

enum deed_status
keystore_find_certificate(const struct keystore *ks, const char *owner,
			  enum keystore_role role, const uint8_t sha256[32],
			  struct cert **out, struct deed_error *err)
{
	enum deed_status status = keystore_check_owner(owner, err);
	char *path;
	DIR *dir;

	*out = NULL;
	if (status != DEED_OK)
		return status;
	path = path_join(ks->dir, owner);
	if (path == NULL)
		return deed_error_memory(err);
	dir = opendir(path);
	if (dir != NULL)
		status = look_in(dir, path, role, sha256, out, err);
	else if (errno != ENOENT && errno != ENOTDIR)
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	if (dir != NULL)
		(void)closedir(dir);
	free(path);
	return status;
}
