/* SPDX-License-Identifier: Apache-2.0 */
#include "far.h"

#include <stdio.h>
#include <string.h>

#include "archive/folders.h"

/* What several places have, in the order of the folders: more of it than a
 * page. */
#define FOLDERS 400
#define EACH 3 /* manifests at the first place; pages end within folders */

static char dir[] = "/tmp/deed-walk-XXXXXX";

static void put(struct place *p, size_t folder, unsigned number)
{
	struct object_name o = { .kind = OBJECT_MANIFEST, .number = number };
	char name[PLACE_NAME + 1], hex[33];

	snprintf(hex, sizeof(hex), "%03zx%029d", folder, 7);
	o.sha256[0] = (uint8_t)number;
	object_format(&o, name);
	assert_ok(place_put(p, hex, name, slice_str("x"), err));
}

static void fill(struct archive *a)
{
	for (size_t i = 0; i < FOLDERS; i++) {
		for (unsigned n = EACH; n > 0; n--)
			put(a->place[0], i, n);
		if (i % 2 == 0)
			put(a->place[1], i, 1);
	}
	/* One that the first has not, and what is no deposit's. */
	put(a->place[2], FOLDERS, 1);
	assert_ok(
		place_put(a->place[2], "zz", "manifest", slice_str("x"), err));
	assert_ok(place_put(a->place[1], "00000000000000000000000000000000",
			    "box", slice_str("x"), err));
}

static void see_all(struct archive *a)
{
	struct folders *f;
	struct folders_one one;
	char last[33] = "";

	assert_ok(folders_new(a, &f, err));
	for (size_t i = 0; i <= FOLDERS; i++) {
		bool own = i == FOLDERS;

		assert_ok(folders_next(f, &one, err));
		assert_true(strcmp(one.folder, last) > 0);
		memcpy(last, one.folder, sizeof(last));
		assert_int_equal(one.count, own ? 1 : EACH);
		assert_int_equal(one.name[0].o.number, 1);
		assert_int_equal(one.name[0].places, own	  ? 4
						     : i % 2 == 0 ? 3
								  : 1);
		assert_int_equal(one.name[one.count - 1].o.number, one.count);
		assert_int_equal(one.listed, 31);
	}
	assert_status(DEED_NOT_FOUND, folders_next(f, &one, err));
	assert_false(folders_unread(f));
	folders_free(f);
}

static void test_walk(void **state)
{
	struct archive *a;
	char command[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_ok(archive_create(dir, err));
	assert_ok(archive_open(dir, NULL, &a, err));
	fill(a);
	see_all(a);
	far_make(a);
	see_all(a);
	archive_close(a);

	/* One that is gone is passed over, and it is told. */
	snprintf(command, sizeof(command), "rm -r %s/places/4", dir);
	assert_int_equal(system(command), 0);
	assert_ok(archive_open(dir, NULL, &a, err));
	{
		struct folders *f;
		struct folders_one one;

		assert_ok(folders_new(a, &f, err));
		assert_ok(folders_next(f, &one, err));
		assert_int_equal(one.listed, 31 & ~8);
		assert_true(folders_unread(f));
		folders_free(f);
	}
	archive_close(a);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
