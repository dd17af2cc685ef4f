/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/structure_priv.h"

/*
 * What an object weighs that stands where no table leads: whether a reader can
 * come to it, and see another document.
 */

/* In small parts, so that no memory is taken; the whole length is charged
 * before, as it may be asked for each stray. */
static bool same_bytes(struct structure *s, uint64_t a, uint64_t b,
		       uint64_t len)
{
	uint8_t x[1024], y[1024];
	size_t part;

	if (pdf_charge(s->core, len, NULL) != DEED_OK)
		return false;
	for (; len > 0; len -= part, a += part, b += part) {
		part = len < sizeof(x) ? (size_t)len : sizeof(x);
		if (pdf_input_read(s->core->in, a, x, part, NULL) != DEED_OK ||
		    pdf_input_read(s->core->in, b, y, part, NULL) != DEED_OK ||
		    memcmp(x, y, part) != 0)
			return false;
	}
	return true;
}

/* pdf_equal never takes streams for equal: here their dictionaries are
 * compared as such, then the raw bytes.  In an encrypted file both are under
 * one number, if they are the same. */
static bool same_object(struct structure *s, const struct pdf_object *a,
			const struct pdf_object *b)
{
	struct pdf_object x, y;

	if (!pdf_is(a, PDF_STREAM) || !pdf_is(b, PDF_STREAM))
		return pdf_equal(a, b);
	x = *a;
	y = *b;
	x.type = y.type = PDF_DICT;
	return pdf_equal(&x, &y) && a->u.dict.length == b->u.dict.length &&
	       same_bytes(s, a->u.dict.offset, b->u.dict.offset,
			  a->u.dict.length);
}

/* Is it what a view has for that number anyway? */
static bool is_same(struct structure *s, struct pdf_document *view,
		    uint32_t num, const struct pdf_object *o)
{
	struct pdf_arena arena = PDF_ARENA_INIT;
	struct pdf_object *known;
	bool same;

	same = pdf_load(view, num, &arena, &known, NULL) == DEED_OK &&
	       known != NULL && same_object(s, known, o);
	pdf_arena_clear(&arena);
	return same;
}

/* Whoever repairs a file takes the last object of a number, unless its
 * generation is lower: is that the table's own? */
static bool is_overtaken(const struct structure *s, struct pdf_ref ref,
			 uint64_t at)
{
	struct pdf_location where = pdf_locate(s->doc, ref.num);

	return at < where.offset && where.where == PDF_IN_FILE &&
	       ref.gen <= where.gen;
}

/* The same object a second time shows the same to everybody.  Anything else is
 * prepared only where some reader would come to it: the number is used or
 * named, and it is not overtaken by the table's own. */
enum deed_status structure_stray(struct structure *s, struct pdf_ref ref,
				 const struct pdf_object *o, size_t revision,
				 bool inside, uint64_t at,
				 struct deed_error *err)
{
	struct pdf_document *view = &s->core->views[revision];
	enum pdf_fault_weight weight = PDF_FAULT_LATER;
	bool used;

	used = pdf_version_key(view, ref.num) != 0 ||
	       pdf_version_key(s->doc, ref.num) != 0;
	if (used && o != NULL &&
	    (is_same(s, view, ref.num, o) ||
	     (view != s->doc && is_same(s, s->doc, ref.num, o))))
		weight = PDF_FAULT_HARMLESS;
	else if ((used || structure_named(s, ref.num)) &&
		 (!inside || s->repaired) && !is_overtaken(s, ref, at))
		/* A file within a file has objects of the same numbers, and
		 * no reader looks for them in a stream unless it repairs. */
		weight = PDF_FAULT_PREPARED;
	return structure_fault(s, PDF_FAULT_STRAY, weight, revision, ref.num,
			       err,
			       used ? "object %u stands a second time at byte "
				      "%llu"
				    : "object %u, which no table lists, stands "
				      "at byte %llu",
			       (unsigned)ref.num, (unsigned long long)at);
}
