/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/source.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/tar_write.h"

/* A run of the tar: from the headers' buffer, a file, or the caller. */
struct piece {
	uint64_t at, len; /* in the tar */
	size_t header;	  /* offset in headers; or SIZE_MAX */
	const struct archive_input *input;
};

struct source {
	struct piece *piece;
	size_t count;
	uint64_t size;
	struct buf headers; /* and paddings */
};

static void add(struct source *s, uint64_t len, size_t header,
		const struct archive_input *input)
{
	if (len == 0)
		return;
	s->piece[s->count++] = (struct piece){ s->size, len, header, input };
	s->size += len;
}

static enum deed_status add_input(struct source *s,
				  const struct archive_input *input,
				  struct deed_error *err)
{
	struct tar_entry e = { .size = input->size, .mtime = input->mtime };
	size_t before = s->headers.len;
	enum deed_status status;

	if (strlen(input->name) > TAR_NAME)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "'%s' is too long a name", input->name);
	memcpy(e.name, input->name, strlen(input->name) + 1);
	status = tar_header(&e, &s->headers, err);
	if (status != DEED_OK)
		return status;
	add(s, s->headers.len - before, before, NULL);
	add(s, input->size, SIZE_MAX, input);
	before = s->headers.len;
	buf_fill(&s->headers, 0, tar_padding(input->size));
	add(s, s->headers.len - before, before, NULL);
	return buf_status(&s->headers, err);
}

enum deed_status source_new(const struct archive_input *inputs, size_t count,
			    struct source **out, struct deed_error *err)
{
	struct source *s = calloc(1, sizeof(*s));
	enum deed_status status;
	size_t i, before;

	*out = NULL;
	if (s == NULL)
		return deed_error_memory(err);
	s->piece = calloc(3 * count + 1, sizeof(*s->piece));
	status = s->piece == NULL ? deed_error_memory(err) : DEED_OK;
	for (i = 0; i < count && status == DEED_OK; i++)
		status = add_input(s, &inputs[i], err);
	before = s->headers.len;
	tar_end(&s->headers);
	if (status == DEED_OK)
		status = buf_status(&s->headers, err);
	if (status != DEED_OK) {
		source_free(s);
		return status;
	}
	add(s, s->headers.len - before, before, NULL);
	*out = s;
	return DEED_OK;
}

void source_free(struct source *s)
{
	if (s == NULL)
		return;
	free(s->piece);
	buf_clear(&s->headers);
	free(s);
}

uint64_t source_size(const struct source *s)
{
	return s->size;
}

static enum deed_status read_file(const struct archive_input *input,
				  uint64_t at, uint8_t *out, size_t len,
				  struct deed_error *err)
{
	while (len > 0) {
		ssize_t got = pread(input->fd, out, len, (off_t)at);

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

static enum deed_status read_piece(const struct source *s,
				   const struct piece *p, uint64_t at,
				   uint8_t *out, size_t len,
				   struct deed_error *err)
{
	if (p->header != SIZE_MAX)
		memcpy(out, s->headers.data + p->header + at, len);
	else if (p->input->fd < 0)
		memcpy(out, p->input->bytes.data + at, len);
	else
		return read_file(p->input, at, out, len, err);
	return DEED_OK;
}

enum deed_status source_read(const struct source *s, uint64_t at, uint8_t *out,
			     size_t len, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; i < s->count && len > 0 && status == DEED_OK; i++) {
		const struct piece *p = &s->piece[i];
		uint64_t in = at - p->at;
		size_t take;

		if (at < p->at || in >= p->len)
			continue;
		take = p->len - in < len ? (size_t)(p->len - in) : len;
		status = read_piece(s, p, in, out, take, err);
		out += take;
		at += take;
		len -= take;
	}
	return status;
}
