/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/put_lacking.h"

#include "cmd/frame/output.h"

void put_lacking(const struct deposit_made *made, struct buf *said,
		 json_t *json)
{
	bool whole = made->lacking_count == 0;
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < made->lacking_count; i++) {
		const char *before =
			i > 0 ? ", " : "; degraded: not all is at ";

		buf_printf(said, "%s%s", before, made->lacking[i]);
		json_array_append_new(list, output_text(made->lacking[i]));
	}
	json_object_set_new(json, "state",
			    json_string(whole ? "healthy" : "degraded"));
	json_object_set_new(json, "lacking", list);
}
