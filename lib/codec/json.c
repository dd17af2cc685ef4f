/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/json.h"

#include <stdlib.h>

#include "codec/hex.h"

/* RFC 8785 3.2.2.3 and RFC 7493 2.2: what every reader keeps exactly. */
#define INTEGER_MAX INT64_C(9007199254740991)

static const char sha256_prefix[] = "sha256:";
#define PREFIX_LEN (sizeof(sha256_prefix) - 1)

/* jansson counts depth to 2048 by recursion: look before it does. */
static bool too_deep(struct slice text)
{
	bool in_string = false;
	unsigned depth = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '[' || c == '{') {
			if (++depth > JSON_MAX_DEPTH)
				return true;
		} else if ((c == ']' || c == '}') && depth > 0) {
			depth--;
		}
	}
	return false;
}

enum deed_status json_load_bounded(struct slice text, json_t **out,
				   struct deed_error *err)
{
	json_error_t e;

	*out = NULL;
	if (text.len > JSON_MAX_SIZE)
		return deed_error_set(err, DEED_LIMIT,
				      "JSON of %zu bytes is over the limit of "
				      "%d",
				      text.len, JSON_MAX_SIZE);
	if (too_deep(text))
		return deed_error_set(err, DEED_LIMIT,
				      "JSON is more than %d levels deep",
				      JSON_MAX_DEPTH);
	*out = json_loadb(text.len > 0 ? (const char *)text.data : "", text.len,
			  JSON_REJECT_DUPLICATES, &e);
	if (*out == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "not proper JSON: line %d: %s", e.line,
				      e.text);
	return DEED_OK;
}

/* RFC 8785 3.2.2.2: one character that does not stand for itself. */
static void put_escaped(uint8_t c, struct buf *out)
{
	static const char letters[] = "\bb\tt\nn\ff\rr\"\"\\\\";
	const char *at;

	for (at = letters; *at != '\0' && (uint8_t)*at != c; at += 2)
		;
	if (*at != '\0') {
		buf_byte(out, '\\');
		buf_byte(out, (uint8_t)at[1]);
	} else {
		buf_printf(out, "\\u%04x", c);
	}
}

void json_put_string(struct slice text, struct buf *out)
{
	size_t i, from = 0;

	buf_byte(out, '"');
	for (i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_append(out, text.data + from, i - from);
		put_escaped(c, out);
		from = i + 1;
	}
	if (from < text.len)
		buf_append(out, text.data + from, text.len - from);
	buf_byte(out, '"');
}

static enum deed_status put_value(const json_t *value, unsigned depth,
				  struct buf *out, struct deed_error *err);

/* The order of an array is its meaning: only members of objects are sorted. */
static enum deed_status put_array(const json_t *array, unsigned depth,
				  struct buf *out, struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	buf_byte(out, '[');
	for (i = 0; i < json_array_size(array); i++) {
		if (i > 0)
			buf_byte(out, ',');
		status = put_value(json_array_get(array, i), depth, out, err);
		if (status != DEED_OK)
			return status;
	}
	buf_byte(out, ']');
	return DEED_OK;
}

/* Octets: put_members refuses every key for which that would be another order
 * than that of RFC 8785. */
static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Beyond ASCII the order of UTF-16 units that RFC 8785 3.2.3 asks for is not
 * the order of octets; our own formats have no such keys, so that they are
 * refused rather than sorted in another way than other readers sort them. */
static bool is_ascii(const char *key)
{
	for (; *key != '\0'; key++) {
		if ((uint8_t)*key < 0x20 || (uint8_t)*key > 0x7e)
			return false;
	}
	return true;
}

/* RFC 8785: keys in the order of UTF-16, which for ASCII is that of the bytes.
 */
static enum deed_status put_members(const json_t *object, const char **keys,
				    size_t count, unsigned depth,
				    struct buf *out, struct deed_error *err)
{
	enum deed_status status;
	size_t i;

	buf_byte(out, '{');
	for (i = 0; i < count; i++) {
		if (!is_ascii(keys[i]))
			return deed_error_set(err, DEED_UNSUPPORTED,
					      "the JSON key '%s' is not plain "
					      "ASCII",
					      keys[i]);
		if (i > 0)
			buf_byte(out, ',');
		json_put_string(slice_str(keys[i]), out);
		buf_byte(out, ':');
		status = put_value(json_object_get(object, keys[i]), depth, out,
				   err);
		if (status != DEED_OK)
			return status;
	}
	buf_byte(out, '}');
	return DEED_OK;
}

/* RFC 8785 3.2.3: sorted by UTF-16 units, for ASCII the order of octets. */
static enum deed_status put_object(const json_t *object, unsigned depth,
				   struct buf *out, struct deed_error *err)
{
	size_t count = json_object_size(object), i = 0;
	const char **keys = calloc(count + 1, sizeof(*keys));
	enum deed_status status;
	const char *key;
	json_t *value;

	if (keys == NULL)
		return deed_error_memory(err);
	/* Iterating needs a json_t that is not const, but changes nothing. */
	json_object_foreach((json_t *)(uintptr_t)object, key, value) keys[i++] =
		key;
	qsort(keys, count, sizeof(*keys), compare_keys);
	status = put_members(object, keys, count, depth, out, err);
	free(keys);
	return status;
}

/* Only integers that every reader of JSON keeps exactly (RFC 8785 3.2.2.3
 * would have to print others as doubles). */
static enum deed_status put_value(const json_t *value, unsigned depth,
				  struct buf *out, struct deed_error *err)
{
	json_int_t n;

	if (depth > JSON_MAX_DEPTH)
		return deed_error_set(err, DEED_LIMIT,
				      "JSON is more than %d levels deep",
				      JSON_MAX_DEPTH);
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return put_object(value, depth + 1, out, err);
	case JSON_ARRAY:
		return put_array(value, depth + 1, out, err);
	case JSON_STRING:
		json_put_string(slice_of(json_string_value(value),
					 json_string_length(value)),
				out);
		return DEED_OK;
	case JSON_INTEGER:
		n = json_integer_value(value);
		if (n > INTEGER_MAX || n < -INTEGER_MAX)
			return deed_error_set(err, DEED_UNSUPPORTED,
					      "the integer %lld is over 2^53",
					      (long long)n);
		buf_printf(out, "%lld", (long long)n);
		return DEED_OK;
	case JSON_TRUE:
		buf_str(out, "true");
		return DEED_OK;
	case JSON_FALSE:
		buf_str(out, "false");
		return DEED_OK;
	case JSON_NULL:
		buf_str(out, "null");
		return DEED_OK;
	case JSON_REAL:
		break;
	}
	return deed_error_set(err, DEED_UNSUPPORTED,
			      "JSON holds a number that is no integer");
}

enum deed_status json_canonical(const json_t *value, struct buf *out,
				struct deed_error *err)
{
	enum deed_status status = put_value(value, 0, out, err);

	return status != DEED_OK ? status : buf_status(out, err);
}

enum deed_status json_load_canonical(struct slice text, json_t **out,
				     struct deed_error *err)
{
	struct buf again = BUF_INIT;
	enum deed_status status = json_load_bounded(text, out, err);

	if (status != DEED_OK)
		return status;
	status = json_canonical(*out, &again, err);
	if (status == DEED_UNSUPPORTED ||
	    (status == DEED_OK && !slice_equal(buf_get(&again), text)))
		status = deed_error_set(err, DEED_MALFORMED,
					"the JSON is not in canonical form "
					"(RFC 8785)");
	buf_clear(&again);
	if (status != DEED_OK) {
		json_decref(*out);
		*out = NULL;
	}
	return status;
}

const char *json_get_string(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

bool json_get_integer(const json_t *object, const char *key, int64_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		return false;
	*out = json_integer_value(value);
	return true;
}

bool json_get_sha256(const json_t *object, const char *key, uint8_t out[32])
{
	const char *text = json_get_string(object, key);
	uint8_t bytes[32];

	if (text == NULL || strncmp(text, sha256_prefix, PREFIX_LEN) != 0 ||
	    !hex_read(slice_str(text + PREFIX_LEN), bytes, sizeof(bytes)))
		return false;
	memcpy(out, bytes, sizeof(bytes));
	return true;
}

json_t *json_sha256(const uint8_t digest[32])
{
	char text[PREFIX_LEN + 65];

	memcpy(text, sha256_prefix, PREFIX_LEN);
	hex_text(slice_of(digest, 32), text + PREFIX_LEN);
	return json_string(text);
}

json_t *json_hex(struct slice bytes)
{
	struct buf text = BUF_INIT;
	json_t *json = NULL;

	hex_encode(bytes, &text);
	buf_byte(&text, 0);
	if (!text.failed)
		json = json_string((const char *)text.data);
	buf_clear(&text);
	return json;
}
