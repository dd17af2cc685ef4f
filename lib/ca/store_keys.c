/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/store.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "ca/store_priv.h"
#include "codec/hex.h"
#include "codec/json.h"

#define ENDED_SCHEMA "deed.ended/1"

/* What the house certified and took back, by key instead of by number. */

static bool holds(const struct cert *c, const uint8_t key[32])
{
	return memcmp(cert_spki_sha256(c), key, 32) == 0;
}

enum deed_status ca_store_revocation(const struct ca_store *store,
				     const struct cert *c,
				     struct ca_revoked *out, bool *revoked,
				     struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status;

	*revoked = false;
	status = ca_store_revoked_path(store, c, &path, err);
	if (status == DEED_OK && file_exists(path)) {
		status = ca_store_load_revoked(path, out, err);
		*revoked = status == DEED_OK;
	}
	free(path);
	return status;
}

/* One of issued/: into the list, if it is to be. */
static enum deed_status see_issued(const struct ca_store *store,
				   const char *name, const uint8_t key[32],
				   struct cert_list *out,
				   struct deed_error *err)
{
	char *path = path_join(store->issued, name);
	struct cert *c = NULL;
	bool revoked = false;
	enum deed_status status;

	status = path == NULL ? deed_error_memory(err)
			      : ca_store_load_cert(path, &c, err);
	if (status == DEED_OK && holds(c, key)) {
		status = ca_store_is_revoked(store, c, &revoked, err);
		if (status == DEED_OK && !revoked)
			status = cert_list_add(out, c, err);
	}
	cert_free(c);
	free(path);
	return status;
}

static int is_certificate(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 4 &&
	       strcmp(e->d_name + len - 4, ".cer") == 0;
}

enum deed_status ca_store_of_key(const struct ca_store *store,
				 const uint8_t key[32], struct cert_list *out,
				 struct deed_error *err)
{
	struct dirent **names = NULL;
	enum deed_status status = DEED_OK;
	int n;

	n = scandir(store->issued, &names, is_certificate, alphasort);
	if (n < 0)
		return deed_error_errno(err, errno, "cannot read '%s'",
					store->issued);
	for (int i = 0; i < n; i++) {
		if (status == DEED_OK)
			status = see_issued(store, names[i]->d_name, key, out,
					    err);
		free(names[i]);
	}
	free(names);
	return status;
}

enum deed_status ca_store_ended_path(const struct ca_store *store,
				     const uint8_t key[32], char **out,
				     struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status = file_mkdirs(store->ended, 0700, err);

	*out = NULL;
	if (status != DEED_OK)
		return status;
	buf_printf(&b, "%s/", store->ended);
	hex_encode(slice_of(key, 32), &b);
	buf_str(&b, ".json");
	*out = buf_take(&b, NULL);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

enum deed_status ca_ended_write(const uint8_t key[32], int64_t time,
				struct buf *out, struct deed_error *err)
{
	char text[CLOCK_TEXT];
	json_t *object;
	enum deed_status status;

	clock_format(time, text);
	object = json_pack("{s:s,s:o,s:s}", "schema", ENDED_SCHEMA, "key",
			   json_sha256(key), "time", text);
	if (object == NULL)
		return deed_error_memory(err);
	status = json_canonical(object, out, err);
	json_decref(object);
	return status;
}

/* Homes that are older than ended/ say it by their revocations alone. */
static enum deed_status ended_by_revocation(const struct ca_store *store,
					    const uint8_t key[32], bool *ended,
					    struct deed_error *err)
{
	struct ca_revoked *list = NULL;
	size_t count = 0;
	enum deed_status status = ca_store_revoked(store, &list, &count, err);

	for (size_t i = 0; status == DEED_OK && !*ended && i < count; i++) {
		char serial[2 * sizeof(list->serial) + 1];
		struct cert *c = NULL;
		size_t skip = list[i].serial_len > 1 && list[i].serial[0] == 0;

		if (list[i].reason != CA_KEY_COMPROMISE)
			continue;
		hex_text(slice_of(list[i].serial + skip,
				  list[i].serial_len - skip),
			 serial);
		status = ca_store_find(store, serial, &c, err);
		if (status == DEED_OK)
			*ended = holds(c, key);
		/* The number of none that is kept says nothing of a key. */
		status = status == DEED_NOT_FOUND ? DEED_OK : status;
		cert_free(c);
	}
	free(list);
	return status;
}

enum deed_status ca_store_key_ended(const struct ca_store *store,
				    const uint8_t key[32], bool *ended,
				    struct deed_error *err)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s/", store->ended);
	hex_encode(slice_of(key, 32), &b);
	buf_printf(&b, ".json%c", 0);
	if (b.failed) {
		buf_clear(&b);
		return deed_error_memory(err);
	}
	*ended = file_exists((const char *)b.data);
	buf_clear(&b);
	return *ended ? DEED_OK : ended_by_revocation(store, key, ended, err);
}
