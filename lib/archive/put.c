/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/put.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/box.h"
#include "archive/chunk.h"
#include "archive/draft.h"
#include "archive/each.h"
#include "archive/layout.h"
#include "archive/parts.h"
#include "archive/place/place.h"
#include "base/pool.h"
#include "cms/envelope.h"
#include "cms/envelope_chunk.h"
#include "crypto/random.h"
#include "crypto/shamir.h"

#define JOBS_MAX 4
/* Where places are elsewhere, whose helper holds what is on its way: two are
 * faster than a network, and memory stays under 96 MiB. */
#define JOBS_FAR 2

/* Read, hashed and encrypted at a time: it stays in the processor's cache. */
#define PIECE (96u << 10)

struct putting {
	struct archive *archive;
	struct source *source;
	struct manifest *m;
	struct draft *draft;
	struct erasure *code;
	struct secret *p, *s;
	struct secret *share[ERASURE_MAX];
	struct parts only; /* those of the only chunk; part[0] is their room */
	const char *folder;
	pthread_mutex_t mutex; /* over what follows */
	enum deed_status status;
	struct deed_error *err;
	uint8_t *room[JOBS_MAX]; /* for a chunk each, of those not in use */
	size_t rooms;
};

/* The first failure is the one that is told; the others stop the work. */
static void fail(struct putting *w, enum deed_status status,
		 const struct deed_error *err)
{
	(void)pthread_mutex_lock(&w->mutex);
	if (w->status == DEED_OK) {
		w->status = status;
		if (w->err != NULL)
			*w->err = *err;
	}
	(void)pthread_mutex_unlock(&w->mutex);
	source_abort(w->source);
}

/* Whoever has not begun a chunk does not begin it then. */
static bool failed(struct putting *w)
{
	bool yes;

	(void)pthread_mutex_lock(&w->mutex);
	yes = w->status != DEED_OK;
	(void)pthread_mutex_unlock(&w->mutex);
	return yes;
}

/* All but the last are full. */
static size_t content_size(const struct putting *w, size_t i)
{
	uint64_t chunk = w->m->chunk_size;
	uint64_t left = source_size(w->source) - i * chunk;

	return (size_t)(left < chunk ? left : chunk);
}

/* In a room lie the parts of a chunk, then a piece of its content. */
static size_t room_of_parts(const struct putting *w)
{
	return parts_room(w->m->n, manifest_part_size(w->m, 0));
}

/* Of the first chunk, as no other is larger; a small deposit needs no full
 * piece. */
static size_t piece_size(const struct putting *w)
{
	size_t size = content_size(w, 0);

	return size < PIECE ? size : PIECE;
}

/* No chunk is larger than the first.  Rooms are used again: what is freed goes
 * to the kernel, which would have to clear its pages anew. */
static uint8_t *take_room(struct putting *w)
{
	uint8_t *room = NULL;

	(void)pthread_mutex_lock(&w->mutex);
	if (w->rooms > 0)
		room = w->room[--w->rooms];
	(void)pthread_mutex_unlock(&w->mutex);
	if (room == NULL)
		room = parts_room_new(room_of_parts(w) + piece_size(w));
	return room;
}

/* At most as many are given back as jobs have taken one: the array has room
 * for all. */
static void give_room(struct putting *w, uint8_t *room)
{
	(void)pthread_mutex_lock(&w->mutex);
	w->room[w->rooms++] = room;
	(void)pthread_mutex_unlock(&w->mutex);
}

/* The next piece of the content of chunk i, encrypted into its parts. */
static enum deed_status seal_piece(struct putting *w, uint64_t at,
				   uint8_t *piece, size_t len,
				   struct aead *aead, struct parts *to,
				   struct deed_error *err)
{
	uint8_t *out = parts_next(to, len);
	enum deed_status status;

	status = source_read(w->source, at, piece, len, err);
	if (status == DEED_OK)
		status = aead_update(aead, slice_of(piece, len),
				     out == NULL ? piece : out, err);
	if (status == DEED_OK && out != NULL)
		parts_pass(to, len);
	else if (status == DEED_OK)
		parts_add(to, piece, len);
	return status;
}

/* Read and encrypt chunk i into its data parts. */
static enum deed_status seal(struct putting *w, size_t i, struct parts *to,
			     uint8_t *piece, struct deed_error *err)
{
	uint8_t head[ENVELOPE_CHUNK_OVERHEAD], tail[ENVELOPE_CHUNK_TAIL];
	size_t len = content_size(w, i), done, take;
	struct secret *kek = NULL;
	struct aead *aead = NULL;
	enum deed_status status;

	status = chunk_kek(w->p, w->s, w->m->deposit, i,
			   i + 1 == w->m->chunk_count, &kek, err);
	if (status == DEED_OK)
		status = envelope_chunk_begin(head, len, w->m->deposit, kek,
					      &aead, err);
	secret_free(kek);
	if (status == DEED_OK)
		parts_add(to, head, envelope_chunk_head(len));
	for (done = 0; done < len && status == DEED_OK; done += take) {
		take = len - done < PIECE ? len - done : PIECE;
		status = seal_piece(w, (uint64_t)i * w->m->chunk_size + done,
				    piece, take, aead, to, err);
	}
	if (status == DEED_OK) {
		envelope_chunk_end(aead, tail);
		parts_add(to, tail, sizeof(tail));
		parts_fill(to);
	}
	aead_free(aead);
	return status;
}

/* On its way to the place of a part, if nothing failed there before. */
static enum deed_status put_at(struct putting *w, unsigned part,
			       const char *folder, const char *name,
			       struct slice bytes, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct place_ticket *ticket;
	enum deed_status status;
	bool lacks;

	status = draft_lacks(w->draft, part, &lacks, err);
	if (status != DEED_OK || lacks)
		return status;
	status = place_put_begin(w->archive->place[part - 1], folder, name,
				 bytes, &ticket, &why);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK)
		return draft_fail(w->draft, part, &why, err);
	flight_add(&w->draft->flight, ticket, NULL, part);
	return DEED_OK;
}

/* The bytes may be used again when place_put_begin has returned: the room
 * serves the next chunk while these are under way. */
static enum deed_status put_segments(struct putting *w, size_t i,
				     const struct parts *parts,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char name[PLACE_NAME + 1];
	struct object_name o;
	unsigned j;

	for (j = 0; j < w->m->n && status == DEED_OK; j++) {
		layout_object(w->m, j + 1, NULL, i, &o);
		object_format(&o, name);
		status = put_at(w, j + 1, w->folder, name,
				slice_of(parts->part[j], parts->size), err);
	}
	return status;
}

/* One chunk: read, encrypt, code, hash, write; the only one is kept for the
 * boxes.  A pool_fn. */
static void make_chunk(void *arg, size_t i)
{
	struct putting *w = arg;
	struct deed_error err = DEED_ERROR_INIT;
	enum deed_status status;
	struct parts parts;
	uint8_t *room;

	if (failed(w))
		return;
	room = take_room(w);
	if (room == NULL) {
		fail(w, deed_error_memory(&err), &err);
		return;
	}
	parts_init(&parts, w->m->k, w->m->n, manifest_part_size(w->m, i), room);
	status = seal(w, i, &parts, room + room_of_parts(w), &err);
	if (status == DEED_OK)
		status = parts_code(&parts, w->code, w->m->chunk[i].segment,
				    &err);
	if (status == DEED_OK && manifest_boxed(w->m))
		w->only = parts;
	else if (status == DEED_OK)
		status = put_segments(w, i, &parts, &err);
	if (w->only.part[0] == NULL)
		give_room(w, room);
	if (status != DEED_OK)
		fail(w, status, &err);
}

/* The sizes are known before anything is read, as what the envelope adds is.
 * What the threads do not free again lies in w->room. */
static enum deed_status make_chunks(struct putting *w, unsigned jobs,
				    struct deed_error *err)
{
	unsigned most = each_is_local(w->archive) ? JOBS_MAX : JOBS_FAR;
	uint64_t size = source_size(w->source);
	enum deed_status status;
	uint64_t count;
	size_t i;

	w->m->chunk_size =
		size > MANIFEST_LARGE ? MANIFEST_CHUNK_LARGE : MANIFEST_CHUNK;
	count = (size + w->m->chunk_size - 1) / w->m->chunk_size;
	if (count > MANIFEST_CHUNKS)
		return deed_error_set(err, DEED_LIMIT,
				      "a deposit may have %d chunks of %u "
				      "bytes",
				      MANIFEST_CHUNKS, w->m->chunk_size);
	status = manifest_chunks(w->m, (size_t)count, err);
	if (status != DEED_OK)
		return status;
	for (i = 0; i < count; i++)
		w->m->chunk[i].size = envelope_chunk_size(content_size(w, i));
	if (jobs == 0)
		jobs = pool_processors();
	pool_run(jobs < most ? jobs : most, (size_t)count, make_chunk, w);
	while (w->rooms > 0)
		free(w->room[--w->rooms]);
	if (w->status == DEED_OK)
		memcpy(w->m->content, source_index(w->source), SHA256_SIZE);
	return w->status;
}

/* P for the parties. */
static enum deed_status make_keys(struct putting *w,
				  const struct archive_order *order,
				  struct buf *cms, struct deed_error *err)
{
	struct envelope_to to[MANIFEST_RECIPIENTS];
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < order->to_count && status == DEED_OK; i++)
		status = envelope_to_spki(order->to[i].key_id,
					  order->to[i].spki, &to[i], err);
	if (status == DEED_OK)
		status = envelope_write(to, order->to_count, NULL,
					secret_slice(w->p), cms, err);
	return status;
}

/* The identifier is what a party finds its key by; the certificate's hash says
 * whose it was when the deposit was made. */
static enum deed_status name_recipients(struct manifest *m,
					const struct archive_order *order,
					struct deed_error *err)
{
	size_t i;

	if (order->to_count == 0 || order->to_count > MANIFEST_RECIPIENTS)
		return deed_error_set(err, DEED_LIMIT,
				      "%zu parties: 1 to %d are possible",
				      order->to_count, MANIFEST_RECIPIENTS);
	for (i = 0; i < order->to_count; i++) {
		const struct archive_recipient *from = &order->to[i];
		struct manifest_recipient *r = &m->recipient[i];

		if (from->key_id.len == 0 || from->key_id.len > MANIFEST_KEY_ID)
			return deed_error_set(err, DEED_UNSUPPORTED,
					      "a key identifier of %zu bytes",
					      from->key_id.len);
		memcpy(r->certificate, from->certificate, SHA256_SIZE);
		memcpy(r->key_id, from->key_id.data, from->key_id.len);
		r->key_id_len = from->key_id.len;
	}
	m->recipient_count = order->to_count;
	return DEED_OK;
}

/* P and S are drawn for this deposit alone.  The commitments go into the
 * manifest, so that a wrong P or share is noticed before anything is
 * decrypted. */
static enum deed_status make_secrets(struct putting *w, struct deed_error *err)
{
	enum deed_status status;
	char label[sizeof("share 4294967295")];
	unsigned i;

	status = random_secret(ARCHIVE_SECRET, &w->p, err);
	if (status == DEED_OK)
		status = random_secret(ARCHIVE_SECRET, &w->s, err);
	if (status == DEED_OK)
		status = shamir_split(w->s, w->m->k, w->m->n, w->share, err);
	if (status != DEED_OK)
		return status;
	manifest_commit(w->m, "P", secret_slice(w->p), w->m->commit_p);
	for (i = 0; i < w->m->n; i++) {
		snprintf(label, sizeof(label), "share %u", i + 1);
		manifest_commit(w->m, label, secret_slice(w->share[i]),
				w->m->commit_share[i]);
	}
	return DEED_OK;
}

/* One object beside the segments, under the name that its hash gives it. */
static enum deed_status put_other(struct putting *w, unsigned part,
				  enum object_kind kind, struct slice bytes,
				  uint8_t hash[SHA256_SIZE],
				  struct deed_error *err)
{
	struct object_name o = { .kind = kind, .part = part };
	char name[PLACE_NAME + 1];

	sha256(bytes, o.sha256);
	memcpy(hash, o.sha256, SHA256_SIZE);
	object_format(&o, name);
	return put_at(w, part, layout_folder(w->m, kind, w->folder), name,
		      bytes, err);
}

/* A box holds a share: its bytes are wiped here, after the place has taken
 * them. */
static enum deed_status put_box(struct putting *w, unsigned part,
				struct slice keys, struct deed_error *err)
{
	const struct box box = {
		.segment = slice_of(w->only.part[part - 1], w->only.size),
		.share = secret_slice(w->share[part - 1]),
		.keys = keys,
	};
	struct buf tar = BUF_INIT;
	enum deed_status status = box_write(&box, &tar, err);

	if (status == DEED_OK)
		status = put_other(w, part, OBJECT_BOX, buf_get(&tar),
				   w->m->box[part - 1], err);
	if (tar.data != NULL)
		secret_wipe(tar.data, tar.cap);
	buf_clear(&tar);
	return status;
}

/* Beside the segments. */
static enum deed_status put_secrets(struct putting *w, unsigned part,
				    struct slice keys, struct deed_error *err)
{
	enum deed_status status;
	uint8_t hash[SHA256_SIZE];

	status = put_other(w, part, OBJECT_SHARE,
			   secret_slice(w->share[part - 1]), hash, err);
	if (status == DEED_OK)
		status = put_other(w, part, OBJECT_KEYS, keys, hash, err);
	return status;
}

/* The keys are made first, as their hash stands in the manifest and a box
 * needs them; they and the shares are put when all segments are on their way.
 */
static enum deed_status put_all(struct putting *w,
				const struct archive_order *order,
				struct deed_error *err)
{
	struct buf cms = BUF_INIT;
	enum deed_status status;
	struct slice keys;
	unsigned i;

	status = make_secrets(w, err);
	if (status == DEED_OK)
		status = make_keys(w, order, &cms, err);
	if (status == DEED_OK)
		status = make_chunks(w, order->jobs, err);
	keys = buf_get(&cms);
	if (status == DEED_OK)
		sha256(keys, w->m->keys);
	for (i = 1; i <= w->m->n && status == DEED_OK; i++)
		status = manifest_boxed(w->m) ? put_box(w, i, keys, err)
					      : put_secrets(w, i, keys, err);
	buf_clear(&cms);
	return status;
}

/* All places of the archive are named, those too that are away: a part is
 * theirs, and repair brings it.  The name stands in a marker before anything
 * is written under it. */
static enum deed_status plan(struct begun *b, struct draft *d,
			     const struct archive_order *order,
			     struct deed_error *err)
{
	const struct archive *a = begun_archive(b);
	struct manifest *m;
	enum deed_status status;
	size_t i;

	status = manifest_new(&d->m, err);
	if (status != DEED_OK)
		return status;
	m = d->m;
	m->generation = 1;
	m->documents = order->pack ? (uint32_t)(order->input_count - 1) : 0;
	m->k = a->needed;
	m->n = (unsigned)a->count;
	for (i = 0; i < a->count; i++)
		snprintf(m->place[i], sizeof(m->place[i]), "%s",
			 place_name(a->place[i]));
	d->spread = *begun_spread(b);
	memcpy(m->readme, begun_texts(b)->readme, SHA256_SIZE);
	memcpy(m->script, begun_texts(b)->script, SHA256_SIZE);
	status = name_recipients(m, order, err);
	if (status == DEED_OK)
		status = begun_name(b, m->deposit, &d->marker, err);
	manifest_folder(m, d->folder);
	return status;
}

enum deed_status archive_put(struct begun *b, const struct archive_order *order,
			     struct draft **out, struct deed_error *err)
{
	struct archive *a = begun_archive(b);
	struct putting w = { .archive = a,
			     .mutex = PTHREAD_MUTEX_INITIALIZER,
			     .err = err };
	struct draft *d;
	enum deed_status status = draft_new(a, &d, err);
	unsigned i;

	*out = NULL;
	if (status != DEED_OK)
		return status;
	status = source_new(order->input, order->input_count, &w.source, err);
	if (status == DEED_OK)
		status = plan(b, d, order, err);
	if (status == DEED_OK)
		status = erasure_new(d->m->k, d->m->n, &w.code, err);
	w.m = d->m;
	w.draft = d;
	w.folder = d->folder;
	if (status == DEED_OK)
		status = put_all(&w, order, err);
	if (status == DEED_OK)
		status =
			draft_keep_hashes(d, w.source, order->input_count, err);
	for (i = 0; i < ERASURE_MAX; i++)
		secret_free(w.share[i]);
	secret_free(w.p);
	secret_free(w.s);
	free(w.only.part[0]);
	erasure_free(w.code);
	source_free(w.source);
	if (status != DEED_OK)
		archive_settle(a, d, DRAFT_DISCARDED);
	else
		*out = d;
	return status;
}
