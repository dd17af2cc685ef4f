/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/source.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "archive/inputs.h"
#include "codec/tar_write.h"
#include "crypto/random.h"

/* A run of the tar. */
enum piece_kind {
	PIECE_HEADER, /* from the headers' buffer; paddings too */
	PIECE_INPUT,
	PIECE_INDEX,
};

struct piece {
	enum piece_kind kind;
	uint64_t at, len; /* in the tar */
	size_t header;	  /* offset in headers */
	size_t input;	  /* its number */
};

struct source {
	const struct archive_input *inputs;
	struct inputs *open;
	struct piece *piece;
	size_t count;
	uint64_t size;
	struct buf headers;
	struct index index;
	struct buf text; /* the index, of zeros until all is hashed */
	uint8_t sha256[SHA256_SIZE];
	struct digest *digest; /* of the input that is being read */
	pthread_mutex_t mutex; /* over what follows */
	pthread_cond_t turn;
	uint64_t hashed; /* up to here */
	uint64_t wanted; /* the least that somebody waits for */
	bool aborted;
};

/* Pieces without bytes are left out, so that find_piece has one for each
 * offset. */
static void add(struct source *s, enum piece_kind kind, uint64_t len,
		size_t which)
{
	if (len == 0)
		return;
	s->piece[s->count++] = (struct piece){ .kind = kind,
					       .at = s->size,
					       .len = len,
					       .header = which,
					       .input = which };
	s->size += len;
}

/* The headers of all files lie in one buffer, by offset: it may move while it
 * grows. */
static enum deed_status add_header(struct source *s, const char *name,
				   uint64_t size, int64_t mtime,
				   struct deed_error *err)
{
	struct tar_entry e = { .size = size, .mtime = mtime };
	size_t before = s->headers.len;
	enum deed_status status;

	if (strlen(name) > TAR_NAME)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is too long a name", name);
	memcpy(e.name, name, strlen(name) + 1);
	status = tar_header(&e, &s->headers, err);
	if (status == DEED_OK)
		add(s, PIECE_HEADER, s->headers.len - before, before);
	return status;
}

/* Paddings and the end come out of the same buffer as the headers. */
static void add_zeros(struct source *s, size_t len)
{
	size_t before = s->headers.len;

	buf_fill(&s->headers, 0, len);
	add(s, PIECE_HEADER, len, before);
}

/* The offset of the content is known only behind its header, which is longer
 * for a long name. */
static enum deed_status add_input(struct source *s, size_t i,
				  struct deed_error *err)
{
	const struct archive_input *in = &s->inputs[i];
	enum deed_status status;

	status = add_header(s, in->name, in->size, in->mtime, err);
	if (status == DEED_OK)
		status = index_add(&s->index, in->name, s->size, in->size, err);
	if (status != DEED_OK)
		return status;
	add(s, PIECE_INPUT, in->size, i);
	add_zeros(s, tar_padding(in->size));
	return DEED_OK;
}

/* Its length is known before what it says is. */
static enum deed_status add_index(struct source *s, struct deed_error *err)
{
	enum deed_status status;

	status = random_bytes(s->index.salt, INDEX_SALT, err);
	if (status == DEED_OK)
		status = index_write(&s->index, &s->text, err);
	if (status == DEED_OK && s->text.len > INDEX_MAX)
		status = deed_error_set(err, DEED_LIMIT,
					"the index of the deposit is too long");
	if (status == DEED_OK)
		status = add_header(s, INDEX_NAME, s->text.len,
				    s->inputs[0].mtime, err);
	if (status != DEED_OK)
		return status;
	add(s, PIECE_INDEX, s->text.len, 0);
	add_zeros(s, tar_padding(s->text.len));
	add_zeros(s, TAR_END_SIZE);
	return buf_status(&s->headers, err);
}

enum deed_status source_new(const struct archive_input *inputs, size_t count,
			    struct source **out, struct deed_error *err)
{
	struct source *s = calloc(1, sizeof(*s));
	enum deed_status status = DEED_OK;
	uint64_t total = 0;
	size_t i;

	*out = NULL;
	if (s == NULL)
		return deed_error_memory(err);
	(void)pthread_mutex_init(&s->mutex, NULL);
	(void)pthread_cond_init(&s->turn, NULL);
	s->inputs = inputs;
	s->wanted = UINT64_MAX;
	/* Header, content, padding each; the index; the end. */
	s->piece = calloc(3 * count + 4, sizeof(*s->piece));
	if (s->piece == NULL)
		status = deed_error_memory(err);
	for (i = 0; i < count; i++)
		total += inputs[i].size;
	digest_expect(total);
	if (status == DEED_OK)
		status = digest_new(DIGEST_SHA256, &s->digest, err);
	if (status == DEED_OK)
		status = inputs_new(inputs, count, &s->open, err);
	for (i = 0; i < count && status == DEED_OK; i++)
		status = add_input(s, i, err);
	if (status == DEED_OK)
		status = add_index(s, err);
	if (status != DEED_OK) {
		source_free(s);
		return status;
	}
	*out = s;
	return DEED_OK;
}

void source_free(struct source *s)
{
	if (s == NULL)
		return;
	(void)pthread_cond_destroy(&s->turn);
	(void)pthread_mutex_destroy(&s->mutex);
	digest_free(s->digest);
	inputs_free(s->open);
	index_clear(&s->index);
	buf_clear(&s->text);
	buf_clear(&s->headers);
	free(s->piece);
	free(s);
}

uint64_t source_size(const struct source *s)
{
	return s->size;
}

/* With pread, as several threads read the same file. */
static enum deed_status read_fd(const struct archive_input *input, int fd,
				uint64_t at, uint8_t *out, size_t len,
				struct deed_error *err)
{
	while (len > 0) {
		ssize_t got = pread(fd, out, len, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return deed_error_errno(err, errno, "cannot read '%s'",
						input->name);
		if (got == 0)
			return deed_error_set(err, DEED_IO,
					      "'%s' became shorter while it "
					      "was read",
					      input->name);
		out += got;
		at += (uint64_t)got;
		len -= (size_t)got;
	}
	return DEED_OK;
}

/* Given back only after a stretch that was read to its end: a failure ends the
 * whole deposit, and inputs_free closes what is open. */
static enum deed_status read_file(struct source *s, size_t i, uint64_t at,
				  uint8_t *out, size_t len,
				  struct deed_error *err)
{
	enum deed_status status;
	int fd;

	status = inputs_take(s->open, i, &fd, err);
	if (status == DEED_OK)
		status = read_fd(&s->inputs[i], fd, at, out, len, err);
	if (status == DEED_OK)
		status = inputs_give(s->open, i, len, err);
	return status;
}

/* The index is filled in when its turn has come. */
static enum deed_status read_piece(struct source *s, const struct piece *p,
				   uint64_t at, uint8_t *out, size_t len,
				   struct deed_error *err)
{
	const struct archive_input *in = &s->inputs[p->input];

	if (p->kind == PIECE_INDEX)
		return DEED_OK;
	if (p->kind == PIECE_INPUT && (in->fd >= 0 || in->found != NULL))
		return read_file(s, p->input, at, out, len, err);
	if (p->kind == PIECE_INPUT)
		memcpy(out, in->bytes.data + at, len);
	else
		memcpy(out, s->headers.data + p->header + at, len);
	return DEED_OK;
}

/* All inputs are hashed: this is what the index says. */
static enum deed_status fill_index(struct source *s, struct deed_error *err)
{
	enum deed_status status;

	buf_reset(&s->text);
	status = index_write(&s->index, &s->text, err);
	if (status == DEED_OK)
		sha256(buf_get(&s->text), s->sha256);
	return status;
}

/* The bytes of a piece from at on, in the order of the tar. */
static enum deed_status hash_piece(struct source *s, const struct piece *p,
				   uint64_t at, uint8_t *out, size_t len,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	if (p->kind == PIECE_INPUT) {
		digest_update(s->digest, out, len);
		if (at + len == p->len)
			digest_final(s->digest, s->index.file[p->input].sha256);
	}
	if (p->kind == PIECE_INDEX) {
		if (at == 0)
			status = fill_index(s, err);
		if (status == DEED_OK)
			memcpy(out, s->text.data + at, len);
	}
	return status;
}

typedef enum deed_status piece_fn(struct source *s, const struct piece *p,
				  uint64_t at, uint8_t *out, size_t len,
				  struct deed_error *err);

/* The piece that offset at lies in: a pack has many. */
static size_t find_piece(const struct source *s, uint64_t at)
{
	size_t low = 0, high = s->count;

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (s->piece[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* A stretch that is asked for may begin and end anywhere, and go over any
 * number of files. */
static enum deed_status each_piece(struct source *s, piece_fn *fn, uint64_t at,
				   uint8_t *out, size_t len,
				   struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i = find_piece(s, at);

	for (; i < s->count && len > 0 && status == DEED_OK; i++) {
		const struct piece *p = &s->piece[i];
		uint64_t in = at - p->at;
		size_t take;

		take = p->len - in < len ? (size_t)(p->len - in) : len;
		status = fn(s, p, in, out, take, err);
		out += take;
		at += take;
		len -= take;
	}
	return status;
}

/* Hashing goes in the order of the tar; without an abort who waits for a
 * stretch that failed would wait for ever. */
static enum deed_status wait_turn(struct source *s, uint64_t at,
				  struct deed_error *err)
{
	bool aborted;

	(void)pthread_mutex_lock(&s->mutex);
	while (s->hashed != at && !s->aborted) {
		if (at < s->wanted)
			s->wanted = at;
		(void)pthread_cond_wait(&s->turn, &s->mutex);
	}
	aborted = s->aborted;
	(void)pthread_mutex_unlock(&s->mutex);
	if (!aborted)
		return DEED_OK;
	return deed_error_set(err, DEED_IO, "the deposit was given up");
}

/* Who waits for a later stretch is not woken for each one before it. */
static void end_turn(struct source *s, uint64_t at)
{
	(void)pthread_mutex_lock(&s->mutex);
	s->hashed = at;
	if (s->wanted <= at) {
		s->wanted = UINT64_MAX;
		(void)pthread_cond_broadcast(&s->turn);
	}
	(void)pthread_mutex_unlock(&s->mutex);
}

void source_abort(struct source *s)
{
	(void)pthread_mutex_lock(&s->mutex);
	s->aborted = true;
	(void)pthread_cond_broadcast(&s->turn);
	(void)pthread_mutex_unlock(&s->mutex);
}

enum deed_status source_read(struct source *s, uint64_t at, uint8_t *out,
			     size_t len, struct deed_error *err)
{
	enum deed_status status = each_piece(s, read_piece, at, out, len, err);

	if (status == DEED_OK)
		status = wait_turn(s, at, err);
	if (status == DEED_OK)
		status = each_piece(s, hash_piece, at, out, len, err);
	if (status == DEED_OK)
		end_turn(s, at + len);
	return status;
}

const uint8_t *source_sha256(const struct source *s, size_t i)
{
	return s->index.file[i].sha256;
}

const uint8_t *source_index(const struct source *s)
{
	return s->sha256;
}

const uint8_t *source_salt(const struct source *s)
{
	return s->index.salt;
}
