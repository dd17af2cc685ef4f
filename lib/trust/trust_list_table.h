/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_TRUST_LIST_TABLE_H
#define DEED_TRUST_TRUST_LIST_TABLE_H

#include "base/clock.h"
#include "trust/trust_list.h"

#define TRUST_TIME_MIN CLOCK_MIN
#define TRUST_TIME_MAX CLOCK_MAX

/* List, operator, service, status, qualification, criteria, the lists in
 * those, and what stands in the last of them. */
#define TRUST_LIST_LEVELS (6 + TRUST_LIST_DEPTH)

/*
 * The members of a trust list, once: by these tables it is written, read,
 * checked and freed.  They nest; criteria in criteria alone do so without an
 * end, which TRUST_LIST_DEPTH sets.
 */
enum trust_form {
	TRUST_TEXT,   /* char * */
	TRUST_TIME,   /* int64_t; TRUST_NO_TIME is absent */
	TRUST_NUMBER, /* uint64_t below 2^53 */
	TRUST_HASH,   /* uint8_t[32], as "sha256:hex" */
	TRUST_WORD,   /* an enum from 1, by words */
	TRUST_WORDS,  /* unsigned of bits, by words in their order */
	TRUST_TEXTS,  /* char ** and its count */
	TRUST_HASHES, /* struct trust_hash * and its count */
	TRUST_ITEMS,  /* an array of structs and its count */
	TRUST_STRUCT, /* a struct in the struct */
};

struct trust_member {
	const char *name; /* NULL ends the table */
	enum trust_form form;
	bool optional; /* absent where it is NULL, no time, or empty */
	size_t offset, count;
	size_t max;  /* of an array */
	size_t size; /* of an item */
	const struct trust_member *table;
	const char *const *words;
};

extern const struct trust_member trust_list_members[];
extern const struct trust_member trust_status_members[]; /* of one status */

/* Free what the members own. */
void trust_members_free(const struct trust_member *table, void *s);

#endif
