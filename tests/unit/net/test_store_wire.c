/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "net/store_wire.h"

static const uint8_t hash[32] = { 1, 2, 3 };

/* What was written is read, and nothing that is shorter or longer is. */
#define CHECK_LENGTHS(body, get)                                         \
	do {                                                             \
		size_t len;                                              \
                                                                         \
		for (len = 0; len < (body)->len; len++)                  \
			assert_status(DEED_MALFORMED,                    \
				      get(slice_of((body)->data, len))); \
		buf_byte(body, 0);                                       \
		assert_status(DEED_MALFORMED, get(buf_get(body)));       \
	} while (0)

#define GET_CLIENT(in) store_wire_get_client(in, &back, err)
#define GET_TARGET(in) store_wire_get_target(in, &id, &back, err)
#define GET_ORDER(in) store_wire_get_order(in, &back, err)
#define GET_ANSWER(in) store_wire_get_answer(in, &head, &back, err)

static void test_client(void **state)
{
	const struct store_wire_client client = { 10000, 0x12345678, true };
	struct store_wire_client back;
	struct buf body = BUF_INIT;

	(void)state;
	store_wire_put_client(&client, &body);
	assert_ok(GET_CLIENT(buf_get(&body)));
	assert_true(back.connect_ms == 10000 &&
		    back.deadline_ms == 0x12345678 && back.tell);
	CHECK_LENGTHS(&body, GET_CLIENT);
	buf_clear(&body);
}

static void test_target(void **state)
{
	struct store_target target = { .endpoint = { "https://a", "https://b" },
				       .endpoint_count = 2,
				       .bucket = "bucket",
				       .region = "us-east-1",
				       .access_key = "a:b",
				       .proxy = "http://proxy:1",
				       .transfers = 7,
				       .insecure = true };
	struct store_target back;
	struct buf body = BUF_INIT;
	uint32_t id;

	(void)state;
	store_wire_put_target(99, &target, &body);
	assert_ok(GET_TARGET(buf_get(&body)));
	assert_int_equal(id, 99);
	assert_int_equal(back.endpoint_count, 2);
	assert_string_equal(back.endpoint[1], "https://b");
	assert_string_equal(back.bucket, "bucket");
	assert_string_equal(back.region, "us-east-1");
	assert_string_equal(back.access_key, "a:b");
	assert_null(back.ca);
	assert_string_equal(back.proxy, "http://proxy:1");
	assert_true(back.transfers == 7 && back.insecure);
	CHECK_LENGTHS(&body, GET_TARGET);
	buf_reset(&body);
	target.transfers = STORE_TRANSFERS_MAX + 1;
	store_wire_put_target(99, &target, &body);
	assert_status(DEED_MALFORMED, GET_TARGET(buf_get(&body)));
	buf_reset(&body);
	target.transfers = 1;
	target.bucket = NULL;
	store_wire_put_target(99, &target, &body);
	assert_status(DEED_MALFORMED, GET_TARGET(buf_get(&body)));
	buf_clear(&body);
}

static void test_order(void **state)
{
	const struct store_order order = {
		.store = 3,
		.call = UINT64_C(0x1122334455667788),
		.request = { .method = STORE_PUT,
			     .key = "a/b",
			     .body = slice_of(hash, 20),
			     .sha256 = hash,
			     .if_absent = true,
			     .unhashed = true },
	};
	struct store_order back;
	struct buf body = BUF_INIT;

	(void)state;
	store_wire_put_order(&order, &body);
	assert_ok(GET_ORDER(buf_get(&body)));
	assert_true(back.store == 3 && back.call == order.call);
	assert_int_equal(back.request.method, STORE_PUT);
	assert_string_equal(back.request.key, "a/b");
	assert_int_equal(back.request.body.len, 20);
	assert_memory_equal(back.request.sha256, hash, 32);
	assert_true(back.request.if_absent && back.request.unhashed);
	assert_null(back.request.after);
	CHECK_LENGTHS(&body, GET_ORDER);
	buf_clear(&body);
}

static void check_order(enum deed_status expected,
			const struct store_request *r)
{
	struct store_order back, order = { .request = *r };
	struct buf body = BUF_INIT;

	store_wire_put_order(&order, &body);
	assert_status(expected, GET_ORDER(buf_get(&body)));
	buf_clear(&body);
}

#define ORDER(expected, ...) \
	check_order(expected, &(const struct store_request){ __VA_ARGS__ })

static void test_orders(void **state)
{
	char key[STORE_KEY_MAX + 2];

	(void)state;
	memset(key, 'k', sizeof(key));
	key[STORE_KEY_MAX + 1] = '\0';
	ORDER(DEED_MALFORMED, .method = STORE_GET, .key = key);
	key[STORE_KEY_MAX] = '\0';
	ORDER(DEED_OK, .method = STORE_GET, .key = key);
	ORDER(DEED_OK, .method = STORE_GET, .key = key, .unhashed = true);
	ORDER(DEED_MALFORMED, .method = STORE_GET, .key = "");
	ORDER(DEED_MALFORMED, .method = STORE_GET);
	ORDER(DEED_OK, .method = STORE_LIST, .key = "");
	ORDER(DEED_MALFORMED, .method = STORE_LIST);
	ORDER(DEED_MALFORMED, .method = STORE_PUT, .key = "k");
	ORDER(DEED_MALFORMED, .method = STORE_GET, .key = "k", .sha256 = hash);
	ORDER(DEED_MALFORMED, .method = STORE_GET, .key = "k",
	      .body = slice_of(hash, 1));
	ORDER(DEED_MALFORMED, .method = STORE_LIST, .key = "k",
	      .limit = STORE_PAGE + 1);
	ORDER(DEED_MALFORMED, .method = STORE_GET, .key = "k",
	      .max = STORE_OBJECT_MAX + 1);
	ORDER(DEED_MALFORMED, .method = STORE_GET, .key = "k",
	      .from = UINT64_MAX, .length = 1);
	ORDER(DEED_MALFORMED, .method = (enum store_method)7, .key = "k");
}

static void test_answer(void **state)
{
	const struct store_wire_answer said = {
		.call = 77,
		.follows = STORE_FOLLOWS_DATA,
		.status = DEED_DENIED,
		.why = { .status = DEED_DENIED, .message = "no" },
	};
	const struct store_answer answer = { .status = 403,
					     .code = "AccessDenied",
					     .etag = "e",
					     .version = "v",
					     .marker = true,
					     .date = 1798761600,
					     .modified = 1798761599,
					     .size = UINT64_C(1) << 40,
					     .more = true,
					     .tries = 3,
					     .sent = 4,
					     .got = 5 };
	struct store_answer back = STORE_ANSWER_INIT;
	struct store_wire_answer head;
	struct buf body = BUF_INIT;

	(void)state;
	store_wire_put_answer(&said, &answer, &body);
	assert_ok(GET_ANSWER(buf_get(&body)));
	assert_true(head.call == 77 && head.follows == STORE_FOLLOWS_DATA);
	assert_int_equal(head.status, DEED_DENIED);
	assert_string_equal(head.why.message, "no");
	assert_string_equal(back.code, "AccessDenied");
	assert_string_equal(back.etag, "e");
	assert_string_equal(back.version, "v");
	assert_true(back.status == 403 && back.marker && !back.versioning);
	assert_true(back.date == 1798761600 && back.modified == 1798761599 &&
		    back.size == answer.size);
	assert_true(back.more && back.tries == 3 && back.sent == 4 &&
		    back.got == 5);
	CHECK_LENGTHS(&body, GET_ANSWER);
	buf_clear(&body);
}

static void test_items(void **state)
{
	const struct store_item items[] = {
		{ .key = "a", .size = 5 },
		{ .key = "b", .version = "v", .latest = true, .marker = true },
	};
	struct store_answer answer = STORE_ANSWER_INIT;
	struct buf text = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++)
		store_wire_put_item(&items[i], &text);
	assert_status(DEED_MALFORMED,
		      store_wire_get_items(&text, 1, &answer, err));
	text.len--;
	assert_status(DEED_MALFORMED,
		      store_wire_get_items(&text, 2, &answer, err));
	text.len++;
	assert_ok(store_wire_get_items(&text, 2, &answer, err));
	assert_null(text.data);
	assert_int_equal(answer.item_count, 2);
	assert_string_equal(answer.item[0].key, "a");
	assert_null(answer.item[0].version);
	assert_int_equal(answer.item[0].size, 5);
	assert_string_equal(answer.item[1].version, "v");
	assert_true(answer.item[1].latest && answer.item[1].marker);
	store_answer_clear(&answer);
	/* An empty key is there, and none is not. */
	store_wire_put_item(&(const struct store_item){ .key = NULL }, &text);
	assert_status(DEED_MALFORMED,
		      store_wire_get_items(&text, 2, &answer, err));
	buf_reset(&text);
	assert_ok(store_wire_get_items(&text, 2, &answer, err));
	assert_int_equal(answer.item_count, 0);
	store_answer_clear(&answer);
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_client), cmocka_unit_test(test_target),
		cmocka_unit_test(test_order),  cmocka_unit_test(test_orders),
		cmocka_unit_test(test_answer), cmocka_unit_test(test_items),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
