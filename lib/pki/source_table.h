/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_SOURCE_TABLE_H
#define DEED_PKI_SOURCE_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * A table from a hash to objects.  Only ever added to, at the end of a
 * bucket's chain and under the source's lock, so that readers walk it
 * without: a link is set when what it leads to is whole.
 */
#define SOURCE_BUCKETS 256

struct source_node {
	_Atomic(struct source_node *) next;
	uint64_t hash;
	void *object; /* a reference */
	atomic_bool anchor;
};

struct source_table {
	_Atomic(struct source_node *) bucket[SOURCE_BUCKETS];
	struct source_node *last[SOURCE_BUCKETS]; /* of whoever adds */
	atomic_size_t count;
};

/*
 * Add an object at the end of its chain.  Takes the reference, also where it
 * fails: drop says how to give it back.  DEED_LIMIT at SOURCE_MAX.  However
 * long the chain is, it takes no longer.
 */
enum deed_status source_append(struct source_table *t, uint64_t hash,
			       void *object, bool anchor, void (*drop)(void *),
			       struct deed_error *err) DEED_MUST_USE;

/* When no reader is left: nothing here is locked. */
void source_table_clear(struct source_table *t, void (*drop)(void *));

/* Acquired: whoever sees a node sees all that was written before it was
 * linked. */
static inline struct source_node *source_first(const struct source_table *t,
					       uint64_t hash)
{
	return atomic_load_explicit(&t->bucket[hash % SOURCE_BUCKETS],
				    memory_order_acquire);
}

static inline struct source_node *source_next(const struct source_node *n)
{
	return atomic_load_explicit(&n->next, memory_order_acquire);
}

#endif
