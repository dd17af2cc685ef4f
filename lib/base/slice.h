/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_SLICE_H
#define DEED_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Bytes that somebody else owns.  A slice never frees anything; whoever makes
 * one says how long the bytes live.  An absent slice has data NULL and len 0.
 */
struct slice {
	const uint8_t *data;
	size_t len;
};

#define SLICE_NONE ((struct slice){ NULL, 0 })

static inline struct slice slice_of(const void *data, size_t len)
{
	return (struct slice){ data, len };
}

/* The bytes of a string, without its NUL. */
static inline struct slice slice_str(const char *s)
{
	return (struct slice){ (const uint8_t *)s, strlen(s) };
}

/* Not for secrets: it stops at the first difference. */
static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || !memcmp(a.data, b.data, a.len));
}

static inline bool slice_equal_str(struct slice a, const char *s)
{
	return slice_equal(a, slice_str(s));
}

#endif
