/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "archive/archive.h"
#include "archive/health/deleted.h"
#include "archive/object.h"
#include "archive/place/backend.h"

/* A place that keeps versions of manifests: of each one that is whole, and
 * markers over it. */
#define OBJECTS 50
#define FOLDER "00aa00000000000000000000000000aa"

static struct {
	char name[OBJECTS][PLACE_NAME + 1];
	unsigned markers[OBJECTS];
	int refused; /* its markers stay */
	unsigned lists;
} kept;

static size_t kept_find(const char *name)
{
	size_t i = 0;

	while (i < OBJECTS && strcmp(kept.name[i], name) != 0)
		i++;
	assert_true(i < OBJECTS);
	return i;
}

static enum deed_status kept_versions(struct place *p, const char *folder,
				      place_version_fn *fn, void *arg,
				      struct deed_error *why)
{
	enum deed_status status = DEED_OK;
	char version[16];

	(void)p;
	assert_string_equal(folder, FOLDER);
	kept.lists++;
	for (size_t i = 0; i < OBJECTS; i++)
		for (int at = (int)kept.markers[i]; at >= 0; at--) {
			const struct place_version v = {
				.name = kept.name[i],
				.version = version,
				.latest = at == (int)kept.markers[i],
				.marker = at > 0,
			};

			(void)snprintf(version, sizeof(version), "%d", at);
			if (status == DEED_OK)
				status = fn(arg, &v, why);
		}
	return status;
}

static enum deed_status kept_undelete(struct place *p, const char *folder,
				      const char *name, const char *version,
				      struct deed_error *why)
{
	size_t i = kept_find(name);

	(void)p;
	assert_string_equal(folder, FOLDER);
	assert_int_equal(atoi(version), kept.markers[i]);
	if ((int)i == kept.refused)
		return deed_error_set(why, DEED_DENIED, "it is locked");
	kept.markers[i]--;
	return DEED_OK;
}

static enum deed_status kept_begin(struct place_ticket *t,
				   struct deed_error *why)
{
	(void)why;
	assert_int_equal(t->operation, PLACE_HEAD);
	return DEED_OK;
}

static enum deed_status kept_finish(struct place_ticket *t,
				    struct deed_error *why)
{
	return kept.markers[kept_find(t->name)] == 0
		       ? DEED_OK
		       : deed_error_set(why, DEED_NOT_FOUND, "deleted");
}

static const struct place_backend backend = {
	.scheme = "kept:",
	.begin = kept_begin,
	.finish = kept_finish,
	.versions = kept_versions,
	.undelete = kept_undelete,
};

static char name[] = "kept", where[] = "kept:";
static struct place place = {
	.backend = &backend,
	.name = name,
	.where = where,
	.transfers = 1,
	.mutex = PTHREAD_MUTEX_INITIALIZER,
};

static struct archive archive = { .count = 1, .place = { &place } };

static void start(unsigned markers)
{
	struct object_name o = { .kind = OBJECT_MANIFEST };

	memset(&kept, 0, sizeof(kept));
	kept.refused = -1;
	for (size_t i = 0; i < OBJECTS; i++) {
		o.number = i + 1;
		o.sha256[0] = (uint8_t)(i * 7);
		object_format(&o, kept.name[i]);
		kept.markers[i] = markers;
	}
}

static unsigned left(void)
{
	unsigned count = 0;

	for (size_t i = 0; i < OBJECTS; i++)
		count += kept.markers[i];
	return count;
}

static void test_told(void **state)
{
	(void)state;
	start(1);
	kept.markers[7] = 0;
	assert_int_equal(deleted_manifests(&archive, FOLDER, false),
			 OBJECTS - 1);
	assert_int_equal(left(), OBJECTS - 1);
	assert_int_equal(kept.lists, 1);
}

/* However many there are the folder is listed once a marker over them. */
static void test_undone(void **state)
{
	(void)state;
	for (unsigned markers = 1; markers < 4; markers++) {
		start(markers);
		assert_int_equal(deleted_manifests(&archive, FOLDER, true),
				 OBJECTS);
		assert_int_equal(left(), 0);
		assert_int_equal(kept.lists, markers);
	}
}

/* One that stays deleted keeps none of the others, and is not counted. */
static void test_not_undone(void **state)
{
	(void)state;
	start(2);
	kept.refused = 3;
	kept.markers[5] = DELETED_DEPTH + 1;
	assert_int_equal(deleted_manifests(&archive, FOLDER, true),
			 OBJECTS - 2);
	assert_int_equal(left(), 2 + 1);
	assert_int_equal(kept.lists, DELETED_DEPTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_undone),
		cmocka_unit_test(test_not_undone),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
