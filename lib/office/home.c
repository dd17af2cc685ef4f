/* SPDX-License-Identifier: Apache-2.0 */
#include "office/home.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* The marker is a few hundred bytes. */
#define MARKER_MAX 65536

void home_close(struct home *h)
{
	if (h == NULL)
		return;
	free(h->root);
	free(h->marker);
	free(h->keystore);
	free(h->identity);
	free(h->box);
	free(h->status);
	free(h->parties);
	free(h->attestations);
	free(h->archive);
	free(h->audit);
	free(h->trust);
	free(h->ca);
	free(h->ca_root);
	free(h->ca_issuing);
	free(h->ca_root_crl);
	free(h->ca_issuing_crl);
	free(h->ca_issued);
	free(h->ca_revoked);
	free(h);
}

static char *absolute(const char *path)
{
	char *cwd, *out;

	if (path[0] == '/')
		return strdup(path);
	cwd = getcwd(NULL, 0);
	if (cwd == NULL)
		return NULL;
	out = path_join(cwd, path);
	free(cwd);
	return out;
}

static bool name_paths(struct home *h)
{
	const struct {
		char **field;
		char *const *parent;
		const char *name;
	} names[] = {
		{ &h->marker, &h->root, "home.json" },
		{ &h->keystore, &h->root, "keystore" },
		{ &h->identity, &h->root, "identity" },
		{ &h->box, &h->identity, "box" },
		{ &h->status, &h->identity, "status" },
		{ &h->statuses, &h->identity, "statuses" },
		{ &h->parties, &h->identity, "party" },
		{ &h->attestations, &h->identity, "attestations" },
		{ &h->archive, &h->root, "archive" },
		{ &h->audit, &h->root, "audit" },
		{ &h->trust, &h->root, "trust" },
		{ &h->ca, &h->root, "ca" },
		{ &h->ca_root, &h->ca, "root.cer" },
		{ &h->ca_issuing, &h->ca, "issuing.cer" },
		{ &h->ca_root_crl, &h->ca, "root.crl" },
		{ &h->ca_issuing_crl, &h->ca, "issuing.crl" },
		{ &h->ca_issued, &h->ca, "issued" },
		{ &h->ca_revoked, &h->ca, "revoked" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		*names[i].field = path_join(*names[i].parent, names[i].name);
		if (*names[i].field == NULL)
			return false;
	}
	return true;
}

enum deed_status home_paths(const char *path, struct home **out,
			    struct deed_error *err)
{
	struct home *h;

	*out = NULL;
	h = calloc(1, sizeof(*h));
	if (h == NULL)
		return deed_error_memory(err);
	h->root = absolute(path);
	if (h->root == NULL || !name_paths(h)) {
		home_close(h);
		return deed_error_memory(err);
	}
	*out = h;
	return DEED_OK;
}

enum deed_status home_make_folders(const struct home *h, struct deed_error *err)
{
	const char *const dirs[] = {
		h->identity,	 h->status,    h->parties,
		h->attestations, h->archive,   h->trust,
		h->ca,		 h->ca_issued, h->ca_revoked,
	};
	enum deed_status s = DEED_OK;

	for (size_t i = 0; s == DEED_OK && i < sizeof(dirs) / sizeof(dirs[0]);
	     i++)
		s = file_mkdirs(dirs[i], 0700, err);
	return s;
}

static enum deed_status check_directory(const struct home *h,
					struct deed_error *err)
{
	struct stat st;

	if (stat(h->root, &st) != 0 || !file_exists(h->marker)) {
		if (errno != ENOENT && errno != ENOTDIR)
			return deed_error_errno(
				err, errno, "cannot open home '%s'", h->root);
		deed_error_set(err, DEED_NOT_FOUND, "there is no home at '%s'",
			       h->root);
		deed_error_remedy(err, "init", NULL);
		deed_error_hint(err, "export DEED_HOME=DIRECTORY");
		return DEED_NOT_FOUND;
	}
	if (st.st_uid != geteuid())
		return deed_error_set(err, DEED_REFUSED,
				      "home '%s' belongs to another user",
				      h->root);
	if ((st.st_mode & 077) != 0) {
		deed_error_set(err, DEED_REFUSED,
			       "home '%s' has mode %04o, expected 0700",
			       h->root, (unsigned)(st.st_mode & 07777));
		deed_error_hint(err, "chmod 700 '%s'", h->root);
		return DEED_REFUSED;
	}
	return DEED_OK;
}

static enum deed_status check_marker(const struct home *h,
				     struct deed_error *err)
{
	struct buf b = BUF_INIT;
	json_t *json = NULL;
	const char *schema;
	enum deed_status s;

	s = file_read(h->marker, MARKER_MAX, &b, err);
	if (s != DEED_OK)
		goto out;
	json = json_loadb((const char *)b.data, b.len, JSON_REJECT_DUPLICATES,
			  NULL);
	schema = json_string_value(json_object_get(json, "schema"));
	if (schema == NULL || strncmp(schema, "deed.home/", 10) != 0) {
		s = deed_error_set(err, DEED_DAMAGED,
				   "'%s' does not describe a home", h->marker);
		goto out;
	}
	if (strcmp(schema, HOME_SCHEMA) != 0)
		s = deed_error_set(err, DEED_UNSUPPORTED,
				   "home '%s' has schema '%s', expected '%s'",
				   h->root, schema, HOME_SCHEMA);
out:
	json_decref(json);
	buf_clear(&b);
	return s;
}

enum deed_status home_open(const char *path, struct home **out,
			   struct deed_error *err)
{
	struct home *h = NULL;
	enum deed_status s;

	*out = NULL;
	if (path == NULL) {
		deed_error_set(err, DEED_CONFIG,
			       "cannot tell where the home is");
		deed_error_remedy(err, "home-place", NULL);
		return DEED_CONFIG;
	}
	s = home_paths(path, &h, err);
	if (s != DEED_OK)
		return s;
	s = check_directory(h, err);
	if (s == DEED_OK)
		s = check_marker(h, err);
	if (s != DEED_OK) {
		home_close(h);
		return s;
	}
	*out = h;
	return DEED_OK;
}

enum deed_status home_check_party(const char *party, struct deed_error *err)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t len = strlen(party);

	if (len > 0 && len <= HOME_PARTY_MAX && strspn(party, first) > 0 &&
	    strspn(party, rest) == len && party[len - 1] != '.')
		return DEED_OK;
	return deed_error_set(
		err, DEED_USAGE,
		"'%.80s' is no name for a party, expected at most "
		"%d of a-z, 0-9, '.', '_', '-', beginning with a "
		"letter or digit",
		party, HOME_PARTY_MAX);
}

enum deed_status home_party_path(const char *folder, const char *party,
				 const char *suffix, char **out,
				 struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status s;

	*out = NULL;
	s = home_check_party(party, err);
	if (s != DEED_OK)
		return s;
	buf_printf(&b, "%s/%s%s", folder, party, suffix);
	*out = buf_take(&b, NULL);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}

enum deed_status home_status_path(const struct home *h, const char *party,
				  char **out, struct deed_error *err)
{
	return home_party_path(h->status, party, ".cms", out, err);
}

enum deed_status home_trust_folder(const char *path, char **out,
				   struct deed_error *err)
{
	struct home *h;
	enum deed_status s;

	*out = NULL;
	s = home_open(path, &h, err);
	if (s != DEED_OK)
		return s;
	*out = strdup(h->trust);
	home_close(h);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}
