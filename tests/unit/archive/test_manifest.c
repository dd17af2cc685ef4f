/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "archive/layout.h"
#include "archive/manifest.h"
#include "archive/texts.h"
#include "codec/json.h"

static struct manifest *example(unsigned edition)
{
	struct manifest *m;
	size_t i;

	assert_ok(manifest_new(&m, err));
	m->edition = edition;
	m->generation = 1;
	m->k = 3;
	m->n = 5;
	memset(m->deposit, 0xd0, sizeof(m->deposit));
	assert_ok(manifest_chunks(m, 2, err));
	for (i = 0; i < 2; i++) {
		m->chunk[i].size = i == 0 ? 4194488 : 777;
		if (edition == 1)
			memset(m->chunk[i].sha256, 0xc0 + (int)i, 32);
		memset(m->chunk[i].segment, 0x50 + (int)i, 5 * 32);
	}
	if (edition > 1)
		memset(m->content, 8, 32);
	memset(m->keys, 1, 32);
	m->recipient_count = 1;
	memset(m->recipient[0].certificate, 2, 32);
	m->recipient[0].key_id_len = 20;
	for (i = 0; i < 5; i++)
		m->place[i][0] = (char)('1' + i);
	m->deposited = 1700000000;
	return m;
}

/* To JSON and back gives the same payload, with and without options. */
static void test_round_trip(void **state)
{
	struct manifest *m = NULL, *again;
	uint8_t a[32], b[32];
	json_t *json;
	int round;

	(void)state;
	for (round = 0; round < 6; round++) {
		if (round % 3 == 0) {
			manifest_free(m);
			m = example(round == 0 ? 1 : 2);
		}
		if (round % 3 == 1)
			m->has_label = true;
		if (round == 4)
			m->documents = MANIFEST_DOCUMENTS;
		if (round % 3 == 2) {
			m->checkpoint = strdup("origin\n1\nroot\n\n- x\n");
			m->generation = 2;
			memset(m->previous, 9, 32);
		}
		assert_ok(manifest_to_json(m, &json, err));
		assert_ok(manifest_from_json(json, &again, err));
		assert_ok(manifest_payload(json, a, err));
		json_decref(json);
		assert_ok(manifest_to_json(again, &json, err));
		assert_ok(manifest_payload(json, b, err));
		assert_memory_equal(a, b, 32);
		assert_int_equal(again->edition, m->edition);
		assert_int_equal(again->documents, m->documents);
		assert_int_equal(again->chunk_size, MANIFEST_CHUNK);
		json_decref(json);
		manifest_free(again);
	}
	manifest_free(m);
}

/* Every member missing or of another type. */
static void bad_members(unsigned edition)
{
	struct manifest *m = example(edition), *out;
	json_t *json, *copy;
	const char *key;
	json_t *value;

	assert_ok(manifest_to_json(m, &json, err));
	json_object_foreach(json, key, value)
	{
		copy = json_deep_copy(json);
		json_object_del(copy, key);
		assert_status(DEED_MALFORMED,
			      manifest_from_json(copy, &out, err));
		json_object_set_new(copy, key, json_true());
		assert_status(DEED_MALFORMED,
			      manifest_from_json(copy, &out, err));
		json_decref(copy);
	}
	json_decref(json);
	manifest_free(m);
}

static void test_bad_members(void **state)
{
	(void)state;
	bad_members(1);
	bad_members(2);
}

/* What this version does not know may forbid what it would do. */
static void test_unknown(void **state)
{
	static const char *const unknown[] = { "granted", "retain", "hold",
					       "quorum",  "more",   "Type" };
	struct manifest *m, *out;
	json_t *json;
	unsigned edition;
	size_t i;

	(void)state;
	for (edition = 1; edition <= 2; edition++)
		for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
			m = example(edition);
			assert_ok(manifest_to_json(m, &json, err));
			json_object_set_new(json, unknown[i], json_null());
			assert_status(DEED_UNSUPPORTED,
				      manifest_from_json(json, &out, err));
			json_decref(json);
			manifest_free(m);
		}
	/* Members of the second edition in the first; a third edition. */
	m = example(2);
	assert_ok(manifest_to_json(m, &json, err));
	json_object_set_new(json, "type", json_string(MANIFEST_FIRST));
	assert_status(DEED_UNSUPPORTED, manifest_from_json(json, &out, err));
	json_object_set_new(json, "type", json_string("deed.manifest/3"));
	assert_status(DEED_UNSUPPORTED, manifest_from_json(json, &out, err));
	json_decref(json);
	manifest_free(m);
}

static void test_bad_values(void **state)
{
	static const struct {
		const char *key;
		const char *json;
	} bad[] = {
		{ "generation", "0" },
		{ "generation", "-1" },
		{ "needed", "0" },
		{ "needed", "6" },
		{ "deposit", "\"00\"" },
		{ "deposit", "\"zz\"" },
		{ "deposited", "\"2026-01-01\"" },
		{ "placement", "[]" },
		{ "placement", "[1]" },
		{ "chunks", "[]" },
		{ "chunks", "[{}]" },
		{ "recipients", "[]" },
		{ "keys", "\"sha256:00\"" },
		{ "deposit", "\"D0D0D0D0D0D0D0D0D0D0D0D0D0D0D0D0\"" },
		{ "type", "\"deed.status/1\"" },
		{ "commitments", "{\"p\":1,\"shares\":[]}" },
		{ "label", "\"00\"" },
		{ "checkpoint", "1" },
		{ "chunk", "0" },
		{ "chunk", "1048576" },
		{ "chunk", "8388608" }, /* the first chunk is smaller */
		{ "content", "\"00\"" },
		{ "documents", "0" },
		{ "documents", "-1" },
		{ "documents", "65537" },
		{ "documents", "\"2\"" },
		{ "documents", "null" },
		{ "chunks", "[{\"segments\":[],\"size\":1}]" },
	};
	struct manifest *m = example(2), *out;
	json_t *json, *value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_ok(manifest_to_json(m, &json, err));
		value = json_loads(bad[i].json, JSON_DECODE_ANY, NULL);
		assert_non_null(value);
		json_object_set_new(json, bad[i].key, value);
		assert_status(DEED_MALFORMED,
			      manifest_from_json(json, &out, err));
		json_decref(json);
	}
	manifest_free(m);
}

/* What has one chunk has boxes, and nothing else has. */
static void test_boxed(void **state)
{
	struct manifest *m = example(2), *again;
	json_t *json, *boxes;
	unsigned edition;
	size_t i;

	(void)state;
	assert_false(manifest_boxed(m));
	assert_ok(manifest_to_json(m, &json, err));
	assert_null(json_object_get(json, "boxes"));
	json_decref(json);
	m->chunk[0].size = 777;
	m->chunk_count = 1;
	for (i = 0; i < 5; i++)
		memset(m->box[i], (int)i, 32);
	assert_true(manifest_boxed(m));
	assert_int_equal(layout_count(m), 3);
	assert_ok(manifest_to_json(m, &json, err));
	assert_ok(manifest_from_json(json, &again, err));
	assert_memory_equal(m->box, again->box, 5 * 32);
	manifest_free(again);
	boxes = json_incref(json_object_get(json, "boxes"));
	json_array_remove(boxes, 4);
	assert_status(DEED_MALFORMED, manifest_from_json(json, &again, err));
	json_array_append_new(boxes, json_string("sha256:00"));
	assert_status(DEED_MALFORMED, manifest_from_json(json, &again, err));
	json_object_del(json, "boxes");
	assert_status(DEED_MALFORMED, manifest_from_json(json, &again, err));
	json_decref(json);
	m->chunk[0].size = 4194488;
	m->chunk_count = 2;
	for (edition = 1; edition <= 2; edition++) {
		m->edition = edition;
		assert_ok(manifest_to_json(m, &json, err));
		json_object_set(json, "boxes", boxes);
		assert_int_not_equal(manifest_from_json(json, &again, NULL),
				     DEED_OK);
		json_decref(json);
	}
	json_decref(boxes);
	manifest_free(m);
}

static void test_sizes(void **state)
{
	struct manifest *m = example(2);
	struct buf sums = BUF_INIT, readme = BUF_INIT;
	uint8_t share[32] = { 0 };

	(void)state;
	assert_int_equal(manifest_part_size(m, 0), 1398163);
	assert_int_equal(manifest_part_size(m, 1), 259);
	assert_int_equal(manifest_size(m), 4194488 + 777);
	assert_int_equal(layout_count(m), 6);
	assert_string_equal(layout_folder(m, OBJECT_KEYS, "d"), "d");
	assert_string_equal(layout_folder(m, OBJECT_README, "d"), "about");
	layout_sums(m, 2, share, &sums);
	buf_byte(&sums, 0);
	assert_non_null(strstr((char *)sums.data, "  segment-00000001-2-"));
	assert_non_null(strstr((char *)sums.data, "  share-2-"));
	texts_readme(3, 5, &readme);
	buf_byte(&readme, 0);
	assert_non_null(strstr((char *)readme.data, "any 3 places"));
	assert_null(strstr((char *)readme.data, "@K@"));
	assert_non_null(strstr((char *)readme.data, "\"$@\""));
	assert_int_equal(texts_script().data[0], '#');
	buf_clear(&sums);
	buf_clear(&readme);
	assert_status(DEED_LIMIT, manifest_chunks(m, 0, err));
	assert_status(DEED_LIMIT, manifest_chunks(m, 1u << 20, err));
	manifest_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_bad_members),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_boxed),
		cmocka_unit_test(test_sizes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
