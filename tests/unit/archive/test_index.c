/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/index.h"
#include "archive/names.h"
#include "archive/source.h"
#include "base/file.h"
#include "base/pool.h"

static void fill(struct index *x)
{
	assert_ok(index_add(x, "deposit.json", 512, 3, err));
	assert_ok(index_add(x, "a \"quoted\" name", 1536, 0, err));
	assert_ok(
		index_add(x, "\xe7\x8e\x8b.pdf", 2560, UINT64_C(1) << 33, err));
	memset(x->file[2].sha256, 0xab, 32);
	memset(x->salt, 0x5a, sizeof(x->salt));
}

/* The text is read by what wrote it, whatever the salt. */
static void test_round_trip(void **state)
{
	struct index a = INDEX_INIT, b = INDEX_INIT;
	struct buf text = BUF_INIT;

	(void)state;
	fill(&a);
	assert_ok(index_write(&a, &text, err));
	fill(&b);
	memset(b.salt, 0, sizeof(b.salt));
	assert_ok(index_compare(&b, buf_get(&text), err));
	assert_memory_equal(a.salt, b.salt, sizeof(a.salt));
	index_clear(&a);
	index_clear(&b);
	buf_clear(&text);
}

/* Every byte changed or cut, but those of the salt; every field changed. */
static void test_changed(void **state)
{
	struct index x = INDEX_INIT;
	struct buf text = BUF_INIT;
	size_t i, salt;

	(void)state;
	fill(&x);
	assert_ok(index_write(&x, &text, err));
	salt = text.len - strlen("5a\",\"schema\":\"deed.index/1\"}\n") - 62;
	for (i = 0; i < text.len; i++) {
		text.data[i] ^= 1;
		assert_int_equal(index_compare(&x, buf_get(&text), NULL),
				 i >= salt && i < salt + 64 &&
						 (text.data[i] & ~1) != '`'
					 ? DEED_OK
					 : DEED_DAMAGED);
		text.data[i] ^= 1;
		assert_status(DEED_DAMAGED,
			      index_compare(&x, slice_of(text.data, i), err));
	}
	x.file[0].offset++;
	assert_status(DEED_DAMAGED, index_compare(&x, buf_get(&text), err));
	x.file[0].offset--;
	x.file[1].size++;
	assert_status(DEED_DAMAGED, index_compare(&x, buf_get(&text), err));
	x.file[1].size--;
	x.file[2].sha256[0] ^= 1;
	assert_status(DEED_DAMAGED, index_compare(&x, buf_get(&text), err));
	x.file[2].sha256[0] ^= 1;
	x.file[2].name[0] ^= 1;
	assert_status(DEED_DAMAGED, index_compare(&x, buf_get(&text), err));
	x.file[2].name[0] ^= 1;
	assert_ok(index_compare(&x, buf_get(&text), err));
	assert_ok(index_add(&x, "more", 0, 0, err));
	assert_status(DEED_DAMAGED, index_compare(&x, buf_get(&text), err));
	index_clear(&x);
	buf_clear(&text);
}

/* A text of these members, each {"name":...} as given; read it. */
static enum deed_status read_members(const char *const *member, size_t count,
				     size_t *files)
{
	struct buf text = BUF_INIT;
	struct index x = INDEX_INIT;
	enum deed_status status;
	size_t i;

	buf_str(&text, "{\"files\":[");
	for (i = 0; i < count; i++)
		buf_printf(&text, "%s%s", i == 0 ? "" : ",", member[i]);
	buf_str(&text, "],\"salt\":\"");
	buf_fill(&text, '5', 64);
	buf_str(&text, "\",\"schema\":\"deed.index/1\"}\n");
	status = index_read(buf_get(&text), &x, NULL);
	*files = x.count;
	index_clear(&x);
	buf_clear(&text);
	return status;
}

#define HASH "abababababababababababababababababababababababababababababababab"
#define MEMBER(name, offset, size)                                        \
	"{\"name\":\"" name "\",\"offset\":" offset ",\"sha256\":\"" HASH \
	"\",\"size\":" size "}"

static void test_read(void **state)
{
	static const char *const bad[][3] = {
		{ MEMBER("a", "512", "1"), MEMBER("a", "1536", "1") },
		{ MEMBER("a", "512", "1"), MEMBER("a/b", "1536", "1") },
		{ MEMBER("a/b", "512", "1"), MEMBER("a.b", "1536", "1"),
		  MEMBER("a", "2560", "1") },
		{ MEMBER("index.json", "512", "1") },
		{ MEMBER("index.json/x", "512", "1") },
		{ MEMBER("../x", "512", "1") },
		{ MEMBER("a/../x", "512", "1") },
		{ MEMBER("a/..", "512", "1") },
		{ MEMBER("/x", "512", "1") },
		{ MEMBER("x/", "512", "1") },
		{ MEMBER("a//x", "512", "1") },
		{ MEMBER("./x", "512", "1") },
		{ MEMBER("", "512", "1") },
		{ MEMBER("a\\u0000b", "512", "1") },
		{ MEMBER("a\\\\b", "512", "1") },
		{ MEMBER("a\nb", "512", "1") },
		{ MEMBER("\xff", "512", "1") },
		{ MEMBER("x", "0", "1") },
		{ MEMBER("x", "511", "1") },
		{ MEMBER("x", "5120", "1") },
		{ MEMBER("x", "-512", "1") },
		{ MEMBER("x", "0512", "1") },
		{ MEMBER("x", "512", "-1") },
		{ MEMBER("x", "512", "01") },
		{ MEMBER("x", "512", "") },
		{ MEMBER("x", "512", "1.0") },
		{ MEMBER("x", "512", "9007199254740992") },
		{ MEMBER("x", "512", "18446744073709551617") },
		/* Over each other. */
		{ MEMBER("a", "512", "513"), MEMBER("b", "1536", "1") },
		{ MEMBER("a", "512", "1"), MEMBER("b", "512", "1") },
		{ MEMBER("a", "1536", "1"), MEMBER("b", "512", "1") },
		{ MEMBER("a", "512", "9007199254740991"),
		  MEMBER("b", "1024", "1") },
		{ "" },
		{ "{}" },
		{ "[]" },
	};
	static const char *const good[] = {
		MEMBER("a", "512", "1"),
		MEMBER("A", "1536", "0"),
		MEMBER("a-b", "2048", "512"),
		MEMBER("dir/a", "4096", "1"),
		MEMBER("dir/b \\\"q\\\"", "5120", "9007199254740991"),
	};
	struct index x = INDEX_INIT;
	size_t i, n, files;

	(void)state;
	assert_int_equal(read_members(good, 5, &files), DEED_OK);
	assert_int_equal(files, 5);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		for (n = 0; n < 3 && bad[i][n] != NULL;)
			n++;
		if (read_members(bad[i], n, &files) != DEED_DAMAGED)
			fail_msg("%s is read", bad[i][n - 1]);
		assert_int_equal(files, 0);
	}
	assert_int_equal(read_members(NULL, 0, &files), DEED_DAMAGED);
	assert_status(DEED_DAMAGED, index_read(SLICE_NONE, &x, err));
}

/* As many as a pack may have, in folders of any depth; and one too many. */
static void test_many(void **state)
{
	struct index x = INDEX_INIT, y = INDEX_INIT;
	struct buf text = BUF_INIT;
	char name[512], deep[401];
	size_t i;

	(void)state;
	memset(deep, 'd', sizeof(deep) - 1);
	for (i = 1; i < sizeof(deep) - 1; i += 2)
		deep[i] = '/';
	deep[sizeof(deep) - 2] = '/';
	deep[sizeof(deep) - 1] = '\0';
	for (i = 0; i < INDEX_FILES; i++) {
		snprintf(name, sizeof(name), "%s%zu.pdf",
			 i % 1000 == 0 ? deep : "", i);
		assert_ok(index_add(&x, name, 512 + 1024 * i, 1, err));
	}
	assert_ok(index_write(&x, &text, err));
	assert_true(text.len <= INDEX_MAX);
	assert_ok(index_read(buf_get(&text), &y, err));
	assert_int_equal(y.count, INDEX_FILES);
	assert_string_equal(y.file[65536].name, "65536.pdf");
	assert_ok(index_compare(&y, buf_get(&text), err));
	index_clear(&y);
	for (; i < 70000; i++) {
		snprintf(name, sizeof(name), "%zu.pdf", i);
		assert_ok(index_add(&x, name, 512 + 1024 * i, 1, err));
	}
	buf_reset(&text);
	assert_ok(index_write(&x, &text, err));
	assert_status(DEED_DAMAGED, index_read(buf_get(&text), &y, err));
	index_clear(&x);
	buf_clear(&text);
}

/* Every byte changed or cut is another index or none. */
static void test_read_changed(void **state)
{
	struct index x = INDEX_INIT, y = INDEX_INIT;
	struct buf text = BUF_INIT, again = BUF_INIT;
	unsigned bit;
	size_t i;

	(void)state;
	assert_ok(index_add(&x, "deposit.json", 512, 3, err));
	assert_ok(index_add(&x, "a \"quoted\" name", 1536, 0, err));
	assert_ok(index_write(&x, &text, err));
	for (i = 0; i < text.len; i++) {
		assert_status(DEED_DAMAGED,
			      index_read(slice_of(text.data, i), &y, err));
		for (bit = 1; bit < 256; bit <<= 1) {
			text.data[i] ^= (uint8_t)bit;
			buf_reset(&again);
			if (index_read(buf_get(&text), &y, NULL) == DEED_OK) {
				assert_ok(index_write(&y, &again, err));
				assert_true(slice_equal(buf_get(&again),
							buf_get(&text)));
			}
			index_clear(&y);
			text.data[i] ^= (uint8_t)bit;
		}
	}
	index_clear(&x);
	buf_clear(&text);
	buf_clear(&again);
}

static void test_names(void **state)
{
	static const char *const fine[] = { "a",  "A",	 "a.b",	 "a-b/a",
					    "ab", "b/a", "b/a.", "b/A" };
	static const char *const bad[][4] = {
		{ "x", "a", "b", "a" },
		{ "a/b/c", "a.txt", "x", "a" },
		{ "a/b/c", "a/b-c", "a/b/d", "a/b" },
	};
	size_t i, a, b;

	(void)state;
	assert_status(DEED_NOT_FOUND, names_find_clash(fine, 8, &a, &b, err));
	assert_status(DEED_NOT_FOUND, names_find_clash(NULL, 0, &a, &b, err));
	for (i = 0; i < 3; i++) {
		assert_ok(names_find_clash(bad[i], 4, &a, &b, err));
		assert_true(a < b);
		assert_int_equal(b, 3);
	}
}

/* Files that are opened when they are read: each once, and unchanged. */
static void test_found(void **state)
{
	static char path[3][64];
	static uint8_t out[1 << 20];
	struct archive_found found[3];
	struct archive_input in[3];
	struct source *s;
	struct stat st;
	size_t i, round, size, at;

	(void)state;
	for (round = 0; round < 4; round++) {
		for (i = 0; i < 3; i++) {
			snprintf(path[i], sizeof(path[i]), "found-%d-%zu",
				 (int)getpid(), i);
			assert_ok(file_write(path[i], 0600,
					     slice_of(out, 5000 * i),
					     OUTFILE_REPLACE, err));
			assert_int_equal(stat(path[i], &st), 0);
			found[i] = (struct archive_found){ path[i], st.st_dev,
							   st.st_ino,
							   (uint64_t)st.st_size,
							   st.st_mtim };
			in[i] = (struct archive_input){
				path[i],       7,	   -1,
				found[i].size, SLICE_NONE, &found[i]
			};
		}
		assert_ok(source_new(in, 3, &s, err));
		size = (size_t)source_size(s);
		assert_true(size < sizeof(out));
		if (round == 1) /* another file in its place */
			assert_ok(file_write(path[2], 0600,
					     slice_of(out, 10000),
					     OUTFILE_REPLACE, err));
		if (round == 2) /* gone */
			assert_int_equal(unlink(path[1]), 0);
		if (round == 3) /* longer, between two reads of it */
			assert_ok(source_read(s, 0, out, 9000, err));
		if (round == 3)
			assert_int_equal(truncate(path[2], 20000), 0);
		at = round == 3 ? 9000 : 0;
		assert_int_equal(source_read(s, at, out + at, size - at, NULL),
				 round == 0 ? DEED_OK : DEED_IO);
		source_free(s);
		for (i = 0; i < 3; i++)
			(void)unlink(path[i]);
	}
}

#define PIECE 1000

struct reading {
	struct source *s;
	uint8_t *out;
	size_t fail; /* this piece is not asked for */
	unsigned failures;
};

/* A pool_fn. */
static void read_piece(void *arg, size_t i)
{
	struct reading *r = arg;
	size_t left = (size_t)source_size(r->s) - i * PIECE;

	if (i == r->fail)
		source_abort(r->s);
	else if (source_read(r->s, i * PIECE, r->out + i * PIECE,
			     left < PIECE ? left : PIECE, NULL) != DEED_OK)
		__atomic_add_fetch(&r->failures, 1, __ATOMIC_SEQ_CST);
}

/* Read in pieces by several threads: the same as in one. */
static void test_source(void **state)
{
	static uint8_t big[70000];
	const struct archive_input in[] = {
		{ "deposit.json", 7, -1, 3, slice_str("{}\n"), NULL },
		{ "empty", 7, -1, 0, SLICE_NONE, NULL },
		{ "big", 7, -1, sizeof(big), slice_of(big, sizeof(big)), NULL },
	};
	struct reading r = { .fail = SIZE_MAX };
	struct buf all = BUF_INIT;
	size_t pieces, at, round;
	uint8_t hash[32];

	(void)state;
	for (at = 0; at < sizeof(big); at++)
		big[at] = (uint8_t)(at * 7 + at / 251);
	for (round = 0; round < 20; round++) {
		assert_ok(source_new(in, 3, &r.s, err));
		buf_reset(&all);
		r.out = buf_reserve(&all, (size_t)source_size(r.s));
		pieces = ((size_t)source_size(r.s) + PIECE - 1) / PIECE;
		r.fail = round == 19 ? 5 : SIZE_MAX;
		pool_run(4, pieces, read_piece, &r);
		if (round == 19) {
			assert_true(r.failures >= pieces - 6);
			source_free(r.s);
			break;
		}
		assert_int_equal(r.failures, 0);
		sha256(slice_of(big, sizeof(big)), hash);
		assert_memory_equal(source_sha256(r.s, 2), hash, 32);
		sha256(SLICE_NONE, hash);
		assert_memory_equal(source_sha256(r.s, 1), hash, 32);
		/* The index is where the last header says, and hashed. */
		at = 512 + 512 + 512 + 512 + 70144;
		assert_string_equal(r.out + at, INDEX_NAME);
		at += 512;
		assert_memory_equal(r.out + at, "{\"files\":[", 10);
		sha256(slice_of(r.out + at, strlen((const char *)r.out + at)),
		       hash);
		assert_memory_equal(source_index(r.s), hash, 32);
		source_free(r.s);
	}
	buf_clear(&all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_read_changed),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_source),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
