/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/step.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void pdf_step_raise(struct pdf_step *s, enum pdf_change level)
{
	if (level > s->out->level)
		s->out->level = level;
}

enum deed_status pdf_step_other(struct pdf_step *s, const char *id,
				const char *fmt, ...)
{
	va_list args;

	if (s->out->level != PDF_CHANGE_OTHER) {
		s->out->id = id;
		va_start(args, fmt);
		(void)vsnprintf(s->out->reason, sizeof(s->out->reason), fmt,
				args);
		va_end(args);
	}
	s->out->level = PDF_CHANGE_OTHER;
	return DEED_NO;
}

enum deed_status pdf_step_resolve(struct pdf_step *s,
				  const struct pdf_object **a,
				  const struct pdf_object **b,
				  struct deed_error *err)
{
	enum deed_status status = pdf_resolve(s->a, *a, a, err);

	return status == DEED_OK ? pdf_resolve(s->b, *b, b, err) : status;
}

bool pdf_step_touched(const struct pdf_step *s, uint32_t num)
{
	return pdf_version_key(s->a, num) != pdf_version_key(s->b, num);
}

bool pdf_step_existed(const struct pdf_step *s, uint32_t num)
{
	return pdf_version_key(s->a, num) != 0;
}

/* Keys of both are sorted, so that one pass merges them.  A value that is no
 * dictionary has no keys. */
enum deed_status pdf_step_keys(struct pdf_step *s, const struct pdf_object *a,
			       const struct pdf_object *b, pdf_key_fn *fn,
			       void *arg, struct deed_error *err)
{
	size_t i = 0, k = 0, na, nb;
	enum deed_status status = DEED_OK;
	const struct pdf_entry *x, *y;
	int order;

	na = pdf_is_dict(a) ? a->u.dict.count : 0;
	nb = pdf_is_dict(b) ? b->u.dict.count : 0;
	while (status == DEED_OK && (i < na || k < nb)) {
		x = i < na ? &a->u.dict.entries[i] : NULL;
		y = k < nb ? &b->u.dict.entries[k] : NULL;
		order = x == NULL   ? 1
			: y == NULL ? -1
				    : pdf_key_compare(x->key, y->key);
		if (order < 0) {
			status = fn(s, arg, x->key, x->value, NULL, err);
			i++;
		} else if (order > 0) {
			status = fn(s, arg, y->key, NULL, y->value, err);
			k++;
		} else {
			status = fn(s, arg, x->key, x->value, y->value, err);
			i++;
			k++;
		}
	}
	return status;
}

/* All sets of a step but those of places. */
#define STEP_SETS(s)                                                          \
	{                                                                     \
		&(s)->structure, &(s)->parts, &(s)->new_fields, &(s)->placed, \
			&(s)->filled, &(s)->unplaced, &(s)->calculated,       \
			&(s)->elements                                        \
	}

enum deed_status pdf_step_init(struct pdf_step *s, struct deed_error *err)
{
	struct pdf_set *const sets[] = STEP_SETS(s);
	enum deed_status status = DEED_OK;
	size_t i;

	for (i = 0; status == DEED_OK && i < PLACE_COUNT; i++)
		status = pdf_set_init(&s->visited[i], s->a, err);
	for (i = 0; status == DEED_OK && i < sizeof(sets) / sizeof(sets[0]);
	     i++)
		status = pdf_set_init(sets[i], s->a, err);
	return status;
}

void pdf_step_clear(struct pdf_step *s)
{
	struct pdf_set *const sets[] = STEP_SETS(s);
	size_t i;

	for (i = 0; i < PLACE_COUNT; i++)
		pdf_set_clear(&s->visited[i]);
	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		pdf_set_clear(sets[i]);
	pdf_marks_free(s->marks);
	free(s->pending);
	free(s->parents);
	free(s->own);
}
