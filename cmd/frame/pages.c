/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/pages.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "deed-"

const struct page pages[] = {
#include "cmd/frame/pages.inc"
};

const size_t page_count = sizeof(pages) / sizeof(pages[0]);

/* "config" of "deed-config"; "deed" itself has no prefix. */
static const char *bare(const char *name)
{
	size_t len = strlen(PREFIX);

	return strncmp(name, PREFIX, len) == 0 ? name + len : name;
}

/* The section at the end, ".5" or "(5)", and the length before it. */
static char section_of(const char *word, size_t *len)
{
	size_t n = strlen(word);

	*len = n;
	if (n > 2 && word[n - 2] == '.' && strchr("157", word[n - 1]) != NULL) {
		*len = n - 2;
		return word[n - 1];
	}
	if (n > 3 && word[n - 1] == ')' && word[n - 3] == '(') {
		*len = n - 3;
		return word[n - 2];
	}
	return '\0';
}

const struct page *page_find(const char *word)
{
	const struct page *found = NULL;
	const char *name = bare(word);
	size_t i, len;
	char section = section_of(name, &len);

	for (i = 0; i < page_count; i++) {
		const char *own = bare(pages[i].name);

		if (strlen(own) != len || memcmp(own, name, len) != 0 ||
		    (section != '\0' && pages[i].section != section))
			continue;
		if (found == NULL || pages[i].section < found->section)
			found = &pages[i];
	}
	return found;
}

void page_word(const struct page *p, char out[PAGE_WORD])
{
	(void)snprintf(out, PAGE_WORD, "%s", bare(p->name));
	if (page_find(out) != p)
		(void)snprintf(out, PAGE_WORD, "%s.%c", bare(p->name),
			       p->section);
}
