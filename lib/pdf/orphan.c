/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/orphan.h"

#include <stdlib.h>

#include "pdf/core.h"

#define WORD_MAX 16

/* Where the word stands; more of them than this are not followed. */
#define HITS 4096

struct scan {
	const char *word;
	size_t len;  /* of it */
	uint64_t at; /* of the next window */
	uint64_t hits[HITS];
	size_t count;
	uint8_t carry[2 * WORD_MAX]; /* the end of the last window */
	size_t carried;
};

/* By the second letter, which is rare in a PDF: that is several times as fast
 * as memmem, and a large document is passed whole. */
static void look(struct scan *s, const uint8_t *data, size_t len, uint64_t at)
{
	const uint8_t *end = data + len, *p = data + 1, *found;

	while (s->count < HITS && p < end &&
	       (found = memchr(p, s->word[1], (size_t)(end - p))) != NULL) {
		p = found + 1;
		if ((size_t)(end - found) >= s->len - 1 &&
		    memcmp(found - 1, s->word, s->len) == 0)
			s->hits[s->count++] = at + (uint64_t)(found - 1 - data);
	}
}

static enum deed_status scan_window(void *arg, struct slice w,
				    struct deed_error *err)
{
	struct scan *s = arg;
	size_t head = w.len < s->len - 1 ? w.len : s->len - 1;

	(void)err;
	/* Across the border of two windows. */
	memcpy(s->carry + s->carried, w.data, head);
	look(s, s->carry, s->carried + head, s->at - s->carried);
	look(s, w.data, w.len, s->at);
	memcpy(s->carry, w.data + w.len - head, head);
	s->carried = head;
	s->at += w.len;
	return DEED_OK;
}

static int by_offset(const void *a, const void *b)
{
	const struct pdf_xref_entry *const *x = a, *const *y = b;
	uint64_t p = (*x)->value, q = (*y)->value;

	return (p > q) - (p < q);
}

/* The entries that point into the file, in the order of their places: the
 * two top bits are the same for all of them. */
static const struct pdf_xref_entry **entries_by_offset(struct pdf_core *core,
						       size_t *count)
{
	const struct pdf_xref_entry **list;
	size_t i;

	*count = 0;
	list = calloc(core->entry_count + 1, sizeof(*list));
	for (i = 0; list != NULL && i < core->entry_count; i++) {
		if (pdf_entry_where(&core->entries[i]) == PDF_IN_FILE)
			list[(*count)++] = &core->entries[i];
	}
	if (list != NULL && *count > 1)
		qsort(list, *count, sizeof(*list), by_offset);
	return list;
}

static const struct pdf_xref_entry *
entry_before(const struct pdf_xref_entry **list, size_t count, uint64_t at)
{
	uint64_t key = (uint64_t)PDF_IN_FILE << 62 | at;
	size_t low = 0, high = count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (list[middle]->value <= key)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NULL : list[low - 1];
}

/* Usage rights (ISO 32000-2 12.8.2.3) are a signature of no field. */
static bool is_usage_right(struct pdf_document *view, uint32_t num)
{
	const struct pdf_object *catalog, *perms;
	static const char *const keys[] = { "UR3", "UR" };
	struct pdf_ref ref;
	size_t i;

	if (pdf_catalog(view, &catalog, NULL) != DEED_OK ||
	    pdf_dict_resolve(view, catalog, "Perms", &perms, NULL) != DEED_OK)
		return false;
	for (i = 0; i < 2; i++) {
		if (pdf_get_ref(pdf_dict_get(perms, keys[i]), &ref) &&
		    ref.num == num)
			return true;
	}
	return false;
}

/* The signature dictionary of an entry, if it is one. */
static enum deed_status take_entry(struct pdf_document *doc,
				   const struct pdf_xref_entry *e,
				   pdf_orphan_fn *fn, void *arg,
				   struct deed_error *err)
{
	size_t revision = doc->core->sections[e->section].revision;
	struct pdf_document *view = pdf_at_revision(doc, revision);
	struct pdf_ref ref = { e->num, e->gen };
	const struct pdf_object *dict;
	enum deed_status status;

	status = pdf_get_object(view, ref, &dict, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK || !pdf_is(dict, PDF_DICT) ||
	    pdf_dict_get(dict, "ByteRange") == NULL ||
	    pdf_dict_get(dict, "Contents") == NULL ||
	    is_usage_right(view, e->num))
		return DEED_OK;
	return fn(arg, view, ref, dict, err);
}

/* Search the file; *list is by offset, if anything was found. */
static enum deed_status search(struct pdf_core *core, const char *word,
			       struct scan **out,
			       const struct pdf_xref_entry ***list,
			       size_t *count, struct deed_error *err)
{
	enum deed_status status;
	struct scan *s;

	*list = NULL;
	*count = 0;
	s = *out = malloc(sizeof(*s));
	if (s == NULL)
		return deed_error_memory(err);
	/* The places of hits are many and need no zeros. */
	s->word = word;
	s->len = strlen(word);
	s->at = 0;
	s->count = 0;
	s->carried = 0;
	status = pdf_input_each(core->in, 0, pdf_input_size(core->in),
				scan_window, s, err);
	if (status == DEED_OK && s->count > 0) {
		*list = entries_by_offset(core, count);
		if (*list == NULL)
			status = deed_error_memory(err);
	}
	return status;
}

enum deed_status pdf_orphans_each(struct pdf_document *doc, pdf_orphan_fn *fn,
				  void *arg, struct deed_error *err)
{
	const struct pdf_xref_entry **list, *e, *last = NULL;
	enum deed_status status;
	struct scan *s;
	size_t count, i;

	status = search(doc->core, "/ByteRange", &s, &list, &count, err);
	for (i = 0; status == DEED_OK && i < s->count; i++) {
		e = entry_before(list, count, s->hits[i]);
		if (e != NULL && e != last)
			status = take_entry(doc, e, fn, arg, err);
		last = e;
	}
	free(list);
	free(s);
	return status;
}

/* ---- objects that no table lists ---- */

/* "N G" before " obj", and where it begins. */
static bool read_head(const struct pdf_core *core, uint64_t obj, uint64_t *at,
		      uint32_t *num)
{
	uint64_t from = obj > 18 ? obj - 18 : 0, value = 0, place = 1;
	size_t len = (size_t)(obj - from), i = len;
	uint8_t b[18];

	if (pdf_input_read(core->in, from, b, len, NULL) != DEED_OK)
		return false;
	while (i > 0 && b[i - 1] >= '0' && b[i - 1] <= '9')
		i--;
	if (i == len || i == 0 || b[i - 1] != ' ')
		return false;
	for (i--; i > 0 && b[i - 1] >= '0' && b[i - 1] <= '9'; i--) {
		value += (uint64_t)(b[i - 1] - '0') * place;
		place *= 10;
	}
	*at = from + i;
	*num = (uint32_t)value;
	return place > 1 && value <= PDF_MAX_NUM;
}

/* Does the object of the entry reach that far: are these bytes of its
 * stream? */
static bool lies_inside(struct pdf_document *doc,
			const struct pdf_xref_entry *e, uint64_t at)
{
	size_t revision = doc->core->sections[e->section].revision;
	struct pdf_arena arena = PDF_ARENA_INIT;
	struct pdf_object *o;
	bool inside;

	/* What cannot be read may be anything. */
	inside = pdf_load(pdf_at_revision(doc, revision), e->num, &arena, &o,
			  NULL) != DEED_OK ||
		 o == NULL || at < o->end;
	pdf_arena_clear(&arena);
	return inside;
}

/* A cross-reference stream need not list itself, and the first object of a
 * linearised file is for who reads from its beginning. */
static bool is_bookkeeping(const struct pdf_core *core, uint64_t at)
{
	uint8_t text[96];
	size_t i;

	for (i = 0; i < core->section_count; i++) {
		if (core->sections[i].at == at)
			return true;
	}
	return pdf_input_size(core->in) - at >= sizeof(text) &&
	       pdf_input_read(core->in, at, text, sizeof(text), NULL) ==
		       DEED_OK &&
	       memmem(text, sizeof(text), "/Linearized", 11) != NULL;
}

enum deed_status pdf_strays_each(struct pdf_document *doc, pdf_stray_fn *fn,
				 void *arg, struct deed_error *err)
{
	struct pdf_core *core = doc->core;
	const struct pdf_xref_entry **list, *e;
	enum deed_status status;
	uint64_t at, place;
	struct scan *s;
	size_t count, i;
	uint32_t num;

	status = search(core, " obj", &s, &list, &count, err);
	for (i = 0; status == DEED_OK && i < s->count; i++) {
		if (!read_head(core, s->hits[i], &at, &num))
			continue;
		e = entry_before(list, count, s->hits[i]);
		place = e == NULL ? 0 : e->value & ~(UINT64_C(3) << 62);
		/* Entries may point at white space before their object. */
		if (e != NULL && place <= at && e->num == num && at - place < 8)
			continue;
		if (!is_bookkeeping(core, at) &&
		    (e == NULL || !lies_inside(doc, e, at)))
			status = fn(arg, num, at, err);
	}
	free(list);
	free(s);
	return status;
}
