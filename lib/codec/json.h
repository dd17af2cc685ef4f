/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_JSON_H
#define DEED_CODEC_JSON_H

#include <jansson.h>

#include "base/buf.h"

/*
 * JSON over jansson: reading within limits, writing in the canonical form of
 * RFC 8785 as deed's statements use it (integers, ASCII keys).
 *
 * Reading: at most JSON_MAX_SIZE octets, JSON_MAX_DEPTH levels, valid UTF-8,
 * no duplicate keys, no NUL in strings.  Time is linear in the input.
 */
#define JSON_MAX_SIZE (16 * 1024 * 1024)
#define JSON_MAX_DEPTH 32

/* *out is the caller's (json_decref).  DEED_MALFORMED or DEED_LIMIT. */
enum deed_status json_load_bounded(struct slice text, json_t **out,
				   struct deed_error *err) DEED_MUST_USE;

/* Append a string in its canonical form, quotes included; text is UTF-8. */
void json_put_string(struct slice text, struct buf *out);

/*
 * Append the canonical form.  DEED_UNSUPPORTED for a real number, an integer
 * over 2^53 - 1 in size, or a key that is not ASCII.
 */
enum deed_status json_canonical(const json_t *value, struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

/* Read, and refuse (DEED_MALFORMED) what is not already canonical. */
enum deed_status json_load_canonical(struct slice text, json_t **out,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * Small readers of objects.  NULL or false if the key is absent or has
 * another type.  Strings are borrowed from the object.
 */
const char *json_get_string(const json_t *object, const char *key);
bool json_get_integer(const json_t *object, const char *key, int64_t *out);

/* "sha256:" and 64 digits, as reports and statements write digests. */
bool json_get_sha256(const json_t *object, const char *key, uint8_t out[32]);

/* A new string "sha256:hex"; NULL without memory. */
json_t *json_sha256(const uint8_t digest[32]);

/* A new string of the digits alone; NULL without memory. */
json_t *json_hex(struct slice bytes);

#endif
