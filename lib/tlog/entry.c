/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tlog/tlog.h"
#include "base/clock.h"
#include "codec/hex.h"
#include "crypto/hmac.h"

#define NUMBER_LIMIT (UINT64_C(1) << 53)
#define SHA256_PREFIX "sha256:"

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

bool entry_tool_valid(const char *tool)
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

/* RFC 8785: members stand in the order of their names, so "commitments" and
 * "event" are written before this, "time" and "tool" behind.  Labels are words
 * and digests are digits: neither needs an escape. */
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

	if (!entry_word_valid(e->event) || !entry_tool_valid(e->tool))
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

void entry_commit(const uint8_t salt[32], const char *label, struct slice value,
		  uint8_t mac[ENTRY_HASH])
{
	/* The NUL at the end of the label divides it from the value. */
	struct slice parts[2] = { slice_of(label, strlen(label) + 1), value };

	hmac_parts(DIGEST_SHA256, slice_of(salt, 32), parts, 2, mac);
}
