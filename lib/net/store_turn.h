/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_TURN_H
#define DEED_NET_STORE_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/store.h"

/*
 * Which endpoint is asked, when again, and whether at all.  Endpoints are taken
 * in turn, one that failed is left alone for STORE_REST_MS while there are
 * others; a try that may be repeated is, STORE_TRIES times at most, after a
 * time that doubles, with a part left to chance.
 *
 * What a store may cost by failing is bounded for all requests together.  Time
 * in which requests of it are under way is its own: a try that fails takes
 * what passed since the last one ended, or since its request began, from what
 * is left of store_turn.most, and an answer gives as much back.  With little
 * left, which is also so when a request failed with all its tries and nothing
 * else was answered meanwhile, a request has one quick try.  With nothing left
 * the store is not asked: requests fail at once, but for one now and then,
 * which finds out whether it is back; the times between these double.
 *
 * So a run waits for a store no longer than this, and than that answers.
 * Times are of clock_monotonic_ms, and above 0.
 */
#define STORE_TRIES 8
#define STORE_REST_MS 5000
#define STORE_AGAIN_MS 5000
#define STORE_AGAIN_MAX_MS 60000
#define STORE_BACKOFF_MS 100
#define STORE_BACKOFF_MAX_MS 4000
#define STORE_QUICK_MS 3000 /* to connect, or without a sign of life */
#define STORE_QUICK_ALL_MS 15000
/* Of the deadline of a request: what a store may cost, at least so much. */
#define STORE_MOST_PART 2
#define STORE_MOST_MIN_MS 5000
/* Of that: when there is so much left a request has all its tries. */
#define STORE_LITTLE_PART 4

struct store_turn {
	size_t count, next;
	int64_t rested_until[STORE_ENDPOINTS];
	bool bucket_known[STORE_ENDPOINTS];
	int64_t most, left;  /* milliseconds that it may cost */
	int64_t counted;     /* all before this time is */
	int64_t answered;    /* last */
	int64_t again, wait; /* when it is asked next, where it is not */
};

/* count endpoints, and milliseconds that it may cost. */
void store_turn_init(struct store_turn *t, size_t count, int64_t most);

size_t store_turn_take(struct store_turn *t, int64_t now);
void store_turn_rest(struct store_turn *t, size_t endpoint, int64_t now);
void store_turn_up(struct store_turn *t, size_t endpoint);

/* How many tries a request has that begins now; 0: it fails at once. */
unsigned store_turn_tries(struct store_turn *t, int64_t now);

/* Are requests to be short? */
bool store_turn_quick(const struct store_turn *t);

/* A try of a request that began then was answered.  It failed: may there be
 * another one?  wrong: it was answered with what cannot be, which costs time
 * and is no outage. */
void store_turn_answered(struct store_turn *t, int64_t began, int64_t now);
bool store_turn_failed(struct store_turn *t, int64_t began, bool wrong,
		       int64_t now);

/* A request that began then failed with all its tries. */
void store_turn_down(struct store_turn *t, int64_t began);

/* Milliseconds before the next try after so many, 1 and more; chance is any
 * number. */
int64_t store_turn_backoff(unsigned tries, uint32_t chance);

#endif
