/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/members.h"

#include <stdlib.h>

#include "codec/tar_write.h"

#define BLOCK 512

struct members {
	const struct stored *d;
	struct stored_reader *reader;
	struct index index;
	struct digest *digest;
	uint64_t ahead; /* what lies before this offset will be read */
};

/* The index has the hash that the manifest names: where content and index
 * differ, whoever made the deposit made it so. */
static enum deed_status damaged(struct deed_error *err)
{
	return deed_error_set(err, DEED_DAMAGED,
			      "what the deposit holds is not what its index "
			      "says");
}

/* The end of the tar, as far as it was read: from offset at on. */
struct tail {
	uint64_t at;
	struct buf bytes;
};

/* Put the chunk before it, or the last one, in front. */
static enum deed_status add_chunk(struct members *m, struct tail *t,
				  size_t chunk, struct deed_error *err)
{
	uint64_t size = m->d->m->chunk_size;
	enum deed_status status;
	struct slice part;

	t->at = chunk * size;
	stored_seek(m->reader, t->at, t->at + size);
	status = stored_borrow(m->reader, size, &part, err);
	if (status == DEED_OK && part.len > 0)
		buf_insert(&t->bytes, 0, part.data, part.len);
	return status == DEED_OK ? buf_status(&t->bytes, err) : status;
}

/*
 * The text of the index, which has no zero byte: between the last one before
 * it, which ends its header, and those behind it.  None where more must be
 * read.
 */
static struct slice find_text(const struct tail *t)
{
	const uint8_t *data = t->bytes.data, *zero;
	size_t end = t->bytes.len, start;

	while (end > 0 && data[end - 1] == 0)
		end--;
	zero = end == 0 ? NULL : memrchr(data, 0, end);
	if (zero == NULL)
		return SLICE_NONE;
	start = (size_t)(zero - data) + 1;
	return start < BLOCK ? SLICE_NONE : slice_of(data + start, end - start);
}

/* All that follows the last file: header, text, zero bytes, and nothing. */
static bool check_tail(const struct members *m, const struct tail *t,
		       struct slice text)
{
	size_t start = (size_t)(text.data - t->bytes.data);
	size_t rest = t->bytes.len - start - text.len;
	const struct index *x = &m->index;
	const struct index_file *last = &x->file[x->count - 1];

	return rest == tar_padding(text.len) + TAR_END_SIZE &&
	       tar_header_is(slice_of(text.data - BLOCK, BLOCK), INDEX_NAME,
			     text.len) &&
	       last->offset + last->size + tar_padding(last->size) + BLOCK ==
		       t->at + start;
}

/* First the hash that the manifest has: nothing else is worth parsing.  A pack
 * has its documents and deposit.json. */
static enum deed_status read_text(struct members *m, const struct tail *t,
				  struct slice text, struct deed_error *err)
{
	const struct manifest *manifest = m->d->m;
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;

	sha256(text, hash);
	if (text.len > INDEX_MAX ||
	    memcmp(hash, manifest->content, sizeof(hash)) != 0)
		return damaged(err);
	status = index_read(text, &m->index, err);
	if (status == DEED_OK &&
	    (!check_tail(m, t, text) ||
	     (manifest->documents > 0 &&
	      m->index.count != (size_t)manifest->documents + 1)))
		status = damaged(err);
	return status;
}

/* The index is at the end: from the last chunk on towards the first, until all
 * of it is there. */
static enum deed_status find_index(struct members *m, struct deed_error *err)
{
	size_t chunk = m->d->m->chunk_count;
	struct tail t = { .bytes = BUF_INIT };
	struct slice text = SLICE_NONE;
	enum deed_status status = DEED_OK;

	while (status == DEED_OK && text.len == 0 && chunk > 0 &&
	       t.bytes.len < INDEX_MAX + BLOCK + 2 * TAR_END_SIZE) {
		status = add_chunk(m, &t, --chunk, err);
		if (status == DEED_OK)
			text = find_text(&t);
	}
	if (status == DEED_OK && text.len == 0)
		status = damaged(err);
	if (status == DEED_OK)
		status = read_text(m, &t, text, err);
	buf_clear(&t.bytes);
	return status;
}

enum deed_status members_open(struct archive *a, const struct stored *d,
			      const struct secret *p, unsigned jobs,
			      struct members **out, struct deed_error *err)
{
	struct members *m;
	enum deed_status status;

	*out = NULL;
	if (d->m->edition == 1)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "a deposit of the first edition has no "
				      "index: it is read as a whole");
	m = calloc(1, sizeof(*m));
	if (m == NULL)
		return deed_error_memory(err);
	m->d = d;
	status = digest_new(DIGEST_SHA256, &m->digest, err);
	if (status == DEED_OK)
		status = stored_reader_new(a, d, p, jobs, &m->reader, err);
	if (status == DEED_OK)
		status = find_index(m, err);
	if (status != DEED_OK) {
		members_close(m);
		return status;
	}
	*out = m;
	return DEED_OK;
}

void members_close(struct members *m)
{
	if (m == NULL)
		return;
	stored_reader_free(m->reader);
	digest_free(m->digest);
	index_clear(&m->index);
	free(m);
}

const struct index *members_index(const struct members *m)
{
	return &m->index;
}

/* Content and padding: the next header begins there. */
static uint64_t end_of(const struct index_file *f)
{
	return f->offset + f->size + tar_padding(f->size);
}

void members_ahead(struct members *m, size_t i)
{
	m->ahead = end_of(&m->index.file[i]);
}

/* len bytes from where the reader is, to fn and (where hash) the digest. */
static enum deed_status pass(struct members *m, uint64_t len, bool hash,
			     members_fn *fn, void *arg, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct slice part;

	while (len > 0 && status == DEED_OK) {
		status = stored_borrow(m->reader, len, &part, err);
		if (status == DEED_OK && part.len == 0)
			status = damaged(err);
		if (status != DEED_OK)
			break;
		if (hash)
			digest_update(m->digest, part.data, part.len);
		len -= part.len;
		status = fn(arg, part, err);
	}
	return status;
}

/* All between two contents is the header, and is at most INDEX_HEADER bytes
 * (index_read). */
static enum deed_status check_header(struct members *m, size_t i,
				     uint64_t start, struct deed_error *err)
{
	const struct index_file *f = &m->index.file[i];
	size_t len = (size_t)(f->offset - start);
	uint8_t header[INDEX_HEADER];
	enum deed_status status;

	status = stored_read(m->reader, header, len, err);
	if (status == DEED_OK &&
	    !tar_header_is(slice_of(header, len), f->name, f->size))
		status = damaged(err);
	return status;
}

/* Nothing may hide between the files: who gets all of them has compared every
 * byte. */
static enum deed_status check_padding(struct members *m, uint64_t size,
				      struct deed_error *err)
{
	static const uint8_t zero[BLOCK];
	uint8_t padding[BLOCK];
	size_t len = tar_padding(size);
	enum deed_status status = stored_read(m->reader, padding, len, err);

	if (status == DEED_OK && memcmp(padding, zero, len) != 0)
		status = damaged(err);
	return status;
}

enum deed_status members_get(struct members *m, size_t i, members_fn *fn,
			     void *arg, struct deed_error *err)
{
	const struct index_file *f = &m->index.file[i];
	uint64_t start = i == 0 ? 0 : end_of(f - 1), end = end_of(f);
	uint8_t hash[SHA256_SIZE];
	enum deed_status status;

	stored_seek(m->reader, start, end > m->ahead ? end : m->ahead);
	status = check_header(m, i, start, err);
	if (status == DEED_OK)
		status = pass(m, f->size, true, fn, arg, err);
	digest_final(m->digest, hash);
	if (status == DEED_OK && memcmp(hash, f->sha256, sizeof(hash)) != 0)
		status = damaged(err);
	if (status == DEED_OK)
		status = check_padding(m, f->size, err);
	return status;
}

enum deed_status members_range(struct members *m, size_t i, uint64_t from,
			       uint64_t len, members_fn *fn, void *arg,
			       struct deed_error *err)
{
	uint64_t at = m->index.file[i].offset + from;

	stored_seek(m->reader, at, at + len);
	return pass(m, len, false, fn, arg, err);
}
