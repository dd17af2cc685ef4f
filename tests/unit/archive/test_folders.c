/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/catalogue.h"
#include "archive/catalogue_file.h"
#include "archive/catalogue_list.h"
#include "archive/catalogue_row.h"
#include "base/file.h"
#include "base/process.h"
#include "codec/hex.h"

/* The catalogue in the order of the folders; and one of the version before,
 * which has no such order. */
#define ROWS 300

static char dir[64], path[96];
static struct archive *archive;
static struct catalogue_row rows[ROWS]; /* by folder and id */
static struct buf original;

/* Two in a folder here and there. */
static void make_row(size_t i, struct catalogue_row *row)
{
	uint8_t id[SHA256_SIZE], folder[ARCHIVE_DEPOSIT], twin[8];
	size_t of = i % 40 == 1 ? i - 1 : i;

	memset(row, 0, sizeof(*row));
	sha256(slice_of(&i, sizeof(i)), id);
	memcpy(row->item.cms, id, SHA256_SIZE);
	row->item.cms[0] ^= 1;
	memcpy(twin, &of, sizeof(twin));
	sha256(slice_of(twin, sizeof(twin)), row->item.label);
	memcpy(folder, row->item.label + 3, sizeof(folder));
	memset(row->item.label, 0, sizeof(row->item.label));
	hex_text(slice_of(id, sizeof(id)), row->item.id);
	hex_text(slice_of(folder, sizeof(folder)), row->item.folder);
	row->item.deposited = 1700000000 + (int64_t)(i / 3);
	row->item.size = 20480 + i;
	row->item.generation = 1;
	row->item.k = 3;
	row->item.n = 5;
	row->item.recipients = 1;
	row->key_count = 1;
	row->key[0].len = 20;
}

static int by_folder(const void *a, const void *b)
{
	const struct catalogue_row *x = a, *y = b;
	int order = strcmp(x->item.folder, y->item.folder);

	return order != 0 ? order : strcmp(x->item.id, y->item.id);
}

static int start(void **state)
{
	struct catalogue_about about;
	sqlite3 *db;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/deed-test-folders-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/%s", dir, CATALOGUE_FILE);
	assert_ok(archive_create(dir, err));
	assert_ok(archive_open(dir, NULL, &archive, err));
	assert_ok(catalogue_file_open(path, &db, &about, err));
	assert_ok(catalogue_exec(db, "BEGIN", err));
	for (size_t i = 0; i < ROWS; i++) {
		make_row(i, &rows[i]);
		assert_ok(catalogue_row_write(db, &rows[i], 1, err));
	}
	assert_ok(catalogue_exec(db, "COMMIT", err));
	sqlite3_close(db);
	qsort(rows, ROWS, sizeof(*rows), by_folder);
	assert_ok(file_read(path, 1u << 24, &original, err));
	return 0;
}

static int end(void **state)
{
	const char *argv[] = { "/bin/rm", "-rf", dir, NULL };
	struct process *p;

	(void)state;
	archive_close(archive);
	buf_clear(&original);
	assert_ok(process_start(argv, &p, err));
	assert_ok(process_wait(p, NULL, err));
	process_free(p);
	return 0;
}

static struct catalogue *open_it(void)
{
	struct catalogue *c;

	assert_ok(catalogue_open(archive, &c, err));
	return c;
}

struct walking {
	size_t at, count;
};

/* A catalogue_fn. */
static enum deed_status walk(void *arg, const struct catalogue_item *item,
			     struct deed_error *err)
{
	struct walking *w = arg;

	(void)err;
	assert_true(w->at < ROWS);
	assert_string_equal(item->id, rows[w->at].item.id);
	assert_true(catalogue_item_same(item, &rows[w->at].item));
	w->at++;
	w->count++;
	return DEED_OK;
}

static void expect_rows(const struct catalogue_query *q, size_t from,
			size_t count)
{
	struct walking w = { .at = from };
	struct catalogue *c = open_it();

	assert_ok(catalogue_list(c, q, walk, &w, err));
	assert_int_equal(w.count, count);
	catalogue_close(c);
}

static void test_order(void **state)
{
	struct catalogue_query q = { .by_folder = true };

	(void)state;
	for (size_t i = 0; i < ROWS; i += 7) {
		q.after = i == 0 ? NULL : &rows[i - 1].item;
		q.limit = 0;
		expect_rows(&q, i, ROWS - i);
		q.limit = 1 + i / 2;
		expect_rows(&q, i, q.limit < ROWS - i ? q.limit : ROWS - i);
	}
	q.after = &rows[ROWS - 1].item;
	expect_rows(&q, ROWS, 0);
}

/* A deposit that is not there any more is a place to begin at, too. */
static void test_nobody(void **state)
{
	struct catalogue_query q = { .by_folder = true };
	struct catalogue_item nobody = { .generation = 1 };

	(void)state;
	q.after = &nobody;
	memcpy(nobody.folder, rows[50].item.folder, sizeof(nobody.folder));
	memset(nobody.id, '0', CATALOGUE_ID);
	expect_rows(&q, 50, ROWS - 50);
	memset(nobody.id, 'f', CATALOGUE_ID);
	q.limit = 3;
	if (!strcmp(rows[50].item.folder, rows[51].item.folder))
		expect_rows(&q, 52, 3);
	else
		expect_rows(&q, 51, 3);
	memset(nobody.folder, 'f', 2 * ARCHIVE_DEPOSIT);
	expect_rows(&q, ROWS, 0);
}

/* It reads a page, and sorts nothing. */
static void test_plan(void **state)
{
	const struct catalogue_query q = { .by_folder = true };
	char sql[CATALOGUE_SQL + 32], list[CATALOGUE_SQL];
	struct catalogue_about about;
	sqlite3_stmt *s;
	sqlite3 *db;

	(void)state;
	assert_ok(catalogue_file_open(path, &db, &about, err));
	catalogue_list_sql(&q, list);
	snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", list);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	while (sqlite3_step(s) == SQLITE_ROW) {
		const char *plan = (const char *)sqlite3_column_text(s, 3);

		if (strstr(plan, "SCAN") != NULL ||
		    strstr(plan, "TEMP B-TREE") != NULL)
			fail_msg("%s: %s", list, plan);
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
}

/* The generations before a row's. */
static void test_past(void **state)
{
	struct catalogue_row next = rows[20];
	struct catalogue_about about;
	struct catalogue *c = open_it();
	struct stored_past *past;
	sqlite3 *db;
	size_t count, i;

	(void)state;
	assert_ok(catalogue_past(c, &rows[20].item, &past, &count, err));
	assert_int_equal(count, 0);
	assert_null(past);
	assert_ok(catalogue_file_open(path, &db, &about, err));
	for (i = 2; i <= 9; i++) {
		next.item.generation = i;
		next.item.cms[1] = (uint8_t)(rows[20].item.cms[1] + i);
		assert_ok(catalogue_row_write(db, &next, 1, err));
	}
	sqlite3_close(db);
	assert_ok(catalogue_past(c, &next.item, &past, &count, err));
	assert_int_equal(count, 8);
	for (i = 0; i < count; i++) {
		assert_in_range(past[i].number, 1, 8);
		if (past[i].number == 1)
			assert_memory_equal(past[i].cms, rows[20].item.cms,
					    SHA256_SIZE);
	}
	free(past);
	catalogue_close(c);
	assert_ok(file_write(path, 0600, buf_get(&original), OUTFILE_REPLACE,
			     err));
}

/* ---- the version before ---- */

#define UNSEEN "DROP TABLE listed; PRAGMA user_version = 4;"
#define BEFORE                                                  \
	UNSEEN "DROP INDEX deposit_folder; DROP INDEX past_id;" \
	       "PRAGMA user_version = 3;"

static void change(const char *sql)
{
	char *why = NULL;
	sqlite3 *db;

	assert_ok(file_write(path, 0600, buf_get(&original), OUTFILE_REPLACE,
			     err));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
}

/* Who changes nothing finds all of it, and leaves the file as it was. */
static void stays(const char *sql)
{
	const struct catalogue_query q = { .by_folder = true };
	struct walking w = { .at = 0 };
	struct stored_past *past;
	size_t past_count;
	struct buf was = BUF_INIT, is = BUF_INIT;
	struct catalogue_changes changes;
	struct catalogue *c;
	uint64_t count;

	change(sql);
	assert_ok(file_read(path, 1u << 24, &was, err));
	assert_ok(catalogue_open_as_is(archive, &c, err));
	assert_ok(catalogue_count(c, &count, err));
	assert_int_equal(count, ROWS);
	assert_ok(catalogue_listed_count(c, &count, err));
	assert_int_equal(count, 0);
	assert_ok(catalogue_list(c, &q, walk, &w, err));
	assert_int_equal(w.count, ROWS);
	assert_ok(catalogue_past(c, &rows[7].item, &past, &past_count, err));
	assert_int_equal(past_count, 0);
	catalogue_close(c);
	assert_ok(catalogue_reindex(archive, 0, true, &changes, err));
	assert_false(changes.fresh);
	assert_ok(file_read(path, 1u << 24, &is, err));
	assert_true(slice_equal(buf_get(&was), buf_get(&is)));
	buf_clear(&was);
	buf_clear(&is);
}

/* It is given what it lacks, and nothing is lost. */
static void before(const char *sql)
{
	const struct catalogue_query q = { .by_folder = true };
	struct catalogue *c, *other;
	uint64_t count;

	change(sql);
	c = open_it();
	assert_null(catalogue_remade(c));
	other = open_it();
	assert_ok(catalogue_count(other, &count, err));
	assert_int_equal(count, ROWS);
	catalogue_close(other);
	catalogue_close(c);
	expect_rows(&q, 0, ROWS);
	stays(sql);
}

static void test_before(void **state)
{
	before(UNSEEN);
	test_plan(state);
	before(BEFORE);
	test_plan(state);
}

/* What places listed is kept for as long as a deposit is. */
static void test_listed(void **state)
{
	uint8_t id[SHA256_SIZE], digest[SHA256_SIZE], other[SHA256_SIZE];
	struct catalogue_item none = rows[5].item;
	struct catalogue *c = NULL;
	uint64_t count;
	bool known;

	(void)state;
	change("SELECT 1");
	memset(other, 7, sizeof(other));
	for (size_t i = 0; i < ROWS; i++) {
		c = i % 100 == 0 ? open_it() : c;
		catalogue_row_id(&rows[i].item, id);
		catalogue_set_listed(c, id, i == 5 ? other : id);
		if (i % 100 == 99)
			catalogue_close(c);
	}
	c = open_it();
	assert_ok(catalogue_listed_count(c, &count, err));
	assert_int_equal(count, ROWS);
	assert_ok(catalogue_listed(c, &rows[5].item, digest, &known, err));
	assert_true(known);
	assert_memory_equal(digest, other, sizeof(digest));
	memset(none.id, 'f', 8);
	assert_ok(catalogue_listed(c, &none, digest, &known, err));
	assert_false(known);
	catalogue_close(c);
	change("INSERT INTO listed SELECT id, X'00' FROM deposit");
	c = open_it();
	assert_ok(catalogue_listed(c, &rows[6].item, digest, &known, err));
	assert_false(known);
	catalogue_close(c);
}

/* What has the number of a version, and not its schema, is made anew. */
static void test_not_before(void **state)
{
	static const char *const broken[] = {
		BEFORE "CREATE INDEX i ON deposit (size)",
		BEFORE "CREATE INDEX past_id ON past (id)",
		BEFORE "CREATE INDEX deposit_folder ON deposit (id)",
		BEFORE "DROP INDEX deposit_label",
		BEFORE "DROP INDEX deposit_label; CREATE INDEX deposit_label"
		       " ON deposit (size)",
		BEFORE "PRAGMA user_version = 4",
		BEFORE "PRAGMA user_version = 2",
		UNSEEN "CREATE TABLE listed (id BLOB)",
		"PRAGMA user_version = 4",
		"PRAGMA user_version = 3",
		"DROP INDEX past_id; CREATE INDEX past_id ON past (cms)",
	};
	uint64_t count;

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct catalogue *c;

		change(broken[i]);
		c = open_it();
		assert_ok(catalogue_count(c, &count, err));
		if (count != 0 || catalogue_remade(c) == NULL)
			fail_msg("%s: it is not made anew", broken[i]);
		catalogue_close(c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_past),
		cmocka_unit_test(test_listed),
		cmocka_unit_test(test_before),
		cmocka_unit_test(test_not_before),
	};

	process_set_helpers(".");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, end);
}
