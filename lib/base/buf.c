/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Most of what is formatted fits, and is formatted once. */
#define PRINTF_GUESS 48

void buf_clear(struct buf *b)
{
	free(b->data);
	*b = (struct buf)BUF_INIT;
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->failed = false;
}

uint8_t *buf_reserve(struct buf *b, size_t extra)
{
	size_t need, cap;
	uint8_t *data;

	if (b->failed)
		return NULL;
	/* One more than asked, so that buf_take can end it with a NUL. */
	if (__builtin_add_overflow(b->len, extra, &need) ||
	    __builtin_add_overflow(need, 1, &need))
		goto fail;
	if (need <= b->cap)
		return b->data + b->len;
	cap = b->cap < 64 ? 64 : b->cap;
	while (cap < need) {
		if (__builtin_mul_overflow(cap, 2, &cap))
			goto fail;
	}
	data = realloc(b->data, cap);
	if (data == NULL)
		goto fail;
	b->data = data;
	b->cap = cap;
	return b->data + b->len;
fail:
	b->failed = true;
	return NULL;
}

void buf_append(struct buf *b, const void *data, size_t len)
{
	uint8_t *at;

	if (len == 0)
		return;
	at = buf_reserve(b, len);
	if (at == NULL)
		return;
	memcpy(at, data, len);
	b->len += len;
}

void buf_slice(struct buf *b, struct slice s)
{
	buf_append(b, s.data, s.len);
}

void buf_str(struct buf *b, const char *s)
{
	buf_append(b, s, strlen(s));
}

void buf_byte(struct buf *b, uint8_t byte)
{
	uint8_t *at;

	/* The last byte of what is there is kept for a NUL. */
	if (!b->failed && b->len + 1 < b->cap) {
		b->data[b->len++] = byte;
		return;
	}
	at = buf_reserve(b, 1);
	if (at == NULL)
		return;
	*at = byte;
	b->len++;
}

void buf_fill(struct buf *b, uint8_t byte, size_t count)
{
	uint8_t *at = buf_reserve(b, count);

	if (at == NULL)
		return;
	memset(at, byte, count);
	b->len += count;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	uint8_t *at = buf_reserve(b, PRINTF_GUESS);
	va_list args;
	int len;

	if (at == NULL)
		return;
	va_start(args, fmt);
	len = vsnprintf((char *)at, PRINTF_GUESS + 1, fmt, args);
	va_end(args);
	if (len < 0) {
		b->failed = true;
		return;
	}
	if (len <= PRINTF_GUESS) {
		b->len += (size_t)len;
		return;
	}
	at = buf_reserve(b, (size_t)len);
	if (at == NULL)
		return;
	va_start(args, fmt);
	(void)vsnprintf((char *)at, (size_t)len + 1, fmt, args);
	va_end(args);
	b->len += (size_t)len;
}

void buf_insert(struct buf *b, size_t at, const void *data, size_t len)
{
	assert(at <= b->len);
	if (len == 0 || buf_reserve(b, len) == NULL)
		return;
	memmove(b->data + at + len, b->data + at, b->len - at);
	memcpy(b->data + at, data, len);
	b->len += len;
}

enum deed_status buf_status(const struct buf *b, struct deed_error *err)
{
	return b->failed ? deed_error_memory(err) : DEED_OK;
}

struct slice buf_get(const struct buf *b)
{
	return slice_of(b->data, b->len);
}

char *buf_take(struct buf *b, size_t *len)
{
	char *out;

	if (buf_reserve(b, 0) == NULL) {
		buf_clear(b);
		return NULL;
	}
	out = (char *)b->data;
	out[b->len] = '\0';
	if (len != NULL)
		*len = b->len;
	*b = (struct buf)BUF_INIT;
	return out;
}
