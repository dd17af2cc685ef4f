/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_ARRAY_H
#define DEED_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Arrays that grow, each a pointer, a count and a cap in the caller's struct:
 *
 *	if (!array_room(&l->items, &l->cap, l->count + 1))
 *		return deed_error_memory(err);
 *	l->items[l->count++] = item;
 *
 * The room doubles, so that n items cost n steps.  Without memory, and where
 * the size in bytes would overflow, the answer is false and the array is as it
 * was.  How many there may be is the caller's to say, before.  free(items)
 * ends it.
 */
#define array_room(items, cap, need)                                \
	({                                                          \
		void *grown_ = array_grown(*(items), (cap), (need), \
					   sizeof(**(items)));      \
		if (grown_ != NULL)                                 \
			*(items) = grown_;                          \
		grown_ != NULL;                                     \
	})

/* For array_room: the items, at the same place or another; need is not 0. */
void *array_grown(void *items, size_t *cap, size_t need, size_t size);

#endif
