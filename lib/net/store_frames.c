/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_frames.h"

#include <errno.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/secret.h"
#include "net/store_wire.h"

void store_frames_clear(struct store_frames *f)
{
	if (f->type == STORE_FRAME_SECRET && f->body.data != NULL)
		secret_wipe(f->body.data, f->body.cap);
	buf_clear(&f->body);
	f->header_len = 0;
	f->type = FRAME_END;
	f->len = 0;
	f->told = false;
}

/* What this side may be made to hold for one frame. */
static size_t most_of(uint32_t type)
{
	return type == STORE_FRAME_BODY	    ? STORE_OBJECT_MAX
	       : type == STORE_FRAME_SECRET ? SECRET_MAX
					    : STORE_FRAME_MAX;
}

/* No memory is taken on the word of the other side beyond what its type may
 * have. */
static enum deed_status begin_body(struct store_frames *f,
				   struct deed_error *err)
{
	uint32_t len;

	frame_get_header(f->header, &f->type, &len);
	f->len = len;
	if (f->len > most_of(f->type))
		return deed_error_set(err, DEED_LIMIT,
				      "a message of %zu bytes is too large",
				      f->len);
	if (f->len > 0 && buf_reserve(&f->body, f->len) == NULL)
		return deed_error_memory(err);
	return DEED_OK;
}

/* *got is 0 where there is nothing now; *end: and never again. */
static enum deed_status take(int fd, void *to, size_t len, size_t *got,
			     bool *end, struct deed_error *err)
{
	ssize_t n;

	do
		n = read(fd, to, len);
	while (n < 0 && errno == EINTR);
	*got = n > 0 ? (size_t)n : 0;
	*end = n == 0;
	if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		return deed_error_errno(err, errno, "cannot read requests");
	return DEED_OK;
}

/* Never beyond the frame: what is behind it is read when the caller has had
 * this one. */
static enum deed_status step(struct store_frames *f, int fd, size_t *got,
			     bool *end, struct deed_error *err)
{
	enum deed_status status;

	if (f->header_len < sizeof(f->header)) {
		status = take(fd, f->header + f->header_len,
			      sizeof(f->header) - f->header_len, got, end, err);
		f->header_len += *got;
		if (status == DEED_OK && f->header_len == sizeof(f->header))
			status = begin_body(f, err);
		return status;
	}
	status = take(fd, f->body.data + f->body.len, f->len - f->body.len, got,
		      end, err);
	f->body.len += *got;
	return status;
}

static bool is_whole(const struct store_frames *f)
{
	return f->header_len == sizeof(f->header) && f->body.len == f->len;
}

enum deed_status store_frames_next(struct store_frames *f, int fd, bool *whole,
				   bool *end, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t got = 1;

	*end = false;
	if (f->told)
		store_frames_clear(f);
	while (status == DEED_OK && got > 0 && !is_whole(f))
		status = step(f, fd, &got, end, err);
	*whole = status == DEED_OK && is_whole(f);
	if (status == DEED_OK && *end && f->header_len > 0)
		return deed_error_set(err, DEED_MALFORMED,
				      "a message was not sent to its end");
	f->told = *whole;
	return status;
}
