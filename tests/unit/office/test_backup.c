/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ca/floor.h"
#include "office/life/backup_format.h"
#include "office/life/backup_seen.h"
#include "office/life/backup_tree.h"
#include "tmpdir.h"

/* ---- the index ---- */

static void fill(struct backup_index *index)
{
	struct backup_piece p = { .size = 700 };

	*index = (struct backup_index){ .time = 1795435200,
					.files = 5,
					.size = 1024 };
	index->checkpoint = strdup("deed/x\n7\nAAAA\n\n");
	memset(index->to, 7, sizeof(index->to));
	for (int i = 0; i < 3; i++) {
		memset(p.sha256, i, sizeof(p.sha256));
		assert_ok(backup_index_add(index, &p, err));
	}
}

static void test_index(void **state)
{
	struct backup_index in, out;
	json_t *json = NULL;

	(void)state;
	fill(&in);
	assert_ok(backup_index_json(&in, &json, err));
	assert_ok(backup_index_read(json, &out, err));
	assert_int_equal(out.time, in.time);
	assert_int_equal(out.files, 5);
	assert_int_equal(out.size, 1024);
	assert_string_equal(out.checkpoint, in.checkpoint);
	assert_memory_equal(out.to, in.to, sizeof(in.to));
	assert_int_equal(out.pieces, 3);
	assert_memory_equal(out.piece, in.piece, 3 * sizeof(*in.piece));
	json_decref(json);
	backup_index_clear(&in);
	backup_index_clear(&out);
}

static void refused(const char *key, json_t *value)
{
	struct backup_index in, out;
	json_t *json = NULL;

	fill(&in);
	assert_ok(backup_index_json(&in, &json, err));
	if (value == NULL)
		json_object_del(json, key);
	else
		json_object_set_new(json, key, value);
	assert_status(DEED_MALFORMED, backup_index_read(json, &out, err));
	assert_null(out.piece);
	assert_null(out.checkpoint);
	json_decref(json);
	backup_index_clear(&in);
}

static json_t *pieces(json_int_t size)
{
	const uint8_t hash[SHA256_SIZE] = { 0 };

	return json_pack("[{s:o,s:I}]", "sha256",
			 json_sprintf("sha256:%064d", hash[0]), "size", size);
}

static void test_index_refused(void **state)
{
	static const char *const keys[] = { "time", "to",	  "files",
					    "size", "checkpoint", "pieces" };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		refused(keys[i], NULL);
		refused(keys[i], json_null());
		refused(keys[i], json_object());
		refused(keys[i], json_true());
	}
	refused("pieces", json_array());
	refused("pieces", pieces(0));
	refused("pieces", pieces(-1));
	refused("pieces", pieces((json_int_t)BACKUP_PIECE_MAX + 1));
	refused("pieces", json_pack("[i]", 1));
	refused("files", json_integer(-1));
	refused("time", json_string("yesterday"));
	refused("to", json_string("sha256:00"));
}

static void test_index_limit(void **state)
{
	struct backup_index index = BACKUP_INDEX_INIT;
	const struct backup_piece p = { .size = 1 };
	char name[BACKUP_NAME];

	(void)state;
	for (int i = 0; i < BACKUP_PIECES; i++)
		assert_ok(backup_index_add(&index, &p, err));
	assert_status(DEED_LIMIT, backup_index_add(&index, &p, err));
	backup_index_clear(&index);
	backup_piece_name(7, name);
	assert_string_equal(name, "0007.cms");
	backup_piece_name(BACKUP_PIECES, name);
	assert_string_equal(name, "4000.cms");
}

/* ---- the walk ---- */

static const char *make(struct tmpdir *dir)
{
	assert_int_equal(tmpdir_make(dir), 0);
	return dir->path;
}

static void put(const char *root, const char *name)
{
	char *path = path_join(root, name), *dir = path_dir(path);

	assert_ok(file_mkdirs(dir, 0700, err));
	assert_ok(
		file_write(path, 0600, slice_str(name), OUTFILE_REPLACE, err));
	free(dir);
	free(path);
}

static enum deed_status see(void *arg, const char *path, const struct stat *st,
			    struct deed_error *e)
{
	return backup_list_add(arg, path, st, e);
}

static void test_walk(void **state)
{
	static const char *const expected[] = {
		"a/b",
		"a/c/d",
		"a.b",
		"archive/places.json",
		"audit/checkpoint",
		"audit/pendings",
		"keystore/x.lock/k",
	};
	static const char *const left_out[] = {
		"archive/places/1/x",
		"archive/begun/x",
		"archive/catalogue.db",
		"audit/pending",
		"audit/lock",
		"keystore/.lock",
		"a/.b.deed-00000000",
		"trust/lists.lock",
		"backup.gone",
		"ca/pending/x/.wang.lock",
		"archive/rebalance.lock",
		"archive/catalogue.lock",
	};
	const size_t here = sizeof(expected) / sizeof(expected[0]);
	const size_t away = sizeof(left_out) / sizeof(left_out[0]);
	struct backup_list list = BACKUP_LIST_INIT;
	struct tmpdir dir;
	const char *root = make(&dir);

	(void)state;
	for (size_t i = 0; i < here; i++)
		put(root, expected[i]);
	for (size_t i = 0; i < away; i++)
		put(root, left_out[i]);
	assert_ok(backup_walk(root, see, &list, err));
	assert_int_equal(list.count, here);
	for (size_t i = 0; i < here; i++)
		assert_string_equal(list.item[i].path, expected[i]);
	/* The order of the walk is that of the comparison. */
	for (size_t i = 0; i < here; i++)
		for (size_t k = 0; k < here; k++) {
			int order = backup_order(expected[i], expected[k]);

			assert_int_equal((order > 0) - (order < 0),
					 (i > k) - (i < k));
		}
	backup_list_clear(&list);
	(void)tmpdir_remove(&dir);
}

static void test_walk_refused(void **state)
{
	struct backup_list list = BACKUP_LIST_INIT;
	struct tmpdir dir;
	const char *root = make(&dir);
	char *path = path_join(root, "link");

	(void)state;
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_status(DEED_UNSUPPORTED, backup_walk(root, see, &list, err));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_status(DEED_UNSUPPORTED, backup_walk(root, see, &list, err));
	assert_int_equal(unlink(path), 0);
	put(root, "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/file");
	assert_ok(backup_walk(root, see, &list, err));
	put(root, "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/file");
	assert_status(DEED_LIMIT, backup_walk(root, see, &list, err));
	free(path);
	backup_list_clear(&list);
	(void)tmpdir_remove(&dir);
}

/* Is a file that was replaced another, and one that was not the same? */
static void test_same(void **state)
{
	struct backup_list list = BACKUP_LIST_INIT;
	struct tmpdir dir;
	const char *root = make(&dir);
	char *path = path_join(root, "f");
	struct stat st;

	(void)state;
	put(root, "f");
	assert_int_equal(stat(path, &st), 0);
	assert_ok(backup_list_add(&list, "f", &st, err));
	/* It has only just changed: nothing can be said. */
	assert_false(backup_same(&list.item[0], &st));
	usleep(200000);
	assert_ok(backup_list_add(&list, "f", &st, err));
	assert_true(backup_same(&list.item[1], &st));
	put(root, "f");
	assert_int_equal(stat(path, &st), 0);
	assert_false(backup_same(&list.item[1], &st));
	backup_list_clear(&list);
	free(path);
	(void)tmpdir_remove(&dir);
}

/* ---- numbers of lists ---- */

static void test_floor(void **state)
{
	static const char *const bad[] = {
		"", "\n", "7", "7 \n", "-7\n", "7\n\n", "1234567890123456789\n"
	};
	struct tmpdir dir;
	const char *root = make(&dir);
	char *path = path_join(root, "crl-floor");
	uint64_t floor = 1;

	(void)state;
	assert_ok(ca_floor_read(root, &floor, err));
	assert_int_equal(floor, 0);
	assert_ok(ca_floor_write(root, 1795917474, err));
	assert_ok(ca_floor_read(root, &floor, err));
	assert_int_equal(floor, 1795917474);
	for (size_t i = 0; i < 7; i++) {
		assert_ok(file_write(path, 0600, slice_str(bad[i]),
				     OUTFILE_REPLACE, err));
		assert_status(DEED_DAMAGED, ca_floor_read(root, &floor, err));
	}
	free(path);
	(void)tmpdir_remove(&dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_index),
		cmocka_unit_test(test_index_refused),
		cmocka_unit_test(test_index_limit),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_walk_refused),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_floor),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
