/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/source_table.h"

#include <stdlib.h>

#include "pki/source.h"

enum deed_status source_append(struct source_table *t, uint64_t hash,
			       void *object, bool anchor, void (*drop)(void *),
			       struct deed_error *err)
{
	struct source_node **last = &t->last[hash % SOURCE_BUCKETS], *n;

	n = t->count < SOURCE_MAX ? calloc(1, sizeof(*n)) : NULL;
	if (n == NULL) {
		drop(object);
		return t->count < SOURCE_MAX
			       ? deed_error_memory(err)
			       : deed_error_set(err, DEED_LIMIT,
						"more than %d certificates, "
						"CRLs or OCSP responses",
						SOURCE_MAX);
	}
	n->hash = hash;
	n->object = object;
	atomic_init(&n->next, NULL);
	atomic_init(&n->anchor, anchor);
	atomic_store_explicit(*last == NULL ? &t->bucket[hash % SOURCE_BUCKETS]
					    : &(*last)->next,
			      n, memory_order_release);
	*last = n;
	t->count++;
	return DEED_OK;
}

void source_table_clear(struct source_table *t, void (*drop)(void *))
{
	struct source_node *n, *next;
	size_t i;

	for (i = 0; i < SOURCE_BUCKETS; i++) {
		for (n = source_first(t, i); n != NULL; n = next) {
			next = source_next(n);
			drop(n->object);
			free(n);
		}
	}
}
