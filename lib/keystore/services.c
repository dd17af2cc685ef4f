/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keystore.h"

#include <stdlib.h>

#include "base/file.h"
#include "crypto/random.h"
#include "keystore/keystore_priv.h"

/* Keys that commands use unattended: files that only their owner reads. */

#define CATALOGUE_OCTETS 32

/* Never over one that is there: a manifest key that is lost cannot sign for
 * what it signed, and a catalogue key not open what it closed. */
static enum deed_status write_secret(const char *dir, const char *name,
				     const struct secret *key,
				     struct deed_error *err)
{
	char *path = path_join(dir, name);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = file_write(path, 0600, secret_slice(key), OUTFILE_NEW, err);
	free(path);
	return status;
}

/* Without memory it is taken for missing: writing it then fails, for it never
 * replaces one. */
static bool is_there(const char *dir, const char *name)
{
	char *path = path_join(dir, name);
	bool there = path != NULL && file_exists(path);

	free(path);
	return there;
}

/* alg KEY_ALG_COUNT: plain random octets. */
static enum deed_status make(const char *dir, const char *name,
			     enum key_alg alg, struct deed_error *err)
{
	struct secret *key;
	enum deed_status status;

	if (is_there(dir, name))
		return DEED_OK;
	status = alg == KEY_ALG_COUNT
			 ? random_secret(CATALOGUE_OCTETS, &key, err)
			 : keygen(alg, &key, err);
	if (status == DEED_OK)
		status = write_secret(dir, name, key, err);
	secret_free(key);
	return status;
}

enum deed_status keystore_create_services(const char *dir,
					  struct deed_error *err)
{
	enum deed_status status;

	status = make(dir, "manifest.key", KEY_P256, err);
	if (status == DEED_OK)
		status = make(dir, "catalogue.key", KEY_ALG_COUNT, err);
	return status;
}

/* file_read_secret refuses one that others may read. */
static enum deed_status read_service(const struct keystore *ks,
				     const char *name, struct secret **out,
				     struct deed_error *err)
{
	char *path = path_join(ks->dir, name);
	enum deed_status status;

	*out = NULL;
	if (path == NULL)
		return deed_error_memory(err);
	if (file_exists(path))
		status = file_read_secret(path, out, err);
	else
		status = deed_error_set(err, DEED_NO_KEY,
					"there is no service key '%s'", path);
	free(path);
	return status;
}

/* The key is given up here, so that no caller goes on with half of one. */
static enum deed_status damaged(const char *name, struct secret **key,
				struct deed_error *err)
{
	secret_free(*key);
	*key = NULL;
	return deed_error_set(err, DEED_DAMAGED,
			      "the service key '%s' is damaged", name);
}

enum deed_status keystore_manifest_key(const struct keystore *ks,
				       struct signing_key **out,
				       struct deed_error *err)
{
	struct secret *pkcs8;
	enum deed_status status;

	*out = NULL;
	status = read_service(ks, "manifest.key", &pkcs8, err);
	if (status != DEED_OK)
		return status;
	status = signing_key_from_pkcs8(pkcs8, out, err);
	if (status == DEED_MALFORMED || status == DEED_UNSUPPORTED)
		return damaged("manifest.key", &pkcs8, err);
	secret_free(pkcs8);
	return status;
}

enum deed_status keystore_catalogue_key(const struct keystore *ks,
					struct secret **out,
					struct deed_error *err)
{
	enum deed_status status = read_service(ks, "catalogue.key", out, err);

	if (status == DEED_OK && secret_len(*out) != CATALOGUE_OCTETS)
		return damaged("catalogue.key", out, err);
	return status;
}

enum deed_status keystore_manifest_chain_path(const struct keystore *ks,
					      char **out,
					      struct deed_error *err)
{
	*out = path_join(ks->dir, "manifest.pem");
	return *out != NULL ? DEED_OK : deed_error_memory(err);
}
