/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "look/wire.h"

static const struct look_place places[] = {
	{ 0, { 10, 20, 30, 40.5 }, true },
	{ 3, { -1, -2, 3, 4 }, false },
};
static const struct look_state states[] = { { 1000, places, 2 },
					    { 2000, NULL, 0 } };

static void orders_come_back(void **state)
{
	struct secret *password;
	struct look_order o;
	struct buf b = BUF_INIT;

	(void)state;
	assert_ok(secret_copy("open", 4, &password, err));
	look_order_write(password, states, 2, true, &b);
	assert_ok(look_order_read(buf_get(&b), &o, err));
	assert_true(slice_equal_str(secret_slice(o.password), "open"));
	assert_true(o.pictures);
	assert_int_equal(o.count, 2);
	assert_int_equal(o.states[0].end, 1000);
	assert_int_equal(o.states[0].place_count, 2);
	assert_int_equal(o.states[0].places[1].page, 3);
	assert_true(o.states[0].places[0].covers);
	assert_true(o.states[0].places[0].box[3] == 40.5);
	assert_int_equal(o.states[1].place_count, 0);
	look_order_clear(&o);
	secret_free(password);
	buf_clear(&b);
}

static void broken_orders_are_refused(void **state)
{
	struct look_order o;
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	look_order_write(NULL, states, 2, false, &b);
	for (i = 0; i < b.len; i++) {
		assert_status(DEED_MALFORMED,
			      look_order_read(slice_of(b.data, i), &o, err));
		look_order_clear(&o);
	}
	buf_byte(&b, 0);
	assert_status(DEED_MALFORMED, look_order_read(buf_get(&b), &o, err));
	look_order_clear(&o);
	buf_clear(&b);
}

static struct look_seen *make_seen(void)
{
	struct look_seen *list = calloc(2, sizeof(*list));

	assert_non_null(list);
	list[0].painted = true;
	list[0].pages_then = 2;
	list[0].pages_now = 3;
	list[0].mark_count = 1;
	list[0].marks[0] = (struct look_mark){ 1, true, { 1, 2, 3, 4 } };
	list[0].plain[5] = true;
	list[0].picture_count = 1;
	list[0].pictures[0].page = 1;
	list[0].pictures[0].mark_count = 1;
	list[0].pictures[0].marks[0][3] = 0.75;
	list[0].pictures[0].then.width = 2;
	list[0].pictures[0].then.height = 1;
	buf_str(&list[0].pictures[0].then.pixels, "abcdef");
	memcpy(list[1].why, "page 3 is too large", 20);
	return list;
}

static void answers_come_back(void **state)
{
	struct look_seen *list = make_seen(), *read;
	struct buf b = BUF_INIT, again = BUF_INIT;

	(void)state;
	look_seen_write(list, 2, &b);
	assert_ok(look_seen_read(buf_get(&b), 2, &read, err));
	assert_true(read[0].painted && !read[1].painted);
	assert_string_equal(read[1].why, "page 3 is too large");
	assert_true(read[0].marks[0].print);
	assert_true(read[0].pictures[0].marks[0][3] == 0.75);
	assert_true(read[0].plain[5] && !read[0].plain[4]);
	assert_int_equal(read[0].pictures[0].now.width, 0);
	look_seen_write(read, 2, &again);
	assert_true(slice_equal(buf_get(&b), buf_get(&again)));
	look_seen_free(read, 2);
	look_seen_free(list, 2);
	buf_clear(&b);
	buf_clear(&again);
}

static void broken_answers_are_refused(void **state)
{
	struct look_seen *list = make_seen(), *read;
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	look_seen_write(list, 2, &b);
	for (i = 0; i < b.len; i++)
		assert_status(
			DEED_MALFORMED,
			look_seen_read(slice_of(b.data, i), 2, &read, err));
	assert_null(read);
	/* One state more, or less, than was asked for. */
	assert_status(DEED_MALFORMED,
		      look_seen_read(buf_get(&b), 1, &read, err));
	assert_status(DEED_MALFORMED,
		      look_seen_read(buf_get(&b), 3, &read, err));
	buf_reset(&b);
	/* A picture that is not as large as it says. */
	list[0].pictures[0].then.height = 2;
	look_seen_write(list, 2, &b);
	assert_status(DEED_MALFORMED,
		      look_seen_read(buf_get(&b), 2, &read, err));
	buf_reset(&b);
	list[0].pictures[0].then.height = 1;
	list[0].pictures[0].marks[0][3] = 1.5;
	look_seen_write(list, 2, &b);
	assert_status(DEED_MALFORMED,
		      look_seen_read(buf_get(&b), 2, &read, err));
	look_seen_free(list, 2);
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(orders_come_back),
		cmocka_unit_test(broken_orders_are_refused),
		cmocka_unit_test(answers_come_back),
		cmocka_unit_test(broken_answers_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
