/* SPDX-License-Identifier: Apache-2.0 */
#include "office/home.h"

#include <errno.h>
#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* The marker is a few hundred bytes. */
#define MARKER_MAX 65536

/* Each path below the root: all of them are made here, and freed. */
#define AT(field) offsetof(struct home, field)
static const struct {
	size_t field, parent;
	const char *name;
} paths[] = {
	{ AT(marker), AT(root), "home.json" },
	{ AT(keystore), AT(root), "keystore" },
	{ AT(identity), AT(root), "identity" },
	{ AT(box), AT(identity), "box" },
	{ AT(status), AT(identity), "status" },
	{ AT(statuses), AT(identity), "statuses" },
	{ AT(parties), AT(identity), "party" },
	{ AT(attestations), AT(identity), "attestations" },
	{ AT(archive), AT(root), "archive" },
	{ AT(audit), AT(root), "audit" },
	{ AT(trust), AT(root), "trust" },
	{ AT(ca), AT(root), "ca" },
	{ AT(ca_root), AT(ca), "root.cer" },
	{ AT(ca_issuing), AT(ca), "issuing.cer" },
	{ AT(ca_root_crl), AT(ca), "root.crl" },
	{ AT(ca_issuing_crl), AT(ca), "issuing.crl" },
	{ AT(ca_issued), AT(ca), "issued" },
	{ AT(ca_revoked), AT(ca), "revoked" },
};
#define PATHS (sizeof(paths) / sizeof(paths[0]))
#undef AT

static char **path_at(struct home *h, size_t offset)
{
	return (char **)((char *)h + offset);
}

void home_close(struct home *h)
{
	if (h == NULL)
		return;
	free(h->root);
	for (size_t i = 0; i < PATHS; i++)
		free(*path_at(h, paths[i].field));
	free(h);
}

/* The home outlives a change of the working directory.  No link is resolved:
 * messages name the path as it was given. */
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

/* The table has each parent before its children, so that one pass suffices.
 * What fails half way is freed by home_close, for which calloc left the rest
 * NULL. */
static bool name_paths(struct home *h)
{
	for (size_t i = 0; i < PATHS; i++) {
		char **field = path_at(h, paths[i].field);

		*field = path_join(*path_at(h, paths[i].parent), paths[i].name);
		if (*field == NULL)
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
	enum deed_status status = DEED_OK;

	for (size_t i = 0;
	     status == DEED_OK && i < sizeof(dirs) / sizeof(dirs[0]); i++)
		status = file_mkdirs(dirs[i], 0700, err);
	return status;
}

/* A home that others can write to, or that belongs to another, would be
 * trusted with what they put there. */
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

/* Of another edition nothing is guessed: a later deed may have moved what this
 * one would write. */
static enum deed_status check_marker(const struct home *h,
				     struct deed_error *err)
{
	struct buf b = BUF_INIT;
	json_t *json = NULL;
	const char *schema;
	enum deed_status status;

	status = file_read(h->marker, MARKER_MAX, &b, err);
	if (status != DEED_OK)
		goto out;
	json = json_loadb((const char *)b.data, b.len, JSON_REJECT_DUPLICATES,
			  NULL);
	schema = json_string_value(json_object_get(json, "schema"));
	if (schema == NULL || strncmp(schema, "deed.home/", 10) != 0) {
		status = deed_error_set(err, DEED_DAMAGED,
					"'%s' does not describe a home",
					h->marker);
		goto out;
	}
	if (strcmp(schema, HOME_SCHEMA) != 0)
		status = deed_error_set(
			err, DEED_UNSUPPORTED,
			"home '%s' has schema '%s', expected '%s'", h->root,
			schema, HOME_SCHEMA);
out:
	json_decref(json);
	buf_clear(&b);
	return status;
}

/* Whose it is and who may enter is asked before anything in it is read. */
enum deed_status home_open(const char *path, struct home **out,
			   struct deed_error *err)
{
	struct home *h = NULL;
	enum deed_status status;

	*out = NULL;
	if (path == NULL) {
		deed_error_set(err, DEED_CONFIG,
			       "cannot tell where the home is");
		deed_error_remedy(err, "home-place", NULL);
		return DEED_CONFIG;
	}
	status = home_paths(path, &h, err);
	if (status != DEED_OK)
		return status;
	status = check_directory(h, err);
	if (status == DEED_OK)
		status = check_marker(h, err);
	if (status != DEED_OK) {
		home_close(h);
		return status;
	}
	*out = h;
	return DEED_OK;
}

/* Without a slash, and without a full stop at the beginning, no handle leads
 * out of its folder, and names with one stay free for locks and temporaries.
 */
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
	enum deed_status status;

	*out = NULL;
	status = home_check_party(party, err);
	if (status != DEED_OK)
		return status;
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
	enum deed_status status;

	*out = NULL;
	status = home_open(path, &h, err);
	if (status != DEED_OK)
		return status;
	*out = strdup(h->trust);
	home_close(h);
	return *out == NULL ? deed_error_memory(err) : DEED_OK;
}
