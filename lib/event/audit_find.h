/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_EVENT_AUDIT_FIND_H
#define DEED_EVENT_AUDIT_FIND_H

#include "event/audit.h"

/*
 * Finding acts in the log: by what their commitments hold, which whoever has
 * the register's key can open, or a party its own.
 *
 * The log is compared with its second copy, and its tree computed anew, before
 * anything is found in it; every opening is compared with its commitment.  So
 * what is found is in the log, and what is not found is not there: but for
 * entries that nobody can open any more, which are counted.
 *
 * With the register's key the index is used and extended (event/acts.h): then
 * 100,000 entries take a second.  A party reads each record of the drop box
 * that names its key.
 */

/* What an act may have been about: a file, or how it began once. */
struct audit_digest {
	uint8_t sha256[ENTRY_HASH];
	uint64_t bytes; /* the first so many of the file; 0: all of it */
};

struct audit_query {
	const struct audit_reader *reader; /* borrowed */
	bool reader_is_register;
	uint64_t from, to; /* entries from to to - 1 */
	bool has_since, has_until;
	int64_t since, until; /* of the second time, and not of it */
	const char *event;    /* NULL: of any type */
	const char *party;    /* handle; NULL: of anybody */
	/* In the order of audit_digests_sort; none: of anything. */
	const struct audit_digest *digest;
	size_t digests;
	/* How many entries were looked at; may be NULL. */
	void (*progress)(uint64_t done);
};

/* How an act was about the file: all of it, or its first bytes. */
enum audit_role {
	AUDIT_INPUT,	/* it was read */
	AUDIT_OUTPUT,	/* it was made */
	AUDIT_DOCUMENT, /* one of them, as older entries have it; deposited */
};
struct audit_match {
	enum audit_role role;
	uint64_t bytes; /* 0: all of it */
};
#define AUDIT_MATCHES 8

/* One that was found. */
struct audit_found {
	uint64_t index;
	const struct entry *entry;
	const json_t *openings; /* an array */
	struct audit_match match[AUDIT_MATCHES];
	size_t matches;
};
typedef enum deed_status audit_found_fn(void *arg, const struct audit_found *f,
					struct deed_error *err);

/* How the search went. */
struct audit_search {
	uint64_t size;	   /* entries of the log */
	uint64_t found;	   /* how often fn was called */
	uint64_t read;	   /* entries read from the drop box */
	uint64_t wrong;	   /* of them those of which the index had lied */
	uint64_t unopened; /* entries of which records lack: never a party's */
	uint64_t first_unopened;
	/* The party had another handle until then. */
	char former[ENTRY_WORD_MAX + 1];
	uint64_t renamed; /* the entry that says so; with former */
	bool kept;	  /* the index could be written where it had to be */
};

void audit_digests_sort(struct audit_digest *list, size_t count);

/*
 * Call fn for each entry that all of the query is true of, in order.
 * DEED_INCONSISTENT, DEED_DAMAGED: the log itself is not sound, and nothing
 * was found.
 */
enum deed_status audit_find(const struct event_home *home,
			    const struct audit_query *query, audit_found_fn *fn,
			    void *arg, struct audit_search *out,
			    struct deed_error *err) DEED_MUST_USE;

#endif
