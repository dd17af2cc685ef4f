/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keystore.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "keystore/keystore_priv.h"

/* Names, directories and certificates of a keystore. */

#define OWNER_MAX 64

static const char *const roles[KEYSTORE_ROLE_COUNT] = { "signature", "deposit",
							"register", "issuing",
							"root" };

const char *keystore_role_name(enum keystore_role role)
{
	assert(role >= 0 && role < KEYSTORE_ROLE_COUNT);
	return roles[role];
}

/* Only for names of files: a file of any other name is none of the keystore's,
 * and passed over. */
static bool keystore_role_from_name(const char *name, enum keystore_role *out)
{
	int i;

	for (i = 0; i < KEYSTORE_ROLE_COUNT; i++) {
		if (!strcmp(roles[i], name)) {
			*out = (enum keystore_role)i;
			return true;
		}
	}
	return false;
}

bool keystore_role_decrypts(enum keystore_role role)
{
	return role == KEYSTORE_DEPOSIT || role == KEYSTORE_REGISTER;
}

/* Such a name is a folder's too: no slash, and no dot in front, so that it can
 * neither lead elsewhere nor be hidden. */
static bool is_owner(const char *owner)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t len = strlen(owner);

	return len > 0 && len <= OWNER_MAX && strchr(first, owner[0]) != NULL &&
	       strspn(owner, "abcdefghijklmnopqrstuvwxyz0123456789._-") == len;
}

enum deed_status keystore_check_owner(const char *owner, struct deed_error *err)
{
	if (is_owner(owner))
		return DEED_OK;
	return deed_error_set(err, DEED_USAGE,
			      "'%s' is no name of a party: 1 to %d of a-z, "
			      "0-9, '.', '_', '-', beginning with a letter or "
			      "digit",
			      owner, OWNER_MAX);
}

enum deed_status keystore_open(const char *dir, struct keystore **out,
			       struct deed_error *err)
{
	struct keystore *ks;
	struct stat st;

	*out = NULL;
	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
		return deed_error_set(err, DEED_NOT_FOUND,
				      "there is no keystore '%s'", dir);
	ks = calloc(1, sizeof(*ks));
	if (ks != NULL)
		ks->dir = strdup(dir);
	if (ks == NULL || ks->dir == NULL) {
		keystore_close(ks);
		return deed_error_memory(err);
	}
	*out = ks;
	return DEED_OK;
}

enum deed_status keystore_create(const char *dir, struct deed_error *err)
{
	enum deed_status status = file_mkdirs(dir, 0700, err);

	return status == DEED_OK ? keystore_create_services(dir, err) : status;
}

void keystore_close(struct keystore *ks)
{
	if (ks == NULL)
		return;
	free(ks->dir);
	free(ks);
}

char *keystore_path(const struct keystore *ks, const char *owner,
		    enum keystore_role role, unsigned number,
		    const char *suffix)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s/%s/%s-%u.%s", ks->dir, owner,
		   keystore_role_name(role), number, suffix);
	return buf_take(&b, NULL);
}

/* "ROLE-N.key", ".uri" and ".pem"; N without leading zero. */
static bool read_name(const char *name, struct generation *out)
{
	char role[16], suffix[8], again[64];

	*out = (struct generation){ .number = 0 };
	if (sscanf(name, "%15[a-z]-%4u.%7s", role, &out->number, suffix) != 3 ||
	    out->number == 0 || !keystore_role_from_name(role, &out->role))
		return false;
	(void)snprintf(again, sizeof(again), "%s-%u.%s", role, out->number,
		       suffix);
	out->key = !strcmp(suffix, "key");
	out->chain = !strcmp(suffix, "pem");
	out->token = !strcmp(suffix, "uri");
	return !strcmp(name, again) && (out->key || out->chain || out->token);
}

/* Files of one generation are one item. */
static bool merge(struct generation_list *l, const struct generation *g)
{
	struct generation *items;
	size_t i;

	for (i = 0; i < l->count; i++) {
		items = &l->items[i];
		if (items->role == g->role && items->number == g->number) {
			items->key |= g->key;
			items->chain |= g->chain;
			items->token |= g->token;
			return true;
		}
	}
	items = reallocarray(l->items, l->count + 1, sizeof(*items));
	if (items == NULL)
		return false;
	l->items = items;
	items[l->count++] = *g;
	return true;
}

/* By role and then number: keystore_newest relies on the last one being the
 * highest. */
static int compare(const void *a, const void *b)
{
	const struct generation *x = a, *y = b;

	if (x->role != y->role)
		return x->role < y->role ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* Other files are passed over, such as temporaries of a run that was cut
 * short. errno tells an error of readdir from its end. */
static enum deed_status scan_dir(DIR *dir, const char *path,
				 struct generation_list *out,
				 struct deed_error *err)
{
	struct generation g;
	struct dirent *e;

	for (;;) {
		errno = 0;
		e = readdir(dir);
		if (e == NULL)
			break;
		if (read_name(e->d_name, &g) && !merge(out, &g))
			return deed_error_memory(err);
	}
	if (errno != 0)
		return deed_error_errno(err, errno, "cannot read '%s'", path);
	if (out->count > 0)
		qsort(out->items, out->count, sizeof(*out->items), compare);
	return DEED_OK;
}

/* An owner without a folder has no keys, which is no failure. */
enum deed_status keystore_scan(const struct keystore *ks, const char *owner,
			       struct generation_list *out,
			       struct deed_error *err)
{
	enum deed_status status;
	char *path;
	DIR *dir;

	*out = (struct generation_list){ NULL, 0 };
	status = keystore_check_owner(owner, err);
	if (status != DEED_OK)
		return status;
	path = path_join(ks->dir, owner);
	if (path == NULL)
		return deed_error_memory(err);
	dir = opendir(path);
	if (dir != NULL)
		status = scan_dir(dir, path, out, err);
	else if (errno != ENOENT && errno != ENOTDIR)
		status = deed_error_errno(err, errno, "cannot read '%s'", path);
	if (dir != NULL)
		(void)closedir(dir);
	free(path);
	if (status != DEED_OK) {
		free(out->items);
		*out = (struct generation_list){ NULL, 0 };
	}
	return status;
}

unsigned keystore_newest(const struct generation_list *l,
			 enum keystore_role role)
{
	unsigned newest = 0;
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (l->items[i].role == role &&
		    (l->items[i].key || l->items[i].token))
			newest = l->items[i].number;
	}
	return newest;
}

/* Of the newest key; of generation 1 where the key is elsewhere. */
static enum deed_status chain_path(const struct keystore *ks, const char *owner,
				   enum keystore_role role, char **out,
				   struct deed_error *err)
{
	struct generation_list l;
	enum deed_status status;
	unsigned number;

	*out = NULL;
	status = keystore_scan(ks, owner, &l, err);
	if (status != DEED_OK)
		return status;
	number = keystore_newest(&l, role);
	free(l.items);
	*out = keystore_path(ks, owner, role, number > 0 ? number : 1, "pem");
	return *out != NULL ? DEED_OK : deed_error_memory(err);
}

enum deed_status keystore_chain(const struct keystore *ks, const char *owner,
				enum keystore_role role, struct cert_list *out,
				struct deed_error *err)
{
	struct buf file = BUF_INIT;
	enum deed_status status;
	char *path;

	status = chain_path(ks, owner, role, &path, err);
	if (status != DEED_OK)
		return status;
	if (file_exists(path)) {
		status = file_read(path, KEYSTORE_CHAIN_MAX, &file, err);
		if (status == DEED_OK)
			status = cert_list_load(out, buf_get(&file), path, err);
	}
	buf_clear(&file);
	free(path);
	return status;
}

enum deed_status keystore_chain_path(struct keystore *ks, const char *owner,
				     enum keystore_role role, char **out,
				     struct deed_error *err)
{
	enum deed_status status;
	char *dir;

	status = chain_path(ks, owner, role, out, err);
	if (status != DEED_OK)
		return status;
	dir = path_dir(*out);
	status = dir != NULL ? file_mkdirs(dir, 0700, err)
			     : deed_error_memory(err);
	free(dir);
	if (status != DEED_OK) {
		free(*out);
		*out = NULL;
	}
	return status;
}

enum deed_status keystore_set_chain(struct keystore *ks, const char *owner,
				    enum keystore_role role,
				    const struct cert_list *chain,
				    struct deed_error *err)
{
	struct buf file = BUF_INIT;
	enum deed_status status;
	char *path;
	size_t i;

	status = keystore_chain_path(ks, owner, role, &path, err);
	if (status != DEED_OK)
		return status;
	for (i = 0; i < chain->count; i++)
		cert_pem(chain->items[i], &file);
	status = buf_status(&file, err);
	if (status == DEED_OK)
		status = file_write(path, 0644, buf_get(&file), OUTFILE_REPLACE,
				    err);
	buf_clear(&file);
	free(path);
	return status;
}
