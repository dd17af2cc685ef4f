/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <unistd.h>

#include "tlog/tlog.h"
#include "tmpdir.h"
#include "vectors.h"

static struct tmpdir tmp;

static int setup(void **state)
{
	(void)state;
	return tmpdir_make(&tmp);
}

static int teardown(void **state)
{
	(void)state;
	return tmpdir_remove(&tmp);
}

static struct tlog *open_log(const struct note_signer *s)
{
	struct tlog *log;

	assert_ok(tlog_open(tmp.path, &s->verifier, &log, err));
	return log;
}

/* A file of the log. */
static struct buf log_file(const char *name)
{
	struct buf b = BUF_INIT;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", tmp.path, name);
	assert_ok(file_read(path, 1 << 24, &b, err));
	return b;
}

static void put_file(const char *name, struct slice data)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", tmp.path, name);
	assert_ok(file_write(path, 0644, data, OUTFILE_REPLACE, err));
}

static void remove_file(const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", tmp.path, name);
	assert_int_equal(unlink(path), 0);
}

static bool log_has(const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", tmp.path, name);
	return file_exists(path);
}

static void same_file(const char *ours, const char *vector)
{
	struct buf a = log_file(ours), b = vector_file(vector);

	if (!slice_equal(buf_get(&a), buf_get(&b)))
		fail_msg("'%s' is not the vector '%s'", ours, vector);
	buf_clear(&a);
	buf_clear(&b);
}

static void test_vectors(void **state)
{
	struct note_signer s = vector_signer();
	struct tlog *log;
	struct slice entry;
	char name[64];
	int n, i;

	(void)state;
	assert_ok(tlog_create(tmp.path, &s, err));
	assert_status(DEED_EXISTS, tlog_create(tmp.path, &s, err));
	same_file("checkpoint", "checkpoint.0");
	for (n = 1; n <= VECTOR_COUNT; n++) {
		log = open_log(&s);
		entry = slice_str(vector_entries[n - 1]);
		assert_ok(tlog_append(log, &entry, 1, &s, err));
		tlog_close(log);
		(void)snprintf(name, sizeof(name), "checkpoint.%d", n);
		same_file("checkpoint", name);
		for (i = 1; i <= n; i++) {
			(void)snprintf(name, sizeof(name), "tile/0/000.p/%d",
				       i);
			same_file(name, name);
			(void)snprintf(name, sizeof(name),
				       "tile/entries/000.p/%d", i);
			same_file(name, name);
		}
	}
	log = open_log(&s);
	assert_ok(tlog_verify(log, NULL, NULL, err));
	tlog_close(log);
	note_signer_clear(&s);
}

/* Entries of a log that a test can foretell. */
static size_t entry_text(uint64_t i, char out[32])
{
	return (size_t)snprintf(out, 32, "entry %llu", (unsigned long long)i);
}

static void append(struct tlog *log, const struct note_signer *s, size_t count)
{
	struct slice *list = calloc(count, sizeof(*list));
	char(*text)[32] = calloc(count, sizeof(*text));
	uint64_t at = tlog_checkpoint(log)->size;
	size_t i;

	for (i = 0; i < count; i++)
		list[i] = slice_of(text[i], entry_text(at + i, text[i]));
	assert_ok(tlog_append(log, list, count, s, err));
	free(list);
	free(text);
}

static enum deed_status see_entry(void *arg, uint64_t index, struct slice e,
				  struct deed_error *err)
{
	uint64_t *next = arg;
	char text[32];

	(void)err;
	assert_int_equal(index, *next);
	(void)entry_text(index, text);
	assert_true(slice_equal_str(e, text));
	(*next)++;
	return DEED_OK;
}

/* Around the edges of tiles: one by one, and in groups. */
static void test_growth(void **state)
{
	static const size_t groups[] = { 1,   254, 1,	1,  255, 256,
					 300, 2,   512, 37, 700 };
	struct note_signer s = vector_signer();
	struct checkpoint past[32];
	struct tree_proof proof;
	struct tree_hash leaf, root, old;
	struct buf b = BUF_INIT;
	struct tlog *log;
	uint64_t seen;
	size_t i, k, n = 0;

	(void)state;
	assert_ok(tlog_create(tmp.path, &s, err));
	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		log = open_log(&s);
		append(log, &s, groups[i]);
		n += groups[i];
		assert_int_equal(tlog_checkpoint(log)->size, n);
		past[i] = *tlog_checkpoint(log);
		seen = 0;
		assert_ok(tlog_verify(log, see_entry, &seen, err));
		assert_int_equal(seen, n);
		memcpy(root.bytes, past[i].root, TREE_HASH);
		for (k = 0; k <= i; k++) {
			assert_ok(tlog_contains(log, &past[k], err));
			assert_ok(tlog_prove_consistency(log, past[k].size,
							 &proof, err));
			memcpy(old.bytes, past[k].root, TREE_HASH);
			assert_ok(tree_check_consistency(past[k].size, n, &old,
							 &root, &proof, err));
		}
		for (k = 0; k < n; k += k < 300 ? 7 : 97) {
			buf_reset(&b);
			assert_ok(tlog_entry(log, k, &b, err));
			tree_leaf(buf_get(&b), &leaf);
			assert_ok(tlog_prove(log, k, &proof, err));
			assert_ok(tree_check_inclusion(k, n, &leaf, &root,
						       &proof, err));
		}
		assert_status(DEED_NOT_FOUND, tlog_entry(log, n, &b, err));
		assert_status(DEED_NOT_FOUND, tlog_prove(log, n, &proof, err));
		tlog_close(log);
	}
	/* Full tiles have no partial forms beside them. */
	assert_false(log_has("tile/0/000.p"));
	assert_false(log_has("tile/entries/000.p"));
	assert_true(log_has("tile/0/000"));
	assert_true(log_has("tile/1/000.p/9"));
	buf_clear(&b);
	note_signer_clear(&s);
}

static void flip(const char *name, size_t at)
{
	struct buf b = log_file(name);

	b.data[at] ^= 1;
	put_file(name, buf_get(&b));
	buf_clear(&b);
}

static void expect_damage(const struct note_signer *s, const char *what)
{
	struct deed_error error = DEED_ERROR_INIT;
	struct slice entry = slice_str("next");
	struct tlog *log;
	enum deed_status status;

	status = tlog_open(tmp.path, &s->verifier, &log, &error);
	if (status == DEED_OK)
		status = tlog_verify(log, NULL, NULL, &error);
	if (deed_status_exit(status) != 1)
		fail_msg("%s: verify says %s", what, deed_status_id(status));
	if (log != NULL && tlog_append(log, &entry, 1, s, NULL) == DEED_OK)
		fail_msg("%s: it grows", what);
	tlog_close(log);
}

static void test_tampering(void **state)
{
	struct note_signer s = vector_signer();
	struct buf shorter, kept;
	struct tlog *log;
	size_t i;

	(void)state;
	assert_ok(tlog_create(tmp.path, &s, err));
	log = open_log(&s);
	append(log, &s, 300);
	tlog_close(log);

	flip("tile/entries/001.p/44", 5);
	expect_damage(&s, "an entry changed");
	flip("tile/entries/001.p/44", 5);
	flip("tile/entries/001.p/44", 0);
	expect_damage(&s, "a length changed");
	flip("tile/entries/001.p/44", 0);
	flip("tile/0/001.p/44", 33);
	expect_damage(&s, "a hash changed");
	flip("tile/0/001.p/44", 33);
	flip("tile/1/000.p/1", 0);
	expect_damage(&s, "a hash of level 1 changed");
	flip("tile/1/000.p/1", 0);
	flip("checkpoint", 30);
	expect_damage(&s, "the checkpoint changed");
	flip("checkpoint", 30);

	shorter = log_file("tile/entries/001.p/44");
	for (i = 1; i < 20; i++) {
		put_file("tile/entries/001.p/44",
			 slice_of(shorter.data, shorter.len - i));
		expect_damage(&s, "a bundle cut short");
	}
	buf_append(&shorter, "\0\0", 2);
	put_file("tile/entries/001.p/44", buf_get(&shorter));
	expect_damage(&s, "an entry more");
	remove_file("tile/entries/001.p/44");
	expect_damage(&s, "a bundle removed");
	put_file("tile/entries/001.p/44",
		 slice_of(shorter.data, shorter.len - 2));

	kept = log_file("tile/0/000");
	put_file("tile/0/000", slice_of(kept.data, kept.len - 1));
	log = open_log(&s);
	assert_status(DEED_DAMAGED, tlog_verify(log, NULL, NULL, err));
	tlog_close(log);
	remove_file("tile/0/000");
	log = open_log(&s);
	assert_status(DEED_DAMAGED, tlog_verify(log, NULL, NULL, err));
	tlog_close(log);
	put_file("tile/0/000", buf_get(&kept));

	log = open_log(&s);
	assert_ok(tlog_verify(log, NULL, NULL, err));
	tlog_close(log);
	buf_clear(&kept);
	buf_clear(&shorter);
	note_signer_clear(&s);
}

/* What an append that was interrupted before its checkpoint left. */
static void test_leftovers(void **state)
{
	struct note_signer s = vector_signer();
	struct buf checkpoint;
	struct tlog *log;
	struct slice other[3] = { slice_str("entry 250"), slice_str("other"),
				  slice_str("entries") };
	uint64_t seen = 0;

	(void)state;
	assert_ok(tlog_create(tmp.path, &s, err));
	log = open_log(&s);
	append(log, &s, 250);
	checkpoint = log_file("checkpoint");
	assert_ok(tlog_append(log, other, 3, &s, err));
	tlog_close(log);
	put_file("checkpoint", buf_get(&checkpoint));
	log = open_log(&s);
	assert_int_equal(tlog_checkpoint(log)->size, 250);
	append(log, &s, 3);
	append(log, &s, 3);
	assert_ok(tlog_verify(log, see_entry, &seen, err));
	assert_int_equal(seen, 256);
	tlog_close(log);
	buf_clear(&checkpoint);
	note_signer_clear(&s);
}

static void test_limits(void **state)
{
	struct note_signer s = vector_signer(), other;
	struct buf big = BUF_INIT, back = BUF_INIT;
	struct slice entry[2];
	struct tlog *log;

	(void)state;
	assert_status(DEED_NOT_FOUND,
		      tlog_open(tmp.path, &s.verifier, &log, err));
	assert_ok(tlog_create(tmp.path, &s, err));
	log = open_log(&s);
	buf_fill(&big, 'x', TLOG_ENTRY_MAX + 1);
	entry[0] = buf_get(&big);
	assert_status(DEED_LIMIT, tlog_append(log, entry, 1, &s, err));
	entry[0].len--;
	entry[1] = SLICE_NONE;
	assert_ok(tlog_append(log, entry, 2, &s, err));
	assert_ok(tlog_entry(log, 0, &back, err));
	assert_true(slice_equal(entry[0], buf_get(&back)));
	buf_reset(&back);
	assert_ok(tlog_entry(log, 1, &back, err));
	assert_int_equal(back.len, 0);
	tlog_close(log);
	assert_ok(note_signer_new(VECTOR_ORIGIN, &other, err));
	assert_status(DEED_NO_SIGNATURE,
		      tlog_open(tmp.path, &other.verifier, &log, err));
	note_signer_clear(&other);
	note_signer_clear(&s);
	buf_clear(&big);
	buf_clear(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_vectors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_growth, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tampering, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_leftovers, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
