/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/store_priv.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "codec/hex.h"
#include "codec/json.h"

/* The words of revocation in a CA's directory, as store.h has them. */

#define REVOKED_SCHEMA "deed.revoked/1"
#define REVOKED_MAX 4096

enum deed_status ca_store_is_revoked(const struct ca_store *store,
				     const struct cert *c, bool *revoked,
				     struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status;

	*revoked = false;
	status = ca_store_revoked_path(store, c, &path, err);
	if (status == DEED_OK)
		*revoked = file_exists(path);
	free(path);
	return status;
}

enum deed_status ca_revoked_of(const struct cert *c, int64_t time,
			       enum ca_reason reason, struct ca_revoked *out,
			       struct deed_error *err)
{
	struct slice serial = cert_fields(c)->serial;

	memset(out, 0, sizeof(*out));
	if (serial.len > sizeof(out->serial))
		return deed_error_set(err, DEED_MALFORMED,
				      "the serial number is too long");
	memcpy(out->serial, serial.data, serial.len);
	out->serial_len = serial.len;
	out->time = time;
	out->reason = reason;
	return DEED_OK;
}

enum deed_status ca_revoked_write(const struct ca_revoked *r, struct buf *out,
				  struct deed_error *err)
{
	char serial[2 * sizeof(r->serial) + 1], time[CLOCK_TEXT];
	json_t *object;
	enum deed_status status;

	hex_text(slice_of(r->serial, r->serial_len), serial);
	clock_format(r->time, time);
	object = json_pack("{s:s,s:s,s:s,s:s}", "schema", REVOKED_SCHEMA,
			   "serial", serial, "time", time, "reason",
			   ca_reason_name(r->reason));
	if (object == NULL)
		return deed_error_memory(err);
	status = json_canonical(object, out, err);
	json_decref(object);
	return status;
}

/* All members must be there and good: a record that is read in part would
 * leave a certificate out of the CRL. */
static bool read_revoked(const json_t *object, struct ca_revoked *out)
{
	const char *schema = json_get_string(object, "schema");
	const char *serial = json_get_string(object, "serial");
	const char *time = json_get_string(object, "time");
	const char *reason = json_get_string(object, "reason");
	size_t size = serial == NULL ? 0 : strlen(serial) / 2;

	if (schema == NULL || strcmp(schema, REVOKED_SCHEMA) != 0 ||
	    serial == NULL || time == NULL || reason == NULL ||
	    !ca_reason_find(reason, &out->reason) ||
	    clock_parse(time, &out->time, NULL) != DEED_OK)
		return false;
	out->serial_len = size;
	return size > 0 && size <= sizeof(out->serial) &&
	       hex_read(slice_str(serial), out->serial, size);
}

enum deed_status ca_store_load_revoked(const char *path, struct ca_revoked *out,
				       struct deed_error *err)
{
	struct buf b = BUF_INIT;
	json_t *object = NULL;
	enum deed_status status;

	status = file_read(path, REVOKED_MAX, &b, err);
	if (status == DEED_OK)
		status = json_load_bounded(buf_get(&b), &object, err);
	if (status == DEED_MALFORMED ||
	    (status == DEED_OK && !read_revoked(object, out)))
		status = deed_error_set(err, DEED_DAMAGED,
					"'%s' is no record of a revocation",
					path);
	json_decref(object);
	buf_clear(&b);
	return status;
}

/* Temporaries begin with a dot, so that one which a killed run left is no
 * record. */
static int is_record(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return e->d_name[0] != '.' && len > 5 &&
	       strcmp(e->d_name + len - 5, ".json") == 0;
}

enum deed_status ca_store_revoked(const struct ca_store *store,
				  struct ca_revoked **out, size_t *count,
				  struct deed_error *err)
{
	struct dirent **names = NULL;
	struct ca_revoked *list = NULL;
	enum deed_status status = DEED_OK;
	int n;

	*out = NULL;
	*count = 0;
	n = scandir(store->revoked, &names, is_record, alphasort);
	if (n < 0)
		return errno == ENOENT ? DEED_OK
				       : deed_error_errno(err, errno,
							  "cannot read '%s'",
							  store->revoked);
	list = calloc((size_t)n + 1, sizeof(*list));
	if (list == NULL)
		status = deed_error_memory(err);
	for (int i = 0; i < n; i++) {
		char *path = path_join(store->revoked, names[i]->d_name);

		if (status == DEED_OK)
			status = path == NULL ? deed_error_memory(err)
					      : ca_store_load_revoked(
							path, &list[i], err);
		free(path);
		free(names[i]);
	}
	free(names);
	if (status != DEED_OK) {
		free(list);
		return status;
	}
	*out = list;
	*count = (size_t)n;
	return DEED_OK;
}
