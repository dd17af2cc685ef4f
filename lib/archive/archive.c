/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/archive.h"

#include <jansson.h>
#include <stdlib.h>

#include "archive/answering.h"
#include "archive/place/place.h"
#include "archive/places_json.h"
#include "base/file.h"
#include "codec/json.h"

/* One folder as it is written: a mount that hangs is not asked. */
static bool same_place(const struct place *a, const struct place_description *d,
		       const struct place *b, const struct place_description *e)
{
	return (place_is_local(a) && place_is_local(b) &&
		!strcmp(place_location(a), place_location(b))) ||
	       place_descriptions_meet(d, e);
}

/* A place that counts as two has two parts of what it alone keeps. */
static enum deed_status is_another(const struct archive *a,
				   const struct places_entry *entry,
				   const char *path, struct deed_error *err)
{
	const struct place *new = a->place[a->count];

	for (size_t i = 0; i < a->count; i++) {
		if (!strcmp(entry[i].name, entry[a->count].name))
			return deed_error_set(err, DEED_CONFIG,
					      "'%s' has two places '%s'", path,
					      entry[i].name);
		if (same_place(a->place[i], &entry[i].place, new,
			       &entry[a->count].place))
			return deed_error_set(err, DEED_CONFIG,
					      "'%s': place '%s' is place '%s'",
					      path, entry[a->count].name,
					      entry[i].name);
	}
	return DEED_OK;
}

/* a->count grows with each place that is open, so that archive_close closes
 * what was opened before one failed. */
static enum deed_status open_places(struct archive *a, json_t *json,
				    const struct place_means *means,
				    const char *path, struct deed_error *err)
{
	struct places_list list;
	struct places_entry entry[ARCHIVE_PLACES_MAX];
	enum deed_status status = places_list_read(json, path, &list, err);

	a->needed = list.needed;
	for (size_t i = 0; i < list.count && status == DEED_OK; i++) {
		status = places_entry_read(&list, i, path, &entry[i], err);
		if (status == DEED_OK)
			status = place_open(entry[i].name, &entry[i].place,
					    a->dir, means, &a->place[i], err);
		if (status == DEED_OK) {
			status = is_another(a, entry, path, err);
			a->count++;
		}
	}
	return status;
}

/* The file is small and bounded: it is read whole, and what the entries borrow
 * from the JSON place_open copies. */
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
