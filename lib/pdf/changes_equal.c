/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/array.h"
#include "pdf/step.h"

/*
 * Writers give content a new number: a page's /Resources moves into an object
 * of its own, a font is copied, an array becomes indirect.  What a reader
 * sees is the same where all that is reached is.
 *
 * Only what did not exist in a may stand for something else: an older object
 * may have another part to play.
 */

/* Objects under other numbers that one question may follow. */
#define PAIRS 1024

struct equal {
	struct pdf_step *s;
	enum pdf_place place;
	struct pdf_arena arena;
	/* Those that are the same if all others are, for loops. */
	struct {
		uint32_t a, b;
	} * pairs;
	size_t count, cap;
	size_t halves; /* references compared with what stands in place */
};

static enum deed_status same(struct equal *e, const struct pdf_object *a,
			     const struct pdf_object *b, int depth, bool *out,
			     struct deed_error *err);

/* ---- streams ---- */

struct compare {
	const struct pdf_input *in;
	uint64_t at;
	bool same;
	uint8_t window[4096];
};

/* The other stream is read in parts of its own: neither need be in memory
 * whole, and the first difference ends it. */
static enum deed_status compare_window(void *arg, struct slice window,
				       struct deed_error *err)
{
	struct compare *c = arg;
	enum deed_status status;
	size_t step, done;

	for (done = 0; c->same && done < window.len; done += step) {
		step = window.len - done;
		if (step > sizeof(c->window))
			step = sizeof(c->window);
		status = pdf_input_read(c->in, c->at, c->window, step, err);
		if (status != DEED_OK)
			return status;
		c->same = !memcmp(c->window, window.data + done, step);
		c->at += step;
	}
	return DEED_OK;
}

/* The raw bytes: an encrypted one under another number is another one. */
static enum deed_status same_data(struct pdf_step *s,
				  const struct pdf_object *a,
				  const struct pdf_object *b, bool *out,
				  struct deed_error *err)
{
	struct compare c = { .same = true };
	enum deed_status status;

	*out = false;
	if (a->u.dict.length != b->u.dict.length ||
	    a->u.dict.cipher.num != b->u.dict.cipher.num ||
	    a->u.dict.cipher.gen != b->u.dict.cipher.gen)
		return DEED_OK;
	c.in = pdf_document_input(s->a);
	c.at = b->u.dict.offset;
	status = pdf_charge(s->a->core, a->u.dict.length, err);
	if (status == DEED_OK)
		status =
			pdf_input_each(c.in, a->u.dict.offset, a->u.dict.length,
				       compare_window, &c, err);
	*out = c.same;
	return status;
}

/* ---- what refers to something ---- */

/* Zero stands for a value that is behind no reference. */
static enum deed_status new_pair(struct equal *e, uint32_t a, uint32_t b,
				 bool *known, struct deed_error *err)
{
	size_t i;

	*known = false;
	/* Of what stands in place there may be several, each another. */
	if (a == 0 || b == 0)
		return ++e->halves > PAIRS ? DEED_LIMIT : DEED_OK;
	for (i = 0; i < e->count; i++) {
		if (e->pairs[i].b == b) {
			*known = e->pairs[i].a == a;
			return *known ? DEED_OK : DEED_LIMIT;
		}
	}
	if (e->count == PAIRS)
		return DEED_LIMIT;
	if (!array_room(&e->pairs, &e->cap, e->count + 1))
		return deed_error_memory(err);
	e->pairs[e->count].a = a;
	e->pairs[e->count++].b = b;
	return DEED_OK;
}

/* One value of a, one of b, at least one of them behind a reference. */
static enum deed_status same_behind(struct equal *e, const struct pdf_object *a,
				    const struct pdf_object *b, int depth,
				    bool *out, struct deed_error *err)
{
	uint32_t x = pdf_is(a, PDF_REF) ? a->u.ref.num : 0;
	uint32_t y = pdf_is(b, PDF_REF) ? b->u.ref.num : 0;
	struct pdf_object *loaded;
	enum deed_status status;
	bool known;

	*out = false;
	if (y != 0 && (pdf_step_existed(e->s, y) || b->u.ref.gen != 0))
		return DEED_OK;
	status = new_pair(e, x, y, &known, err);
	if (status == DEED_LIMIT)
		return DEED_OK;
	if (status != DEED_OK || known) {
		*out = known;
		return status;
	}
	if (x != 0) {
		if (pdf_locate(e->s->a, x).gen != a->u.ref.gen)
			return DEED_OK;
		status = pdf_load(e->s->a, x, &e->arena, &loaded, err);
		a = loaded;
	}
	if (status == DEED_OK && y != 0) {
		status = pdf_load(e->s->b, y, &e->arena, &loaded, err);
		b = loaded;
	}
	return status == DEED_OK ? same(e, a, b, depth + 1, out, err) : status;
}

/* ---- values ---- */

/* A stream may say its length in another way. */
static bool is_length(const struct pdf_object *o, struct slice key)
{
	return pdf_is(o, PDF_STREAM) && slice_equal_str(key, "Length");
}

/* Keys are sorted by the parser, so that the order in which they were written
 * is no difference. /Length is none either: the data itself are compared. */
static enum deed_status same_dict(struct equal *e, const struct pdf_object *a,
				  const struct pdf_object *b, int depth,
				  bool *out, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	const struct pdf_entry *x, *y;
	size_t i;

	*out = a->u.dict.count == b->u.dict.count;
	for (i = 0; status == DEED_OK && *out && i < a->u.dict.count; i++) {
		x = &a->u.dict.entries[i];
		y = &b->u.dict.entries[i];
		if (pdf_key_compare(x->key, y->key) != 0)
			*out = false;
		else if (!is_length(a, x->key))
			status = same(e, x->value, y->value, depth + 1, out,
				      err);
	}
	if (status == DEED_OK && *out && pdf_is(a, PDF_STREAM))
		status = same_data(e->s, a, b, out, err);
	return status;
}

/* Two references to the same object are equal here, and the object is followed
 * later: so is no object compared twice. */
static enum deed_status same(struct equal *e, const struct pdf_object *a,
			     const struct pdf_object *b, int depth, bool *out,
			     struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t i;

	*out = false;
	if (depth > PDF_MAX_DEPTH)
		return DEED_OK;
	if (pdf_is(a, PDF_REF) && pdf_is(b, PDF_REF) && pdf_equal(a, b)) {
		*out = true;
		return pdf_step_follow(e->s, a, e->place, err);
	}
	if (pdf_is(a, PDF_REF) || pdf_is(b, PDF_REF))
		return same_behind(e, a, b, depth, out, err);
	if (a == NULL || b == NULL || a->type != b->type) {
		*out = pdf_is(a, PDF_NULL) && pdf_is(b, PDF_NULL);
		*out = *out || pdf_equal(a, b);
		return DEED_OK;
	}
	if (pdf_is_dict(a))
		return same_dict(e, a, b, depth, out, err);
	if (!pdf_is(a, PDF_ARRAY)) {
		*out = pdf_equal(a, b);
		return DEED_OK;
	}
	*out = a->u.array.count == b->u.array.count;
	for (i = 0; status == DEED_OK && *out && i < a->u.array.count; i++)
		status = same(e, a->u.array.items[i], b->u.array.items[i],
			      depth + 1, out, err);
	return status;
}

/* The plain comparison first: most values are the same, and only what they
 * refer to has to be walked. */
enum deed_status pdf_step_equal(struct pdf_step *s, const struct pdf_object *a,
				const struct pdf_object *b,
				enum pdf_place place, bool *out,
				struct deed_error *err)
{
	struct equal e = { .s = s, .place = place, .arena = PDF_ARENA_INIT };
	enum deed_status status;

	*out = pdf_equal(a, b);
	if (*out)
		return pdf_step_follow(s, a, place, err);
	status = same(&e, a, b, 0, out, err);
	pdf_arena_clear(&e.arena);
	free(e.pairs);
	return status;
}
