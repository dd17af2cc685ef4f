/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/describe.h"

#include "codec/json.h"

bool places_describe(const json_t *json, struct place_description *out)
{
	*out = (struct place_description){
		.where = json_get_string(json, "place"),
	};
	return out->where != NULL;
}

json_t *places_described(const char *name, const struct place_description *d)
{
	return json_pack("{s:s, s:s}", "name", name, "place", d->where);
}
