/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_ROLL_INDEX_H
#define DEED_OFFICE_ROLL_INDEX_H

#include "office/party/roll.h"

/*
 * Enrolments of a roll by what they are looked for by: an office with tens of
 * thousands of parties goes through all of them, and each asks five times.
 *
 * It points into the items and what they own, which must stay where they are.
 */
enum roll_key {
	ROLL_BY_RECORD,
	ROLL_BY_ID,	  /* what the next one names */
	ROLL_BY_PREVIOUS, /* what it names as the one before */
	ROLL_BY_PARTY,	  /* the handle */
	ROLL_BY_NUMBER,	  /* of the identity */
	ROLL_KEYS
};

struct roll_slot {
	struct slice value;
	const struct roll_item *item;
};

struct roll_index {
	struct roll_slot *by[ROLL_KEYS];
	size_t count;
};

/* Clear it in any case; zeros are an empty one. */
enum deed_status roll_index_make(struct roll_index *x,
				 const struct roll_item *item, size_t count,
				 struct deed_error *err) DEED_MUST_USE;
void roll_index_clear(struct roll_index *x);

/* Those with this value, in the order of the items; *count may be 0. */
const struct roll_slot *roll_index_find(const struct roll_index *x,
					enum roll_key key, struct slice value,
					size_t *count);

#endif
