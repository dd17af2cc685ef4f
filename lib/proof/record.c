/* SPDX-License-Identifier: Apache-2.0 */
#include "proof/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "codec/hex.h"
#include "codec/json.h"

#define HASH_LEN 32

/* As long as a digest: both forms of 32 octets. */
static bool is_zero(const uint8_t *bytes)
{
	static const uint8_t zero[HASH_LEN];

	return memcmp(bytes, zero, HASH_LEN) == 0;
}

/* Digests that are all zero cannot come up, so that they stand for none; a
 * number, a time or a truth is always there. */
static bool is_absent(const struct record_member *m, const void *at)
{
	switch (m->form) {
	case RECORD_TEXT:
		return *(char *const *)at == NULL;
	case RECORD_HASH:
	case RECORD_HEX:
		return is_zero(at);
	default:
		return false;
	}
}

/* NULL where there is no memory or a text is missing: setting a member to NULL
 * fails, which the caller sees. */
static json_t *value_of(const struct record_member *m, const void *at)
{
	char text[2 * HASH_LEN + 1];

	switch (m->form) {
	case RECORD_TEXT:
		return json_string(*(char *const *)at);
	case RECORD_HASH:
		return json_sha256(at);
	case RECORD_HEX:
		hex_text(slice_of(at, HASH_LEN), text);
		return json_string(text);
	case RECORD_TIME:
		clock_format(*(const int64_t *)at, text);
		return json_string(text);
	case RECORD_NUMBER:
		return json_integer((json_int_t) * (const uint64_t *)at);
	case RECORD_BOOL:
		return json_boolean(*(const bool *)at);
	}
	return NULL;
}

json_t *record_write(const struct record_member *table, const char *type,
		     const void *s)
{
	json_t *object = json_object();

	if (json_object_set_new(object, "type", json_string(type)) != 0)
		goto fail;
	for (const struct record_member *m = table; m->name != NULL; m++) {
		const void *at = (const char *)s + m->offset;

		if (m->optional && is_absent(m, at))
			continue;
		if (json_object_set_new(object, m->name, value_of(m, at)) != 0)
			goto fail;
	}
	return object;
fail:
	json_decref(object);
	return NULL;
}

static bool read_hex(const char *text, uint8_t *out)
{
	return hex_read_lower(slice_str(text), out, HASH_LEN);
}

/* Only the form that clock_format writes: one time has one spelling. */
static bool read_time(const char *text, int64_t *out)
{
	char again[CLOCK_TEXT];

	if (clock_parse(text, out, NULL) != DEED_OK)
		return false;
	clock_format(*out, again);
	return strcmp(text, again) == 0;
}

/* Zero digests are refused here, as they would be taken for absent ones and
 * the record not be written as it was read. */
static bool read_value(const struct record_member *m, const json_t *value,
		       void *at, bool *no_memory)
{
	const char *text = json_string_value(value);
	json_int_t number;

	switch (m->form) {
	case RECORD_TEXT:
		if (text == NULL || strlen(text) > RECORD_TEXT_MAX)
			return false;
		*(char **)at = strdup(text);
		*no_memory = *(char **)at == NULL;
		return !*no_memory;
	case RECORD_HASH:
		return text != NULL && strncmp(text, "sha256:", 7) == 0 &&
		       read_hex(text + 7, at) && !is_zero(at);
	case RECORD_HEX:
		return text != NULL && read_hex(text, at) && !is_zero(at);
	case RECORD_TIME:
		return text != NULL && read_time(text, at);
	case RECORD_NUMBER:
		number = json_integer_value(value);
		*(uint64_t *)at = (uint64_t)number;
		return json_is_integer(value) && number >= 0;
	case RECORD_BOOL:
		*(bool *)at = json_is_true(value);
		return json_is_boolean(value);
	}
	return false;
}

enum deed_status record_read(const struct record_member *table,
			     const json_t *object, void *s,
			     struct deed_error *err)
{
	size_t members = 1; /* "type" */
	bool no_memory = false;

	for (const struct record_member *m = table; m->name != NULL; m++) {
		const json_t *value = json_object_get(object, m->name);

		if (value == NULL && m->optional)
			continue;
		members++;
		if (value != NULL &&
		    read_value(m, value, (char *)s + m->offset, &no_memory))
			continue;
		if (no_memory)
			return deed_error_memory(err);
		return deed_error_set(err, DEED_MALFORMED,
				      "its member '%s' is missing or not of "
				      "the right form",
				      m->name);
	}
	if (json_object_size(object) != members)
		return deed_error_set(err, DEED_MALFORMED,
				      "it has members that are not known");
	return DEED_OK;
}

void record_clear(const struct record_member *table, void *s)
{
	for (const struct record_member *m = table; m->name != NULL; m++) {
		char *at = (char *)s + m->offset;

		switch (m->form) {
		case RECORD_TEXT:
			free(*(char **)at);
			*(char **)at = NULL;
			break;
		case RECORD_HASH:
		case RECORD_HEX:
			memset(at, 0, HASH_LEN);
			break;
		case RECORD_TIME:
		case RECORD_NUMBER:
			memset(at, 0, 8);
			break;
		case RECORD_BOOL:
			*(bool *)at = false;
			break;
		}
	}
}
