/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "codec/json.h"
#include "fuzz/fuzz.h"

static void read_members(const json_t *object)
{
	uint8_t digest[32];
	json_t *text, *value;
	const char *key;
	int64_t number;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		(void)json_get_string(object, key);
		(void)json_get_integer(object, key, &number);
		if (!json_get_sha256(object, key, digest))
			continue;
		text = json_sha256(digest);
		assert(text != NULL);
		json_decref(text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT, again = BUF_INIT;
	json_t *value, *back;

	if (json_load_bounded(slice_of(data, size), &value, NULL) != DEED_OK) {
		assert(value == NULL);
		assert(json_load_canonical(slice_of(data, size), &back, NULL) !=
		       DEED_OK);
		return 0;
	}
	read_members(value);
	if (json_canonical(value, &text, NULL) == DEED_OK) {
		/* The canonical form is read as such, and is its own. */
		assert(json_load_canonical(buf_get(&text), &back, NULL) ==
		       DEED_OK);
		assert(json_equal(value, back));
		assert(json_canonical(back, &again, NULL) == DEED_OK);
		assert(slice_equal(buf_get(&text), buf_get(&again)));
		json_decref(back);
	}
	json_decref(value);
	buf_clear(&text);
	buf_clear(&again);
	return 0;
}
