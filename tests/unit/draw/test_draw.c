/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>

#include "base/frame.h"
#include "base/process.h"
#include "draw/draw.h"
#include "draw/wire.h"

static const struct draw_spec seal = {
	.kind = DRAW_SEAL,
	.width_mm = 40,
	.name = "示例科技有限公司",
	.lines = { "2026-11-23", "acme" },
	.time = 1795392000,
};

/* One helper draws several, and goes on after one that cannot be drawn. */
static void test_several(void **state)
{
	struct draw_spec bad = seal, box = seal;
	struct drawing one = DRAWING_INIT, two = DRAWING_INIT;
	struct deed_error error = DEED_ERROR_INIT;
	struct artist *artist;

	(void)state;
	bad.name = "\xf1\x90\x80\x80";
	box.kind = DRAW_BOX;
	assert_ok(artist_new(&artist, err));
	assert_ok(artist_draw(artist, &seal, &one, err));
	assert_true(one.width_mm == 40 && one.height_mm == 40);
	assert_int_equal(DEED_UNSUPPORTED,
			 artist_draw(artist, &bad, &two, &error));
	assert_non_null(strstr(error.hint[0], "apt-get install"));
	assert_ok(artist_draw(artist, &box, &two, err));
	assert_memory_equal(two.pdf.data, "%PDF-1.4", 8);
	assert_true(two.height_mm < 40);
	artist_free(artist);
	buf_clear(&one.pdf);
	buf_clear(&two.pdf);
}

static void test_missing_helper(void **state)
{
	struct artist *artist = NULL;
	struct drawing out = DRAWING_INIT;
	enum deed_status status;

	(void)state;
	process_set_helpers("no-such-folder");
	status = artist_new(&artist, NULL);
	if (status == DEED_OK)
		status = artist_draw(artist, &seal, &out, NULL);
	assert_int_not_equal(status, DEED_OK);
	artist_free(artist);
	buf_clear(&out.pdf);
	process_set_helpers(".");
}

/* Frames that no deed would send get an error, not a crash. */
static void test_hostile_orders(void **state)
{
	static const struct {
		uint32_t type;
		const char *body;
		size_t len;
	} orders[] = {
		{ DRAW_FRAME_SPEC, "short", 5 },
		{ DRAW_FRAME_SPEC, "\x09\0\0\0\0\0\0\0\0\0\0\0\0\0", 14 },
		{ DRAW_FRAME_NAME, "a\0b", 3 },
		{ DRAW_FRAME_PAINT, "", 0 },
		{ DRAW_FRAME_PDF, "x", 1 },
		{ 77, "", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		struct buf body = BUF_INIT;
		struct process *p;
		uint32_t type = 0;

		assert_ok(process_start_helper("deed-draw", &p, err));
		assert_ok(frame_write(process_input(p), orders[i].type,
				      slice_of(orders[i].body, orders[i].len),
				      err));
		process_close_input(p);
		assert_int_not_equal(
			frame_read(process_output(p), &type, &body, 4096, NULL),
			DEED_OK);
		buf_clear(&body);
		process_free(p);
	}
}

static int start(void **state)
{
	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	process_set_helpers(".");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_missing_helper),
		cmocka_unit_test(test_hostile_orders),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, NULL);
}
