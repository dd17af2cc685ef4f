/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "pdf/step.h"

/* A number is walked once for each place, the stricter one decides; the set
 * also ends loops of references. */
static enum deed_status push(struct pdf_step *s, uint32_t num,
			     enum pdf_place place, struct deed_error *err)
{
	if (!pdf_set_add(&s->visited[place], num))
		return DEED_OK;
	if (num >= s->visited[place].limit)
		return DEED_OK; /* in no revision: null in both */
	if (!array_room(&s->pending, &s->pending_cap, s->pending_count + 1))
		return deed_error_memory(err);
	s->pending[s->pending_count].num = num;
	s->pending[s->pending_count].place = place;
	s->pending[s->pending_count].origin = s->origin;
	s->pending_count++;
	return DEED_OK;
}

/* Recursion stops where the parser's nesting does. */
enum deed_status pdf_step_follow(struct pdf_step *s, const struct pdf_object *o,
				 enum pdf_place place, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (pdf_is(o, PDF_REF))
		return push(s, o->u.ref.num, place, err);
	for (i = 0; status == DEED_OK && i < pdf_array_count(o); i++)
		status = pdf_step_follow(s, o->u.array.items[i], place, err);
	if (!pdf_is_dict(o))
		return status;
	for (i = 0; status == DEED_OK && i < o->u.dict.count; i++)
		status = pdf_step_follow(s, o->u.dict.entries[i].value, place,
					 err);
	return status;
}

/* The reason says which of three it is, new, gone or changed; the key is cut,
 * as it comes from the file. */
enum deed_status pdf_step_same(struct pdf_step *s, const struct pdf_object *a,
			       const struct pdf_object *b, struct pdf_part part,
			       struct slice key, enum pdf_place place,
			       struct deed_error *err)
{
	char where[PDF_ORIGIN_NAME];
	enum deed_status status;
	bool same;

	status = pdf_step_equal(s, a, b, place, &same, err);
	if (status != DEED_OK || same)
		return status;
	return pdf_step_other(
		s, part.id, "/%.*s of %s is %s (object %u)",
		(int)(key.len > 40 ? 40 : key.len), (const char *)key.data,
		part.name != NULL ? part.name : pdf_step_where(s, where),
		a == NULL   ? "new"
		: b == NULL ? "gone"
			    : "changed",
		part.num);
}

/* Another generation is another object (7.3.10): references of the old
 * generation lead to nothing now, even where the value is equal. */
static enum deed_status same_object(struct pdf_step *s, uint32_t num,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    enum pdf_place place, bool *same,
				    struct deed_error *err)
{
	*same = false;
	if (pdf_locate(s->a, num).gen != pdf_locate(s->b, num).gen && a != NULL)
		return DEED_OK;
	return pdf_step_equal(s, a, b, place, same, err);
}

/* What a difference means depends on what the object is part of: a page's
 * content, a look, a field that was filled. */
static enum deed_status differs(struct pdf_step *s, uint32_t num,
				enum pdf_place place, bool gone)
{
	const char *how = gone ? "gone" : "changed";
	char where[PDF_ORIGIN_NAME];

	switch (place) {
	case PLACE_ANNOTATION:
		pdf_step_lost(s, how, SLICE_NONE, num);
		return DEED_OK;
	case PLACE_FIELD:
		pdf_step_raise(s, PDF_CHANGE_FORM_FILL);
		return DEED_OK;
	case PLACE_CONTENT:
		return pdf_step_other(s, PDF_ID_PAGE,
				      "content of %s is %s (object %u)",
				      pdf_step_where(s, where), how, num);
	case PLACE_LOOKS:
		return pdf_step_other(s, PDF_ID_LOOKS,
				      "the look of %s is %s (object %u)",
				      pdf_step_where(s, where), how, num);
	default:
		return pdf_step_other(s, PDF_ID_CATALOG,
				      "a part of %s is %s (object %u)",
				      pdf_step_where(s, where), how, num);
	}
}

static enum deed_status visit(struct pdf_step *s, uint32_t num,
			      enum pdf_place place, struct pdf_arena *arena,
			      struct deed_error *err)
{
	struct pdf_object *a, *b;
	enum deed_status status;
	bool same, element;

	/* Compared on its own, by who knows its part.  A page shows neither
	 * annotations nor fields by reference, so nothing excuses a change
	 * of what it does refer to. */
	if (pdf_set_has(&s->structure, num) ||
	    (place != PLACE_CONTENT && pdf_set_has(&s->parts, num)))
		return DEED_OK;
	status = pdf_load(s->a, num, arena, &a, err);
	if (status != DEED_OK)
		return status;
	if (pdf_step_touched(s, num)) {
		status = pdf_load(s->b, num, arena, &b, err);
		if (status == DEED_OK)
			status = same_object(s, num, a, b, place, &same, err);
		if (status == DEED_OK && !same && place == PLACE_STRUCTURE) {
			status = pdf_step_element(s, num, a, b, &element, err);
			if (status != DEED_OK || element)
				return status;
		}
		if (status == DEED_OK && !same)
			status = differs(s, num, place, b == NULL);
		if (status != DEED_OK)
			return status;
	}
	return pdf_step_follow(s, a, place, err);
}

/* A stack, not recursion: chains of references are as long as the file makes
 * them.  The origin goes with each number, for the reason. */
enum deed_status pdf_step_walk(struct pdf_step *s, struct deed_error *err)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	enum deed_status status = DEED_OK;
	enum pdf_place place;
	uint32_t num;

	while (status == DEED_OK && s->pending_count > 0) {
		s->pending_count--;
		num = s->pending[s->pending_count].num;
		place = s->pending[s->pending_count].place;
		s->origin = s->pending[s->pending_count].origin;
		status = visit(s, num, place, &arena, err);
		pdf_arena_reset(&arena);
	}
	pdf_arena_clear(&arena);
	return status;
}

/* A number may be kept twice; the list is only looked through once, after the
 * walk. */
static enum deed_status own_number(struct pdf_step *s, uint32_t num,
				   struct deed_error *err)
{
	if (!array_room(&s->own, &s->own_cap, s->own_count + 1))
		return deed_error_memory(err);
	s->own[s->own_count++] = num;
	return DEED_OK;
}

/* /AP, then N, R and D, then the states of each (ISO 32000-2 12.5.5). */
static enum deed_status own_level(struct pdf_step *s,
				  const struct pdf_object *o, int level,
				  struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	if (pdf_is(o, PDF_REF)) {
		status = own_number(s, o->u.ref.num, err);
		if (status == DEED_OK)
			status = pdf_get_object(s->a, o->u.ref, &o, err);
	}
	if (status != DEED_OK || level == 2 || !pdf_is(o, PDF_DICT))
		return status;
	for (i = 0; status == DEED_OK && i < o->u.dict.count; i++)
		status = own_level(s, o->u.dict.entries[i].value, level + 1,
				   err);
	return status;
}

enum deed_status pdf_step_own(struct pdf_step *s, const struct pdf_object *ap,
			      struct deed_error *err)
{
	return own_level(s, ap, 0, err);
}

/* Only after the walk is it known what else is reached: a look that the page
 * uses too would change the page with the field. */
enum deed_status pdf_step_check_shared(struct pdf_step *s)
{
	uint32_t num;
	size_t i;

	for (i = 0; i < s->own_count; i++) {
		num = s->own[i];
		if (pdf_set_has(&s->visited[PLACE_CONTENT], num) ||
		    pdf_set_has(&s->visited[PLACE_STRUCTURE], num))
			return pdf_step_other(s, PDF_ID_LOOKS,
					      "the appearance of a field "
					      "that is filled in is used "
					      "elsewhere too (object %u)",
					      num);
	}
	return DEED_OK;
}
