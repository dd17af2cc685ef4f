/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_turn.h"

size_t store_turn_take(struct store_turn *t, int64_t now)
{
	size_t i, at, best = t->next % t->count;

	for (i = 0; i < t->count; i++) {
		at = (t->next + i) % t->count;
		if (t->rested_until[at] <= now) {
			best = at;
			break;
		}
		if (t->rested_until[at] < t->rested_until[best])
			best = at;
	}
	t->next = (best + 1) % t->count;
	return best;
}

void store_turn_rest(struct store_turn *t, size_t endpoint, int64_t now)
{
	t->rested_until[endpoint] = now + STORE_REST_MS;
}

void store_turn_up(struct store_turn *t, size_t endpoint)
{
	t->rested_until[endpoint] = 0;
	t->down_until = 0;
}

void store_turn_down(struct store_turn *t, int64_t now)
{
	t->down_until = now + STORE_DOWN_MS;
}

unsigned store_turn_tries(const struct store_turn *t, int64_t now)
{
	return now < t->down_until ? STORE_TRIES_DOWN : STORE_TRIES;
}

int64_t store_turn_backoff(unsigned tries, uint32_t chance)
{
	int64_t ms = STORE_BACKOFF_MS;

	for (; tries > 1 && ms < STORE_BACKOFF_MAX_MS; tries--)
		ms *= 2;
	if (ms > STORE_BACKOFF_MAX_MS)
		ms = STORE_BACKOFF_MAX_MS;
	return ms / 2 + (int64_t)(chance % (uint32_t)(ms / 2 + 1));
}
