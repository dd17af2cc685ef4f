/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "tlog/entry.h"
#include "base/file.h"
#include "codec/hex.h"

static const uint8_t ones[32] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
				  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
				  1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

#define ONES "0101010101010101010101010101010101010101010101010101010101010101"
#define HEAD "{\"event\":\"sign\","
#define TAIL "\"time\":\"2026-11-23T12:00:00Z\",\"tool\":\"deed 0.1.0\"}"
#define WHOLE                                                           \
	"{\"commitments\":[{\"label\":\"party\",\"mac\":\"" ONES "\"}," \
	"{\"label\":\"party\",\"mac\":\"" ONES "\"}],"                  \
	"\"event\":\"sign\",\"hashes\":{\"a\":\"sha256:" ONES           \
	"\",\"b\":\"sha256:" ONES "\"},"                                \
	"\"numbers\":{\"entry\":9007199254740991,\"old\":0},"           \
	"\"records\":[\"sha256:" ONES "\"]," TAIL

static void test_round_trip(void **state)
{
	struct entry e = ENTRY_INIT, again;
	struct buf b = BUF_INIT;
	uint8_t hash[32];
	uint64_t n;

	(void)state;
	strcpy(e.event, "sign");
	strcpy(e.tool, "deed 0.1.0");
	e.time = INT64_C(1795435200);
	assert_ok(entry_add_commitment(&e, "party", ones, err));
	assert_ok(entry_add_commitment(&e, "party", ones, err));
	assert_ok(entry_add_hash(&e, "b", ones, err));
	assert_ok(entry_add_hash(&e, "a", ones, err));
	assert_ok(entry_add_number(&e, "old", 0, err));
	assert_ok(entry_add_number(&e, "entry", (UINT64_C(1) << 53) - 1, err));
	assert_ok(entry_add_record(&e, ones, err));
	assert_ok(entry_format(&e, &b, err));
	assert_string_equal((buf_byte(&b, 0), (char *)b.data), WHOLE);
	assert_ok(entry_parse(slice_str(WHOLE), &again, err));
	assert_int_equal(again.commitments, 2);
	assert_true(entry_get_hash(&again, "b", hash));
	assert_memory_equal(hash, ones, 32);
	assert_false(entry_get_hash(&again, "c", hash));
	assert_true(entry_get_number(&again, "old", &n));
	assert_int_equal(n, 0);
	assert_int_equal(again.records, 1);
	assert_memory_equal(again.record[0].hash, ones, 32);
	entry_clear(&again);
	assert_status(DEED_MALFORMED, entry_add_hash(&e, "a", ones, err));
	assert_status(DEED_MALFORMED, entry_add_number(&e, "old", 1, err));
	assert_status(DEED_LIMIT,
		      entry_add_number(&e, "x", UINT64_C(1) << 53, err));
	assert_status(DEED_MALFORMED, entry_add_hash(&e, "A", ones, err));
	assert_status(DEED_MALFORMED, entry_add_hash(&e, "", ones, err));
	for (n = 1; n < ENTRY_LIST_MAX; n++)
		assert_ok(entry_add_record(&e, ones, err));
	assert_status(DEED_LIMIT, entry_add_record(&e, ones, err));
	entry_clear(&e);
	buf_clear(&b);
}

static void test_malformed(void **state)
{
	static const char *const texts[] = {
		"",
		"{}",
		"[]",
		"null",
		HEAD TAIL "\n",
		" " HEAD TAIL,
		"{\"event\":\"Sign\"," TAIL,
		"{\"event\":\"\"," TAIL,
		"{\"event\":1," TAIL,
		"{" TAIL,
		"{\"event\":\"sign\",\"tool\":\"deed 0.1.0\"}",
		"{\"event\":\"sign\",\"time\":\"2026-11-23T12:00:00+00:00\","
		"\"tool\":\"deed 0.1.0\"}",
		"{\"event\":\"sign\",\"time\":\"2026-11-23\","
		"\"tool\":\"deed 0.1.0\"}",
		"{\"event\":\"sign\",\"time\":\"2026-11-23T12:00:00Z\","
		"\"tool\":\"\"}",
		"{\"event\":\"sign\",\"time\":\"2026-11-23T12:00:00Z\","
		"\"tool\":\"deed\\n\"}",
		/* unknown, repeated, empty or misplaced members */
		"{\"event\":\"sign\",\"extra\":1," TAIL,
		"{\"event\":\"sign\",\"event\":\"sign\"," TAIL,
		"{\"event\":\"sign\",\"hashes\":{}," TAIL,
		"{\"commitments\":[],\"event\":\"sign\"," TAIL,
		"{\"event\":\"sign\",\"records\":[]," TAIL,
		"{\"event\":\"sign\",\"records\":\"x\"," TAIL,
		"{\"event\":\"sign\",\"records\":[\"" ONES "\"]," TAIL,
		"{\"event\":\"sign\",\"records\":[\"sha256:01\"]," TAIL,
		"{\"event\":\"sign\",\"hashes\":{\"a\":\"sha512:" ONES
		"\"}," TAIL,
		"{\"event\":\"sign\",\"hashes\":{\"b\":\"sha256:" ONES
		"\",\"a\":\"sha256:" ONES "\"}," TAIL,
		"{\"event\":\"sign\",\"hashes\":[\"sha256:" ONES "\"]," TAIL,
		"{\"event\":\"sign\",\"numbers\":{\"a\":-1}," TAIL,
		"{\"event\":\"sign\",\"numbers\":{\"a\":1.0}," TAIL,
		"{\"event\":\"sign\",\"numbers\":{\"a\":\"1\"}," TAIL,
		"{\"event\":\"sign\",\"numbers\":{\"a\":9007199254740992}"
		"," TAIL,
		"{\"event\":\"sign\",\"numbers\":{\"A\":1}," TAIL,
		"{\"commitments\":[{\"label\":\"a\"}],\"event\":\"sign\"," TAIL,
		"{\"commitments\":[{\"label\":\"a\",\"mac\":\"zz\"}],"
		"\"event\":\"sign\"," TAIL,
		"{\"commitments\":[{\"label\":\"a\",\"mac\":\"" ONES
		"\",\"x\":1}],\"event\":\"sign\"," TAIL,
		"{\"commitments\":[1],\"event\":\"sign\"," TAIL,
	};
	struct entry e;
	size_t i;

	(void)state;
	assert_ok(entry_parse(slice_str(HEAD TAIL), &e, err));
	entry_clear(&e);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (entry_parse(slice_str(texts[i]), &e, NULL) == DEED_OK)
			fail_msg("accepted: %s", texts[i]);
		assert_int_equal(e.commitments, 0);
		assert_null(e.record);
	}
}

/* The commitment that deed-log(5) prints. */
static void test_commitment(void **state)
{
	const char *top = getenv("srcdir");
	uint8_t salt[32], mac[32], other[32];
	struct buf page = BUF_INIT;
	char hex[65], path[512];
	size_t i;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/man/deed-log.5",
		       top == NULL ? "." : top);
	assert_ok(file_read(path, 1 << 20, &page, err));
	buf_byte(&page, 0);
	for (i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)i;
	entry_commit(salt, "party", slice_str("wang"), mac);
	hex_text(slice_of(mac, sizeof(mac)), hex);
	assert_non_null(strstr((char *)page.data, hex));
	buf_clear(&page);
	/* The label ends where it ends. */
	entry_commit(salt, "part", slice_str("ywang"), other);
	assert_memory_not_equal(mac, other, sizeof(mac));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_commitment),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
