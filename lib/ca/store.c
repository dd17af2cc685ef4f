/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/store_priv.h"

#include <stdlib.h>

#include "base/file.h"
#include "ca/certificate.h"

void ca_store_close(struct ca_store *store)
{
	if (store == NULL)
		return;
	free(store->issued);
	free(store->revoked);
	free(store->ended);
	cert_free(store->root);
	cert_free(store->issuing);
	free(store);
}

enum deed_status ca_store_load_cert(const char *path, struct cert **out,
				    struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;

	status = file_read(path, CERT_MAX_SIZE, &b, err);
	if (status == DEED_OK) {
		status = cert_parse(buf_get(&b), out, err);
		if (status != DEED_OK)
			deed_error_prefix(err, "'%s'", path);
	}
	buf_clear(&b);
	return status;
}

static enum deed_status load_in(const char *dir, const char *name,
				struct cert **out, struct deed_error *err)
{
	char *path = path_join(dir, name);
	enum deed_status status;

	if (path == NULL)
		return deed_error_memory(err);
	status = ca_store_load_cert(path, out, err);
	free(path);
	return status;
}

enum deed_status ca_store_open(const char *dir, struct ca_store **out,
			       struct deed_error *err)
{
	struct ca_store *store;
	enum deed_status status;

	*out = NULL;
	store = calloc(1, sizeof(*store));
	if (store == NULL)
		return deed_error_memory(err);
	store->issued = path_join(dir, "issued");
	store->revoked = path_join(dir, "revoked");
	store->ended = path_join(dir, "ended");
	if (store->issued == NULL || store->revoked == NULL ||
	    store->ended == NULL) {
		status = deed_error_memory(err);
		goto out;
	}
	status = load_in(dir, "root.cer", &store->root, err);
	if (status == DEED_OK)
		status = load_in(dir, "issuing.cer", &store->issuing, err);
	if (status != DEED_OK)
		goto out;
	*out = store;
	store = NULL;
out:
	ca_store_close(store);
	return status;
}

struct cert *ca_store_root(const struct ca_store *store)
{
	return store->root;
}

struct cert *ca_store_issuing(const struct ca_store *store)
{
	return store->issuing;
}

/* The name is the serial number in hexadecimal, so that nothing in a
 * certificate can lead out of the folder. */
static enum deed_status path_of(const char *dir, const struct cert *c,
				const char *suffix, char **out,
				struct deed_error *err)
{
	char serial[CA_SERIAL_TEXT];
	struct buf b = BUF_INIT;

	*out = NULL;
	if (!ca_serial_text(c, serial))
		return deed_error_set(err, DEED_MALFORMED,
				      "the serial number is too long");
	buf_printf(&b, "%s/%s%s", dir, serial, suffix);
	*out = buf_take(&b, NULL);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

enum deed_status ca_store_issued_path(const struct ca_store *store,
				      const struct cert *c, char **out,
				      struct deed_error *err)
{
	return path_of(store->issued, c, ".cer", out, err);
}

enum deed_status ca_store_revoked_path(const struct ca_store *store,
				       const struct cert *c, char **out,
				       struct deed_error *err)
{
	return path_of(store->revoked, c, ".json", out, err);
}

enum deed_status ca_store_find(const struct ca_store *store, const char *serial,
			       struct cert **out, struct deed_error *err)
{
	struct buf name = BUF_INIT;
	char *path;
	enum deed_status status;

	*out = NULL;
	if (strspn(serial, "0123456789abcdef") != strlen(serial) ||
	    serial[0] == '\0' || strlen(serial) >= CA_SERIAL_TEXT)
		return deed_error_set(err, DEED_USAGE,
				      "'%.80s' is no serial number, expected "
				      "hexadecimal in lower case",
				      serial);
	buf_printf(&name, "%s/%s.cer", store->issued, serial);
	path = buf_take(&name, NULL);
	if (path == NULL)
		return deed_error_memory(err);
	if (!file_exists(path))
		status = deed_error_set(err, DEED_NOT_FOUND,
					"the house issued no certificate %s",
					serial);
	else
		status = ca_store_load_cert(path, out, err);
	free(path);
	return status;
}

enum deed_status ca_store_has(const struct ca_store *store,
			      const struct cert *c, bool *has,
			      struct deed_error *err)
{
	char serial[CA_SERIAL_TEXT], *path;
	struct cert *issued = NULL;
	enum deed_status status;

	*has = false;
	/* The house gives no number that is so long. */
	if (!ca_serial_text(c, serial))
		return DEED_OK;
	status = ca_store_issued_path(store, c, &path, err);
	if (status == DEED_OK && file_exists(path)) {
		status = ca_store_load_cert(path, &issued, err);
		/* Another CA may give the same number. */
		*has = status == DEED_OK && cert_equal(issued, c);
	}
	cert_free(issued);
	free(path);
	return status;
}
