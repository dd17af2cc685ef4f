/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/placing.h"

#include <math.h>
#include <stdlib.h>

#include "cmd/signing/signing.h"
#include "look/find.h"
#include "office/document/sign_where.h"

bool placing_by_text(const struct session *s, const struct placing_args *p,
		     const struct place_args *place)
{
	return p->at_text != NULL &&
	       (!place->position.given || option_given(s, "at-text"));
}

/* An expression stands between two strokes. */
static bool is_regex(const char *text)
{
	size_t len = strlen(text);

	return len > 2 && text[0] == '/' && text[len - 1] == '/';
}

static enum deed_status needs(const char *option, const char *what,
			      const char *other, struct deed_error *err)
{
	return deed_error_set(err, DEED_USAGE, "%s says %s: it needs %s",
			      option, what, other);
}

enum deed_status placing_check(const struct session *s,
			       const struct placing_args *p,
			       const struct place_args *place,
			       struct deed_error *err)
{
	bool both = option_given(s, "at-text") == option_given(s, "position");

	if (p->at_text != NULL && place->position.given && both)
		return deed_error_set(err, DEED_USAGE,
				      "--at-text and --position both say where "
				      "it stands");
	if (p->at_text == NULL && option_given(s, "nth"))
		return needs("--nth", "which of several texts", "--at-text",
			     err);
	if (p->at_text == NULL && option_given(s, "offset"))
		return needs("--offset", "how far from a text", "--at-text",
			     err);
	if (option_given(s, "seam-at") && !p->seam)
		return needs("--seam-at", "where a seam begins", "--seam", err);
	if (p->at_text != NULL && strlen(p->at_text) > LOOK_TEXT)
		return deed_error_set(err, DEED_USAGE,
				      "--at-text takes %d bytes at most",
				      LOOK_TEXT);
	return DEED_OK;
}

void placing_design(const struct placing_args *p, bool placed,
		    struct seal_design *design)
{
	design->every_page = p->every_page;
	design->seam = p->seam;
	design->seam_top_mm = p->seam_at.given ? p->seam_at.value : -1;
	design->no_field = p->seam && !placed;
}

/* ---- by a text ---- */

/* An expression is passed on without its strokes.  Where the text is there
 * more than once the hint says how to choose one: the first is not taken by
 * guess. */
static enum deed_status look_for(const struct signing *w, long page,
				 const struct sign_item *item,
				 struct pades_appearance *a,
				 struct deed_error *err)
{
	const struct placing_args *p = w->placing;
	struct sign_where where = { .text = p->at_text,
				    .page = page,
				    .nth = (unsigned)p->nth,
				    .x_mm = p->offset.x,
				    .y_mm = p->offset.y };
	enum deed_status status;
	char *expression = NULL;
	uint32_t total;

	where.regex = is_regex(p->at_text);
	if (where.regex) {
		expression = strndup(p->at_text + 1, strlen(p->at_text) - 2);
		if (expression == NULL)
			return deed_error_memory(err);
		where.text = expression;
	}
	status = sign_where_find(w->look, item->input, item->name,
				 item->document_password, &where, a, &total,
				 err);
	if (status == DEED_USAGE && total > 1 && where.nth == 0)
		deed_error_hint(err, "--nth 1 takes the first, in the order of "
				     "the pages and from the top down");
	free(expression);
	return status;
}

enum deed_status placing_find(const struct signing *w, size_t index,
			      struct placing_found *found,
			      struct sign_item *item, struct deed_error *err)
{
	long page = w->text_page;

	if (w->look == NULL || item->appearance == NULL ||
	    item->format != SIGN_PDF)
		return DEED_OK;
	if (w->manifest != NULL &&
	    signing_manifest_places(w->manifest, index, &page))
		return DEED_OK;
	if (!found->asked) {
		found->asked = true;
		found->appearance = *item->appearance;
		found->status = look_for(w, page, item, &found->appearance,
					 &found->err);
	}
	if (found->status != DEED_OK && err != NULL)
		*err = found->err;
	item->appearance = &found->appearance;
	return found->status;
}

/* ---- the report ---- */

/* A tenth of a millimetre is less than anybody sees. */
static json_t *tenths(double mm)
{
	return json_real(round(mm * 10) / 10);
}

void placing_json(const struct sign_result *r, json_t *json)
{
	const struct pades_shown *s = &r->shown;

	if (s->page > 0)
		(void)json_object_set_new(
			json, "shows",
			json_pack("{s:i,s:[o,o],s:[o,o]}", "page", (int)s->page,
				  "position", tenths(s->x_mm), tenths(s->y_mm),
				  "size", tenths(s->width_mm),
				  tenths(s->height_mm)));
	if (s->pages > 0)
		(void)json_object_set_new(json, "pages",
					  json_integer(s->pages));
	if (s->seams > 0)
		(void)json_object_set_new(json, "seam",
					  json_pack("{s:i,s:o}", "seals",
						    (int)s->seams, "top",
						    tenths(s->seam_top_mm)));
}
