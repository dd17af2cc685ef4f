/* SPDX-License-Identifier: Apache-2.0 */
#include "base/frame.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

/* The error's body: status id, then message and hints, each ended by NUL. */
#define ERROR_MAX 2048

static void put32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

void frame_put(struct buf *out, uint32_t type, struct slice body)
{
	uint8_t header[FRAME_HEADER];

	if (body.len > FRAME_BODY_MAX) {
		out->failed = true;
		return;
	}
	put32(header, type);
	put32(header + 4, (uint32_t)body.len);
	buf_append(out, header, sizeof(header));
	buf_slice(out, body);
}

void frame_get_header(const uint8_t header[FRAME_HEADER], uint32_t *type,
		      uint32_t *len)
{
	*type = get32(header);
	*len = get32(header + 4);
}

bool frame_wait(int fd, short events, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left = -1;
	int n;

	do {
		if (until != INT64_MAX)
			left = until - clock_monotonic_ms();
		if (until != INT64_MAX && left < 0)
			left = 0;
		n = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
	} while (n < 0 && errno == EINTR);
	return n != 0;
}

/* The time is that of all that is read: a byte now and then is no answer. */
static bool in_time(int fd, short events, int64_t until, bool begun)
{
	return frame_wait(fd, events, until) &&
	       (!begun || clock_monotonic_ms() < until);
}

static enum deed_status too_late(const char *what, struct deed_error *err)
{
	return deed_error_set(err, DEED_SYSTEM, "a helper %s", what);
}

/* INT64_MAX: the pipe may block. */
static enum deed_status write_fully(int fd, const uint8_t *p, size_t len,
				    int64_t until, struct deed_error *err)
{
	ssize_t put;

	if (until == INT64_MAX)
		return file_write_fd(fd, "helper", p, len, err);
	while (len > 0) {
		put = write(fd, p, len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0 && errno == EAGAIN) {
			if (!in_time(fd, POLLOUT, until, true))
				return too_late("takes nothing any more", err);
			continue;
		}
		if (put < 0)
			return deed_error_errno(err, errno,
						"cannot write 'helper'");
		p += put;
		len -= (size_t)put;
	}
	return DEED_OK;
}

enum deed_status frame_write_until(int fd, uint32_t type, struct slice body,
				   int64_t until, struct deed_error *err)
{
	enum deed_status status;
	uint8_t header[FRAME_HEADER];

	if (body.len > FRAME_BODY_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "a message of %zu bytes is too large",
				      body.len);
	put32(header, type);
	put32(header + 4, (uint32_t)body.len);
	status = write_fully(fd, header, FRAME_HEADER, until, err);
	if (status == DEED_OK && body.len > 0)
		status = write_fully(fd, body.data, body.len, until, err);
	return status;
}

enum deed_status frame_write(int fd, uint32_t type, struct slice body,
			     struct deed_error *err)
{
	return frame_write_until(fd, type, body, INT64_MAX, err);
}

/* Up to len bytes, fewer only at the end of the pipe. */
static enum deed_status read_fully(int fd, uint8_t *at, size_t len,
				   int64_t until, size_t *got,
				   struct deed_error *err)
{
	ssize_t n;

	*got = 0;
	while (*got < len) {
		if (until != INT64_MAX && !in_time(fd, POLLIN, until, *got > 0))
			return too_late("does not answer", err);
		n = read(fd, at + *got, len - *got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return deed_error_errno(err, errno,
						"cannot read from a helper");
		if (n == 0)
			break;
		*got += (size_t)n;
	}
	return DEED_OK;
}

/* An end between two frames is an end; one within a frame is a helper that
 * died or was killed while it wrote. */
static enum deed_status cut_short(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "a helper ended in the middle of a message");
}

/* The string at *p, moving past its NUL; "" when there is none. */
static const char *next_string(struct slice *s)
{
	const uint8_t *end = s->len == 0 ? NULL : memchr(s->data, 0, s->len);
	const char *text = (const char *)s->data;

	if (end == NULL) {
		*s = SLICE_NONE;
		return "";
	}
	s->len -= (size_t)(end + 1 - s->data);
	s->data = end + 1;
	return text;
}

enum deed_status frame_take_error(struct slice body, struct deed_error *err)
{
	const char *id = next_string(&body), *text;
	enum deed_status status = DEED_SYSTEM;
	int i;

	for (i = DEED_OK + 1; i < DEED_STATUS_COUNT; i++)
		if (strcmp(deed_status_id((enum deed_status)i), id) == 0)
			status = (enum deed_status)i;
	text = next_string(&body);
	deed_error_set(err, status, "%s",
		       *text != '\0' ? text : "a helper failed");
	for (i = 0; i < DEED_ERROR_HINTS; i++) {
		text = next_string(&body);
		if (*text != '\0')
			deed_error_hint(err, "%s", text);
	}
	return status;
}

static enum deed_status read_header(int fd, int64_t until, uint32_t *type,
				    uint32_t *len, struct deed_error *err)
{
	enum deed_status status;
	uint8_t header[FRAME_HEADER];
	size_t got;

	*type = FRAME_END;
	*len = 0;
	status = read_fully(fd, header, FRAME_HEADER, until, &got, err);
	if (status != DEED_OK || got == 0)
		return status;
	if (got < FRAME_HEADER)
		return cut_short(err);
	if (get32(header) == FRAME_END)
		return deed_error_set(err, DEED_MALFORMED,
				      "a helper sent a message without type");
	frame_get_header(header, type, len);
	return DEED_OK;
}

/* A large body that was begun just in time is not cut off, nor what lay in the
 * pipe while this process was stopped. */
static int64_t body_until(int64_t until, uint32_t len)
{
	int64_t own;

	if (until == INT64_MAX)
		return until;
	own = clock_monotonic_ms() + FRAME_BODY_MS + len / 1024;
	return own > until ? own : until;
}

static enum deed_status read_body(int fd, int64_t until, uint8_t *body,
				  uint32_t len, struct deed_error *err)
{
	size_t got;
	enum deed_status status = read_fully(fd, body, len, until, &got, err);

	return status == DEED_OK && got < len ? cut_short(err) : status;
}

enum deed_status frame_read_header(int fd, uint32_t *type, uint32_t *len,
				   struct deed_error *err)
{
	return read_header(fd, INT64_MAX, type, len, err);
}

enum deed_status frame_read_body(int fd, uint8_t *body, uint32_t len,
				 struct deed_error *err)
{
	return read_body(fd, INT64_MAX, body, len, err);
}

/* The length is held to what the caller expects before memory is taken for it;
 * an error may be longer than the answer that was expected. */
enum deed_status frame_read_until(int fd, uint32_t *type, struct buf *body,
				  size_t max, int64_t until,
				  struct deed_error *err)
{
	enum deed_status status;
	uint32_t len, what;

	*type = FRAME_END;
	buf_reset(body);
	status = read_header(fd, until, &what, &len, err);
	if (status != DEED_OK || what == FRAME_END)
		return status;
	if (what == FRAME_ERROR && max < ERROR_MAX)
		max = ERROR_MAX;
	if (len > max)
		return deed_error_set(err, DEED_LIMIT,
				      "a helper sent %lu bytes: expected at "
				      "most %zu",
				      (unsigned long)len, max);
	if (len > 0 && buf_reserve(body, len) == NULL)
		return deed_error_memory(err);
	if (len > 0)
		status = read_body(fd, body_until(until, len), body->data, len,
				   err);
	if (status != DEED_OK)
		return status;
	body->len = len;
	if (what == FRAME_ERROR)
		return frame_take_error(buf_get(body), err);
	*type = what;
	return DEED_OK;
}

enum deed_status frame_read(int fd, uint32_t *type, struct buf *body,
			    size_t max, struct deed_error *err)
{
	return frame_read_until(fd, type, body, max, INT64_MAX, err);
}

/* Every hint is written, the empty ones too, so that the reader needs no
 * count.  NUL cannot be within: they are C strings. */
static void put_error(struct buf *b, const struct deed_error *why)
{
	int i;

	buf_str(b, deed_status_id(why->status));
	buf_byte(b, 0);
	buf_str(b, why->message);
	buf_byte(b, 0);
	for (i = 0; i < DEED_ERROR_HINTS; i++) {
		buf_str(b, why->hint[i]);
		buf_byte(b, 0);
	}
}

void frame_put_error(struct buf *out, const struct deed_error *why)
{
	struct buf b = BUF_INIT;

	put_error(&b, why);
	out->failed |= b.failed;
	frame_put(out, FRAME_ERROR, buf_get(&b));
	buf_clear(&b);
}

enum deed_status frame_write_error(int fd, const struct deed_error *why,
				   struct deed_error *err)
{
	struct buf b = BUF_INIT;
	enum deed_status status;

	put_error(&b, why);
	status = buf_status(&b, err);
	if (status == DEED_OK)
		status = frame_write(fd, FRAME_ERROR, buf_get(&b), err);
	buf_clear(&b);
	return status;
}
