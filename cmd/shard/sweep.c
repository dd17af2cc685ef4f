/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/shard/sweep.h"

#include <inttypes.h>

#include "cmd/frame/output.h"
#include "office/deposit/deposit_sweep.h"

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* Mostly there is nothing to be told. */
static void put_lines(struct session *s, const struct lost_report *r)
{
	if (r->deposits > 0)
		output_line(s,
			    "%" PRIu64 " upload%s that nothing names: %" PRIu64
			    " object%s%s removed",
			    r->deposits, plural(r->deposits), r->objects,
			    plural(r->objects), s->dry_run ? " would be" : "");
	if (r->young > 0)
		output_line(s,
			    "%" PRIu64 " upload%s that nothing names stay%s: "
			    "younger than a day",
			    r->young, plural(r->young),
			    r->young == 1 ? "s" : "");
	if (r->strange > 0)
		output_line(s,
			    "%" PRIu64 " folder%s that nothing names stay%s: "
			    "what lies there is not of a deposit alone",
			    r->strange, plural(r->strange),
			    r->strange == 1 ? "s" : "");
	if (r->more)
		output_line(s, "there may be more: run it again");
}

/* Always there, with the reason where nothing was looked for: an empty answer
 * would look like a clean one. */
static void put_json(struct session *s, const struct lost_report *r, bool done,
		     const struct deed_error *why)
{
	json_t *json =
		json_pack("{s:b, s:I, s:I, s:I, s:I, s:b}", "done", done,
			  "uploads", (json_int_t)r->deposits, "objects",
			  (json_int_t)r->objects, "young", (json_int_t)r->young,
			  "strange", (json_int_t)r->strange, "more", r->more);

	if (!done)
		json_object_set_new(json, "why", output_text(why->message));
	output_set(s, "lost", json);
}

/* That a place is away is told of each deposit. */
enum deed_status sweep_lost(struct session *s, struct deposit_visit *v,
			    struct deed_error *err)
{
	const struct deposit_sweep how = {
		.wait = (unsigned)s->wait,
		.now = s->now,
		.dry_run = s->dry_run,
	};
	struct deed_error why = DEED_ERROR_INIT;
	struct lost_report r;
	enum deed_status status;
	bool done;

	status = deposit_sweep(v, &how, &r, &done, &why, err);
	put_lines(s, &r);
	output_stream(s, "deposits");
	put_json(s, &r, done, &why);
	if (!done && why.status != DEED_REMOTE)
		session_warn(s,
			     "uploads that nothing names are not looked for: "
			     "%s",
			     why.message);
	return status;
}
