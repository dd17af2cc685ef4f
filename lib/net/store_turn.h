/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_TURN_H
#define DEED_NET_STORE_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/store.h"

/*
 * Which endpoint is asked, and when again.  Endpoints are taken in turn, one
 * that failed is left alone for STORE_REST_MS while there are others; a try
 * that may be repeated is, STORE_TRIES times at most, after a time that
 * doubles, with a part left to chance.  A store that gave no answer to a
 * whole request, or none but that it fails or is too busy, is down for
 * STORE_DOWN_MS: requests that begin then have STORE_TRIES_DOWN tries, so that
 * a place that is off costs its time once.  Times are of clock_monotonic_ms.
 */
#define STORE_TRIES 8
#define STORE_TRIES_DOWN 2
#define STORE_REST_MS 5000
#define STORE_DOWN_MS 15000
#define STORE_BACKOFF_MS 100
#define STORE_BACKOFF_MAX_MS 4000

struct store_turn {
	size_t count, next;
	int64_t rested_until[STORE_ENDPOINTS];
	bool bucket_known[STORE_ENDPOINTS];
	int64_t down_until;
};

size_t store_turn_take(struct store_turn *t, int64_t now);
void store_turn_rest(struct store_turn *t, size_t endpoint, int64_t now);

/* It answered, in whatever way; no endpoint did, in a whole request. */
void store_turn_up(struct store_turn *t, size_t endpoint);
void store_turn_down(struct store_turn *t, int64_t now);

unsigned store_turn_tries(const struct store_turn *t, int64_t now);

/* Milliseconds before the next try after so many, 1 and more; chance is any
 * number. */
int64_t store_turn_backoff(unsigned tries, uint32_t chance);

#endif
