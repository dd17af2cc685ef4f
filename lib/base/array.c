/* SPDX-License-Identifier: Apache-2.0 */
#include "base/array.h"

#include <stdlib.h>

#define FIRST 16 /* items */

void *array_grown(void *items, size_t *cap, size_t need, size_t size)
{
	size_t room = *cap < FIRST ? FIRST : *cap;
	void *grown;

	if (need <= *cap)
		return items;
	while (room < need) {
		if (__builtin_mul_overflow(room, 2, &room))
			return NULL;
	}
	grown = reallocarray(items, room, size);
	if (grown != NULL)
		*cap = room;
	return grown;
}
