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
#include "archive/object.h"
#include "base/file.h"
#include "base/process.h"
#include "codec/hex.h"

/*
 * The catalogue alone: its rows are made here, and no place has a manifest,
 * so that one that is made anew is empty.  What the places say is tested by
 * tests/cli/catalogue.t.
 */
#define ROWS 300
#define KEYS 5

static char dir[64], path[96];
static struct archive *archive;
static struct catalogue_row rows[ROWS];
static struct buf original; /* the file with all rows */

static uint8_t byte_of(size_t i, unsigned salt)
{
	return (uint8_t)((i * 2654435761u + salt * 40503u) >> 13);
}

/* Several in one second, one in ten with a label, two parties each. */
static void make_row(size_t i, struct catalogue_row *row)
{
	uint8_t id[SHA256_SIZE], folder[ARCHIVE_DEPOSIT];

	memset(row, 0, sizeof(*row));
	for (unsigned k = 0; k < SHA256_SIZE; k++) {
		id[k] = byte_of(i, k);
		row->item.cms[k] = byte_of(i, 100 + k);
	}
	id[0] = (uint8_t)(i * 37);
	id[5] = (uint8_t)(i >> 8);
	id[6] = (uint8_t)i;
	row->item.cms[7] = id[5];
	row->item.cms[8] = id[6];
	memcpy(folder, id + 8, sizeof(folder));
	hex_text(slice_of(id, sizeof(id)), row->item.id);
	hex_text(slice_of(folder, sizeof(folder)), row->item.folder);
	row->item.deposited = 1700000000 + (int64_t)(i / 3);
	row->item.size = 20480 + i;
	row->item.generation = 1;
	row->item.k = 3;
	row->item.n = 5;
	row->item.recipients = 2;
	row->item.state = i % 50 == 7 ? CATALOGUE_DEGRADED : CATALOGUE_HEALTHY;
	row->item.has_label = i % 10 == 0;
	if (row->item.has_label)
		memset(row->item.label, (int)(i / 10 % 4) + 1, SHA256_SIZE);
	row->key_count = 2;
	for (size_t k = 0; k < 2; k++) {
		row->key[k].len = 20;
		memset(row->key[k].id, (int)((i + k) % KEYS) + 1, 20);
	}
}

static int by_order(const void *a, const void *b)
{
	const struct catalogue_row *x = a, *y = b;

	if (x->item.deposited != y->item.deposited)
		return x->item.deposited < y->item.deposited ? -1 : 1;
	return strcmp(x->item.id, y->item.id);
}

static void fill(sqlite3 *db)
{
	assert_ok(catalogue_exec(db, "BEGIN", err));
	for (size_t i = 0; i < ROWS; i++)
		assert_ok(catalogue_row_write(db, &rows[i], 1, err));
	assert_ok(catalogue_exec(db, "COMMIT", err));
}

static int start(void **state)
{
	struct catalogue_about about;
	sqlite3 *db;

	(void)state;
	/* Where syncing is for nothing, if there is such a place. */
	snprintf(dir, sizeof(dir), "%s/deed-test-catalogue-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/%s", dir, CATALOGUE_FILE);
	assert_ok(archive_create(dir, err));
	assert_ok(archive_open(dir, NULL, &archive, err));
	for (size_t i = 0; i < ROWS; i++)
		make_row(i, &rows[i]);
	qsort(rows, ROWS, sizeof(*rows), by_order);
	assert_ok(catalogue_file_open(path, &db, &about, err));
	assert_true(about.complete);
	fill(db);
	sqlite3_close(db);
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

static void put_back(void)
{
	assert_ok(file_write(path, 0600, buf_get(&original), OUTFILE_REPLACE,
			     err));
}

static struct catalogue *open_it(void)
{
	struct catalogue *c;

	assert_ok(catalogue_open(archive, &c, err));
	return c;
}

static void assert_item(const struct catalogue_item *a,
			const struct catalogue_item *b)
{
	assert_string_equal(a->id, b->id);
	assert_true(catalogue_item_same(a, b));
	assert_int_equal(a->state, b->state);
}

static void test_find(void **state)
{
	struct catalogue *c = open_it();
	struct catalogue_item item;
	char text[CATALOGUE_ID + 2];

	(void)state;
	for (size_t i = 0; i < ROWS; i += 13) {
		assert_ok(catalogue_find(c, rows[i].item.id, &item, err));
		assert_item(&item, &rows[i].item);
		assert_ok(catalogue_find_manifest(c, rows[i].item.cms, &item,
						  NULL, err));
		assert_item(&item, &rows[i].item);
	}
	for (size_t len = 0; len < CATALOGUE_ID; len++) {
		memcpy(text, rows[3].item.id, len);
		text[len] = '\0';
		if (len < CATALOGUE_ID_MIN)
			assert_status(DEED_USAGE,
				      catalogue_find(c, text, &item, err));
		else if (len >= 16)
			assert_ok(catalogue_find(c, text, &item, err));
	}
	memset(text, 'f', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_status(DEED_USAGE, catalogue_find(c, text, &item, err));
	text[CATALOGUE_ID] = '\0';
	assert_status(DEED_NOT_FOUND, catalogue_find(c, text, &item, err));
	assert_status(DEED_USAGE,
		      catalogue_find(c, "x' OR 1=1 --", &item, err));
	assert_status(DEED_USAGE, catalogue_find(c, "ABCDEF00", &item, err));
	catalogue_close(c);
}

/* Two ids that begin alike. */
static void test_several(void **state)
{
	struct catalogue_row twin = rows[0];
	struct catalogue_about about;
	struct catalogue_item item;
	struct catalogue *c;
	char text[CATALOGUE_ID + 1];
	sqlite3 *db;

	(void)state;
	twin.item.id[20] = twin.item.id[20] == '0' ? '1' : '0';
	twin.item.cms[0] ^= 1;
	assert_ok(catalogue_file_open(path, &db, &about, err));
	assert_ok(catalogue_row_write(db, &twin, 1, err));
	sqlite3_close(db);
	c = open_it();
	memcpy(text, twin.item.id, sizeof(text));
	text[20] = '\0';
	assert_status(DEED_USAGE, catalogue_find(c, text, &item, err));
	assert_ok(catalogue_find(c, twin.item.id, &item, err));
	assert_item(&item, &twin.item);
	assert_ok(catalogue_find(c, rows[0].item.id, &item, err));
	assert_item(&item, &rows[0].item);
	catalogue_close(c);
	put_back();
}

/* Does a row answer the question, as the header says? */
static bool applies(const struct catalogue_query *q,
		    const struct catalogue_row *row)
{
	const struct catalogue_item *i = &row->item;
	bool key = q->key_count == 0;

	for (size_t k = 0; k < q->key_count; k++)
		for (size_t j = 0; j < row->key_count; j++)
			key = key || !memcmp(&q->key[k], &row->key[j],
					     sizeof(row->key[j]));
	return key &&
	       (q->label == NULL ||
		(i->has_label && !memcmp(q->label, i->label, SHA256_SIZE))) &&
	       (!q->has_since || i->deposited >= q->since) &&
	       (!q->has_until || i->deposited < q->until) &&
	       (!q->has_state || i->state == q->state) &&
	       (q->after == NULL || i->deposited > q->after->deposited ||
		(i->deposited == q->after->deposited &&
		 strcmp(i->id, q->after->id) > 0));
}

struct seeing {
	const struct catalogue_query *query;
	size_t at, count;
};

static enum deed_status see(void *arg, const struct catalogue_item *item,
			    struct deed_error *err)
{
	struct seeing *s = arg;

	(void)err;
	while (s->at < ROWS && !applies(s->query, &rows[s->at]))
		s->at++;
	assert_true(s->at < ROWS);
	assert_item(item, &rows[s->at++].item);
	s->count++;
	return DEED_OK;
}

static void compare(struct catalogue *c, const struct catalogue_query *q)
{
	struct seeing s = { .query = q };
	size_t want = 0;

	assert_ok(catalogue_list(c, q, see, &s, err));
	for (size_t i = 0; i < ROWS; i++)
		want += applies(q, &rows[i]);
	if (q->limit > 0 && q->limit < want)
		want = (size_t)q->limit;
	assert_int_equal(s.count, want);
}

static const uint8_t *const no_label;
static uint8_t label_of[2][SHA256_SIZE];
static struct catalogue_key keys[3];

/* Every combination: bit by bit of what is asked. */
#define QUERIES (1u << 8)
static void make_query(unsigned bits, struct catalogue_query *q)
{
	memset(q, 0, sizeof(*q));
	memset(label_of[0], 2, SHA256_SIZE);
	memset(label_of[1], 9, SHA256_SIZE);
	for (int i = 0; i < 3; i++) {
		keys[i].len = 20;
		memset(keys[i].id, i == 2 ? 77 : i + 2, 20);
	}
	q->label = bits & 1 ? label_of[0] : no_label;
	q->key = keys;
	q->key_count = bits & 2 ? (bits & 4 ? 3 : 1) : 0;
	q->has_since = bits & 8;
	q->since = rows[ROWS / 4].item.deposited;
	q->has_until = bits & 16;
	q->until = rows[3 * ROWS / 4].item.deposited;
	q->has_state = bits & 32;
	q->state = bits & 4 ? CATALOGUE_HEALTHY : CATALOGUE_DEGRADED;
	q->after = bits & 64 ? &rows[ROWS / 3].item : NULL;
	q->limit = bits & 128 ? 5 : 0;
}

static void test_list(void **state)
{
	struct catalogue *c = open_it();
	struct catalogue_query q;

	(void)state;
	for (unsigned bits = 0; bits < QUERIES; bits++) {
		make_query(bits, &q);
		compare(c, &q);
	}
	make_query(1, &q);
	q.label = label_of[1];
	compare(c, &q);
	catalogue_close(c);
}

/* No question reads every row, and none sorts. */
static void test_plans(void **state)
{
	struct catalogue_about about;
	struct catalogue_query q;
	char sql[CATALOGUE_SQL + 32], list[CATALOGUE_SQL];
	sqlite3_stmt *s;
	sqlite3 *db;

	(void)state;
	assert_ok(catalogue_file_open(path, &db, &about, err));
	for (unsigned bits = 0; bits < QUERIES; bits++) {
		make_query(bits, &q);
		catalogue_list_sql(&q, list);
		snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", list);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL),
				 SQLITE_OK);
		while (sqlite3_step(s) == SQLITE_ROW) {
			const char *plan =
				(const char *)sqlite3_column_text(s, 3);

			if (strstr(plan, "SCAN") != NULL ||
			    strstr(plan, "TEMP B-TREE") != NULL)
				fail_msg("query %u: %s: %s", bits, list, plan);
		}
		sqlite3_finalize(s);
	}
	sqlite3_close(db);
}

/* A question costs the same of ten rows and of all: by SQLite's own count of
 * the pages that it touches. */
static int pages_of(sqlite3 *db, const struct catalogue_query *q)
{
	struct catalogue_page *page = malloc(sizeof(*page));
	int hit = 0, miss = 0, none;

	assert_non_null(page);
	sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_HIT, &none, &none, 1);
	sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_MISS, &none, &none, 1);
	page->want = 5;
	assert_ok(catalogue_list_page(db, q, NULL, page, err));
	sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_HIT, &hit, &none, 0);
	sqlite3_db_status(db, SQLITE_DBSTATUS_CACHE_MISS, &miss, &none, 0);
	free(page);
	return hit + miss;
}

static void test_pages(void **state)
{
	struct catalogue_about about;
	struct catalogue_query q;
	sqlite3 *db;

	(void)state;
	assert_ok(catalogue_file_open(path, &db, &about, err));
	for (unsigned bits = 0; bits < 64; bits++) {
		make_query(bits, &q);
		/* Two conditions at once may pass over rows of the first. */
		if (__builtin_popcount(bits & 35) < 2)
			assert_in_range(pages_of(db, &q), 0,
					20 + 60 * q.key_count);
	}
	sqlite3_close(db);
}

static void test_state(void **state)
{
	struct catalogue *c = open_it();
	struct catalogue_item item;

	(void)state;
	assert_ok(catalogue_set_state(c, rows[1].item.id, CATALOGUE_UNREADABLE,
				      err));
	assert_ok(catalogue_find(c, rows[1].item.id, &item, err));
	assert_int_equal(item.state, CATALOGUE_UNREADABLE);
	assert_true(catalogue_item_same(&item, &rows[1].item));
	assert_null(catalogue_remade(c));
	catalogue_close(c);
	put_back();
}

static void assert_manifest(uint8_t first, const char *id, uint64_t number)
{
	struct catalogue *c = open_it();
	struct catalogue_item item;
	uint8_t cms[SHA256_SIZE];
	uint64_t generation = 0;

	memset(cms, first, sizeof(cms));
	assert_ok(catalogue_find_manifest(c, cms, &item, &generation, err));
	assert_string_equal(item.id, id);
	assert_int_equal(generation, number);
	assert_null(catalogue_remade(c));
	catalogue_close(c);
}

/* A deposit is found by the manifest of each generation. */
static void test_generation(void **state)
{
	struct catalogue_row row = rows[2];
	struct stored_past past[3];
	struct catalogue_about about;
	struct catalogue_item item;
	struct catalogue *c;
	sqlite3 *db;

	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		past[i].number = i + 1;
		memset(past[i].cms, 0xf1 + (int)i, SHA256_SIZE);
	}
	assert_ok(catalogue_file_open(path, &db, &about, err));
	memset(row.item.cms, 0xf1, SHA256_SIZE);
	assert_ok(catalogue_row_write(db, &row, 1, err));
	row.item.generation = 2;
	memset(row.item.cms, 0xf2, SHA256_SIZE);
	assert_ok(catalogue_row_write(db, &row, 1, err));
	assert_manifest(0xf1, row.item.id, 1);
	assert_manifest(0xf2, row.item.id, 2);
	row.item.generation = 4;
	memset(row.item.cms, 0xf4, SHA256_SIZE);
	row.past = past;
	row.past_count = 3;
	assert_ok(catalogue_row_write(db, &row, 1, err));
	for (uint8_t i = 1; i <= 4; i++)
		assert_manifest(0xf0 + i, row.item.id, i);
	sqlite3_close(db);
	c = open_it();
	assert_ok(catalogue_find(c, row.item.id, &item, err));
	assert_int_equal(item.generation, 4);
	assert_status(
		DEED_NOT_FOUND,
		catalogue_find_manifest(c, rows[2].item.cms, &item, NULL, err));
	catalogue_close(c);
	put_back();
}

static void test_follow(void **state)
{
	struct catalogue *c = open_it();
	uint64_t at;

	(void)state;
	assert_ok(catalogue_followed(c, &at, err));
	assert_int_equal(at, 0);
	assert_ok(catalogue_follow(c, 4711, err));
	assert_ok(catalogue_followed(c, &at, err));
	assert_int_equal(at, 4711);
	catalogue_close(c);
	put_back();
}

/* ---- a file that is not what deed wrote ---- */

static bool known(const struct catalogue_item *item)
{
	for (size_t i = 0; i < ROWS; i++)
		if (!strcmp(rows[i].item.id, item->id))
			return catalogue_item_same(&rows[i].item, item) &&
			       rows[i].item.state == item->state;
	return false;
}

static enum deed_status see_any(void *arg, const struct catalogue_item *item,
				struct deed_error *err)
{
	size_t *count = arg;

	(void)err;
	assert_true(known(item));
	(*count)++;
	return DEED_OK;
}

/* Whatever is there: nothing wrong comes back, and at last it works. */
static size_t use(void)
{
	static const uint8_t some[] = { 1, 2, 32, 34 };
	struct catalogue_query q;
	struct catalogue_item item;
	struct catalogue *c;
	size_t count = 0, all;
	enum deed_status status;

	assert_ok(catalogue_open(archive, &c, err));
	for (size_t i = 0; i < sizeof(some); i++) {
		make_query(some[i], &q);
		assert_ok(catalogue_list(c, &q, see_any, &count, err));
	}
	status = catalogue_find(c, rows[5].item.id, &item, NULL);
	assert_true(status == DEED_OK || status == DEED_NOT_FOUND);
	if (status == DEED_OK)
		assert_item(&item, &rows[5].item);
	make_query(0, &q);
	all = 0;
	assert_ok(catalogue_list(c, &q, see_any, &all, err));
	catalogue_close(c);
	return all;
}

static void write_file(const void *data, size_t len)
{
	assert_ok(file_write(path, 0600, slice_of(data, len), OUTFILE_REPLACE,
			     err));
}

static void test_garbage(void **state)
{
	char journal[128];

	(void)state;
	write_file("no database at all", 18);
	assert_int_equal(use(), 0);
	write_file("", 0);
	assert_int_equal(use(), 0);
	write_file(original.data, 100);
	assert_int_equal(use(), 0);
	for (size_t len = 4096; len < original.len; len += 4096 * 5) {
		write_file(original.data, len);
		(void)use();
		write_file(original.data, len + 2000);
		(void)use();
	}
	(void)unlink(path);
	assert_int_equal(use(), 0);
	/* A journal of another file is not rolled back into it. */
	write_file("no database at all", 18);
	snprintf(journal, sizeof(journal), "%s-journal", path);
	assert_ok(file_write(journal, 0600, buf_get(&original), OUTFILE_NEW,
			     err));
	assert_int_equal(use(), 0);
	assert_false(file_exists(journal));
	put_back();
	assert_int_equal(use(), ROWS);
}

static void test_changed_bytes(void **state)
{
	uint8_t *copy = malloc(original.len);
	size_t at = 0;

	(void)state;
	assert_non_null(copy);
	for (unsigned i = 0; i < 160; i++) {
		memcpy(copy, original.data, original.len);
		at = i < 110 ? i : (at * 1103515245u + 12345u) % original.len;
		copy[at] ^= (uint8_t)(1u << i % 8);
		write_file(copy, original.len);
		(void)use();
	}
	free(copy);
	put_back();
}

/* By SQLite itself, as whoever may write the file could. */
static void change(const char *sql)
{
	char *why = NULL;
	sqlite3 *db;

	put_back();
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
}

static void test_changed_rows(void **state)
{
	static const char *const broken[] = {
		"UPDATE deposit SET id = zeroblob(32) WHERE size = 20490",
		"UPDATE deposit SET id = zeroblob(31) WHERE size = 20490",
		"UPDATE deposit SET deposited = 0 WHERE size = 20490",
		"UPDATE deposit SET deposited = 'x' WHERE size = 20490",
		"UPDATE deposit SET folder = zeroblob(16) WHERE size = 20490",
		"UPDATE deposit SET folder = 'etc' WHERE size = 20490",
		"UPDATE deposit SET cms = zeroblob(32) WHERE size = 20490",
		"UPDATE deposit SET cms = 7 WHERE size = 20490",
		"UPDATE deposit SET needed = 2 WHERE size = 20490",
		"UPDATE deposit SET needed = 6 WHERE size = 20490",
		"UPDATE deposit SET places = 1000 WHERE size = 20490",
		"UPDATE deposit SET recipients = -1 WHERE size = 20490",
		"UPDATE deposit SET state = 1 WHERE size = 20490",
		"UPDATE deposit SET state = 99 WHERE size = 20490",
		"UPDATE deposit SET label = zeroblob(32) WHERE size = 20490",
		"UPDATE deposit SET label = NULL WHERE label IS NOT NULL",
		"UPDATE deposit SET label = 'x' WHERE size = 20490",
		"UPDATE deposit SET generation = 2 WHERE size = 20490",
		"UPDATE deposit SET generation = 0 WHERE size = 20490",
		"UPDATE deposit SET mark = 0 WHERE size = 20490",
		"UPDATE deposit SET size = 1 WHERE size = 20490",
		"UPDATE deposit SET size = zeroblob(900000) WHERE size = 20490",
		"UPDATE deposit SET folder = hex(zeroblob(90000)) WHERE"
		" size = 20490",
		"UPDATE about SET run = 'x'",
		"UPDATE about SET run = 0, followed = -1",
		"DELETE FROM about",
		"UPDATE about SET complete = 0",
		"CREATE TABLE other (x)",
		"CREATE VIEW v AS SELECT * FROM deposit",
		"CREATE TRIGGER t AFTER UPDATE ON about BEGIN DELETE FROM"
		" deposit; END",
		"CREATE INDEX i ON deposit (size)",
		"DROP INDEX deposit_label",
		"PRAGMA user_version = 2",
		"PRAGMA application_id = 0",
		"PRAGMA journal_mode = WAL",
		"DROP TABLE deposit; CREATE VIEW deposit AS SELECT * FROM "
		"about",
		"DROP TABLE recipient",
		"DROP TABLE past",
		"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql ="
		" replace(sql, 'WITHOUT ROWID', '')",
		"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql ="
		" 'CREATE TABLE about (' || hex(zeroblob(900000)) || ')'"
		" WHERE name = 'about'",
		"PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage"
		" = 2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		change(broken[i]);
		if (use() != 0)
			fail_msg("%s: it is not made anew", broken[i]);
	}
	/* A row that is away is away: the log tells. */
	change("DELETE FROM deposit WHERE size = 20490");
	(void)use();
	/* A key without its deposit is seen by whoever asks for that key. */
	change("UPDATE recipient SET deposited = 1 WHERE key = (SELECT min(key)"
	       " FROM recipient WHERE hex(key) LIKE '02%')");
	assert_int_equal(use(), 0);
	put_back();
}

/* As deed made it before; and a catalogue of nothing but a name. */
static void test_older(void **state)
{
	sqlite3 *db;

	(void)state;
	(void)unlink(path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(
			db,
			"CREATE TABLE deposit (id TEXT PRIMARY KEY,"
			" folder TEXT NOT NULL, deposited INTEGER,"
			" size INTEGER, needed INTEGER, places INTEGER,"
			" recipients INTEGER, label BLOB);"
			"CREATE TABLE recipient (id TEXT NOT NULL,"
			" certificate BLOB, PRIMARY KEY (id, certificate));"
			"INSERT INTO deposit VALUES ('0', '1', 2, 3, 4, 5,"
			" 6, NULL)",
			NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(use(), 0);
	put_back();
}

static void test_as_is(void **state)
{
	struct catalogue *c;

	(void)state;
	write_file("no database at all", 18);
	assert_status(DEED_DAMAGED, catalogue_open_as_is(archive, &c, err));
	assert_null(c);
	(void)unlink(path);
	assert_status(DEED_NOT_FOUND, catalogue_open_as_is(archive, &c, err));
	assert_false(file_exists(path));
	put_back();
	assert_ok(catalogue_open_as_is(archive, &c, err));
	catalogue_close(c);
}

/* Places that are away say nothing: what is there stays. */
static void test_no_place(void **state)
{
	char places[96], away[96];
	struct catalogue_changes changes;
	struct catalogue *c;

	(void)state;
	snprintf(places, sizeof(places), "%s/places", dir);
	snprintf(away, sizeof(away), "%s/away", dir);
	assert_int_equal(rename(places, away), 0);
	assert_status(DEED_REMOTE,
		      catalogue_reindex(archive, 1, false, &changes, err));
	assert_int_equal(use(), ROWS);
	(void)unlink(path);
	assert_status(DEED_REMOTE, catalogue_open(archive, &c, err));
	assert_int_equal(rename(away, places), 0);
	assert_int_equal(use(), 0);
	put_back();
}

static void test_reindex_empty(void **state)
{
	struct catalogue_changes changes;

	(void)state;
	assert_ok(catalogue_reindex(archive, 1, true, &changes, err));
	assert_int_equal(changes.removed, ROWS);
	assert_int_equal(use(), ROWS);
	assert_ok(catalogue_reindex(archive, 1, false, &changes, err));
	assert_int_equal(changes.removed, ROWS);
	assert_int_equal(changes.deposits, 0);
	assert_false(changes.fresh);
	assert_int_equal(use(), 0);
	put_back();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_generation),
		cmocka_unit_test(test_follow),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_changed_bytes),
		cmocka_unit_test(test_changed_rows),
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_as_is),
		cmocka_unit_test(test_no_place),
		cmocka_unit_test(test_reindex_empty),
	};

	process_set_helpers(".");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, end);
}
