/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/pending.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "codec/base64.h"
#include "codec/json.h"

#define FOLDER "pending"
#define SUFFIX ".json"
#define SCHEMA "deed.ca-request/1"
#define NAME "name_in_certificate"

void pending_clear(struct pending *p)
{
	buf_clear(&p->request);
	buf_clear(&p->state);
	buf_clear(&p->issued);
	buf_clear(&p->name);
}

/* ca/pending/CA, or ca/pending/CA/PARTY.json. */
static enum deed_status path_of(const struct home *h, const char *ca,
				const char *party, char **out,
				struct deed_error *err)
{
	struct buf path = BUF_INIT;
	enum deed_status status = home_check_party(ca, err);

	*out = NULL;
	if (status == DEED_OK && party != NULL)
		status = home_check_party(party, err);
	if (status != DEED_OK)
		return status;
	buf_printf(&path, "%s/" FOLDER "/%s", h->ca, ca);
	if (party != NULL)
		buf_printf(&path, "/%s" SUFFIX, party);
	buf_byte(&path, 0);
	status = buf_status(&path, err);
	if (status == DEED_OK) {
		*out = strdup((const char *)path.data);
		if (*out == NULL)
			status = deed_error_memory(err);
	}
	buf_clear(&path);
	return status;
}

static bool get_octets(const json_t *object, const char *key, struct buf *out)
{
	const char *text = json_get_string(object, key);

	return text != NULL && base64_decode(slice_str(text), out);
}

/* As a C string it ends where it ends. */
static bool get_name(const json_t *object, struct buf *out)
{
	return json_object_get(object, NAME) == NULL ||
	       (get_octets(object, NAME, out) &&
		(out->len == 0 || memchr(out->data, 0, out->len) == NULL));
}

static bool fill(const json_t *object, struct pending *p)
{
	const char *schema = json_get_string(object, "schema");
	const char *protocol = json_get_string(object, "protocol");

	if (schema == NULL || strcmp(schema, SCHEMA) != 0 || protocol == NULL ||
	    strlen(protocol) >= sizeof(p->protocol))
		return false;
	(void)snprintf(p->protocol, sizeof(p->protocol), "%s", protocol);
	return json_get_integer(object, "time", &p->time) &&
	       get_octets(object, "request", &p->request) &&
	       get_octets(object, "state", &p->state) &&
	       get_octets(object, "issued", &p->issued) &&
	       get_name(object, &p->name) && p->request.len > 0;
}

enum deed_status pending_read(const struct home *h, const char *ca,
			      const char *party, struct pending *out,
			      struct deed_error *err)
{
	struct buf text = BUF_INIT;
	json_t *object = NULL;
	char *path = NULL;
	enum deed_status status = path_of(h, ca, party, &path, err);

	if (status == DEED_OK && !file_exists(path))
		status =
			deed_error_set(err, DEED_NOT_FOUND,
				       "nothing of party '%s' is pending at CA "
				       "'%s'",
				       party, ca);
	if (status == DEED_OK)
		status = file_read(path, PENDING_MAX, &text, err);
	if (status == DEED_OK &&
	    (json_load_bounded(buf_get(&text), &object, NULL) != DEED_OK ||
	     !fill(object, out)))
		status = deed_error_set(err, DEED_DAMAGED,
					"'%s' is no request that is pending",
					path);
	json_decref(object);
	buf_clear(&text);
	free(path);
	return status;
}

/* Base64 of anything needs no escaping, so the JSON is written directly. */
static void put_octets(struct buf *out, const char *key,
		       const struct buf *octets)
{
	buf_printf(out, ",\"%s\":\"", key);
	base64_encode(buf_get(octets), out);
	buf_byte(out, '"');
}

/* Replaced as a whole: a run that is killed leaves the request as it was, or
 * as it is now. */
enum deed_status pending_write(const struct home *h, const char *ca,
			       const char *party, const struct pending *p,
			       struct deed_error *err)
{
	struct buf text = BUF_INIT;
	char *path = NULL, *folder = NULL;
	enum deed_status status = path_of(h, ca, NULL, &folder, err);

	if (status == DEED_OK)
		status = path_of(h, ca, party, &path, err);
	if (status == DEED_OK)
		status = file_mkdirs(folder, 0700, err);
	if (status == DEED_OK) {
		buf_printf(&text,
			   "{\"schema\":\"" SCHEMA
			   "\",\"protocol\":\"%s\",\"time\":%lld",
			   p->protocol, (long long)p->time);
		put_octets(&text, "request", &p->request);
		put_octets(&text, "state", &p->state);
		put_octets(&text, "issued", &p->issued);
		if (p->name.len > 0)
			put_octets(&text, NAME, &p->name);
		buf_str(&text, "}\n");
		status = buf_status(&text, err);
	}
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&text), OUTFILE_REPLACE,
				    err);
	buf_clear(&text);
	free(folder);
	free(path);
	return status;
}

enum deed_status pending_remove(const struct home *h, const char *ca,
				const char *party, struct deed_error *err)
{
	char *path = NULL;
	enum deed_status status = path_of(h, ca, party, &path, err);

	if (status == DEED_OK)
		status = file_remove(path, err);
	free(path);
	return status;
}

struct each {
	const char *folder; /* ca/pending */
	pending_fn *fn;
	void *arg;
	const char *ca; /* of the folder that is gone through; NULL: all */
};

static enum deed_status walk(const struct each *e, const char *path,
			     struct deed_error *err);

/* Names that are no handles are none of ours: a lock, a temporary. */
static enum deed_status one(const struct each *e, const char *name,
			    struct deed_error *err)
{
	size_t len = strlen(name), tail = strlen(SUFFIX);
	struct each below = *e;
	char party[HOME_PARTY_MAX + 1];
	char *path;
	enum deed_status status;

	if (e->ca == NULL) {
		if (home_check_party(name, NULL) != DEED_OK)
			return DEED_OK;
		path = path_join(e->folder, name);
		below.ca = name;
		status = path == NULL ? deed_error_memory(err)
				      : walk(&below, path, err);
		free(path);
		return status;
	}
	if (len <= tail || len - tail >= sizeof(party) ||
	    strcmp(name + len - tail, SUFFIX) != 0)
		return DEED_OK;
	memcpy(party, name, len - tail);
	party[len - tail] = '\0';
	if (home_check_party(party, NULL) != DEED_OK)
		return DEED_OK;
	return e->fn(e->arg, e->ca, party, err);
}

/* Two levels: CAs, and parties. */
static enum deed_status walk(const struct each *e, const char *path,
			     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct dirent *entry;
	DIR *dir = opendir(path);

	if (dir == NULL && (errno == ENOENT || errno == ENOTDIR))
		return DEED_OK;
	if (dir == NULL)
		return deed_error_errno(err, errno, "cannot open '%s'", path);
	while (status == DEED_OK && (errno = 0, entry = readdir(dir)) != NULL)
		status = one(e, entry->d_name, err);
	if (status == DEED_OK && errno != 0)
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	(void)closedir(dir);
	return status;
}

enum deed_status pending_each(const struct home *h, pending_fn *fn, void *arg,
			      struct deed_error *err)
{
	char *folder = path_join(h->ca, FOLDER);
	const struct each e = { folder, fn, arg, NULL };
	enum deed_status status;

	status =
		folder == NULL ? deed_error_memory(err) : walk(&e, folder, err);
	free(folder);
	return status;
}

/* Its name is none of a request's. */
enum deed_status pending_lock_path(const struct home *h, const char *ca,
				   const char *party, char **out,
				   struct deed_error *err)
{
	char name[HOME_PARTY_MAX + sizeof("..lock")], *folder = NULL;
	enum deed_status status = home_check_party(party, err);

	*out = NULL;
	if (status == DEED_OK)
		status = path_of(h, ca, NULL, &folder, err);
	if (status == DEED_OK)
		status = file_mkdirs(folder, 0700, err);
	if (status == DEED_OK) {
		(void)snprintf(name, sizeof(name), ".%s.lock", party);
		*out = path_join(folder, name);
		if (*out == NULL)
			status = deed_error_memory(err);
	}
	free(folder);
	return status;
}
