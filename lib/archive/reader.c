/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/stored.h"

#include <stdlib.h>

#include "archive/box.h"
#include "archive/chunk.h"
#include "archive/each.h"
#include "base/ahead.h"
#include "cms/envelope_chunk.h"
#include "crypto/shamir.h"

/*
 * Chunks are brought back a few ahead of the caller, who reads them in order,
 * each by a thread that waits for its places: the next are under way while
 * this one is written.  So many, and what of them is in a store's helper,
 * stay under 96 MiB.
 */
#define JOBS_MAX 4

struct slot {
	struct buf data;   /* the data parts one after another */
	struct buf parity; /* parity parts, where data parts are lost */
	struct slice plain;
	unsigned away; /* parts of which nothing could be learned */
	enum deed_status status;
	struct deed_error err;
};

struct stored_reader {
	struct archive *archive;
	const struct stored *d;
	struct secret *p, *s;
	struct erasure *code;
	struct ahead ahead; /* item i is chunk i */
	size_t at;	    /* in the one in turn */
	/* Of one that is in boxes, those that were read and are good. */
	struct buf box_bytes[ERASURE_MAX];
	struct box box[ERASURE_MAX];
	bool has_box[ERASURE_MAX];
	unsigned away; /* shares, as slot.away */
	struct slot slots[JOBS_MAX];
};

/* Too few are left: is that all there is, or do places not answer? */
static enum deed_status too_few(const struct manifest *m, unsigned good,
				unsigned away, struct deed_error *err)
{
	if (good + away < m->k)
		return deed_error_set(err, DEED_DAMAGED,
				      "%u of %u places are left, %u are needed",
				      good, m->n, m->k);
	return deed_error_set(err, DEED_REMOTE,
			      "%u of %u places do not answer, and %u are "
			      "needed: nothing is known to be lost",
			      away, m->n, m->k);
}

/* A box has a share and a segment: those that are read are kept.  out has
 * shares from parts `from` up to `to`, *count so far. */
static enum deed_status take_boxes(struct stored_reader *r, unsigned from,
				   unsigned to, struct secret **out,
				   unsigned *count, struct deed_error *err)
{
	struct stored_part part[ERASURE_MAX];
	enum deed_status status = DEED_OK;
	unsigned i;

	for (i = from; i < to; i++)
		part[i - from].number = i + 1;
	stored_boxes(r->archive, r->d, part, to - from, &r->box_bytes[from],
		     &r->box[from]);
	for (i = from; i < to && status == DEED_OK; i++) {
		r->has_box[i] = part[i - from].status == DEED_OK;
		r->away += stored_is_away(part[i - from].status);
		if (r->has_box[i])
			status = secret_copy(r->box[i].share.data,
					     r->box[i].share.len, &out[*count],
					     err);
		*count += r->has_box[i] && status == DEED_OK;
	}
	return status;
}

/* Those that were read are the caller's, whatever became of the others. */
static enum deed_status take_shares(struct stored_reader *r, unsigned from,
				    unsigned to, struct secret **out,
				    unsigned *count, struct deed_error *err)
{
	struct stored_part part[ERASURE_MAX];
	struct secret *share[ERASURE_MAX];
	unsigned i;

	if (manifest_boxed(r->d->m))
		return take_boxes(r, from, to, out, count, err);
	for (i = from; i < to; i++)
		part[i - from].number = i + 1;
	stored_shares(r->archive, r->d, part, to - from, share);
	for (i = from; i < to; i++) {
		r->away += stored_is_away(part[i - from].status);
		if (part[i - from].status == DEED_OK)
			out[(*count)++] = share[i - from];
	}
	return DEED_OK;
}

/* Of the places that are needed, then as many more as failed. */
static enum deed_status join_shares(struct stored_reader *r,
				    struct deed_error *err)
{
	const struct manifest *m = r->d->m;
	struct secret *share[ERASURE_MAX];
	enum deed_status status = DEED_OK;
	unsigned i, from = 0, to, count = 0;

	for (; status == DEED_OK && from < m->n && count < m->k; from = to) {
		to = from + m->k - count < m->n ? from + m->k - count : m->n;
		status = take_shares(r, from, to, share, &count, err);
	}
	if (status == DEED_OK && count < m->k)
		status = too_few(m, count, r->away, err);
	else if (status == DEED_OK)
		status = shamir_join((const struct secret *const *)share, count,
				     &r->s, err);
	for (i = 0; i < count; i++)
		secret_free(share[i]);
	return status;
}

/* From the boxes that were read for their shares. */
static unsigned get_boxed(struct stored_reader *r, struct slot *slot,
			  bool there[])
{
	unsigned j, good = 0;

	for (j = 0; j < r->d->m->k; j++) {
		there[j] = r->has_box[j];
		good += there[j];
		if (there[j])
			buf_slice(&slot->data, r->box[j].segment);
		else
			buf_fill(&slot->data, 0,
				 manifest_part_size(r->d->m, 0));
	}
	return good;
}

/* The data parts of a chunk, and how many of them are good. */
static unsigned get_data(struct stored_reader *r, size_t chunk,
			 struct slot *slot, bool there[])
{
	struct stored_part part[ERASURE_MAX];
	unsigned j, good = 0;

	buf_reset(&slot->data);
	slot->away = 0;
	if (manifest_boxed(r->d->m))
		return get_boxed(r, slot, there);
	for (j = 0; j < r->d->m->k; j++)
		part[j].number = j + 1;
	if (stored_segments(r->archive, r->d, chunk, part, r->d->m->k,
			    &slot->data, NULL) != DEED_OK)
		return 0;
	for (j = 0; j < r->d->m->k; j++) {
		there[j] = part[j].status == DEED_OK;
		good += there[j];
		slot->away += stored_is_away(part[j].status);
	}
	return good;
}

/*
 * What parity says a data part is must be what the manifest says it is: AES
 * in GCM does not commit to its key, and whoever signs could have the parity
 * parts open to another document than the data parts do.
 */
static enum deed_status compare(const struct stored_reader *r, size_t chunk,
				uint8_t *const part[], const bool there[],
				struct deed_error *err)
{
	const struct manifest *m = r->d->m;
	size_t size = manifest_part_size(m, chunk);
	uint8_t hash[SHA256_SIZE];
	unsigned j;

	for (j = 0; j < m->k; j++) {
		if (there[j])
			continue;
		sha256(slice_of(part[j], size), hash);
		if (memcmp(hash, m->chunk[chunk].segment[j], SHA256_SIZE))
			return deed_error_set(err, DEED_DAMAGED,
					      "segment %zu-%u, made anew from "
					      "the others, is not the one that "
					      "the manifest names",
					      chunk, j + 1);
	}
	return DEED_OK;
}

/* As many parity parts as data parts failed, at the same time; then as many
 * more as failed of those. */
static void get_parity(struct stored_reader *r, size_t chunk, struct slot *slot,
		       bool there[], size_t at[], unsigned *good)
{
	const struct manifest *m = r->d->m;
	size_t size = manifest_part_size(m, chunk);
	struct stored_part part[ERASURE_MAX];
	unsigned j = m->k, i, count;

	buf_reset(&slot->parity);
	while (j < m->n && *good < m->k) {
		count = m->k - *good < m->n - j ? m->k - *good : m->n - j;
		for (i = 0; i < count; i++) {
			part[i].number = j + i + 1;
			at[j + i] = slot->parity.len + i * size;
		}
		if (stored_segments(r->archive, r->d, chunk, part, count,
				    &slot->parity, NULL) != DEED_OK)
			return;
		for (i = 0; i < count; i++) {
			there[j + i] = part[i].status == DEED_OK;
			slot->away += stored_is_away(part[i].status);
			*good += there[j + i];
		}
		j += count;
	}
}

/* part[] points to all that is there and to the room of what is not: data
 * parts lie one after another, parity where get_parity noted it.  A NULL is a
 * part that nobody has. */
static enum deed_status restore(struct stored_reader *r, size_t chunk,
				struct slot *slot, bool there[], unsigned good,
				struct deed_error *err)
{
	const struct manifest *m = r->d->m;
	size_t size = manifest_part_size(m, chunk), at[ERASURE_MAX];
	uint8_t *part[ERASURE_MAX] = { NULL };
	enum deed_status status;
	unsigned j;

	get_parity(r, chunk, slot, there, at, &good);
	if (good < m->k) {
		status = too_few(m, good, slot->away, err);
		deed_error_prefix(err, "chunk %zu", chunk);
		return status;
	}
	for (j = 0; j < m->n; j++)
		if (j < m->k)
			part[j] = slot->data.data + j * size;
		else if (there[j])
			part[j] = slot->parity.data + at[j];
	status = erasure_restore(r->code, size, part, there, err);
	if (status == DEED_OK)
		status = compare(r, chunk, part, there, err);
	return status;
}

/* The data parts alone, mostly; parity only as far as they fail.  The number
 * of the chunk and whether it is the last are in its key, so that chunks
 * cannot change places or be cut off. */
static enum deed_status bring_back(struct stored_reader *r, size_t chunk,
				   struct slot *slot, struct deed_error *err)
{
	const struct manifest *m = r->d->m;
	bool there[ERASURE_MAX] = { false };
	struct secret *kek = NULL;
	enum deed_status status;
	unsigned good;

	good = get_data(r, chunk, slot, there);
	status = buf_status(&slot->data, err);
	if (status == DEED_OK && good < m->k)
		status = restore(r, chunk, slot, there, good, err);
	if (status == DEED_OK)
		status = chunk_kek(r->p, r->s, m->deposit, chunk,
				   chunk + 1 == m->chunk_count, &kek, err);
	if (status == DEED_OK)
		status = envelope_chunk_open(
			slot->data.data, (size_t)m->chunk[chunk].size,
			m->deposit, kek, &slot->plain, err);
	secret_free(kek);
	return status;
}

/* An ahead_fn. */
static bool load_chunk(void *arg, size_t chunk, size_t slot)
{
	struct stored_reader *r = arg;
	struct slot *to = &r->slots[slot];

	to->status = bring_back(r, chunk, to, &to->err);
	return to->status == DEED_OK;
}

/* The shares are joined at once: that too few places are left is told before
 * the caller has written anything. */
enum deed_status stored_reader_new(struct archive *a, const struct stored *d,
				   const struct secret *p, unsigned jobs,
				   struct stored_reader **out,
				   struct deed_error *err)
{
	struct stored_reader *r = calloc(1, sizeof(*r));
	enum deed_status status;

	*out = NULL;
	if (r == NULL)
		return deed_error_memory(err);
	r->archive = a;
	r->d = d;
	if (jobs == 0)
		jobs = each_jobs(a, JOBS_MAX);
	ahead_init(&r->ahead, jobs < JOBS_MAX ? jobs : JOBS_MAX, load_chunk, r);
	ahead_seek(&r->ahead, 0, d->m->chunk_count);
	status = secret_copy(secret_bytes(p), secret_len(p), &r->p, err);
	if (status == DEED_OK)
		status = join_shares(r, err);
	if (status == DEED_OK)
		status = erasure_new(d->m->k, d->m->n, &r->code, err);
	if (status != DEED_OK) {
		stored_reader_free(r);
		return status;
	}
	*out = r;
	return DEED_OK;
}

void stored_reader_free(struct stored_reader *r)
{
	size_t i;

	if (r == NULL)
		return;
	ahead_clear(&r->ahead);
	for (i = 0; i < JOBS_MAX; i++) {
		buf_clear(&r->slots[i].data);
		buf_clear(&r->slots[i].parity);
	}
	for (i = 0; i < r->d->m->n; i++) {
		if (r->box_bytes[i].data != NULL)
			secret_wipe(r->box_bytes[i].data, r->box_bytes[i].cap);
		buf_clear(&r->box_bytes[i]);
	}
	erasure_free(r->code);
	secret_free(r->p);
	secret_free(r->s);
	free(r);
}

void stored_seek(struct stored_reader *r, uint64_t from, uint64_t to)
{
	uint64_t size = r->d->m->chunk_size, count = r->d->m->chunk_count;
	uint64_t chunk = from / size, end = to / size + (to % size != 0);

	ahead_seek(&r->ahead, (size_t)(chunk < count ? chunk : count),
		   (size_t)(end < count ? end : count));
	r->at = (size_t)(from % size);
}

/* The chunk in turn, of which something is left; NULL at the end. */
static enum deed_status turn_to(struct stored_reader *r,
				const struct slot **out, struct deed_error *err)
{
	size_t slot;

	for (;;) {
		*out = NULL;
		if (!ahead_take(&r->ahead, &slot))
			return DEED_OK;
		*out = &r->slots[slot];
		if ((*out)->status != DEED_OK) {
			if (err != NULL)
				*err = (*out)->err;
			return (*out)->status;
		}
		if (r->at < (*out)->plain.len)
			return DEED_OK;
		ahead_pass(&r->ahead);
		r->at = 0;
	}
}

enum deed_status stored_borrow(struct stored_reader *r, uint64_t max,
			       struct slice *out, struct deed_error *err)
{
	const struct slot *slot;
	enum deed_status status = turn_to(r, &slot, err);
	size_t len;

	*out = SLICE_NONE;
	if (status != DEED_OK || slot == NULL)
		return status;
	len = slot->plain.len - r->at;
	if (len > max)
		len = (size_t)max;
	*out = slice_of(slot->plain.data + r->at, len);
	r->at += len;
	return DEED_OK;
}

enum deed_status stored_read(struct stored_reader *r, uint8_t *out,
			     uint64_t len, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct slice part;

	while (len > 0 && status == DEED_OK) {
		status = stored_borrow(r, len, &part, err);
		if (status == DEED_OK && part.len == 0)
			status = deed_error_set(err, DEED_DAMAGED,
						"the deposit ends early");
		if (status != DEED_OK)
			break;
		if (out != NULL) {
			memcpy(out, part.data, part.len);
			out += part.len;
		}
		len -= part.len;
	}
	return status;
}
