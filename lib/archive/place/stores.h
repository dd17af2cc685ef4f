/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_PLACE_STORES_H
#define DEED_ARCHIVE_PLACE_STORES_H

#include <pthread.h>

#include "archive/place/describe.h"

/*
 * What is known of stores stays as long as a run, though an archive is opened
 * several times in it: the connection to each, with its secret and its count
 * of transfers, and with what it cost by failing (net/store_turn.h), so that
 * an outage costs its time once and not with each request; that a place was
 * seen to be there; whether it keeps versions; and when it failed.
 */
struct place_stores;

enum deed_status place_stores_new(struct place_stores **out,
				  struct deed_error *err) DEED_MUST_USE;

/* When no place is open any more, and before the client is freed. */
void place_stores_free(struct place_stores *s);

/* ---- for s3.c ---- */

struct place_store {
	char *key;	       /* the name and the description */
	pthread_mutex_t mutex; /* of what follows */
	struct store *store;   /* made when the first request is */
	bool seen;	       /* it is a place; looked at ... */
	int64_t seen_ms;       /* ... then */
	enum {
		PLACE_VERSIONS_UNASKED,
		PLACE_VERSIONS_NONE,
		PLACE_VERSIONS_MAYBE,
	} versions;
	bool failed;	   /* to answer; last ... */
	int64_t failed_ms; /* ... then */
	bool kept;	   /* in stores, whose it is */
	struct place_store *next;
};

/* That of a place; with stores NULL one of its own. */
enum deed_status place_store_get(struct place_stores *stores, const char *name,
				 const struct place_description *d,
				 struct place_store **out,
				 struct deed_error *err) DEED_MUST_USE;

/* NULL does nothing. */
void place_store_put_back(struct place_store *s);

#endif
