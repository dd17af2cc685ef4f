/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/archive.h"

#include <jansson.h>
#include <stdlib.h>

#include "archive/answering.h"
#include "archive/place/place.h"
#include "archive/places_json.h"
#include "base/file.h"
#include "codec/json.h"

static enum deed_status open_places(struct archive *a, json_t *json,
				    const struct place_means *means,
				    const char *path, struct deed_error *err)
{
	struct places_list list;
	struct places_entry one;
	enum deed_status status = places_list_read(json, path, &list, err);

	a->needed = list.needed;
	for (size_t i = 0; i < list.count && status == DEED_OK; i++) {
		status = places_entry_read(&list, i, path, &one, err);
		if (status == DEED_OK)
			status = place_open(one.name, &one.place, a->dir, means,
					    &a->place[i], err);
		if (status == DEED_OK)
			a->count++;
	}
	return status;
}

static enum deed_status read_places(struct archive *a, const char *path,
				    const struct place_means *means,
				    struct deed_error *err)
{
	struct buf text = BUF_INIT;
	json_t *json = NULL;
	enum deed_status status;

	status = file_read(path, ARCHIVE_PLACES_SIZE, &text, err);
	if (status == DEED_OK)
		status = json_load_bounded(buf_get(&text), &json, err);
	if (status == DEED_OK)
		status = open_places(a, json, means, path, err);
	json_decref(json);
	buf_clear(&text);
	return status;
}

enum deed_status archive_open_list(const char *path,
				   const struct place_means *means,
				   struct archive **out, struct deed_error *err)
{
	struct archive *a = calloc(1, sizeof(*a));
	enum deed_status status = DEED_OK;

	*out = NULL;
	if (a == NULL)
		return deed_error_memory(err);
	a->dir = path_dir(path);
	if (a->dir == NULL)
		status = deed_error_memory(err);
	if (status == DEED_OK)
		status = read_places(a, path, means, err);
	if (status != DEED_OK) {
		archive_close(a);
		return status;
	}
	*out = a;
	return DEED_OK;
}

enum deed_status archive_open(const char *dir, const struct place_means *means,
			      struct archive **out, struct deed_error *err)
{
	char *path = path_join(dir, ARCHIVE_PLACES_FILE);
	enum deed_status status;

	*out = NULL;
	if (path == NULL)
		return deed_error_memory(err);
	status = archive_open_list(path, means, out, err);
	free(path);
	return status;
}

void archive_close(struct archive *a)
{
	size_t i;

	if (a == NULL)
		return;
	for (i = 0; i < a->count; i++)
		place_close(a->place[i]);
	free(a->dir);
	free(a);
}

struct place *archive_place(const struct archive *a, const char *name)
{
	size_t i;

	for (i = 0; i < a->count; i++)
		if (!strcmp(place_name(a->place[i]), name))
			return a->place[i];
	return NULL;
}

bool archive_reach(const struct archive *a)
{
	enum deed_status status[ARCHIVE_PLACES_MAX];
	size_t i;

	answering_probe(a, status, NULL);
	for (i = 0; i < a->count; i++)
		if (status[i] == DEED_OK)
			return true;
	return false;
}
