/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_BUF_H
#define DEED_BASE_BUF_H

#include "base/error.h"
#include "base/slice.h"

/*
 * A growing run of bytes in the caller's storage.  After BUF_INIT it owns its
 * memory until buf_clear.  An append that finds no memory (or an overflow of
 * size_t) makes the buffer failed: later appends do nothing and buf_status
 * says so, so that a writer checks once, at the end.  Not for secrets.
 */
struct buf {
	uint8_t *data; /* NULL while empty */
	size_t len;
	size_t cap;
	bool failed;
};

#define BUF_INIT                  \
	{                         \
		NULL, 0, 0, false \
	}

/* Free the memory and be as after BUF_INIT. */
void buf_clear(struct buf *b);

/* Forget the content, keep the memory. */
void buf_reset(struct buf *b);

/* Room for extra more bytes, or NULL; the caller adds to len itself. */
uint8_t *buf_reserve(struct buf *b, size_t extra);

void buf_append(struct buf *b, const void *data, size_t len);
void buf_slice(struct buf *b, struct slice s);
void buf_str(struct buf *b, const char *s);
void buf_byte(struct buf *b, uint8_t byte);
void buf_fill(struct buf *b, uint8_t byte, size_t count);
void buf_printf(struct buf *b, const char *fmt, ...) DEED_PRINTF(2, 3);

/* Insert data before offset at, which is at most len. */
void buf_insert(struct buf *b, size_t at, const void *data, size_t len);

/* DEED_OK, or DEED_NO_MEMORY if any append so far failed. */
enum deed_status buf_status(const struct buf *b,
			    struct deed_error *err) DEED_MUST_USE;

/* What it holds, valid until the next change. */
struct slice buf_get(const struct buf *b);

/*
 * Hand the content over as a NUL-terminated string (or block) that the caller
 * frees; NULL if the buffer had failed.  The buffer is empty afterwards.
 */
char *buf_take(struct buf *b, size_t *len);

#endif
