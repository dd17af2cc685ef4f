/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/places.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/answering.h"
#include "archive/manifest.h"
#include "archive/named.h"
#include "archive/place/place.h"
#include "archive/places_json.h"
#include "base/file.h"
#include "base/lock.h"
#include "codec/json.h"

#define LOCAL "places"

/* {"schema", "needed", "places": [{"name", "place"}]}. */
static enum deed_status write_json(const char *path, const json_t *json,
				   enum outfile_mode mode,
				   struct deed_error *err)
{
	struct buf text = BUF_INIT;
	enum deed_status status = json_canonical(json, &text, err);

	buf_byte(&text, '\n');
	if (status == DEED_OK)
		status = buf_status(&text, err);
	if (status == DEED_OK)
		status = file_write(path, 0600, buf_get(&text), mode, err);
	buf_clear(&text);
	return status;
}

/* Where a run was killed in between the folders are there already, which is
 * fine (place_make). */
static enum deed_status make_local(const char *dir, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char where[32];
	const struct place_description d = { .where = where };
	struct place *p;
	int i;

	for (i = 1; i <= ARCHIVE_PLACES && status == DEED_OK; i++) {
		snprintf(where, sizeof(where), "dir:" LOCAL "/%d", i);
		status = place_open(where, &d, dir, NULL, &p, err);
		if (status == DEED_OK)
			status = place_make(p, err);
		place_close(p);
	}
	return status;
}

/* As places_add would enter them; json_pack answers NULL where a member is. */
static json_t *local_json(void)
{
	json_t *list = json_array();
	char name[16], place[32];
	const struct places_entry one = { .name = name, .place.where = place };
	int i;

	for (i = 1; i <= ARCHIVE_PLACES; i++) {
		snprintf(name, sizeof(name), "%d", i);
		snprintf(place, sizeof(place), "dir:" LOCAL "/%d", i);
		json_array_append_new(list, places_entry_write(&one));
	}
	return json_pack("{s:s, s:i, s:o}", "schema", ARCHIVE_PLACES_SCHEMA,
			 "needed", ARCHIVE_NEEDED, "places", list);
}

enum deed_status places_create(const char *dir, struct deed_error *err)
{
	char *path = path_join(dir, ARCHIVE_PLACES_FILE);
	json_t *json = local_json();
	enum deed_status status;

	if (path == NULL || json == NULL)
		status = deed_error_memory(err);
	else
		status = make_local(dir, err);
	if (status == DEED_OK)
		status = write_json(path, json, OUTFILE_NEW, err);
	json_decref(json);
	free(path);
	return status;
}

/* places.json, held against other writers. */
struct places {
	struct archive *archive; /* as it says */
	char *path;
	struct lock *lock;
	json_t *json;
};

/* The lock is held from before the file is read until it is replaced: else of
 * two that change it one would undo the other.  Close it in any case. */
static enum deed_status open_places(const char *dir,
				    const struct place_means *means,
				    unsigned wait, struct places *p,
				    struct deed_error *err)
{
	struct buf text = BUF_INIT;
	char *lock = path_join(dir, "places.lock");
	enum deed_status status;

	memset(p, 0, sizeof(*p));
	p->path = path_join(dir, ARCHIVE_PLACES_FILE);
	status = lock == NULL || p->path == NULL
			 ? deed_error_memory(err)
			 : lock_acquire(lock, wait, &p->lock, err);
	if (status == DEED_OK)
		status = archive_open(dir, means, &p->archive, err);
	if (status == DEED_OK)
		status = file_read(p->path, ARCHIVE_PLACES_SIZE, &text, err);
	if (status == DEED_OK)
		status = json_load_bounded(buf_get(&text), &p->json, err);
	buf_clear(&text);
	free(lock);
	return status;
}

/* Also after open_places has failed: what it had not come to is NULL. */
static void close_places(struct places *p)
{
	json_decref(p->json);
	archive_close(p->archive);
	lock_release(p->lock);
	free(p->path);
}

/* Are two folders one?  Links, too. */
static bool same_folder(const struct place *a, const struct place *b)
{
	const char *one = place_location(a), *other = place_location(b);

	return place_is_local(a) && place_is_local(b) &&
	       (!strcmp(one, other) || file_same(one, other));
}

/* Two names for one folder or bucket would be one that counts as two. */
static enum deed_status is_new(const struct places *p, const struct place *new,
			       const struct place_description *d,
			       struct deed_error *err)
{
	const struct archive *a = p->archive;
	struct places_list list;
	struct places_entry one;
	enum deed_status status =
		places_list_read(p->json, p->path, &list, err);

	if (status == DEED_OK && archive_place(a, place_name(new)) != NULL)
		return deed_error_set(err, DEED_EXISTS,
				      "the archive has a place '%s'",
				      place_name(new));
	for (size_t i = 0; status == DEED_OK && i < a->count; i++) {
		status = places_entry_read(&list, i, p->path, &one, err);
		if (status == DEED_OK &&
		    (same_folder(new, a->place[i]) ||
		     place_descriptions_meet(d, &one.place)))
			return deed_error_set(
				err, DEED_EXISTS, "'%s' is place '%s'",
				place_location(new), place_name(a->place[i]));
	}
	if (status == DEED_OK && a->count == ARCHIVE_PLACES_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "an archive has at most %d places",
				      ARCHIVE_PLACES_MAX);
	return status;
}

/* The JSON was read with all its members: what is there stays as it is. */
static enum deed_status enter(struct places *p, const struct places_entry *e,
			      struct deed_error *err)
{
	if (json_array_append_new(json_object_get(p->json, "places"),
				  places_entry_write(e)) != 0)
		return deed_error_memory(err);
	return write_json(p->path, p->json, OUTFILE_REPLACE, err);
}

/* Make it, and look whether it is another one.  What was made of one that is
 * not would lie in the other from then on; what was there is the other's. */
static enum deed_status make_new(const struct archive *a, struct place *place,
				 struct deed_error *err)
{
	const char *marker;
	enum deed_status status = place_make_new(place, &marker, err);

	if (status != DEED_OK)
		return status;
	status = places_tell_apart(a, place, err);
	if (status == DEED_EXISTS && marker != NULL)
		(void)!place_remove(place, PLACE_ABOUT, marker, NULL);
	return status;
}

enum deed_status places_add(const char *dir, const char *name,
			    const struct place_description *d,
			    const struct place_means *means, unsigned wait,
			    bool dry_run, struct deed_error *err)
{
	const struct places_entry e = { .name = name, .place = *d };
	struct place *place = NULL;
	struct places p;
	enum deed_status status;

	if (!places_name_valid(name))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is no name of a place: letters, "
				      "digits, '-', '.' and '_', %d at most",
				      name, MANIFEST_PLACE_NAME);
	status = place_open(name, d, dir, means, &place, err);
	if (status != DEED_OK)
		return status;
	status = open_places(dir, means, wait, &p, err);
	if (status == DEED_OK)
		status = is_new(&p, place, d, err);
	if (status == DEED_OK && !dry_run)
		status = make_new(p.archive, place, err);
	if (status == DEED_OK && !dry_run)
		status = enter(&p, &e, err);
	close_places(&p);
	place_close(place);
	return status;
}

/* Every place of a deposit has its manifest: those that answer say it for the
 * others, unless a deposit's places are all away. */
static enum deed_status is_free(struct archive *a, const char *name,
				struct deed_error *err)
{
	struct place *place = archive_place(a, name);
	enum deed_status status[ARCHIVE_PLACES_MAX];
	size_t i;

	if (place == NULL)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "the archive has no place '%s'", name);
	if (a->count - 1 < a->needed)
		return deed_error_set(err, DEED_REFUSED,
				      "a deposit needs %u places", a->needed);
	answering_probe(a, status, NULL);
	for (i = 0; i < a->count; i++)
		if (status[i] != DEED_OK)
			return deed_error_set(
				err, DEED_REFUSED,
				"place '%s' does not answer: what "
				"its manifests name is unknown",
				place_name(a->place[i]));
	return named_nowhere(a, place, err);
}

/* From the end, as what is removed moves those behind it. */
static void take_out(json_t *list, const char *name)
{
	size_t i;

	for (i = json_array_size(list); i-- > 0;) {
		const char *one =
			json_get_string(json_array_get(list, i), "name");

		if (one != NULL && !strcmp(one, name))
			(void)json_array_remove(list, i);
	}
}

enum deed_status places_remove(const char *dir, const char *name,
			       const struct place_means *means, unsigned wait,
			       bool dry_run, struct deed_error *err)
{
	struct places p;
	enum deed_status status = open_places(dir, means, wait, &p, err);

	if (status == DEED_OK)
		status = is_free(p.archive, name, err);
	if (status == DEED_OK && !dry_run) {
		take_out(json_object_get(p.json, "places"), name);
		status = write_json(p.path, p.json, OUTFILE_REPLACE, err);
	}
	close_places(&p);
	return status;
}
