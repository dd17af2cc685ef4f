/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/moved.h"

#include <inttypes.h>

#include "cmd/frame/output.h"
#include "cmd/shard/health.h"

static const char *would(const struct session *s)
{
	return s->dry_run ? " would be" : "";
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

void moved_line(struct session *s, const char *id, const struct placement *to)
{
	const char *before = ":";
	struct buf text = BUF_INIT;
	unsigned i;

	for (i = 0; i < to->n; i++) {
		if (!to->moves[i])
			continue;
		buf_printf(&text, "%s %u to %s", before, i + 1, to->place[i]);
		before = ",";
	}
	buf_byte(&text, 0);
	if (!text.failed)
		output_line(s, "%s: %u part%s%s moved%s", id, to->moved,
			    plural(to->moved), would(s),
			    (const char *)text.data);
	buf_clear(&text);
}

json_t *moved_json(const char *id, const struct placement *to)
{
	json_t *places = json_array();
	unsigned i;

	for (i = 0; i < to->n; i++)
		json_array_append_new(places, json_string(to->place[i]));
	return json_pack("{s:s, s:I, s:o}", "id", id, "moved",
			 (json_int_t)to->moved, "placement", places);
}

void moved_left(struct session *s, const char *id,
		const struct leftover_report *r, json_t *json,
		struct moved_count *count)
{
	count->removed += r->objects;
	count->waiting += r->waiting > 0;
	if (r->objects > 0)
		output_line(s, "%s: %zu object%s%s removed at %zu place%s", id,
			    r->objects, plural(r->objects), would(s), r->places,
			    plural(r->places));
	if (r->kept > 0)
		health_lines(s, id, &r->found, true);
	if (r->away > 0)
		session_warn(s, "%s: a place where it lay does not answer", id);
	json_object_set_new(json, "removed",
			    json_integer((json_int_t)r->objects));
	json_object_set_new(json, "waiting",
			    json_integer((json_int_t)r->waiting));
}

void moved_sum(struct session *s, const struct moved_count *c)
{
	output_line(s,
		    "%" PRIu64 " deposit%s: %" PRIu64 "%s moved; %" PRIu64
		    " object%s%s removed; %" PRIu64
		    " still at earlier places, too",
		    c->deposits, plural(c->deposits), c->moved, would(s),
		    c->removed, plural(c->removed), would(s), c->waiting);
	output_stream(s, "deposits");
	output_set(s, "summary",
		   json_pack("{s:I, s:I, s:I, s:I, s:I}", "deposits",
			     (json_int_t)c->deposits, "moved",
			     (json_int_t)c->moved, "parts",
			     (json_int_t)c->parts, "removed",
			     (json_int_t)c->removed, "waiting",
			     (json_int_t)c->waiting));
}
