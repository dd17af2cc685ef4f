/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/index.h"

#include <inttypes.h>
#include <stdlib.h>

#include "archive/index_text.h"
#include "base/array.h"
#include "codec/hex.h"
#include "codec/json.h"

enum deed_status index_add(struct index *x, const char *name, uint64_t offset,
			   uint64_t size, struct deed_error *err)
{
	struct index_file *file;

	if (!array_room(&x->file, &x->room, x->count + 1))
		return deed_error_memory(err);
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

/* Members in the order of their names (RFC 8785), without a tree of JSON. */
static void put_file(const struct index_file *f, struct buf *out)
{
	char hash[2 * SHA256_SIZE + 1];

	hex_text(slice_of(f->sha256, SHA256_SIZE), hash);
	buf_str(out, "{\"name\":");
	json_put_string(slice_str(f->name), out);
	buf_printf(out,
		   ",\"offset\":%" PRIu64 ",\"sha256\":\"%s\","
		   "\"size\":%" PRIu64 "}",
		   f->offset, hash, f->size);
}

/* Written as it stands: a tree of it would take ten times its memory. */
enum deed_status index_write(const struct index *x, struct buf *out,
			     struct deed_error *err)
{
	size_t i;

	buf_str(out, INDEX_HEAD);
	for (i = 0; i < x->count; i++) {
		if (i > 0)
			buf_byte(out, ',');
		put_file(&x->file[i], out);
	}
	buf_str(out, INDEX_MIDDLE);
	hex_encode(slice_of(x->salt, INDEX_SALT), out);
	buf_str(out, INDEX_TAIL);
	return buf_status(out, err);
}

/* The salt stands behind the files. */
static bool take_salt(struct slice text, uint8_t salt[INDEX_SALT])
{
	const size_t tail = strlen(INDEX_TAIL), digits = 2 * INDEX_SALT;

	return text.len > tail + digits &&
	       index_text_hash(
		       slice_of(text.data + text.len - tail - digits, digits),
		       salt);
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
