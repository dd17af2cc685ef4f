/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "tlog/entry.h"
#include "tlog/note.h"
#include "tlog/tile.h"
#include "fuzz/fuzz.h"

/* Any answer will do, if it comes. */
static void assert_any(enum deed_status status)
{
	if (status >= DEED_STATUS_COUNT)
		abort();
}

/* The log of tests/data/tlog, and its witness. */
static const char *const keys[] = {
	"example.com/log/testdata+33d7b496+"
	"AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
	"witness.example/w1+e75f6532+"
	"BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
};

/* A note is its text and its signature lines, and nothing else. */
static void read_note(struct slice bytes)
{
	struct note_verifier v;
	struct checkpoint c;
	struct buf again = BUF_INIT;
	struct note n;
	int64_t time;
	size_t i;

	if (note_parse(bytes, &n, NULL) != DEED_OK)
		return;
	buf_slice(&again, n.text);
	buf_byte(&again, '\n');
	for (i = 0; i < n.count; i++)
		buf_slice(&again, n.signature[i].line);
	if (!slice_equal(bytes, buf_get(&again)))
		abort();
	buf_clear(&again);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (note_verifier_parse(slice_str(keys[i]), &v, NULL) !=
		    DEED_OK)
			abort();
		if (note_verify(&n, &v, &time, NULL) == DEED_OK)
			assert_any(checkpoint_open(bytes, &v, &c, NULL));
	}
	if (checkpoint_parse(n.text, &c, NULL) != DEED_OK)
		return;
	checkpoint_format(&c, &again);
	if (again.len > n.text.len ||
	    memcmp(again.data, n.text.data, again.len) != 0)
		abort();
	buf_clear(&again);
}

/* An entry has one spelling. */
static void read_entry(struct slice bytes)
{
	struct buf again = BUF_INIT;
	uint8_t hash[ENTRY_HASH];
	struct entry e;
	uint64_t number;
	size_t i;

	if (entry_parse(bytes, &e, NULL) != DEED_OK)
		return;
	if (entry_format(&e, &again, NULL) != DEED_OK ||
	    !slice_equal(bytes, buf_get(&again)))
		abort();
	for (i = 0; i < e.hashes; i++)
		if (!entry_get_hash(&e, e.hash[i].label, hash))
			abort();
	for (i = 0; i < e.numbers; i++)
		if (!entry_get_number(&e, e.number[i].label, &number))
			abort();
	if (entry_get_hash(&e, "", hash) || entry_get_number(&e, "", &number))
		abort();
	buf_clear(&again);
	entry_clear(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_of(data, size), rest = bytes, entry;
	struct note_verifier v;

	read_note(bytes);
	read_entry(bytes);
	assert_any(note_verifier_parse(bytes, &v, NULL));
	while (tile_next_entry(&rest, &entry))
		read_entry(entry);
	return 0;
}
