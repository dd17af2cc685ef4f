/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/generations.h"

/* Which of the manifests that were found is in force. */

unsigned generations_places(uint64_t places)
{
	unsigned count = 0;

	for (; places != 0; places &= places - 1)
		count++;
	return count;
}

/* It was read, and follows another that holds, or is the first. */
static bool holds(const struct generation *g)
{
	return g->state == GENERATION_GOOD || g->state == GENERATION_AGAIN;
}

/* Those that more places show come first. */
size_t generations_find(const struct generations *g, uint64_t number,
			const uint8_t payload[SHA256_SIZE])
{
	size_t found = GENERATION_NONE;

	for (size_t i = 0; i < g->count && g->item[i].number <= number; i++) {
		const struct generation *one = &g->item[i];

		if (one->number != number || !holds(one) ||
		    memcmp(one->payload, payload, SHA256_SIZE) != 0)
			continue;
		if (one->logged)
			return i;
		if (found == GENERATION_NONE)
			found = i;
	}
	return found;
}

/* Of manifests that say the same, wrapped in several signatures, always the
 * same one, so that parents agree. */
static size_t preferred(const struct generations *g, size_t i)
{
	return generations_find(g, g->item[i].number, g->item[i].payload);
}

void generations_settle(struct generations *g)
{
	size_t i;

	for (i = 0; i < g->count; i++)
		g->item[i].again = 0;
	for (i = 0; i < g->count; i++) {
		struct generation *one = &g->item[i];
		size_t best;

		if (!holds(one))
			continue;
		best = preferred(g, i);
		one->state = best == i ? GENERATION_GOOD : GENERATION_AGAIN;
		if (best != i)
			g->item[best].again |= one->places;
		if (one->parent != GENERATION_NONE)
			one->parent = preferred(g, one->parent);
	}
}

/* The first always does; a later one that the log names, or that as many of
 * its own places show as a deposit needs: fewer cannot bring a manifest into
 * force by themselves. */
static bool counts(const struct generation *g)
{
	return g->parent == GENERATION_NONE || g->logged ||
	       generations_places((g->places | g->again) & g->named) >= g->k;
}

/* Does it, or one that follows it, count? */
static void mark_reach(struct generations *g, size_t first)
{
	for (size_t i = 0; i < g->count; i++)
		g->item[i].reach = g->item[i].state == GENERATION_GOOD &&
				   (i == first || i > first) &&
				   counts(&g->item[i]);
	for (size_t i = g->count; i-- > first + 1;)
		if (g->item[i].reach && g->item[i].parent < g->count)
			g->item[g->item[i].parent].reach = true;
}

/* Those that follow one, as far as they are to be told apart. */
struct followers {
	size_t reach, other;	/* the first that counts, the first other */
	size_t logged, another; /* the first two that the log names */
};

/* Those of the next number alone, behind `from` in the list; those that the
 * log names are told apart from those that enough places show. */
static struct followers look_at(const struct generations *g, size_t from)
{
	struct followers f = { GENERATION_NONE, GENERATION_NONE,
			       GENERATION_NONE, GENERATION_NONE };

	for (size_t i = from + 1; i < g->count; i++) {
		const struct generation *one = &g->item[i];

		if (one->number > g->item[from].number + 1)
			break;
		if (one->state != GENERATION_GOOD || one->parent != from)
			continue;
		if (one->logged && f.logged == GENERATION_NONE)
			f.logged = i;
		else if (one->logged && f.another == GENERATION_NONE)
			f.another = i;
		if (one->reach && f.reach == GENERATION_NONE)
			f.reach = i;
		else if (f.other == GENERATION_NONE)
			f.other = i;
	}
	return f;
}

/* Which of those that follow `from` to go on with; false at a fork. */
static bool next(const struct generations *g, size_t from, size_t *out,
		 struct generations_choice *choice)
{
	struct followers f = look_at(g, from);
	bool one = f.logged != GENERATION_NONE && f.another == GENERATION_NONE;

	*out = one ? f.logged : f.reach;
	if (one || f.reach == GENERATION_NONE || f.other == GENERATION_NONE)
		return true;
	/* What the log names twice is what contradicts itself. */
	choice->one = f.another == GENERATION_NONE ? f.reach : f.logged;
	choice->other = f.another == GENERATION_NONE ? f.other : f.another;
	return false;
}

void generations_choose(struct generations *g, size_t first,
			struct generations_choice *out)
{
	size_t at = first;

	*out = (struct generations_choice){ .chosen = first };
	mark_reach(g, first);
	while (!out->fork && at != GENERATION_NONE) {
		if (counts(&g->item[at]))
			out->chosen = at;
		out->fork = !next(g, at, &at, out);
	}
}

bool generations_in_chain(const struct generations *g, size_t chosen, size_t i)
{
	while (chosen != GENERATION_NONE && chosen > i)
		chosen = g->item[chosen].parent;
	return chosen == i;
}
