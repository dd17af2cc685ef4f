/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/index_text.h"

#include <stdlib.h>

#include "archive/names.h"
#include "codec/hex.h"
#include "codec/tar_wire.h"

/* Where the cursor is; it only moves on. */
struct reading {
	const uint8_t *at, *end;
	char name[TAR_NAME + 1];
	bool memory; /* there was too little */
};

/* Lower case only: an index has one spelling. */
bool index_text_hash(struct slice digits, uint8_t out[32])
{
	return hex_read_lower(digits, out, 32);
}

/* The text has one form: what is expected must stand here, byte for byte. */
static bool skip(struct reading *r, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(r->end - r->at) < len || memcmp(r->at, text, len) != 0)
		return false;
	r->at += len;
	return true;
}

/* Up to the quote that ends it.  A name has no control character and no
 * backslash (codec/tar.h), so that quotes alone are escaped. */
static bool read_name(struct reading *r)
{
	size_t len = 0;

	while (r->at < r->end && *r->at != '"') {
		if (*r->at == '\\' && (++r->at == r->end || *r->at != '"'))
			return false;
		if (*r->at == '\0' || len == TAR_NAME)
			return false;
		r->name[len++] = (char)*r->at++;
	}
	r->name[len] = '\0';
	return skip(r, "\"") && tar_name_valid(slice_str(r->name));
}

/* Decimal, without leading zeros, below 2^53. */
static bool read_number(struct reading *r, uint64_t *out)
{
	const uint8_t *start = r->at;
	uint64_t v = 0;

	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
		v = 10 * v + (uint64_t)(*r->at - '0');
		if (v >= UINT64_C(1) << 53)
			return false;
	}
	*out = v;
	return r->at > start && (r->at == start + 1 || *start != '0');
}

/* The length is looked at before anything is read. */
static bool read_hash(struct reading *r, uint8_t out[32])
{
	if (r->end - r->at < 64 || !index_text_hash(slice_of(r->at, 64), out))
		return false;
	r->at += 64;
	return true;
}

/* Contents follow each other, a header or more before each. */
static bool follows(const struct index *x, uint64_t offset)
{
	const struct index_file *before;
	uint64_t end = 0;

	if (x->count > 0) {
		before = &x->file[x->count - 1];
		end = before->offset + before->size + tar_padding(before->size);
	}
	return offset % 512 == 0 && offset >= end + 512 &&
	       offset - end <= INDEX_HEADER;
}

/* Only the one spelling that put_file has; no number can overflow, for both
 * are below 2^53. */
static bool read_file(struct reading *r, struct index *x)
{
	uint64_t offset, size;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;

	if (!skip(r, "{\"name\":\"") || !read_name(r) ||
	    !skip(r, ",\"offset\":") || !read_number(r, &offset) ||
	    !skip(r, ",\"sha256\":\"") || !read_hash(r, hash) ||
	    !skip(r, "\",\"size\":") || !read_number(r, &size) ||
	    !skip(r, "}") || x->count == INDEX_FILES || !follows(x, offset))
		return false;
	status = index_add(x, r->name, offset, size, NULL);
	r->memory = status == DEED_NO_MEMORY;
	if (status != DEED_OK)
		return false;
	memcpy(x->file[x->count - 1].sha256, hash, SHA256_SIZE);
	return true;
}

/* At least one file, and nothing behind the end.  A text that is read so is
 * the one that index_write makes of it. */
static bool read_all(struct reading *r, struct index *x)
{
	if (!skip(r, INDEX_HEAD) || !read_file(r, x))
		return false;
	while (skip(r, ","))
		if (!read_file(r, x))
			return false;
	return skip(r, INDEX_MIDDLE) && read_hash(r, x->salt) &&
	       skip(r, INDEX_TAIL) && r->at == r->end;
}

/* Nothing twice, nothing within what is a file, and not the index. */
static bool distinct(struct reading *r, const struct index *x)
{
	const char **name = calloc(x->count + 1, sizeof(*name));
	enum deed_status status;
	size_t i, a, b;

	r->memory = name == NULL;
	if (name == NULL)
		return false;
	for (i = 0; i < x->count; i++)
		name[i] = x->file[i].name;
	name[x->count] = INDEX_NAME;
	status = names_find_clash(name, x->count + 1, &a, &b, NULL);
	r->memory = status == DEED_NO_MEMORY;
	free(name);
	return status == DEED_NOT_FOUND;
}

enum deed_status index_read(struct slice text, struct index *out,
			    struct deed_error *err)
{
	struct reading r = { .at = text.data, .end = text.data + text.len };

	if (text.len > 0 && read_all(&r, out) && distinct(&r, out))
		return DEED_OK;
	index_clear(out);
	if (r.memory)
		return deed_error_memory(err);
	return deed_error_set(err, DEED_DAMAGED,
			      "the index of the deposit is none");
}
