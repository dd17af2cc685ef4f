/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/index.h"

#include <stdlib.h>

#include "codec/hex.h"
#include "codec/json.h"

#define SCHEMA "deed.index/1"

enum deed_status index_add(struct index *x, const char *name, uint64_t offset,
			   uint64_t size, struct deed_error *err)
{
	struct index_file *file;

	if (x->count == x->room) {
		size_t room = 2 * x->room + 8;

		file = reallocarray(x->file, room, sizeof(*file));
		if (file == NULL)
			return deed_error_memory(err);
		x->file = file;
		x->room = room;
	}
	file = &x->file[x->count];
	file->name = strdup(name);
	if (file->name == NULL)
		return deed_error_memory(err);
	file->offset = offset;
	file->size = size;
	sha256(SLICE_NONE, file->sha256);
	x->count++;
	return DEED_OK;
}

void index_clear(struct index *x)
{
	size_t i;

	for (i = 0; i < x->count; i++)
		free(x->file[i].name);
	free(x->file);
	x->file = NULL;
	x->count = x->room = 0;
}

enum deed_status index_write(const struct index *x, struct buf *out,
			     struct deed_error *err)
{
	json_t *files = json_array(), *json;
	enum deed_status status;
	int failed = 0;
	size_t i;

	for (i = 0; i < x->count; i++) {
		const struct index_file *f = &x->file[i];

		failed |= json_array_append_new(
			files,
			json_pack("{s:s, s:I, s:o, s:I}", "name", f->name,
				  "offset", (json_int_t)f->offset, "sha256",
				  json_hex(slice_of(f->sha256, SHA256_SIZE)),
				  "size", (json_int_t)f->size));
	}
	json = json_pack("{s:o, s:o, s:s}", "files", files, "salt",
			 json_hex(slice_of(x->salt, INDEX_SALT)), "schema",
			 SCHEMA);
	if (json == NULL || failed)
		status = deed_error_memory(err);
	else
		status = json_canonical(json, out, err);
	json_decref(json);
	buf_byte(out, '\n');
	return status == DEED_OK ? buf_status(out, err) : status;
}

/* The salt stands behind the files: `"salt":"HEX","schema":...}` and a
 * newline end every text. */
static bool take_salt(struct slice text, uint8_t salt[INDEX_SALT])
{
	static const char after[] = "\",\"schema\":\"" SCHEMA "\"}\n";
	const size_t tail = sizeof(after) - 1, digits = 2 * INDEX_SALT;
	struct buf bytes = BUF_INIT;
	bool good;

	good = text.len > tail + digits &&
	       hex_decode(
		       slice_of(text.data + text.len - tail - digits, digits),
		       &bytes) &&
	       bytes.len == INDEX_SALT;
	if (good)
		memcpy(salt, bytes.data, INDEX_SALT);
	buf_clear(&bytes);
	return good;
}

enum deed_status index_compare(struct index *x, struct slice text,
			       struct deed_error *err)
{
	struct buf again = BUF_INIT;
	enum deed_status status = DEED_OK;
	bool same = take_salt(text, x->salt);

	if (same)
		status = index_write(x, &again, err);
	same = same && slice_equal(buf_get(&again), text);
	buf_clear(&again);
	if (status != DEED_OK || same)
		return status;
	return deed_error_set(err, DEED_DAMAGED,
			      "what the deposit holds is not what its index "
			      "says");
}
