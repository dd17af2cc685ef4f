/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/place.h"

#include <stdlib.h>

#include "archive/place/backend.h"
#include "base/file.h"

struct place {
	const struct place_backend *backend;
	char *name;
	char *where;
};

static bool name_valid(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

	return len > 0 && len <= PLACE_NAME && name[len] == '\0' &&
	       name[0] != '.';
}

static enum deed_status check_name(const char *folder, const char *name,
				   struct deed_error *err)
{
	if (name_valid(folder) && (name == NULL || name_valid(name)))
		return DEED_OK;
	return deed_error_set(err, DEED_MALFORMED,
			      "'%s/%s' is no name of an object", folder,
			      name == NULL ? "" : name);
}

enum deed_status place_open(const char *name, const char *description,
			    const char *base, struct place **out,
			    struct deed_error *err)
{
	struct place *p;

	*out = NULL;
	if (strncmp(description, "dir:", 4) || description[4] == '\0')
		return deed_error_set(err, DEED_CONFIG,
				      "'%s' is no place: expected dir:PATH",
				      description);
	description += 4;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return deed_error_memory(err);
	p->backend = &place_directory;
	p->name = strdup(name);
	p->where = description[0] == '/' ? strdup(description)
					 : path_join(base, description);
	if (p->name == NULL || p->where == NULL) {
		place_close(p);
		return deed_error_memory(err);
	}
	*out = p;
	return DEED_OK;
}

void place_close(struct place *p)
{
	if (p == NULL)
		return;
	free(p->name);
	free(p->where);
	free(p);
}

const char *place_name(const struct place *p)
{
	return p->name;
}

const char *place_location(const struct place *p)
{
	return p->where;
}

/* 32 digits: no place has another folder. */
static bool is_deposit(const char *name)
{
	return strspn(name, "0123456789abcdef") == 32 && name[32] == '\0';
}

/* A place_fn: one name of an archive is enough. */
static enum deed_status stop(void *arg, const char *name,
			     struct deed_error *err)
{
	bool *found = arg;

	(void)err;
	if (!is_deposit(name) && strcmp(name, PLACE_ABOUT) != 0)
		return DEED_OK;
	*found = true;
	return DEED_NO;
}

enum deed_status place_probe(struct place *p, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	bool found = false;
	enum deed_status status =
		p->backend->list(p->where, NULL, stop, &found, &why);

	if (found)
		return DEED_OK;
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status == DEED_OK)
		return deed_error_set(err, DEED_REMOTE,
				      "does not answer: '%s' has nothing of "
				      "an archive in it, as where a disk is "
				      "not mounted",
				      p->where);
	return deed_error_set(err, DEED_REMOTE, "does not answer: %s",
			      why.message);
}

enum deed_status place_make(struct place *p, struct deed_error *err)
{
	return p->backend->make(p->where, err);
}

enum deed_status place_put(struct place *p, const char *folder,
			   const char *name, struct slice bytes,
			   struct deed_error *err)
{
	enum deed_status status = check_name(folder, name, err);

	if (status == DEED_OK)
		status = p->backend->put(p->where, folder, name, bytes, err);
	return status;
}

enum deed_status place_sync(struct place *p, struct deed_error *err)
{
	return p->backend->sync(p->where, err);
}

enum deed_status place_get(struct place *p, const char *folder,
			   const char *name, size_t max, struct buf *out,
			   struct deed_error *err)
{
	enum deed_status status = check_name(folder, name, err);

	if (status == DEED_OK)
		status = p->backend->get(p->where, folder, name, max, out, err);
	return status;
}

bool place_has(struct place *p, const char *folder, const char *name)
{
	return check_name(folder, name, NULL) == DEED_OK &&
	       p->backend->has(p->where, folder, name);
}

enum deed_status place_remove(struct place *p, const char *folder,
			      const char *name, struct deed_error *err)
{
	enum deed_status status = check_name(folder, name, err);

	if (status == DEED_OK)
		status = p->backend->remove(p->where, folder, name, err);
	return status;
}

enum deed_status place_remove_folder(struct place *p, const char *folder,
				     struct deed_error *err)
{
	enum deed_status status = check_name(folder, NULL, err);

	if (status == DEED_OK)
		status = p->backend->remove_folder(p->where, folder, err);
	return status;
}

enum deed_status place_list(struct place *p, const char *folder, place_fn *fn,
			    void *arg, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (folder != NULL)
		status = check_name(folder, NULL, err);
	if (status == DEED_OK)
		status = p->backend->list(p->where, folder, fn, arg, err);
	return status;
}
