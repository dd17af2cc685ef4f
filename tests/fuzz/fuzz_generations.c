/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

#include "archive/generations.h"

/*
 * Which of several generations is in force.  Six bytes make one: how far its
 * number is from the one before, its state and whether the log names it, the
 * places that show it, those that it names, how many it needs, and which of the
 * generation before it follows.
 */
#define SIZE 6
#define ITEMS_MAX 64

/* One of the generation before that holds, or none. */
static size_t parent_of(const struct generations *g, uint64_t number,
			uint8_t which)
{
	size_t i, found = GENERATION_NONE;

	for (i = 0; i < g->count; i++)
		if (g->item[i].number + 1 == number &&
		    g->item[i].state == GENERATION_GOOD &&
		    (found == GENERATION_NONE || which-- > 0))
			found = i;
	return found;
}

static void add(struct generations *g, const uint8_t *in)
{
	uint64_t before = g->count == 0 ? 1 : g->item[g->count - 1].number;
	struct generation *one = &g->item[g->count];

	*one = (struct generation){ .number = before + in[0] % 3,
				    .state = in[1] % 4,
				    .logged = in[1] >> 7,
				    .places = in[2],
				    .named = in[3],
				    .k = 1 + in[4] % 8,
				    .parent = GENERATION_NONE };
	if (g->count == 0) {
		one->number = 1;
		one->state = GENERATION_GOOD;
	} else {
		one->parent = parent_of(g, one->number, in[5]);
		if (one->parent == GENERATION_NONE &&
		    one->state == GENERATION_GOOD)
			one->state = GENERATION_BAD;
		if (one->parent != GENERATION_NONE)
			one->named |= g->item[one->parent].named;
	}
	g->count++;
}

/* It holds, and k of its places show it or the log names it; or it is the
 * first. */
static void look_at_chosen(const struct generations *g,
			   const struct generations_choice *c)
{
	const struct generation *one = &g->item[c->chosen];

	assert(c->chosen < g->count);
	assert(one->state == GENERATION_GOOD);
	assert(c->chosen == 0 || one->logged ||
	       generations_places(one->places & one->named) >= one->k);
	assert(generations_in_chain(g, c->chosen, 0));
	assert(generations_in_chain(g, c->chosen, c->chosen));
}

/* Two that follow the same one, of which the log does not name one alone. */
static void look_at_fork(const struct generations *g,
			 const struct generations_choice *c)
{
	const struct generation *one, *other;

	if (!c->fork)
		return;
	assert(c->one < g->count && c->other < g->count && c->one != c->other);
	one = &g->item[c->one];
	other = &g->item[c->other];
	assert(one->parent == other->parent && one->number == other->number);
	assert(one->state == GENERATION_GOOD && other->state == one->state);
	assert(one->logged == other->logged);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct generation item[ITEMS_MAX];
	struct generations g = { .item = item };
	struct generations_choice c;

	while (size >= SIZE && g.count < ITEMS_MAX) {
		add(&g, data);
		data += SIZE;
		size -= SIZE;
	}
	if (g.count == 0)
		return 0;
	generations_choose(&g, 0, &c);
	look_at_chosen(&g, &c);
	look_at_fork(&g, &c);
	return 0;
}
