/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "draw/jpeg.h"

static void load(const char *name, struct buf *out)
{
	const char *top = getenv("top_srcdir");
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/data/images/%s",
		 top == NULL ? "." : top, name);
	assert_ok(file_read(path, 1 << 20, out, err));
}

/* The same with a segment behind SOI. */
static void insert(const struct buf *in, const void *segment, size_t len,
		   struct buf *out)
{
	buf_reset(out);
	buf_append(out, in->data, 2);
	buf_append(out, segment, len);
	buf_append(out, in->data + 2, in->len - 2);
	assert_false(out->failed);
}

static enum deed_status read_status(const struct buf *in)
{
	struct jpeg jpeg = JPEG_INIT;
	enum deed_status status = jpeg_read(buf_get(in), &jpeg, NULL);

	buf_clear(&jpeg.data);
	return status;
}

static void test_kinds(void **state)
{
	static const char *const names[] = { "colour.jpg", "grey.jpg",
					     "progressive.jpg" };
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct buf file = BUF_INIT;
		struct jpeg jpeg = JPEG_INIT, again = JPEG_INIT;

		load(names[i], &file);
		assert_ok(jpeg_read(buf_get(&file), &jpeg, err));
		assert_int_equal(jpeg.orientation, 1);
		assert_true(jpeg.width <= 24 && jpeg.height <= 24);
		assert_true(jpeg.width == 24 || jpeg.height == 24);
		/* What is kept is a JPEG, and nothing more falls off it. */
		assert_ok(jpeg_read(buf_get(&jpeg.data), &again, err));
		assert_true(
			slice_equal(buf_get(&jpeg.data), buf_get(&again.data)));
		/* What breaks off is none. */
		for (len = file.len - 2; len > 0; len--) {
			file.len = len;
			assert_status(DEED_MALFORMED, read_status(&file));
		}
		buf_clear(&jpeg.data);
		buf_clear(&again.data);
		buf_clear(&file);
	}
}

/* Of what a camera adds the orientation is obeyed, and nothing is kept. */
static void test_camera(void **state)
{
	static const uint8_t exif[] = {
		0xff, 0xe1, 0,	  38,	'E', 'x', 'i', 'f', 0, 0,
		'M',  'M',  0,	  42,	0,   0,	  0,   8,   0, 2,
		0x01, 0x12, 0,	  3,	0,   0,	  0,   1,   0, 6,
		0,    0,    0x01, 0x0e, 0,   2,	  0,   0,   0, 4,
	};
	static const uint8_t comment[] = { 0xff, 0xfe, 0,   7,	's',
					   'e',	 'c',  'r', 'e' };
	struct buf file = BUF_INIT, more = BUF_INIT;
	struct jpeg plain = JPEG_INIT, jpeg = JPEG_INIT, other = JPEG_INIT;

	(void)state;
	load("colour.jpg", &file);
	assert_ok(jpeg_read(buf_get(&file), &plain, err));
	insert(&file, exif, sizeof(exif), &more);
	assert_ok(jpeg_read(buf_get(&more), &jpeg, err));
	assert_int_equal(jpeg.orientation, 6);
	assert_true(slice_equal(buf_get(&jpeg.data), buf_get(&plain.data)));
	insert(&file, comment, sizeof(comment), &more);
	assert_ok(jpeg_read(buf_get(&more), &other, err));
	assert_true(slice_equal(buf_get(&other.data), buf_get(&plain.data)));
	buf_clear(&plain.data);
	buf_clear(&jpeg.data);
	buf_clear(&other.data);
	buf_clear(&more);
	buf_clear(&file);
}

/* The segment of this marker, its 0xff first. */
static uint8_t *find(struct buf *file, unsigned marker)
{
	const uint8_t wanted[] = { 0xff, (uint8_t)marker };
	uint8_t *at = memmem(file->data, file->len, wanted, 2);

	assert_non_null(at);
	return at;
}

/* One octet of a segment is another: offset from its 0xff. */
static void test_bad_segments(void **state)
{
	static const struct {
		unsigned marker, offset, value;
		enum deed_status status;
	} bad[] = {
		{ 0xc0, 1, 0xc3, DEED_UNSUPPORTED }, /* lossless */
		{ 0xc0, 1, 0xc9, DEED_UNSUPPORTED }, /* arithmetic */
		{ 0xc0, 1, 0xdc, DEED_MALFORMED },   /* height to come */
		{ 0xc0, 3, 16, DEED_MALFORMED },     /* longer than it is */
		{ 0xc0, 4, 12, DEED_UNSUPPORTED },   /* bits */
		{ 0xc0, 9, 4, DEED_UNSUPPORTED },    /* components */
		{ 0xc0, 9, 1, DEED_MALFORMED },	     /* and their number */
		{ 0xc0, 11, 0x00, DEED_MALFORMED },  /* sampling */
		{ 0xc0, 11, 0x51, DEED_MALFORMED },
		{ 0xc0, 12, 4, DEED_MALFORMED },   /* a table that is not */
		{ 0xdb, 4, 0x20, DEED_MALFORMED }, /* precision of a table */
		{ 0xdb, 4, 0x10, DEED_MALFORMED }, /* longer by it */
		{ 0xc4, 4, 0x20, DEED_MALFORMED }, /* class of a table */
		{ 0xc4, 5, 0xff, DEED_MALFORMED }, /* more codes than bytes */
		{ 0xda, 4, 4, DEED_MALFORMED },	   /* components of a scan */
		{ 0xda, 5, 77, DEED_MALFORMED },   /* one that is none */
		{ 0xda, 6, 0x44, DEED_MALFORMED }, /* its tables */
		{ 0xda, 12, 62, DEED_MALFORMED },  /* coefficients */
	};
	struct buf file = BUF_INIT;
	size_t i;

	(void)state;
	load("colour.jpg", &file);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t *at = find(&file, bad[i].marker) + bad[i].offset;
		uint8_t was = *at;

		*at = (uint8_t)bad[i].value;
		if (read_status(&file) != bad[i].status)
			fail_msg("case %zu: status %d", i, read_status(&file));
		*at = was;
	}
	assert_status(DEED_OK, read_status(&file));
	buf_clear(&file);
}

/* A scan that is sent over and over costs every reader its time. */
static void test_many_scans(void **state)
{
	struct buf file = BUF_INIT, bomb = BUF_INIT;
	const uint8_t *scan;
	size_t i, len;

	(void)state;
	load("progressive.jpg", &file);
	scan = find(&file, 0xda);
	len = file.len - 2 - (size_t)(scan - file.data);
	buf_append(&bomb, file.data, file.len - 2);
	for (i = 0; i < JPEG_SCANS; i++)
		buf_append(&bomb, scan, len);
	buf_append(&bomb, "\xff\xd9", 2);
	assert_status(DEED_LIMIT, read_status(&bomb));
	buf_clear(&bomb);
	buf_clear(&file);
}

/* RGB that nothing calls so; the marker that does is kept. */
static void test_rgb(void **state)
{
	static const uint8_t adobe[] = { 0xff, 0xee, 0,	  14, 'A', 'd',
					 'o',  'b',  'e', 0,  100, 0,
					 0,    0,    0,	  0 };
	struct buf file = BUF_INIT, named = BUF_INIT;
	struct jpeg jpeg = JPEG_INIT;
	uint8_t *frame, *scan;
	size_t i;

	(void)state;
	load("colour.jpg", &file);
	frame = find(&file, 0xc0);
	scan = find(&file, 0xda);
	for (i = 0; i < 3; i++)
		frame[10 + 3 * i] = scan[5 + 2 * i] = (uint8_t) "RGB"[i];
	assert_status(DEED_UNSUPPORTED, read_status(&file));
	insert(&file, adobe, sizeof(adobe), &named);
	assert_ok(jpeg_read(buf_get(&named), &jpeg, err));
	assert_non_null(memmem(jpeg.data.data, jpeg.data.len, "Adobe", 5));
	buf_clear(&jpeg.data);
	buf_clear(&named);
	buf_clear(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_camera),
		cmocka_unit_test(test_bad_segments),
		cmocka_unit_test(test_many_scans),
		cmocka_unit_test(test_rgb),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
