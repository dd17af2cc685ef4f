/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE ((size_t)32 << 10)

struct pdf_arena_block {
	struct pdf_arena_block *next;
	size_t used, size;
	alignas(max_align_t) uint8_t data[];
};

/* The limit counts what blocks hold, not what is in use, so that it bounds the
 * process; total never exceeds PDF_ARENA_MAX, and the difference cannot wrap.
 */
static struct pdf_arena_block *new_block(struct pdf_arena *a, size_t size)
{
	struct pdf_arena_block *block;

	if (size > PDF_ARENA_MAX - a->total)
		return NULL;
	block = malloc(sizeof(*block) + size);
	if (block == NULL)
		return NULL;
	a->total += size;
	block->used = 0;
	block->size = size;
	return block;
}

/* Rounded up, so that the next one is aligned for any object as well.  A large
 * piece does not end the block that still has room for small ones. */
void *pdf_arena_alloc(struct pdf_arena *a, size_t size)
{
	struct pdf_arena_block *block = a->head;
	void *out;

	if (size > PDF_ARENA_MAX)
		return NULL;
	size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (block == NULL || block->size - block->used < size) {
		block = new_block(a, size > BLOCK_SIZE ? size : BLOCK_SIZE);
		if (block == NULL)
			return NULL;
		/* A large block goes behind the one that still has room. */
		if (size > BLOCK_SIZE / 4 && a->head != NULL) {
			block->next = a->head->next;
			a->head->next = block;
		} else {
			block->next = a->head;
			a->head = block;
		}
	}
	out = block->data + block->used;
	block->used += size;
	memset(out, 0, size);
	return out;
}

void *pdf_arena_copy(struct pdf_arena *a, const void *data, size_t size)
{
	void *out;

	if (size == SIZE_MAX)
		return NULL;
	/* One more, so that text has its NUL. */
	out = pdf_arena_alloc(a, size + 1);
	if (out != NULL && size > 0)
		memcpy(out, data, size);
	return out;
}

void pdf_arena_clear(struct pdf_arena *a)
{
	struct pdf_arena_block *block, *next;

	for (block = a->head; block != NULL; block = next) {
		next = block->next;
		free(block);
	}
	*a = (struct pdf_arena)PDF_ARENA_INIT;
}

/* Walks reset it for every object they read: one block of the usual size is
 * kept, so that they do not go to malloc each time. */
void pdf_arena_reset(struct pdf_arena *a)
{
	struct pdf_arena_block *keep = NULL, *block, *next;

	for (block = a->head; block != NULL; block = next) {
		next = block->next;
		if (keep == NULL && block->size == BLOCK_SIZE)
			keep = block;
		else
			free(block);
	}
	*a = (struct pdf_arena)PDF_ARENA_INIT;
	if (keep == NULL)
		return;
	keep->next = NULL;
	keep->used = 0;
	a->head = keep;
	a->total = keep->size;
}
