/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TLOG_ENTRY_H
#define DEED_TLOG_ENTRY_H

#include "base/buf.h"

/*
 * What one entry of the log says: canonical JSON (RFC 8785) with
 *
 *	event		a word: "sign", "enroll", "void", ...
 *	time, tool	when, and by which version of deed
 *	commitments	[{"label": word, "mac": hex}]: HMAC-SHA256(salt,
 *			label ‖ 00 ‖ value); salt and value are elsewhere
 *	hashes		{word: "sha256:hex"}: records and statements that are
 *			themselves public or encrypted
 *	numbers		{word: integer}: indexes and sizes
 *	records		["sha256:hex"]: records in the drop box
 *
 * Empty members are left out.  Nothing about a person other than the office
 * is in it in clear, nor as a hash of something that could be guessed.
 *
 * Limits: TLOG_ENTRY_MAX bytes, ENTRY_LIST_MAX items a list, words of
 * ENTRY_WORD_MAX lower-case letters, digits and hyphens.
 */
#define ENTRY_LIST_MAX 256
#define ENTRY_WORD_MAX 40
#define ENTRY_HASH 32

struct entry_commitment {
	char label[ENTRY_WORD_MAX + 1];
	uint8_t mac[ENTRY_HASH];
};

struct entry_hash {
	char label[ENTRY_WORD_MAX + 1];
	uint8_t hash[ENTRY_HASH];
};

struct entry_number {
	char label[ENTRY_WORD_MAX + 1];
	uint64_t value; /* below 2^53 */
};

struct entry_record {
	uint8_t hash[ENTRY_HASH];
};

/* An entry in memory, which owns its lists.  ENTRY_INIT it, clear it. */
struct entry {
	char event[ENTRY_WORD_MAX + 1];
	char tool[ENTRY_WORD_MAX + 1];
	int64_t time;
	struct entry_commitment *commitment;
	struct entry_hash *hash;
	struct entry_number *number;
	struct entry_record *record;
	size_t commitments, hashes, numbers, records;
};

#define ENTRY_INIT               \
	{                        \
		.commitments = 0 \
	}

void entry_clear(struct entry *e);
bool entry_word_valid(const char *word);

/* A tool's name and version: printable ASCII that JSON needs not quote. */
bool entry_tool_valid(const char *tool);

/* Add to a list; DEED_LIMIT, DEED_NO_MEMORY.  A label given twice to
 * entry_add_hash or entry_add_number is DEED_MALFORMED; commitments may share
 * a label (one "party" for each party). */
enum deed_status entry_add_commitment(struct entry *e, const char *label,
				      const uint8_t mac[ENTRY_HASH],
				      struct deed_error *err) DEED_MUST_USE;
enum deed_status entry_add_hash(struct entry *e, const char *label,
				const uint8_t hash[ENTRY_HASH],
				struct deed_error *err) DEED_MUST_USE;
enum deed_status entry_add_number(struct entry *e, const char *label,
				  uint64_t value,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status entry_add_record(struct entry *e,
				  const uint8_t hash[ENTRY_HASH],
				  struct deed_error *err) DEED_MUST_USE;

/* The value of a hash or number by label; false if it has none. */
bool entry_get_hash(const struct entry *e, const char *label,
		    uint8_t hash[ENTRY_HASH]);
bool entry_get_number(const struct entry *e, const char *label,
		      uint64_t *value);

/* Append the canonical JSON. */
enum deed_status entry_format(const struct entry *e, struct buf *out,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Read an entry.  Anything that is not canonical, an unknown member, a bad
 * word or a value out of range is DEED_MALFORMED; DEED_LIMIT.  e is as after
 * ENTRY_INIT on failure.
 */
enum deed_status entry_parse(struct slice json, struct entry *e,
			     struct deed_error *err) DEED_MUST_USE;

/* HMAC-SHA256(salt, label ‖ 00 ‖ value). */
void entry_commit(const uint8_t salt[32], const char *label, struct slice value,
		  uint8_t mac[ENTRY_HASH]);

#endif
