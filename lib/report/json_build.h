/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_JSON_BUILD_H
#define DEED_REPORT_JSON_BUILD_H

#include <jansson.h>

#include "base/buf.h"
#include "base/clock.h"

/*
 * Building objects where every step may run out of memory: what fails makes
 * the whole NULL, so that one check at the end is enough.
 */

/* A NULL value is out of memory. */
static inline void json_build_set(json_t **o, const char *key, json_t *value)
{
	if (*o == NULL) {
		json_decref(value);
		return;
	}
	if (json_object_set_new(*o, key, value) != 0) {
		json_decref(*o);
		*o = NULL;
	}
}

static inline void json_build_append(json_t **a, json_t *value)
{
	if (*a == NULL) {
		json_decref(value);
		return;
	}
	if (json_array_append_new(*a, value) != 0) {
		json_decref(*a);
		*a = NULL;
	}
}

/* NULL is null. */
static inline json_t *json_build_text(const char *s)
{
	return s == NULL ? json_null() : json_string(s);
}

static inline json_t *json_build_time(bool present, int64_t t)
{
	char s[CLOCK_TEXT];

	if (!present)
		return json_null();
	clock_format(t, s);
	return json_string(s);
}

/* Takes the content; an empty one is "". */
static inline json_t *json_build_take(struct buf *b)
{
	json_t *v = NULL;

	if (!b->failed)
		v = json_stringn(b->len == 0 ? "" : (const char *)b->data,
				 b->len);
	buf_clear(b);
	return v;
}

#endif
