/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_EVENT_OPENINGS_H
#define DEED_EVENT_OPENINGS_H

#include "event/audit.h"

/*
 * The openings of entries out of the records of the drop box, for what reads
 * the log (event/audit.h).  Internal to the floor.
 *
 * A record holds those of a whole transaction, and a transaction has one for
 * each party: the last OPENINGS_KEPT are kept, decrypted, so that a batch is
 * read in linear time.
 */
#define OPENINGS_KEPT 16

struct openings_cache {
	struct openings_record {
		uint8_t hash[ENTRY_HASH];
		bool used;
		json_t *json; /* NULL: it is gone, or for others */
		size_t at;    /* the member of entries that was found last */
	} record[OPENINGS_KEPT];
	size_t next; /* whose place is taken next */
};

#define OPENINGS_CACHE_INIT \
	{                   \
		.next = 0   \
	}

void openings_cache_clear(struct openings_cache *cache);

/* As audit_openings. */
enum deed_status openings_read(const struct event_home *home, uint64_t index,
			       const struct entry *e,
			       const struct audit_reader *reader,
			       struct openings_cache *cache, json_t **out,
			       struct deed_error *err) DEED_MUST_USE;

/* Is this opening of a commitment in the entry? */
bool opening_holds(const json_t *opening, const struct entry *e);

/* Is it in the list already?  Two parties' records hold the same opening of
 * what both may know. */
bool opening_listed(const json_t *list, const json_t *opening);

#endif
