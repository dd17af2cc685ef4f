/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/heads_trust.h"

#include <errno.h>
#include <stdlib.h>

#include "base/file.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "trust/held_list.h"

/* The two files of a list, and what the heads call them. */
static const struct {
	const char *suffix, *label;
} kinds[] = { { HELD_STATEMENT, HEADS_TRUST_LIST },
	      { HELD_NOTE, HEADS_TRUST_NOTE } };
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

enum deed_status heads_trust_folder(const struct home *h, char **out,
				    struct deed_error *err)
{
	char *path = path_join(h->trust, HELD_FOLDER);

	*out = path == NULL ? NULL : realpath(path, NULL);
	if (path == NULL)
		return deed_error_memory(err);
	free(path);
	return *out != NULL || errno == ENOENT
		       ? DEED_OK
		       : deed_error_errno(err, errno,
					  "cannot find '%s/" HELD_FOLDER "'",
					  h->trust);
}

/* NULL where the file is none of a list; else its kind's label. */
static const char *name_of(const char *folder, const char *target,
			   char name[HELD_NAME_MAX + 1])
{
	size_t dir = folder == NULL ? 0 : strlen(folder), i, len, end;
	const char *file = target + dir + 1;

	if (dir == 0 || strncmp(target, folder, dir) != 0 ||
	    target[dir] != '/' || strchr(file, '/') != NULL)
		return NULL;
	len = strlen(file);
	for (i = 0; i < KINDS; i++) {
		end = strlen(kinds[i].suffix);
		if (len <= end || len - end > HELD_NAME_MAX ||
		    strcmp(file + len - end, kinds[i].suffix) != 0)
			continue;
		memcpy(name, file, len - end);
		name[len - end] = '\0';
		return kinds[i].label;
	}
	return NULL;
}

bool heads_trust_concerns(const char *folder, const char *target)
{
	char name[HELD_NAME_MAX + 1];

	return name_of(folder, target, name) != NULL;
}

/* Statement and note under one limit, which is that of the larger. */
static enum deed_status hash_file(const char *path, uint8_t hash[SHA256_SIZE],
				  struct deed_error *err)
{
	struct buf bytes = BUF_INIT;
	enum deed_status status =
		file_read(path, HELD_STATEMENT_MAX, &bytes, err);

	if (status == DEED_OK)
		sha256(buf_get(&bytes), hash);
	buf_clear(&bytes);
	return status;
}

/* The object under a name, made where there is none. */
static json_t *member(json_t *object, const char *name)
{
	json_t *found = json_object_get(object, name);

	if (found == NULL &&
	    json_object_set_new(object, name, json_object()) == 0)
		found = json_object_get(object, name);
	return found;
}

/* member takes and gives NULL, so that want of memory is found once, at the
 * end. */
static enum deed_status set(json_t *heads, const char *name, const char *label,
			    const char *path, struct deed_error *err)
{
	json_t *list = member(member(heads, HEADS_TRUST), name);
	uint8_t hash[SHA256_SIZE];
	enum deed_status status = hash_file(path, hash, err);

	if (status == DEED_OK &&
	    json_object_set_new(list, label, json_sha256(hash)) != 0)
		status = deed_error_memory(err);
	return status;
}

/* What is empty then goes with it. */
static void forget(json_t *heads, const char *name, const char *label)
{
	json_t *trust = json_object_get(heads, HEADS_TRUST);
	json_t *list = json_object_get(trust, name);

	(void)json_object_del(list, label);
	if (list != NULL && json_object_size(list) == 0)
		(void)json_object_del(trust, name);
	if (trust != NULL && json_object_size(trust) == 0)
		(void)json_object_del(heads, HEADS_TRUST);
}

enum deed_status heads_trust_apply(json_t *heads, const char *folder,
				   const struct event_change *change,
				   struct deed_error *err)
{
	char name[HELD_NAME_MAX + 1];
	const char *label = name_of(folder, change->target, name);

	if (label == NULL)
		return DEED_OK;
	if (change->path != NULL)
		return set(heads, name, label, change->path, err);
	forget(heads, name, label);
	return DEED_OK;
}

/* The path of one file of a list. */
static char *path_of(const struct home *h, const char *name, size_t kind)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s/" HELD_FOLDER "/%s%s", h->trust, name,
		   kinds[kind].suffix);
	return buf_take(&b, NULL);
}

/* A list of which one file lacks has the other's hash alone, and so differs
 * from what was said. */
static enum deed_status build_one(const struct home *h, json_t *heads,
				  const char *name, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < KINDS; i++) {
		char *path = path_of(h, name, i);

		if (path == NULL)
			status = deed_error_memory(err);
		else if (file_exists(path))
			status = set(heads, name, kinds[i].label, path, err);
		free(path);
	}
	return status;
}

enum deed_status heads_trust_build(const struct home *h, json_t *heads,
				   struct deed_error *err)
{
	char **names = NULL;
	size_t i, count = 0;
	enum deed_status status =
		held_list_names(h->trust, &names, &count, err);

	for (i = 0; i < count; i++) {
		if (status == DEED_OK)
			status = build_one(h, heads, names[i], err);
		free(names[i]);
	}
	free(names);
	return status;
}
