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
}

void store_turn_init(struct store_turn *t, size_t count, int64_t most)
{
	if (most < STORE_MOST_MIN_MS)
		most = STORE_MOST_MIN_MS;
	*t = (struct store_turn){ .count = count, .most = most, .left = most };
}

/* Not enough for more than quick tries. */
static int64_t a_little(const struct store_turn *t)
{
	return t->most / STORE_LITTLE_PART / 2;
}

bool store_turn_quick(const struct store_turn *t)
{
	return t->left < t->most / STORE_LITTLE_PART;
}

/* Until the next that finds out. */
static void not_before(struct store_turn *t, int64_t now)
{
	t->wait = t->wait == 0 ? STORE_AGAIN_MS : 2 * t->wait;
	if (t->wait > STORE_AGAIN_MAX_MS)
		t->wait = STORE_AGAIN_MAX_MS;
	t->again = now + t->wait;
}

unsigned store_turn_tries(struct store_turn *t, int64_t now)
{
	if (t->left > 0)
		return store_turn_quick(t) ? 1 : STORE_TRIES;
	if (now < t->again)
		return 0;
	not_before(t, now);
	return 1;
}

/* What has passed, and is not counted yet. */
static int64_t passed(struct store_turn *t, int64_t began, int64_t now)
{
	int64_t from = began > t->counted ? began : t->counted;

	t->counted = now;
	return now > from ? now - from : 0;
}

void store_turn_answered(struct store_turn *t, int64_t began, int64_t now)
{
	int64_t more = passed(t, began, now);

	t->answered = now;
	t->wait = 0;
	if (t->left <= 0) /* It is back: so much to go on with. */
		t->left = a_little(t);
	t->left += more;
	if (t->left > t->most)
		t->left = t->most;
}

bool store_turn_failed(struct store_turn *t, int64_t began, bool wrong,
		       int64_t now)
{
	bool asked = t->left > 0;

	t->left -= passed(t, began, now);
	if (t->left <= 0)
		t->left = wrong && asked ? 1 : 0;
	if (asked && t->left == 0)
		not_before(t, now);
	return !store_turn_quick(t);
}

void store_turn_down(struct store_turn *t, int64_t began)
{
	if (t->answered < began && t->left > a_little(t))
		t->left = a_little(t);
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
