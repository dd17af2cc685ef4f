/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/places.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/describe.h"
#include "archive/manifest.h"
#include "archive/named.h"
#include "archive/place/place.h"
#include "base/file.h"
#include "base/lock.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/random.h"

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

static json_t *local_json(void)
{
	json_t *list = json_array();
	char name[16], place[32];
	const struct place_description d = { .where = place };
	int i;

	for (i = 1; i <= ARCHIVE_PLACES; i++) {
		snprintf(name, sizeof(name), "%d", i);
		snprintf(place, sizeof(place), "dir:" LOCAL "/%d", i);
		json_array_append_new(list, places_described(name, &d));
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

static void close_places(struct places *p)
{
	json_decref(p->json);
	archive_close(p->archive);
	lock_release(p->lock);
	free(p->path);
}

static bool name_valid(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");

	return len > 0 && len <= MANIFEST_PLACE_NAME && name[len] == '\0' &&
	       name[0] != '.' && name[0] != '-';
}

/* Two names for one folder would be one disk that counts as two. */
static enum deed_status is_new(const struct archive *a, const struct place *p,
			       struct deed_error *err)
{
	const char *where = place_location(p);
	size_t i;

	if (archive_place(a, place_name(p)) != NULL)
		return deed_error_set(err, DEED_EXISTS,
				      "the archive has a place '%s'",
				      place_name(p));
	for (i = 0; i < a->count; i++) {
		const char *other = place_location(a->place[i]);

		if (!strcmp(where, other) || file_same(where, other))
			return deed_error_set(err, DEED_EXISTS,
					      "'%s' is place '%s'", where,
					      place_name(a->place[i]));
	}
	if (a->count == ARCHIVE_PLACES_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "an archive has at most %d places",
				      ARCHIVE_PLACES_MAX);
	return DEED_OK;
}

enum deed_status places_add(const char *dir, const char *name,
			    const struct place_description *d,
			    const struct place_means *means, unsigned wait,
			    bool dry_run, struct deed_error *err)
{
	struct place *place = NULL;
	struct places p;
	enum deed_status status;

	if (!name_valid(name))
		return deed_error_set(err, DEED_USAGE,
				      "'%s' is no name of a place: letters, "
				      "digits, '-', '.' and '_', %d at most",
				      name, MANIFEST_PLACE_NAME);
	status = place_open(name, d, dir, means, &place, err);
	if (status != DEED_OK)
		return status;
	status = open_places(dir, means, wait, &p, err);
	if (status == DEED_OK)
		status = is_new(p.archive, place, err);
	if (status == DEED_OK && !dry_run)
		status = place_make(place, err);
	if (status == DEED_OK && !dry_run) {
		json_t *one = places_described(name, d);

		if (json_array_append_new(json_object_get(p.json, "places"),
					  one) != 0)
			status = deed_error_memory(err);
		if (status == DEED_OK)
			status = write_json(p.path, p.json, OUTFILE_REPLACE,
					    err);
	}
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
	size_t i;

	if (place == NULL)
		return deed_error_set(err, DEED_NOT_FOUND,
				      "the archive has no place '%s'", name);
	if (a->count - 1 < a->needed)
		return deed_error_set(err, DEED_REFUSED,
				      "a deposit needs %u places", a->needed);
	for (i = 0; i < a->count; i++)
		if (place_probe(a->place[i], NULL) != DEED_OK)
			return deed_error_set(
				err, DEED_REFUSED,
				"place '%s' does not answer: what "
				"its manifests name is unknown",
				place_name(a->place[i]));
	return named_nowhere(a, place, err);
}

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

#define TEST_NAME "object"
#define TEST_SIZE 65536
#define TEST_ID 16 /* bytes, in the name of the folder */

/* In a folder of its own, which nobody can have put there before: what else
 * lies at the place is not touched. */
static enum deed_status round_trip(struct place *p, struct slice bytes,
				   struct deed_error *err)
{
	char folder[2 * TEST_ID + 8] = "test-";
	struct buf back = BUF_INIT;
	enum deed_status status;

	hex_text(slice_of(bytes.data, TEST_ID), folder + strlen(folder));
	status = place_put(p, folder, TEST_NAME, bytes, err);
	if (status == DEED_OK)
		status = place_sync(p, err);
	if (status == DEED_OK)
		status = place_get(p, folder, TEST_NAME, bytes.len, &back, err);
	if (status == DEED_OK && !slice_equal(buf_get(&back), bytes))
		status = deed_error_set(err, DEED_DAMAGED,
					"what was written comes back changed");
	(void)!place_remove(p, folder, TEST_NAME, NULL);
	(void)!place_remove_folder(p, folder, NULL);
	buf_clear(&back);
	return status;
}

enum deed_status places_test(struct place *p, struct deed_error *err)
{
	uint8_t *bytes = malloc(TEST_SIZE);
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	if (bytes == NULL)
		return deed_error_memory(err);
	/* Nothing is made where nothing is: the disk may not be mounted. */
	status = place_probe(p, &why);
	if (status == DEED_OK)
		status = random_bytes(bytes, TEST_SIZE, &why);
	if (status == DEED_OK)
		status = round_trip(p, slice_of(bytes, TEST_SIZE), &why);
	free(bytes);
	if (status == DEED_OK)
		return DEED_OK;
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	return deed_error_set(err, DEED_REMOTE, "place '%s': %s", place_name(p),
			      why.message);
}
