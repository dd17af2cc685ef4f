/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signing/placing.h"

#include <math.h>

#include "office/document/sign.h"

void placing_design(const struct placing_args *p, bool placed,
		    struct seal_design *design)
{
	design->every_page = p->every_page;
	design->seam = p->seam;
	design->seam_top_mm = p->seam_at.given ? p->seam_at.value : -1;
	design->no_field = p->seam && !placed;
}

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
