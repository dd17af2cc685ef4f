/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_AUDIT_VECTORS_H
#define DEED_TESTS_UNIT_AUDIT_VECTORS_H

#include <stdio.h>
#include <stdlib.h>

#include "tlog/note.h"
#include "base/file.h"

/* The log that tests/data/tlog holds in all its sizes, and its key. */
#define VECTOR_ORIGIN "example.com/log/testdata"
#define VECTOR_KEY                   \
	"PRIVATE+KEY+" VECTOR_ORIGIN \
	"+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"
#define VECTOR_COUNT 15
static const char *const vector_entries[VECTOR_COUNT] = {
	"one",	"two", "three",	 "four",  "five",     "six",	 "seven", "eit",
	"nain", "ten", "ileven", "twelf", "threeten", "fourten", "fivten"
};

/* A file of tests/data/tlog; the caller clears it. */
static inline struct buf vector_file(const char *name)
{
	const char *top = getenv("srcdir");
	struct buf b = BUF_INIT;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/tests/data/tlog/%s",
		       top == NULL ? "." : top, name);
	assert_ok(file_read(path, 1 << 20, &b, err));
	return b;
}

static inline struct note_signer vector_signer(void)
{
	struct note_signer s;
	struct secret *text;

	assert_ok(secret_copy(VECTOR_KEY, strlen(VECTOR_KEY), &text, err));
	assert_ok(note_signer_parse(text, &s, err));
	secret_free(text);
	return s;
}

#endif
