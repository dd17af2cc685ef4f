/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/names.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct one {
	const char *name;
	size_t number;
};

/* A folder's files right behind its name: the slash sorts before all. */
static int value(char c)
{
	return c == '/' ? 1 : (uint8_t)c;
}

/* Of equal names that with the lower number comes first, so that what is told
 * is the same on every run. */
static int by_name(const void *a, const void *b)
{
	const struct one *left = a, *right = b;
	const char *x = left->name, *y = right->name;

	for (; *x != '\0' && *x == *y; x++)
		y++;
	if (*x != *y)
		return value(*x) - value(*y);
	return left->number < right->number ? -1 : 1;
}

/* Of two neighbours in the order of by_name: the same name, or the first is a
 * folder of the second. */
static bool clash(const char *before, const char *after)
{
	size_t len = strlen(before);

	return !strncmp(before, after, len) &&
	       (after[len] == '\0' || after[len] == '/');
}

enum deed_status names_find_clash(const char *const *name, size_t count,
				  size_t *a, size_t *b, struct deed_error *err)
{
	struct one *list = calloc(count + 1, sizeof(*list));
	size_t i;

	if (list == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++)
		list[i] = (struct one){ name[i], i };
	qsort(list, count, sizeof(*list), by_name);
	for (i = 1; i < count; i++)
		if (clash(list[i - 1].name, list[i].name))
			break;
	if (i < count) {
		*a = list[i - 1].number < list[i].number ? list[i - 1].number
							 : list[i].number;
		*b = list[i - 1].number + list[i].number - *a;
	}
	free(list);
	return i < count ? DEED_OK : DEED_NOT_FOUND;
}
