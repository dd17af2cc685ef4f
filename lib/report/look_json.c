/* SPDX-License-Identifier: Apache-2.0 */
#include "report/look_json.h"

#include "codec/base64.h"
#include "report/json_build.h"
#include "report/png.h"
#include "report/verify_report.h"

/* To a part of the unit, which nobody sees. */
static json_t *number(double value, double parts)
{
	double rounded = value * parts + (value < 0 ? -0.5 : 0.5);

	return json_real((double)(int64_t)rounded / parts);
}

/* Points have two places behind the dot and parts of a page four: parts says
 * which. */
static json_t *numbers(const double four[4], double parts)
{
	json_t *a = json_array();
	int i;

	for (i = 0; i < 4; i++)
		json_build_append(&a, number(four[i], parts));
	return a;
}

static const char *view_text(bool print)
{
	return print ? "print" : "screen";
}

/* All of them, while the reasons tell the first few in words.  Pages count
 * from 1. */
static json_t *differences(const struct look_seen *seen)
{
	json_t *a = json_array(), *o;
	size_t i;

	for (i = 0; i < seen->mark_count; i++) {
		o = json_object();
		json_build_set(&o, "page",
			       json_integer(seen->marks[i].page + 1));
		json_build_set(&o, "view",
			       json_string(view_text(seen->marks[i].print)));
		json_build_set(&o, "box", numbers(seen->marks[i].box, 100));
		json_build_append(&a, o);
	}
	return a;
}

static const char *outcome(const struct look_seen *seen)
{
	if (seen->mark_count > 0 || seen->more ||
	    (seen->painted && seen->pages_then != seen->pages_now))
		return "different";
	return seen->painted ? "same" : "not-painted";
}

/* Without the pictures, which are put beside them where there are any and can
 * be dropped again (report_drop_pictures). */
static json_t *facts(const struct look_seen *seen)
{
	json_t *o = json_object();

	json_build_set(&o, "outcome", json_string(outcome(seen)));
	json_build_set(&o, "why",
		       seen->painted ? json_null() : json_string(seen->why));
	json_build_set(&o, "pages_signed", json_integer(seen->pages_then));
	json_build_set(&o, "pages", json_integer(seen->pages_now));
	json_build_set(&o, "differences", differences(seen));
	json_build_set(&o, "more", json_boolean(seen->more));
	return o;
}

/* ---- pictures ---- */

/* A view without a size was too small to be shrunk, and there is no PNG of no
 * pixels. */
static json_t *picture_data(const struct look_view *view)
{
	struct buf png = BUF_INIT, text = BUF_INIT;

	if (view->width == 0)
		return json_null();
	report_png(view->width, view->height, buf_get(&view->pixels), &png);
	base64_encode(buf_get(&png), &text);
	text.failed |= png.failed;
	buf_clear(&png);
	return json_build_take(&text);
}

/* The marks are parts of the page's sides from its left and top edge, so that
 * they fit whatever size the picture is shown in. */
static json_t *picture(const struct look_picture *p)
{
	json_t *o = json_object(), *marks = json_array();
	size_t i;

	for (i = 0; i < p->mark_count; i++)
		json_build_append(&marks, numbers(p->marks[i], 10000));
	json_build_set(&o, "page", json_integer(p->page + 1));
	json_build_set(&o, "view", json_string(view_text(p->print)));
	json_build_set(&o, "signed", picture_data(&p->then));
	json_build_set(&o, "now", picture_data(&p->now));
	json_build_set(&o, "marks", marks);
	return o;
}

/* An answer that is NULL for lack of memory makes the whole report NULL. */
static json_t *pictures(const struct look_seen *seen)
{
	json_t *a = json_array();
	size_t i;

	for (i = 0; i < seen->picture_count; i++)
		json_build_append(&a, picture(&seen->pictures[i]));
	return a;
}

json_t *report_look_json(const struct look_seen *seen)
{
	json_t *o = facts(seen);

	if (seen->picture_count > 0)
		json_build_set(&o, "pictures", pictures(seen));
	return o;
}

void report_drop_pictures(json_t *verify)
{
	json_t *doc, *sig;
	size_t i, k;

	json_array_foreach(json_object_get(verify, "documents"), i, doc)
	{
		json_array_foreach(json_object_get(doc, "signatures"), k, sig)(
			void) json_object_del(json_object_get(sig, "look"),
					      "pictures");
	}
}
