/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/stored.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/each.h"
#include "archive/layout.h"
#include "archive/place/place.h"
#include "codec/hex.h"
#include "crypto/shamir.h"

#define KEYS_MAX (1u << 20)

void stored_free(struct stored *d)
{
	if (d == NULL)
		return;
	manifest_free(d->m);
	buf_clear(&d->cms);
	free(d->past);
	free(d->aside);
	free(d);
}

bool stored_is_away(enum deed_status status)
{
	return status != DEED_OK && status != DEED_NOT_FOUND &&
	       status != DEED_DAMAGED && status != DEED_NO_MEMORY;
}

/* The place of a part, by the manifest's placement. */
static enum deed_status place_of(struct archive *a, const struct stored *d,
				 unsigned part, struct place **out,
				 struct deed_error *err)
{
	*out = archive_place(a, d->m->place[part - 1]);
	if (*out != NULL)
		return DEED_OK;
	return deed_error_set(err, DEED_NOT_FOUND,
			      "the archive has no place '%s'",
			      d->m->place[part - 1]);
}

bool stored_share_fits(const struct stored *d, unsigned part,
		       struct slice share)
{
	uint8_t commit[SHA256_SIZE];
	unsigned k, index;
	char label[16];

	snprintf(label, sizeof(label), "share %u", part);
	if (shamir_inspect(share, &k, &index, NULL) != DEED_OK ||
	    index != part || k != d->m->k)
		return false;
	manifest_commit(d->m, label, share, commit);
	return !memcmp(commit, d->m->commit_share[part - 1], sizeof(commit));
}

/* Boxes are named after the whole of them, their members are not: each is held
 * against the manifest. */
static bool has_hash(struct slice bytes, const uint8_t want[SHA256_SIZE])
{
	uint8_t hash[SHA256_SIZE];

	sha256(bytes, hash);
	return !memcmp(hash, want, sizeof(hash));
}

/* There may be a share in it. */
static void wipe(struct buf *bytes)
{
	if (bytes->data != NULL)
		secret_wipe(bytes->data, bytes->cap);
	buf_clear(bytes);
}

/* By the hash in the manifest: a changed box is not found under it. */
static void box_name(const struct stored *d, unsigned part,
		     struct object_name *o)
{
	*o = (struct object_name){ .kind = OBJECT_BOX, .part = part };
	memcpy(o->sha256, d->m->box[part - 1], SHA256_SIZE);
}

/* *ticket is NULL where it fails.  What a place answers is for finish_box. */
static enum deed_status begin_box(struct archive *a, const struct stored *d,
				  unsigned part, struct buf *out,
				  struct place_ticket **ticket,
				  struct deed_error *err)
{
	struct object_name o;
	struct place *p;
	enum deed_status status = place_of(a, d, part, &p, err);

	*ticket = NULL;
	box_name(d, part, &o);
	if (status == DEED_OK)
		status = object_get_begin(p, d->folder, &o, PLACE_OBJECT_MAX,
					  out, ticket, err);
	return status;
}

/* The hash in its name says that it is whole; what it holds is compared as
 * well, for who signs could name a box that does not hold what the rest of the
 * manifest says. */
static enum deed_status finish_box(struct archive *a, const struct stored *d,
				   unsigned part, struct place_ticket *ticket,
				   struct buf *out, struct box *box,
				   struct deed_error *err)
{
	const struct manifest *m = d->m;
	size_t before = out->len;
	struct object_name o;
	struct place *p;
	enum deed_status status = place_of(a, d, part, &p, err);

	box_name(d, part, &o);
	if (status == DEED_OK)
		status = object_get_finish(p, &o, ticket, err);
	if (status == DEED_OK)
		status = box_open(
			slice_of(out->data + before, out->len - before),
			manifest_part_size(m, 0), box, err);
	if (status == DEED_OK &&
	    !(has_hash(box->segment, m->chunk[0].segment[part - 1]) &&
	      has_hash(box->keys, m->keys) &&
	      stored_share_fits(d, part, box->share)))
		status = deed_error_set(err, DEED_DAMAGED,
					"box %u does not hold what the "
					"manifest says",
					part);
	return status;
}

enum deed_status stored_box(struct archive *a, const struct stored *d,
			    unsigned part, struct buf *out, struct box *box,
			    struct deed_error *err)
{
	struct place_ticket *ticket;
	enum deed_status status = begin_box(a, d, part, out, &ticket, err);

	return status == DEED_OK ? finish_box(a, d, part, ticket, out, box, err)
				 : status;
}

void stored_boxes(struct archive *a, const struct stored *d,
		  struct stored_part *part, size_t count, struct buf *bytes,
		  struct box *box)
{
	struct place_ticket *ticket[ERASURE_MAX];
	size_t i;

	assert(count <= ERASURE_MAX);
	for (i = 0; i < count; i++)
		part[i].status = begin_box(a, d, part[i].number, &bytes[i],
					   &ticket[i], NULL);
	for (i = 0; i < count; i++)
		if (part[i].status == DEED_OK)
			part[i].status =
				finish_box(a, d, part[i].number, ticket[i],
					   &bytes[i], &box[i], NULL);
}

/* out is added to only when all of it is right, so that the next place can be
 * asked. */
static enum deed_status keys_of(struct archive *a, const struct stored *d,
				unsigned part, struct buf *out)
{
	struct object_name o = { .kind = OBJECT_KEYS };
	struct buf bytes = BUF_INIT;
	enum deed_status status;
	struct place *p;
	struct box box;

	if (manifest_boxed(d->m)) {
		status = stored_box(a, d, part, &bytes, &box, NULL);
		if (status == DEED_OK)
			buf_slice(out, box.keys);
		wipe(&bytes);
		return status;
	}
	memcpy(o.sha256, d->m->keys, SHA256_SIZE);
	status = place_of(a, d, part, &p, NULL);
	if (status == DEED_OK)
		status = object_get(p, d->folder, &o, KEYS_MAX, out, NULL);
	return status;
}

enum deed_status stored_keys(struct archive *a, const struct stored *d,
			     struct buf *out, struct deed_error *err)
{
	enum deed_status status = DEED_DAMAGED;
	unsigned i, away = 0;

	for (i = 1; i <= d->m->n && status != DEED_OK; i++) {
		status = keys_of(a, d, i, out);
		if (status == DEED_NO_MEMORY)
			return deed_error_memory(err);
		away += stored_is_away(status);
	}
	if (status == DEED_OK)
		return buf_status(out, err);
	if (away > 0)
		return deed_error_set(err, DEED_REMOTE,
				      "no place that answers has the parties' "
				      "keys undamaged, and %u of %u do not",
				      away, d->m->n);
	return deed_error_set(err, DEED_DAMAGED,
			      "no place has the parties' keys undamaged");
}

bool stored_is_p(const struct stored *d, const struct secret *p)
{
	uint8_t commit[SHA256_SIZE];

	if (secret_len(p) != SHAMIR_SECRET_SIZE)
		return false;
	manifest_commit(d->m, "P", secret_slice(p), commit);
	return !memcmp(commit, d->m->commit_p, sizeof(commit));
}

/* Straight to where it is wanted. */
static enum deed_status begin_segment(struct archive *a, const struct stored *d,
				      size_t chunk, unsigned part,
				      uint8_t *into,
				      struct place_ticket **ticket)
{
	struct object_name o = { .kind = OBJECT_SEGMENT,
				 .number = chunk,
				 .part = part };
	enum deed_status status;
	struct place *p;

	*ticket = NULL;
	memcpy(o.sha256, d->m->chunk[chunk].segment[part - 1], SHA256_SIZE);
	status = place_of(a, d, part, &p, NULL);
	if (status == DEED_OK)
		status = object_fill_begin(p, d->folder, &o, into,
					   manifest_part_size(d->m, chunk),
					   ticket, NULL);
	return status;
}

/* All are asked for; what is not there, or is another, is zeros. */
static void read_segments(struct archive *a, const struct stored *d,
			  size_t chunk, struct stored_part *part, size_t count,
			  uint8_t *out)
{
	size_t size = manifest_part_size(d->m, chunk), i;
	struct place_ticket *ticket[ERASURE_MAX];

	for (i = 0; i < count; i++)
		part[i].status = begin_segment(a, d, chunk, part[i].number,
					       out + i * size, &ticket[i]);
	for (i = 0; i < count; i++) {
		if (part[i].status == DEED_OK)
			part[i].status = place_finish(ticket[i], NULL);
		if (part[i].status == DEED_LIMIT)
			part[i].status = DEED_DAMAGED;
		if (part[i].status != DEED_OK)
			memset(out + i * size, 0, size);
	}
}

/* A segment has its length whether or not it is good: all of them lie at the
 * offsets that their number gives them. */
static void read_boxes(struct archive *a, const struct stored *d,
		       struct stored_part *part, size_t count, struct buf *out)
{
	struct buf bytes[ERASURE_MAX] = { BUF_INIT };
	struct box box[ERASURE_MAX];
	size_t i;

	stored_boxes(a, d, part, count, bytes, box);
	for (i = 0; i < count; i++) {
		if (part[i].status == DEED_OK)
			buf_slice(out, box[i].segment);
		else
			buf_fill(out, 0, manifest_part_size(d->m, 0));
		wipe(&bytes[i]);
	}
}

enum deed_status stored_segments(struct archive *a, const struct stored *d,
				 size_t chunk, struct stored_part *part,
				 size_t count, struct buf *out,
				 struct deed_error *err)
{
	size_t size = manifest_part_size(d->m, chunk);
	uint8_t *room = buf_reserve(out, size * count);

	assert(count <= ERASURE_MAX);
	if (room == NULL)
		return buf_status(out, err);
	if (manifest_boxed(d->m)) {
		read_boxes(a, d, part, count, out);
	} else {
		read_segments(a, d, chunk, part, count, room);
		out->len += size * count;
	}
	return buf_status(out, err);
}

/* The share of one part in a folder: any that keeps its commitment. */
struct share_search {
	const struct stored *d;
	struct place *place;
	unsigned part;
	struct secret *found;
	uint8_t hash[SHA256_SIZE];
	enum deed_status failed; /* one could not be read */
};

/* Anybody who can write at the place can put shares there: one that does not
 * keep its commitment is passed over, one that cannot be read may be the one.
 */
static enum deed_status on_share(void *arg, const char *name,
				 struct deed_error *err)
{
	struct share_search *s = arg;
	struct buf bytes = BUF_INIT;
	enum deed_status status;
	struct object_name o;

	if (s->found != NULL || !object_parse(name, &o) ||
	    o.kind != OBJECT_SHARE || o.part != s->part)
		return DEED_OK;
	status = object_get(s->place, s->d->folder, &o, SHAMIR_SHARE_SIZE,
			    &bytes, NULL);
	if (status != DEED_OK && status != DEED_NOT_FOUND &&
	    status != DEED_DAMAGED)
		s->failed = status;
	if (status == DEED_OK &&
	    stored_share_fits(s->d, s->part, buf_get(&bytes))) {
		memcpy(s->hash, o.sha256, SHA256_SIZE);
		status = secret_copy(bytes.data, bytes.len, &s->found, err);
	} else {
		status = DEED_OK;
	}
	wipe(&bytes);
	return status;
}

/* It was compared with its commitment when the box was opened. */
static enum deed_status boxed_share(struct archive *a, const struct stored *d,
				    unsigned part, struct secret **out,
				    struct deed_error *err)
{
	struct buf bytes = BUF_INIT;
	struct box box;
	enum deed_status status = stored_box(a, d, part, &bytes, &box, err);

	if (status == DEED_OK)
		status = secret_copy(box.share.data, box.share.len, out, err);
	wipe(&bytes);
	return status;
}

enum deed_status stored_share(struct archive *a, const struct stored *d,
			      unsigned part, struct secret **out, uint8_t *hash,
			      struct deed_error *err)
{
	struct share_search s = { .d = d, .part = part };
	enum deed_status status;

	*out = NULL;
	if (manifest_boxed(d->m))
		return boxed_share(a, d, part, out, err);
	status = place_of(a, d, part, &s.place, err);
	if (status == DEED_OK)
		status = place_list(s.place, d->folder, on_share, &s, err);
	/* What a list that is wrong does not show may be there. */
	if (status == DEED_DAMAGED)
		status = deed_error_set(err, DEED_REMOTE,
					"place %s cannot be listed",
					place_name(s.place));
	if (status == DEED_OK && s.found == NULL && s.failed != DEED_OK)
		status = deed_error_set(err, s.failed,
					"a share at place %s cannot be read",
					place_name(s.place));
	if (status == DEED_OK && s.found == NULL)
		status = deed_error_set(err, DEED_DAMAGED,
					"place %s has no good share",
					place_name(s.place));
	if (status != DEED_OK) {
		secret_free(s.found);
		return status;
	}
	if (hash != NULL)
		memcpy(hash, s.hash, SHA256_SIZE);
	*out = s.found;
	return DEED_OK;
}

struct shares {
	struct archive *a;
	const struct stored *d;
	struct stored_part *part;
	struct secret **out;
};

/* A pool_fn. */
static void share_at(void *arg, size_t i)
{
	const struct shares *s = arg;

	s->part[i].status = stored_share(s->a, s->d, s->part[i].number,
					 &s->out[i], NULL, NULL);
}

void stored_shares(struct archive *a, const struct stored *d,
		   struct stored_part *part, size_t count, struct secret **out)
{
	struct shares s = { .a = a, .d = d, .part = part, .out = out };

	each_run(a, count, share_at, &s);
}
