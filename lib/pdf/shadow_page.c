/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "pdf/content.h"
#include "pdf/geometry.h"
#include "pdf/painted.h"
#include "pdf/shadow_priv.h"

#define CONTENT_MAX ((size_t)1 << 20)
#define STATES 32

/* So much of a page hides something. */
#define MUCH 0.5
#define PICTURE 0.5

/* ---- annotations ---- */

/* What covers much of a page can be taken off later, as an annotation may, and
 * shows what lies beneath. */
static void look_at_annotation(struct shadow *s, size_t page,
			       const struct pdf_rect *box,
			       const struct pdf_object *item)
{
	const struct pdf_sheet sheet = { .box = *box, .unit = 1 };
	const struct pdf_object *dict, *subtype;
	struct pdf_painted painted;
	struct pdf_ref ref = { 0 };
	struct slice kind;
	struct pdf_rect r;

	(void)pdf_get_ref(item, &ref);
	if (!shadow_well(s, pdf_resolve(s->doc, item, &dict, NULL)) ||
	    pdf_dict_get(dict, "AP") == NULL ||
	    !shadow_well(s, pdf_painted_read(s->doc, dict, &sheet, &painted,
					     NULL)) ||
	    !painted.any || painted.multiply)
		return;
	/* What cannot be read has no name. */
	if (!shadow_well(s, pdf_dict_resolve(s->doc, dict, "Subtype", &subtype,
					     NULL)))
		subtype = NULL;
	kind = pdf_get_name(subtype);
	r = painted.area;
	pdf_rect_intersect(&r, box);
	if (pdf_rect_area(&r) >= MUCH * pdf_rect_area(box))
		shadow_find(s, "shadow-overlay",
			    "a %.*s covers %.0f %% of page %zu (object %u)",
			    (int)(kind.len > 20 ? 20 : kind.len),
			    kind.len == 0 ? "" : (const char *)kind.data,
			    100 * pdf_rect_area(&r) / pdf_rect_area(box),
			    page + 1, (unsigned)ref.num);
}

/* ---- holes ---- */

/* A number that is free or has no row: a later revision may fill it with
 * anything, without changing the page itself. */
static void look_for_hole(struct shadow *s, size_t page, const char *what,
			  const struct pdf_object *o)
{
	enum pdf_where where;
	struct pdf_ref ref;

	if (!pdf_get_ref(o, &ref))
		return;
	where = pdf_locate(s->doc, ref.num).where;
	if (where == PDF_ABSENT || where == PDF_FREE)
		shadow_find(s, "shadow-hole",
			    "%s of page %zu is not there (object %u)", what,
			    page + 1, (unsigned)ref.num);
}

/* A reference to nothing can be filled by a later revision. */
static void look_for_holes(struct shadow *s, size_t page,
			   const struct pdf_page *p)
{
	static const char *const kinds[] = { "XObject", "Font" };
	const struct pdf_object *contents, *dict;
	size_t i, k;

	contents = pdf_dict_get(p->dict, "Contents");
	look_for_hole(s, page, "content", contents);
	if (!shadow_well(s, pdf_resolve(s->doc, contents, &contents, NULL)))
		return;
	for (i = 0; i < pdf_array_count(contents); i++)
		look_for_hole(s, page, "content", pdf_array_get(contents, i));
	for (k = 0; k < 2; k++) {
		if (!shadow_well(s, pdf_dict_resolve(s->doc, p->resources,
						     kinds[k], &dict, NULL)) ||
		    !pdf_is(dict, PDF_DICT))
			continue;
		for (i = 0; i < dict->u.dict.count; i++)
			look_for_hole(s, page, "a resource",
				      dict->u.dict.entries[i].value);
	}
}

/* ---- pictures over text ---- */

struct content {
	struct shadow *s;
	size_t page;
	const struct pdf_object *xobjects;
	double whole;		  /* the page's area */
	double scale[STATES + 1]; /* of the unit square, by saved state; the
				   * last is that of all deeper ones */
	size_t depth;
	int64_t mode; /* of text rendering: 3 and 7 show nothing */
	bool text;    /* some was shown */
};

static double *scale(struct content *c)
{
	return &c->scale[c->depth < STATES ? c->depth : STATES];
}

/* A picture over text, without a mask: take it away, and something else is
 * read. */
static void paint(struct content *c, const struct pdf_object *name)
{
	const struct pdf_object *x, *mask, *soft, *stencil;
	double size = *scale(c);
	const char *key;

	if (!c->text || !pdf_is(name, PDF_NAME) || size < PICTURE * c->whole)
		return;
	key = (const char *)name->u.text.data;
	if (!shadow_well(c->s, pdf_dict_resolve(c->s->doc, c->xobjects, key, &x,
						NULL)) ||
	    !pdf_is(x, PDF_STREAM) ||
	    !pdf_is_name(pdf_dict_get(x, "Subtype"), "Image"))
		return;
	mask = pdf_dict_get(x, "Mask");
	soft = pdf_dict_get(x, "SMask");
	stencil = pdf_dict_get(x, "ImageMask");
	if (mask == NULL && soft == NULL && stencil == NULL)
		shadow_find(c->s, "shadow-image",
			    "a picture lies over text of page %zu (%s)",
			    c->page + 1, key);
}

/* False where there are more or fewer operands than wanted, so that out is
 * never overrun. */
static bool get_numbers(const struct pdf_content *op, double *out, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (op->count != count || !pdf_get_number(op->operands[i], out))
			return false;
		out++;
	}
	return true;
}

/* A rough measure: only the size of the unit square is followed, by the
 * determinant, for a picture is drawn into that.  Text in any shown mode
 * counts. */
static void operate(struct content *c, const struct pdf_content *op)
{
	static const char *const shows[] = { "Tj", "TJ", "'", "\"", NULL };
	double n[6], size;

	if (strcmp(op->name, "q") == 0) {
		size = *scale(c);
		c->depth++;
		*scale(c) = size;
	} else if (strcmp(op->name, "Q") == 0) {
		c->depth -= c->depth > 0;
	} else if (strcmp(op->name, "cm") == 0 && get_numbers(op, n, 6)) {
		*scale(c) *= fabs(n[0] * n[3] - n[1] * n[2]);
	} else if (strcmp(op->name, "Tr") == 0 && get_numbers(op, n, 1)) {
		c->mode = n[0] >= 0 && n[0] <= 7 ? (int64_t)n[0] : 0;
	} else if (pdf_name_in(slice_str(op->name), shows)) {
		c->text = c->text || (c->mode != 3 && c->mode != 7);
	} else if (strcmp(op->name, "Do") == 0 && op->count == 1) {
		paint(c, op->operands[0]);
	}
}

/* What breaks off was shown so far. */
static void read_content(struct slice data, struct content *c)
{
	struct pdf_content op;
	bool more = true;

	pdf_content_init(&op, data);
	while (c->s->failed == DEED_OK &&
	       shadow_well(c->s, pdf_content_next(&op, &more, NULL)) && more)
		operate(c, &op);
	pdf_content_clear(&op);
}

/* Without external objects there is no picture that could lie over text, and
 * the content need not be read.  Content of more than CONTENT_MAX bytes is
 * passed over. */
static void look_at_content(struct shadow *s, size_t page,
			    const struct pdf_page *p,
			    const struct pdf_rect *box)
{
	struct content c = { .s = s,
			     .page = page,
			     .whole = pdf_rect_area(box) };
	struct buf data = BUF_INIT;

	c.scale[0] = 1;
	if (!shadow_well(s, pdf_dict_resolve(s->doc, p->resources, "XObject",
					     &c.xobjects, NULL)) ||
	    !pdf_is(c.xobjects, PDF_DICT) || c.xobjects->u.dict.count == 0)
		return;
	if (shadow_well(s, pdf_content_gather(s->doc,
					      pdf_dict_get(p->dict, "Contents"),
					      CONTENT_MAX, &data, NULL)))
		read_content(buf_get(&data), &c);
	buf_clear(&data);
}

void shadow_page(struct shadow *s, size_t i)
{
	const struct pdf_object *annots;
	struct pdf_rect box = { 0, 0, 612, 792 };
	struct pdf_page page;
	size_t k;
	bool there;

	if (!shadow_well(s, pdf_page_get(s->doc, i, &page, NULL)) ||
	    !shadow_well(s, pdf_rect_read(s->doc, page.media_box, &there, &box,
					  NULL)) ||
	    pdf_rect_area(&box) <= 0)
		return;
	look_for_holes(s, i, &page);
	look_at_content(s, i, &page, &box);
	if (!shadow_well(s, pdf_dict_resolve(s->doc, page.dict, "Annots",
					     &annots, NULL)))
		return;
	for (k = 0; k < pdf_array_count(annots) && s->failed == DEED_OK; k++)
		look_at_annotation(s, i, &box, pdf_array_get(annots, k));
}
