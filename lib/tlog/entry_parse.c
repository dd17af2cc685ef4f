/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/entry.h"

#include <string.h>

#include "tlog/tlog.h"
#include "base/clock.h"
#include "codec/hex.h"

/*
 * An entry has one spelling (RFC 8785), in which nothing needs an escape.  So
 * it is read from left to right, each byte once, and whatever deviates is no
 * entry: a log is searched by reading all of it.
 */
struct scan {
	const char *at, *end;
};

/* Is this next?  Then it is passed. */
static bool take(struct scan *s, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, text, len) != 0)
		return false;
	s->at += len;
	return true;
}

/* What is left up to a quotation mark, which is passed too. */
static bool take_text(struct scan *s, char *out, size_t room)
{
	const char *quote = memchr(s->at, '"', (size_t)(s->end - s->at));
	size_t len = quote == NULL ? 0 : (size_t)(quote - s->at);

	if (quote == NULL || len >= room || memchr(s->at, 0, len) != NULL)
		return false;
	memcpy(out, s->at, len);
	out[len] = '\0';
	s->at = quote + 1;
	return true;
}

static bool take_word(struct scan *s, char word[ENTRY_WORD_MAX + 1])
{
	return take_text(s, word, ENTRY_WORD_MAX + 1) && entry_word_valid(word);
}

static bool take_hash(struct scan *s, uint8_t hash[ENTRY_HASH])
{
	if (s->end - s->at < 2 * ENTRY_HASH ||
	    !hex_read_lower(slice_of(s->at, 2 * (size_t)ENTRY_HASH), hash,
			    ENTRY_HASH))
		return false;
	s->at += 2 * (size_t)ENTRY_HASH;
	return true;
}

/* Below 2^53 (entry_add_number), so that sixteen digits are enough. */
static bool take_number(struct scan *s, uint64_t *value)
{
	const char *first = s->at;

	*value = 0;
	while (s->at < s->end && s->at - first < 17 && *s->at >= '0' &&
	       *s->at <= '9')
		*value = 10 * *value + (uint64_t)(*s->at++ - '0');
	return s->at > first && (*first != '0' || s->at == first + 1);
}

static enum deed_status no_entry(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "it is not an entry as deed-log(5) has it");
}

/* Commitments keep the order in which they were added, for they may share a
 * label: nothing about it is canonical. */
static enum deed_status read_commitments(struct scan *s, struct entry *e,
					 struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char label[ENTRY_WORD_MAX + 1];
	uint8_t mac[ENTRY_HASH];

	if (!take(s, "\"commitments\":["))
		return DEED_OK;
	do {
		if (!take(s, "{\"label\":\"") || !take_word(s, label) ||
		    !take(s, ",\"mac\":\"") || !take_hash(s, mac) ||
		    !take(s, "\"}"))
			return no_entry(err);
		status = entry_add_commitment(e, label, mac, err);
	} while (status == DEED_OK && take(s, ","));
	return status == DEED_OK && !take(s, "],") ? no_entry(err) : status;
}

/* The labels must rise: members that stand in another order, or twice, are
 * another spelling of the same entry. */
static enum deed_status read_hashes(struct scan *s, struct entry *e,
				    struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char label[ENTRY_WORD_MAX + 1];
	uint8_t hash[ENTRY_HASH];

	if (!take(s, ",\"hashes\":{"))
		return DEED_OK;
	do {
		if (!take(s, "\"") || !take_word(s, label) ||
		    !take(s, ":\"sha256:") || !take_hash(s, hash) ||
		    !take(s, "\"") ||
		    (e->hashes > 0 &&
		     strcmp(e->hash[e->hashes - 1].label, label) >= 0))
			return no_entry(err);
		status = entry_add_hash(e, label, hash, err);
	} while (status == DEED_OK && take(s, ","));
	return status == DEED_OK && !take(s, "}") ? no_entry(err) : status;
}

/* As read_hashes; entry_add_number refuses what is not below 2^53. */
static enum deed_status read_numbers(struct scan *s, struct entry *e,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	char label[ENTRY_WORD_MAX + 1];
	uint64_t value;

	if (!take(s, ",\"numbers\":{"))
		return DEED_OK;
	do {
		if (!take(s, "\"") || !take_word(s, label) || !take(s, ":") ||
		    !take_number(s, &value) ||
		    (e->numbers > 0 &&
		     strcmp(e->number[e->numbers - 1].label, label) >= 0))
			return no_entry(err);
		status = entry_add_number(e, label, value, err);
	} while (status == DEED_OK && take(s, ","));
	return status == DEED_OK && !take(s, "}") ? no_entry(err) : status;
}

/* In the order in which they were added: records have no label to be sorted
 * by. */
static enum deed_status read_records(struct scan *s, struct entry *e,
				     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	uint8_t hash[ENTRY_HASH];

	if (!take(s, ",\"records\":["))
		return DEED_OK;
	do {
		if (!take(s, "\"sha256:") || !take_hash(s, hash) ||
		    !take(s, "\""))
			return no_entry(err);
		status = entry_add_record(e, hash, err);
	} while (status == DEED_OK && take(s, ","));
	return status == DEED_OK && !take(s, "]") ? no_entry(err) : status;
}

/* The second it is, in the one form that entry_format gives it. */
static bool take_time(struct scan *s, int64_t *time)
{
	char text[CLOCK_TEXT], again[CLOCK_TEXT];

	if (!take_text(s, text, sizeof(text)) ||
	    clock_parse(text, time, NULL) != DEED_OK)
		return false;
	clock_format(*time, again);
	return strcmp(text, again) == 0;
}

/* The members in the order of their names (RFC 8785), each at most once and
 * nothing behind the last: so no two texts are read as one entry. */
static enum deed_status read_members(struct scan *s, struct entry *e,
				     struct deed_error *err)
{
	enum deed_status status;

	if (!take(s, "{"))
		return no_entry(err);
	status = read_commitments(s, e, err);
	if (status == DEED_OK &&
	    !(take(s, "\"event\":\"") && take_word(s, e->event)))
		status = no_entry(err);
	if (status == DEED_OK)
		status = read_hashes(s, e, err);
	if (status == DEED_OK)
		status = read_numbers(s, e, err);
	if (status == DEED_OK)
		status = read_records(s, e, err);
	if (status == DEED_OK &&
	    !(take(s, ",\"time\":\"") && take_time(s, &e->time) &&
	      take(s, ",\"tool\":\"") &&
	      take_text(s, e->tool, sizeof(e->tool)) &&
	      entry_tool_valid(e->tool) && take(s, "}") && s->at == s->end))
		status = no_entry(err);
	return status;
}

enum deed_status entry_parse(struct slice text, struct entry *e,
			     struct deed_error *err)
{
	struct scan s = { (const char *)text.data, NULL };
	enum deed_status status;

	*e = (struct entry)ENTRY_INIT;
	if (text.len > TLOG_ENTRY_MAX)
		return deed_error_set(err, DEED_LIMIT, "the entry is too long");
	if (text.len == 0)
		return no_entry(err);
	s.end = s.at + text.len;
	status = read_members(&s, e, err);
	if (status != DEED_OK)
		entry_clear(e);
	return status;
}
