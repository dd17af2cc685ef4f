/* SPDX-License-Identifier: Apache-2.0 */
#include "office/party/roll_index.h"

#include <stdlib.h>

static struct slice value_of(const struct roll_item *it, enum roll_key key)
{
	const struct enrolled *e = &it->enrolled;

	switch (key) {
	case ROLL_BY_RECORD:
		return slice_of(it->record, sizeof(it->record));
	case ROLL_BY_ID:
		return slice_of(e->id, sizeof(e->id));
	case ROLL_BY_PREVIOUS:
		return slice_of(e->enrolment.previous,
				sizeof(e->enrolment.previous));
	case ROLL_BY_PARTY:
		return slice_str(e->enrolment.party);
	default:
		return slice_str(e->enrolment.id);
	}
}

static int compare(struct slice a, struct slice b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len == 0 ? 0 : memcmp(a.data, b.data, len);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* The same value in the order of the items, which lie in one array. */
static int by_value(const void *a, const void *b)
{
	const struct roll_slot *x = a, *y = b;
	int order = compare(x->value, y->value);

	return order != 0 ? order : (x->item > y->item) - (x->item < y->item);
}

enum deed_status roll_index_make(struct roll_index *x,
				 const struct roll_item *item, size_t count,
				 struct deed_error *err)
{
	*x = (struct roll_index){ .count = count };
	for (int key = 0; key < ROLL_KEYS; key++) {
		struct roll_slot *list = calloc(count + 1, sizeof(*list));

		if (list == NULL)
			return deed_error_memory(err);
		x->by[key] = list;
		for (size_t i = 0; i < count; i++) {
			list[i].value = value_of(&item[i], (enum roll_key)key);
			list[i].item = &item[i];
		}
		qsort(list, count, sizeof(*list), by_value);
	}
	return DEED_OK;
}

void roll_index_clear(struct roll_index *x)
{
	for (int key = 0; key < ROLL_KEYS; key++)
		free(x->by[key]);
	*x = (struct roll_index){ .count = 0 };
}

/* How many stand before those of this value, or with_it behind them. */
static size_t bound(const struct roll_slot *list, size_t count,
		    struct slice value, bool with_it)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = compare(list[mid].value, value);

		if (order < 0 || (with_it && order == 0))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct roll_slot *roll_index_find(const struct roll_index *x,
					enum roll_key key, struct slice value,
					size_t *count)
{
	size_t first = bound(x->by[key], x->count, value, false);

	*count = bound(x->by[key], x->count, value, true) - first;
	return x->by[key] + first;
}
