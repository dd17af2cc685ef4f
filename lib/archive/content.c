/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/content.h"

#include <stdlib.h>

#include "archive/index.h"
#include "codec/tar_write.h"

struct content {
	const struct stored *d;
	struct stored_reader *reader;
	struct tar *tar;
	struct index index;
	struct digest *digest;
	uint64_t at;   /* in the tar */
	uint64_t left; /* of the file that is being read */
	size_t padding;
	bool reading; /* its hash is not yet known */
	bool ended;
};

enum deed_status content_open(struct archive *a, const struct stored *d,
			      const struct secret *p, struct content **out,
			      struct deed_error *err)
{
	struct content *c = calloc(1, sizeof(*c));
	enum deed_status status;

	*out = NULL;
	if (c == NULL)
		return deed_error_memory(err);
	c->d = d;
	digest_expect(manifest_size(d->m));
	status = digest_new(DIGEST_SHA256, &c->digest, err);
	if (status == DEED_OK)
		status = stored_reader_new(a, d, p, 0, &c->reader, err);
	if (status == DEED_OK)
		status = tar_start(&c->tar, err);
	if (status != DEED_OK) {
		content_close(c);
		return status;
	}
	*out = c;
	return DEED_OK;
}

void content_close(struct content *c)
{
	if (c == NULL)
		return;
	tar_stop(c->tar);
	stored_reader_free(c->reader);
	digest_free(c->digest);
	index_clear(&c->index);
	free(c);
}

/* A tar_read_fn. */
static enum deed_status take(void *arg, uint8_t *out, uint64_t len,
			     struct deed_error *err)
{
	struct content *c = arg;
	enum deed_status status = stored_read(c->reader, out, len, err);

	if (status == DEED_OK)
		c->at += len;
	return status;
}

/* The first edition's is whatever its chunks are. */
static bool indexed(const struct content *c)
{
	return c->d->m->edition > 1;
}

enum deed_status content_borrow(struct content *c, struct slice *out,
				struct deed_error *err)
{
	enum deed_status status;

	*out = SLICE_NONE;
	if (c->left == 0)
		return DEED_OK;
	status = stored_borrow(c->reader, c->left, out, err);
	if (status == DEED_OK && out->len == 0)
		status = deed_error_set(err, DEED_DAMAGED,
					"the deposit ends early");
	if (status != DEED_OK)
		return status;
	if (indexed(c))
		digest_update(c->digest, out->data, out->len);
	c->at += out->len;
	c->left -= out->len;
	return DEED_OK;
}

/* Pass over what is left of the file, and note its hash. */
static enum deed_status end_file(struct content *c, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct slice part;

	if (!c->reading)
		return DEED_OK;
	c->reading = false;
	while (status == DEED_OK && c->left > 0)
		status = content_borrow(c, &part, err);
	if (status == DEED_OK && indexed(c))
		digest_final(c->digest,
			     c->index.file[c->index.count - 1].sha256);
	if (status == DEED_OK)
		status = take(c, NULL, c->padding, err);
	return status;
}

/* Its chunks are those that the manifest names, so that no place has changed
 * them: whoever made the deposit made its content another. */
static enum deed_status damaged(struct deed_error *err)
{
	return deed_error_set(err, DEED_DAMAGED,
			      "what the deposit holds is not what its "
			      "manifest says");
}

/* Behind the index come TAR_END_SIZE zero bytes and nothing; the helper may
 * have read some of them. */
static enum deed_status check_end(struct content *c, uint64_t end,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct slice part;
	size_t i;

	do {
		status = stored_borrow(c->reader, TAR_END_SIZE, &part, err);
		for (i = 0; i < part.len && status == DEED_OK; i++)
			if (part.data[i] != 0)
				status = damaged(err);
		c->at += part.len;
	} while (status == DEED_OK && part.len > 0 && c->at <= end);
	if (status == DEED_OK && c->at != end)
		status = damaged(err);
	return status;
}

/* The last member: it must be the manifest's, and say what was read. */
static enum deed_status read_index(struct content *c, const struct tar_entry *e,
				   struct deed_error *err)
{
	struct tar_entry more;
	struct buf text = BUF_INIT;
	uint8_t hash[SHA256_SIZE], *room;
	enum deed_status status = DEED_OK;
	uint64_t end;

	if (e->size > INDEX_MAX)
		return damaged(err);
	room = buf_reserve(&text, (size_t)e->size);
	if (room == NULL)
		return deed_error_memory(err);
	status = take(c, room, e->size, err);
	if (status == DEED_OK) {
		text.len = (size_t)e->size;
		sha256(buf_get(&text), hash);
		if (memcmp(hash, c->d->m->content, sizeof(hash)) != 0)
			status = damaged(err);
	}
	if (status == DEED_OK)
		status = index_compare(&c->index, buf_get(&text), err);
	buf_clear(&text);
	if (status == DEED_OK)
		status = take(c, NULL, tar_padding(e->size), err);
	end = c->at + TAR_END_SIZE;
	if (status == DEED_OK) {
		status = tar_next(c->tar, take, c, &more, err);
		if (status == DEED_OK)
			return damaged(err);
	}
	if (status != DEED_NOT_FOUND)
		return status;
	return check_end(c, end, err);
}

/* An end is no failure, but tar_next has the same status for it. */
static enum deed_status nothing_more(struct deed_error *err)
{
	return deed_error_set(err, DEED_NOT_FOUND, "the deposit ends here");
}

enum deed_status content_next(struct content *c, struct tar_entry *entry,
			      struct deed_error *err)
{
	enum deed_status status;

	if (c->ended)
		return nothing_more(err);
	status = end_file(c, err);
	if (status == DEED_OK)
		status = tar_next(c->tar, take, c, entry, err);
	if (status == DEED_NOT_FOUND) {
		c->ended = true;
		return indexed(c) ? damaged(err) : status;
	}
	if (status != DEED_OK)
		return status;
	if (indexed(c) && !strcmp(entry->name, INDEX_NAME)) {
		c->ended = true;
		status = read_index(c, entry, err);
		return status == DEED_OK ? nothing_more(err) : status;
	}
	if (indexed(c))
		status = index_add(&c->index, entry->name, c->at, entry->size,
				   err);
	c->left = entry->size;
	c->padding = tar_padding(entry->size);
	c->reading = status == DEED_OK;
	return status;
}
