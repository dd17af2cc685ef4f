/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tlog/tlog.h"
#include "base/clock.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "crypto/hmac.h"

#define NUMBER_LIMIT (UINT64_C(1) << 53)
#define SHA256_PREFIX "sha256:"
#define HEX_SIZE (2 * ENTRY_HASH)

void entry_clear(struct entry *e)
{
	free(e->commitment);
	free(e->hash);
	free(e->number);
	free(e->record);
	*e = (struct entry)ENTRY_INIT;
}

bool entry_word_valid(const char *word)
{
	size_t len = strlen(word);

	return len > 0 && len <= ENTRY_WORD_MAX &&
	       strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* The tool's name and version: printable ASCII that JSON needs not quote. */
static bool tool_valid(const char *tool)
{
	size_t i, len = strlen(tool);

	if (len == 0 || len > ENTRY_WORD_MAX)
		return false;
	for (i = 0; i < len; i++)
		if (tool[i] < ' ' || tool[i] > '~' || tool[i] == '"' ||
		    tool[i] == '\\')
			return false;
	return true;
}

/* Room for one more item in a list of count. */
static enum deed_status grow(void **list, size_t count, size_t size,
			     struct deed_error *err)
{
	void *more;

	if (count >= ENTRY_LIST_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "an entry holds at most %d of a kind",
				      ENTRY_LIST_MAX);
	more = realloc(*list, (count + 1) * size);
	if (more == NULL)
		return deed_error_memory(err);
	*list = more;
	return DEED_OK;
}

/* The same with a label, which must be a word. */
static enum deed_status grow_labelled(void **list, size_t count, size_t size,
				      const char *label, struct deed_error *err)
{
	if (!entry_word_valid(label))
		return deed_error_set(err, DEED_MALFORMED,
				      "'%s' is no label of an entry", label);
	return grow(list, count, size, err);
}

static void set_word(char out[ENTRY_WORD_MAX + 1], const char *word)
{
	(void)snprintf(out, ENTRY_WORD_MAX + 1, "%s", word);
}

enum deed_status entry_add_commitment(struct entry *e, const char *label,
				      const uint8_t mac[ENTRY_HASH],
				      struct deed_error *err)
{
	void *list = e->commitment;
	enum deed_status status = grow_labelled(
		&list, e->commitments, sizeof(*e->commitment), label, err);

	if (status != DEED_OK)
		return status;
	e->commitment = list;
	set_word(e->commitment[e->commitments].label, label);
	memcpy(e->commitment[e->commitments++].mac, mac, ENTRY_HASH);
	return DEED_OK;
}

static enum deed_status named_twice(struct deed_error *err, const char *label)
{
	return deed_error_set(err, DEED_MALFORMED, "an entry has '%s' twice",
			      label);
}

enum deed_status entry_add_hash(struct entry *e, const char *label,
				const uint8_t hash[ENTRY_HASH],
				struct deed_error *err)
{
	void *list = e->hash;
	enum deed_status status =
		grow_labelled(&list, e->hashes, sizeof(*e->hash), label, err);
	uint8_t ignored[ENTRY_HASH];
	size_t at = e->hashes;

	if (status != DEED_OK)
		return status;
	e->hash = list;
	if (entry_get_hash(e, label, ignored))
		return named_twice(err, label);
	/* Members stand in the order of their names. */
	while (at > 0 && strcmp(e->hash[at - 1].label, label) > 0) {
		e->hash[at] = e->hash[at - 1];
		at--;
	}
	set_word(e->hash[at].label, label);
	memcpy(e->hash[at].hash, hash, ENTRY_HASH);
	e->hashes++;
	return DEED_OK;
}

enum deed_status entry_add_number(struct entry *e, const char *label,
				  uint64_t value, struct deed_error *err)
{
	void *list = e->number;
	enum deed_status status = grow_labelled(&list, e->numbers,
						sizeof(*e->number), label, err);
	uint64_t ignored;
	size_t at = e->numbers;

	if (status != DEED_OK)
		return status;
	e->number = list;
	if (entry_get_number(e, label, &ignored))
		return named_twice(err, label);
	if (value >= NUMBER_LIMIT)
		return deed_error_set(err, DEED_LIMIT,
				      "the number '%s' is too large", label);
	while (at > 0 && strcmp(e->number[at - 1].label, label) > 0) {
		e->number[at] = e->number[at - 1];
		at--;
	}
	set_word(e->number[at].label, label);
	e->number[at].value = value;
	e->numbers++;
	return DEED_OK;
}

enum deed_status entry_add_record(struct entry *e,
				  const uint8_t hash[ENTRY_HASH],
				  struct deed_error *err)
{
	void *list = e->record;
	enum deed_status status =
		grow(&list, e->records, sizeof(*e->record), err);

	if (status != DEED_OK)
		return status;
	e->record = list;
	memcpy(e->record[e->records++].hash, hash, ENTRY_HASH);
	return DEED_OK;
}

bool entry_get_hash(const struct entry *e, const char *label,
		    uint8_t hash[ENTRY_HASH])
{
	size_t i;

	for (i = 0; i < e->hashes; i++)
		if (!strcmp(e->hash[i].label, label)) {
			memcpy(hash, e->hash[i].hash, ENTRY_HASH);
			return true;
		}
	return false;
}

bool entry_get_number(const struct entry *e, const char *label, uint64_t *value)
{
	size_t i;

	for (i = 0; i < e->numbers; i++)
		if (!strcmp(e->number[i].label, label)) {
			*value = e->number[i].value;
			return true;
		}
	return false;
}

static void put_sha256(const uint8_t hash[ENTRY_HASH], struct buf *out)
{
	buf_str(out, "\"" SHA256_PREFIX);
	hex_encode(slice_of(hash, ENTRY_HASH), out);
	buf_byte(out, '"');
}

static void format_lists(const struct entry *e, struct buf *out)
{
	size_t i;

	if (e->hashes > 0)
		buf_str(out, ",\"hashes\":");
	for (i = 0; i < e->hashes; i++) {
		buf_printf(out, "%s\"%s\":", i == 0 ? "{" : ",",
			   e->hash[i].label);
		put_sha256(e->hash[i].hash, out);
	}
	if (e->hashes > 0)
		buf_str(out, "}");
	if (e->numbers > 0)
		buf_str(out, ",\"numbers\":");
	for (i = 0; i < e->numbers; i++)
		buf_printf(out, "%s\"%s\":%" PRIu64, i == 0 ? "{" : ",",
			   e->number[i].label, e->number[i].value);
	if (e->numbers > 0)
		buf_str(out, "}");
	if (e->records > 0)
		buf_str(out, ",\"records\":");
	for (i = 0; i < e->records; i++) {
		buf_byte(out, i == 0 ? '[' : ',');
		put_sha256(e->record[i].hash, out);
	}
	if (e->records > 0)
		buf_str(out, "]");
}

enum deed_status entry_format(const struct entry *e, struct buf *out,
			      struct deed_error *err)
{
	char time[CLOCK_TEXT];
	size_t before = out->len, i;

	if (!entry_word_valid(e->event) || !tool_valid(e->tool))
		return deed_error_set(err, DEED_MALFORMED,
				      "the entry has no event or no tool");
	buf_byte(out, '{');
	if (e->commitments > 0)
		buf_str(out, "\"commitments\":");
	for (i = 0; i < e->commitments; i++) {
		buf_printf(out, "%s{\"label\":\"%s\",\"mac\":\"",
			   i == 0 ? "[" : ",", e->commitment[i].label);
		hex_encode(slice_of(e->commitment[i].mac, ENTRY_HASH), out);
		buf_str(out, "\"}");
	}
	if (e->commitments > 0)
		buf_str(out, "],");
	buf_printf(out, "\"event\":\"%s\"", e->event);
	format_lists(e, out);
	clock_format(e->time, time);
	buf_printf(out, ",\"time\":\"%s\",\"tool\":\"%s\"}", time, e->tool);
	if (!out->failed && out->len - before > TLOG_ENTRY_MAX)
		return deed_error_set(err, DEED_LIMIT, "the entry is too long");
	return buf_status(out, err);
}

/* "sha256:hex" or, with an empty prefix, hex alone. */
static bool read_hash(const json_t *value, const char *prefix,
		      uint8_t hash[ENTRY_HASH])
{
	const char *text = json_string_value(value);
	struct buf bytes = BUF_INIT;
	bool good;

	if (text == NULL ||
	    json_string_length(value) != strlen(prefix) + HEX_SIZE ||
	    strncmp(text, prefix, strlen(prefix)) != 0)
		return false;
	good = hex_decode(slice_str(text + strlen(prefix)), &bytes) &&
	       bytes.len == ENTRY_HASH;
	if (good)
		memcpy(hash, bytes.data, ENTRY_HASH);
	buf_clear(&bytes);
	return good;
}

static enum deed_status no_entry(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "it is not an entry as deed-log(5) has it");
}

static enum deed_status read_commitments(const json_t *list, struct entry *e,
					 struct deed_error *err)
{
	uint8_t mac[ENTRY_HASH];
	const json_t *item;
	const char *label;
	enum deed_status status;
	size_t i;

	json_array_foreach(list, i, item)
	{
		label = json_get_string(item, "label");
		if (label == NULL || !entry_word_valid(label) ||
		    !read_hash(json_object_get(item, "mac"), "", mac))
			return no_entry(err);
		status = entry_add_commitment(e, label, mac, err);
		if (status != DEED_OK)
			return status;
	}
	return DEED_OK;
}

static enum deed_status read_named(json_t *hashes, json_t *numbers,
				   struct entry *e, struct deed_error *err)
{
	uint8_t hash[ENTRY_HASH];
	const char *label;
	json_t *value;
	enum deed_status status;
	json_int_t n;

	json_object_foreach(hashes, label, value)
	{
		if (!entry_word_valid(label) ||
		    !read_hash(value, SHA256_PREFIX, hash))
			return no_entry(err);
		status = entry_add_hash(e, label, hash, err);
		if (status != DEED_OK)
			return status;
	}
	json_object_foreach(numbers, label, value)
	{
		n = json_integer_value(value);
		if (!entry_word_valid(label) || !json_is_integer(value) ||
		    n < 0 || (uint64_t)n >= NUMBER_LIMIT)
			return no_entry(err);
		status = entry_add_number(e, label, (uint64_t)n, err);
		if (status != DEED_OK)
			return status;
	}
	return DEED_OK;
}

static enum deed_status read_records(const json_t *list, struct entry *e,
				     struct deed_error *err)
{
	uint8_t hash[ENTRY_HASH];
	const json_t *item;
	enum deed_status status;
	size_t i;

	json_array_foreach(list, i, item)
	{
		if (!read_hash(item, SHA256_PREFIX, hash))
			return no_entry(err);
		status = entry_add_record(e, hash, err);
		if (status != DEED_OK)
			return status;
	}
	return DEED_OK;
}

static enum deed_status read_members(json_t *json, struct entry *e,
				     struct deed_error *err)
{
	const char *event = json_get_string(json, "event");
	const char *time = json_get_string(json, "time");
	const char *tool = json_get_string(json, "tool");
	enum deed_status status;

	if (event == NULL || time == NULL || tool == NULL ||
	    !entry_word_valid(event) || !tool_valid(tool) ||
	    clock_parse(time, &e->time, NULL) != DEED_OK)
		return no_entry(err);
	set_word(e->event, event);
	set_word(e->tool, tool);
	status = read_commitments(json_object_get(json, "commitments"), e, err);
	if (status == DEED_OK)
		status = read_named(json_object_get(json, "hashes"),
				    json_object_get(json, "numbers"), e, err);
	if (status == DEED_OK)
		status = read_records(json_object_get(json, "records"), e, err);
	return status;
}

enum deed_status entry_parse(struct slice text, struct entry *e,
			     struct deed_error *err)
{
	struct buf again = BUF_INIT;
	json_t *json = NULL;
	enum deed_status status;

	*e = (struct entry)ENTRY_INIT;
	if (text.len > TLOG_ENTRY_MAX)
		return deed_error_set(err, DEED_LIMIT, "the entry is too long");
	status = json_load_bounded(text, &json, err);
	if (status == DEED_OK)
		status = read_members(json, e, err);
	if (status == DEED_OK)
		status = entry_format(e, &again, err);
	/* One entry has one spelling, and no member that is not read here. */
	if (status == DEED_OK && !slice_equal(buf_get(&again), text))
		status = no_entry(err);
	if (status != DEED_OK)
		entry_clear(e);
	json_decref(json);
	buf_clear(&again);
	return status;
}

void entry_commit(const uint8_t salt[32], const char *label, struct slice value,
		  uint8_t mac[ENTRY_HASH])
{
	/* The NUL at the end of the label divides it from the value. */
	struct slice parts[2] = { slice_of(label, strlen(label) + 1), value };

	hmac_parts(DIGEST_SHA256, slice_of(salt, 32), parts, 2, mac);
}
