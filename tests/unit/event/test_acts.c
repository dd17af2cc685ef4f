/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "event/acts.h"
#include "log_home.h"

static const uint8_t salt[32] = { 1, 2, 3 };

static void put(struct buf *entry, const char *label, const char *value)
{
	const struct acts_opening o = { label, salt, slice_str(value) };

	acts_put(entry, &o);
}

/* Block 7: two entries, the second with nothing to open. */
static struct buf make(void)
{
	struct buf text = BUF_INIT, entry = BUF_INIT;

	acts_begin(7, &text);
	acts_begin_entry(&entry);
	put(&entry, "party", "wang");
	put(&entry, "file", "a.pdf");
	acts_add(&text, buf_get(&entry));
	acts_begin_entry(&entry);
	acts_add(&text, buf_get(&entry));
	buf_clear(&entry);
	return text;
}

static void test_round_trip(void **state)
{
	struct buf text = make();
	struct acts a = ACTS_INIT;
	struct acts_opening o;
	struct slice entry;

	(void)state;
	assert_ok(acts_parse(&text, 7, &a, err));
	assert_null(text.data);
	assert_int_equal(a.count, 2);
	entry = acts_entry(&a, 0);
	assert_true(acts_next(&entry, &o));
	assert_string_equal(o.label, "party");
	assert_memory_equal(o.salt, salt, 32);
	assert_true(slice_equal_str(o.value, "wang"));
	assert_true(acts_next(&entry, &o));
	assert_true(slice_equal_str(o.value, "a.pdf"));
	assert_false(acts_next(&entry, &o));
	assert_int_equal(entry.len, 0);
	assert_int_equal(acts_entry(&a, 1).len, 0);
	assert_non_null(acts_entry(&a, 1).data);
	assert_null(acts_entry(&a, 2).data);
	acts_clear(&a);
	assert_null(acts_entry(&a, 0).data);
}

static enum deed_status parse(struct slice bytes, uint64_t number,
			      struct deed_error *err)
{
	struct acts a = ACTS_INIT;
	struct buf text = BUF_INIT;
	enum deed_status status;

	buf_slice(&text, bytes);
	status = acts_parse(&text, number, &a, err);
	acts_clear(&a);
	return status;
}

/* Nothing but the block as it was made is one. */
static void test_hostile(void **state)
{
	static const struct {
		size_t at;
		uint8_t byte;
	} bad[] = {
		{ 0, 'D' },  /* magic */
		{ 11, ' ' }, /* its end */
		{ 19, 8 },   /* the number */
		{ 12, 1 },   /* and its first byte */
		{ 21, 0 },   /* no entry */
		{ 21, 1 },   /* fewer than there are */
		{ 21, 3 },   /* more */
		{ 20, 4 },   /* more than a thousand */
		{ 23, 1 },   /* fewer openings */
		{ 23, 3 },   /* more */
		{ 22, 1 },   /* many more */
		{ 24, 4 },   /* a label that is shorter */
		{ 24, 6 },   /* longer */
		{ 24, 0 },   /* none */
		{ 24, 255 }, /* past the end */
		{ 25, 'P' }, /* no word */
		{ 26, 0 },   /* one that ends before */
		{ 30, 'x' }, /* one that does not end */
		{ 63, 255 }, /* a value past the end */
		{ 64, 3 },   /* one that is shorter */
	};
	struct buf text = make();
	size_t i;

	(void)state;
	assert_ok(parse(buf_get(&text), 7, err));
	assert_status(DEED_MALFORMED, parse(buf_get(&text), 6, err));
	for (i = 0; i < text.len; i++)
		assert_status(DEED_MALFORMED,
			      parse(slice_of(text.data, i), 7, err));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t was = text.data[bad[i].at];

		text.data[bad[i].at] = bad[i].byte;
		if (parse(buf_get(&text), 7, NULL) == DEED_OK)
			fail_msg("%zu may be %d", bad[i].at, bad[i].byte);
		text.data[bad[i].at] = was;
	}
	buf_byte(&text, 0);
	assert_status(DEED_MALFORMED, parse(buf_get(&text), 7, err));
	buf_clear(&text);
}

/* A thousand entries, and no more; 256 openings, and no more. */
static void test_limits(void **state)
{
	struct buf text = BUF_INIT, entry = BUF_INIT;
	size_t i;

	(void)state;
	acts_begin(0, &text);
	assert_status(DEED_MALFORMED, parse(buf_get(&text), 0, err));
	for (i = 0; i < ACTS_BLOCK; i++)
		acts_add(&text, SLICE_NONE);
	assert_ok(parse(buf_get(&text), 0, err));
	acts_add(&text, SLICE_NONE);
	assert_status(DEED_MALFORMED, parse(buf_get(&text), 0, err));
	acts_begin(0, &text);
	acts_begin_entry(&entry);
	for (i = 0; i < ENTRY_LIST_MAX; i++)
		put(&entry, "party", "wang");
	acts_add(&text, buf_get(&entry));
	assert_ok(parse(buf_get(&text), 0, err));
	acts_begin(0, &text);
	put(&entry, "party", "wang");
	acts_add(&text, buf_get(&entry));
	assert_status(DEED_MALFORMED, parse(buf_get(&text), 0, err));
	buf_clear(&text);
	buf_clear(&entry);
}

/* What does not fit is read from the drop box. */
static void test_full(void **state)
{
	struct buf text = BUF_INIT, entry = BUF_INIT;
	struct acts a = ACTS_INIT;
	struct acts_opening o = { "file", salt, SLICE_NONE };
	uint8_t value[4096] = { 0 };
	size_t i;

	(void)state;
	o.value = slice_of(value, sizeof(value));
	acts_begin_entry(&entry);
	for (i = 0; i < ENTRY_LIST_MAX; i++)
		acts_put(&entry, &o);
	acts_begin(0, &text);
	for (i = 0; i < 100; i++)
		acts_add(&text, buf_get(&entry));
	assert_true(text.len <= ACTS_MAX);
	assert_ok(acts_parse(&text, 0, &a, err));
	assert_int_equal(a.count, 100);
	assert_true(acts_entry(&a, 0).len > 0);
	assert_int_equal(acts_entry(&a, 99).len, 0);
	acts_clear(&a);
	buf_clear(&entry);
}

static void test_file(void **state)
{
	struct log_home h;
	struct dropbox_reader to;
	struct buf text = make(), file, empty = BUF_INIT;
	struct acts a;
	char dir[160];

	(void)state;
	log_home_make(&h);
	(void)snprintf(dir, sizeof(dir), "%s/index", h.dir.path);
	to = h.home.register_reader;
	assert_status(DEED_NOT_FOUND,
		      acts_read(dir, 7, h.reader[0].key, 1, &a, err));
	assert_ok(acts_write(dir, 7, &to, buf_get(&text), err));
	assert_ok(acts_write(dir, 7, &to, buf_get(&text), err));
	assert_ok(acts_read(dir, 7, h.reader[0].key, 1, &a, err));
	assert_int_equal(a.count, 2);
	acts_clear(&a);
	assert_status(DEED_DAMAGED,
		      acts_read(dir, 7, h.reader[1].key, 1, &a, err));
	/* In another's place, cut short, changed, empty. */
	file = log_get(&h, "index/000007.cms");
	log_put(&h, "index/000008.cms", buf_get(&file));
	assert_status(DEED_DAMAGED,
		      acts_read(dir, 8, h.reader[0].key, 1, &a, err));
	log_put(&h, "index/000007.cms", slice_of(file.data, file.len - 1));
	assert_status(DEED_DAMAGED,
		      acts_read(dir, 7, h.reader[0].key, 1, &a, err));
	file.data[file.len / 2] ^= 1;
	log_put(&h, "index/000007.cms", buf_get(&file));
	assert_status(DEED_DAMAGED,
		      acts_read(dir, 7, h.reader[0].key, 1, &a, err));
	log_put(&h, "index/000007.cms", SLICE_NONE);
	assert_status(DEED_DAMAGED,
		      acts_read(dir, 7, h.reader[0].key, 1, &a, err));
	/* Well enveloped, and no block. */
	assert_ok(acts_write(dir, 7, &to, slice_str("deed.acts/2\n"), err));
	assert_status(DEED_DAMAGED,
		      acts_read(dir, 7, h.reader[0].key, 1, &a, err));
	buf_clear(&file);
	buf_clear(&empty);
	buf_clear(&text);
	log_home_remove(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
