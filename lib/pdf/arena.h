/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_ARENA_H
#define DEED_PDF_ARENA_H

#include <stddef.h>

/*
 * Memory that is freed all at once.  Objects of a document live in the
 * document's arena; who builds objects to be written has an arena of its own.
 * An arena hands out at most PDF_ARENA_MAX bytes: a document that needs more
 * is over a limit, not out of memory.
 */
struct pdf_arena {
	struct pdf_arena_block *head;
	size_t total;
};

#define PDF_ARENA_INIT  \
	{               \
		NULL, 0 \
	}
#define PDF_ARENA_MAX ((size_t)256 << 20)

/* size bytes, zeroed, aligned for any object; NULL without memory or over
 * the limit. */
void *pdf_arena_alloc(struct pdf_arena *a, size_t size);

/* A copy of data; NULL as above.  An empty copy is not NULL. */
void *pdf_arena_copy(struct pdf_arena *a, const void *data, size_t size);

/* Free everything; be as after PDF_ARENA_INIT. */
void pdf_arena_clear(struct pdf_arena *a);

/* Forget everything but keep one block for what comes next. */
void pdf_arena_reset(struct pdf_arena *a);

#endif
