/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_PAGES_H
#define DEED_CMD_FRAME_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The pages of the manual.  The list is made from the pages themselves when
 * deed is built: each names itself and says what it is (.Nd).
 */
struct page {
	const char *name;    /* "deed", "deed-sign" */
	const char *summary; /* "sign documents as a party" */
	char section;	     /* '1', '5', '7' */
};

extern const struct page pages[];
extern const size_t page_count;

/*
 * The page that a word names: "sign", "deed-sign", and where two sections
 * have one "config.5" or "config(5)"; without a section the first of them.
 * NULL if there is none.
 */
const struct page *page_find(const char *word);

/* The word by which page_find finds it: "sign", "config.5".  At most
 * PAGE_WORD octets with the NUL. */
#define PAGE_WORD 64
void page_word(const struct page *p, char out[PAGE_WORD]);

#endif
