/* SPDX-License-Identifier: Apache-2.0 */
#include "keystore/keystore.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>

#include "keystore/keystore_priv.h"

/* What a keystore has, of one owner or of all. */

void keystore_list_clear(struct keystore_list *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		free(l->items[i].owner);
		free(l->items[i].key_path);
		free(l->items[i].public_path);
		free(l->items[i].chain_path);
	}
	free(l->items);
	*l = (struct keystore_list){ NULL, 0 };
}

/* Counted before it is complete, so that the list frees what was allocated of
 * it. */
static enum deed_status add_entry(const struct keystore *ks, const char *owner,
				  const struct generation *g, bool newest,
				  struct keystore_list *out,
				  struct deed_error *err)
{
	struct keystore_entry *e, *items;

	items = reallocarray(out->items, out->count + 1, sizeof(*items));
	if (items == NULL)
		return deed_error_memory(err);
	out->items = items;
	e = &items[out->count++];
	*e = (struct keystore_entry){ .owner = strdup(owner),
				      .role = g->role,
				      .generation = g->number,
				      .newest = newest,
				      .has_key = g->key,
				      .on_token = g->token && !g->key };
	e->key_path = keystore_path(ks, owner, g->role, g->number,
				    e->on_token ? "uri" : "key");
	e->public_path = keystore_path(ks, owner, g->role, g->number, "pub");
	e->chain_path = keystore_path(ks, owner, g->role, g->number, "pem");
	if (e->owner == NULL || e->key_path == NULL || e->public_path == NULL ||
	    e->chain_path == NULL)
		return deed_error_memory(err);
	return DEED_OK;
}

/* Certificates without any key are in use as well: their key is elsewhere, and
 * newest is then 0. */
static enum deed_status list_owner(const struct keystore *ks, const char *owner,
				   struct keystore_list *out,
				   struct deed_error *err)
{
	struct generation_list l;
	enum deed_status status;
	unsigned newest;
	size_t i;

	status = keystore_scan(ks, owner, &l, err);
	for (i = 0; status == DEED_OK && i < l.count; i++) {
		newest = keystore_newest(&l, l.items[i].role);
		status = add_entry(ks, owner, &l.items[i],
				   newest == 0 || newest == l.items[i].number,
				   out, err);
	}
	free(l.items);
	return status;
}

/* Some file systems do not say what an entry is: only what is surely a file is
 * left out, and the scan of anything else finds nothing. */
static int owner_filter(const struct dirent *e)
{
	return keystore_check_owner(e->d_name, NULL) == DEED_OK &&
	       e->d_type != DT_REG;
}

enum deed_status keystore_list(const struct keystore *ks, const char *owner,
			       struct keystore_list *out,
			       struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct dirent **names = NULL;
	int count, i;

	*out = (struct keystore_list){ NULL, 0 };
	if (owner != NULL) {
		status = list_owner(ks, owner, out, err);
	} else {
		count = scandir(ks->dir, &names, owner_filter, alphasort);
		if (count < 0)
			return deed_error_errno(err, errno, "cannot read '%s'",
						ks->dir);
		for (i = 0; i < count; i++) {
			if (status == DEED_OK)
				status = list_owner(ks, names[i]->d_name, out,
						    err);
			free(names[i]);
		}
		free(names);
	}
	if (status != DEED_OK)
		keystore_list_clear(out);
	return status;
}
