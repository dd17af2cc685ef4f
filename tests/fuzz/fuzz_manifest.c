/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

#include "archive/object.h"
#include "archive/manifest.h"
#include "codec/json.h"

/* What is read as a manifest is written as the same one. */
static void try_json(struct slice text)
{
	struct manifest *m = NULL;
	struct buf again = BUF_INIT;
	json_t *json = NULL, *back = NULL;

	if (json_load_canonical(text, &json, NULL) == DEED_OK &&
	    manifest_from_json(json, &m, NULL) == DEED_OK) {
		assert(m->k >= 1 && m->k <= m->n && m->n <= ERASURE_MAX);
		assert(m->chunk_count > 0 && m->recipient_count > 0);
		assert(manifest_part_size(m, 0) > 0);
		if (manifest_to_json(m, &back, NULL) != DEED_OK ||
		    json_canonical(back, &again, NULL) != DEED_OK)
			abort();
		assert(slice_equal(buf_get(&again), text));
	}
	json_decref(back);
	json_decref(json);
	manifest_free(m);
	buf_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice in = slice_of(data, size);
	uint8_t payload[SHA256_SIZE];
	struct manifest *m = NULL;
	char name[PLACE_NAME + 2];
	struct object_name o;

	if (size > 0 && data[0] == '{') {
		try_json(in);
	} else if (size <= PLACE_NAME && size > 0 && data[0] != 0x30) {
		memcpy(name, data, size);
		name[size] = '\0';
		(void)object_parse(name, &o);
	} else {
		(void)!manifest_peek(in, &m, payload, NULL);
		manifest_free(m);
	}
	return 0;
}
