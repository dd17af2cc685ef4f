/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "archive/place/place.h"
#include "archive/places.h"
#include "cmd/frame/command.h"
#include "cmd/frame/output.h"
#include "office/home.h"

static const struct {
	const char *id, *text;
} conditions[] = {
	[PLACE_CONDITION_UNKNOWN] = { "unknown", "not known" },
	[PLACE_CONDITION_HELD] = { "held", "held: what is there stays" },
	[PLACE_CONDITION_IGNORED] = { "ignored",
				      "ignored: what is there is overwritten, "
				      "and it says that all is well" },
	[PLACE_CONDITION_UNSUPPORTED] = { "unsupported", "not supported" },
};

/* A second either way is the delay of asking.  A store refuses signed requests
 * when its clock is far from ours, which is why it is told. */
static void say_clock(struct session *s, const struct place_traits *t)
{
	if (!t->clock_known)
		output_line(s, "clock: not told");
	else if (t->clock >= -1 && t->clock <= 1)
		output_line(s, "clock: as this machine's");
	else
		output_line(s, "clock: %lld s %s this machine's",
			    llabs((long long)t->clock),
			    t->clock < 0 ? "behind" : "ahead of");
}

/* What a bucket's store does beside keeping what is written. */
static void say_traits(struct session *s, const struct place_traits *t)
{
	output_line(s, "conditional writes: %s", conditions[t->condition].text);
	output_line(s, "versions: %s%s",
		    !t->versions_known ? "not told"
		    : t->versions      ? "kept"
				       : "not kept",
		    t->marker ? "; what is removed leaves a marker" : "");
	say_clock(s, t);
	output_set(s, "conditional", json_string(conditions[t->condition].id));
	output_set(s, "versions",
		   t->versions_known ? json_boolean(t->versions) : json_null());
	output_set(s, "markers", json_boolean(t->marker));
	output_set(s, "clock",
		   t->clock_known ? json_integer((json_int_t)t->clock)
				  : json_null());
}

/* With -n nothing may be written, so that only whether the place answers can
 * be known. */
static enum deed_status test(struct session *s, struct place *p,
			     struct deed_error *err)
{
	struct place_traits traits;
	enum deed_status status;

	if (s->dry_run) {
		status = place_probe(p, err);
		if (status != DEED_OK)
			deed_error_prefix(err, "place '%s'", place_name(p));
		return status;
	}
	status = places_test(p, &traits, err);
	if (status == DEED_OK && !place_is_local(p))
		say_traits(s, &traits);
	return status;
}

/* The archive's own description of the place is tried, not one of the command
 * line: that is how runs will see it. */
static enum deed_status run_test(struct session *s, const void *args,
				 struct deed_error *err)
{
	const char *name = s->operand[0];
	struct archive *a = NULL;
	struct home *home = NULL;
	struct place *p = NULL;
	enum deed_status status = session_open_home(s, &home, err);

	(void)args;
	if (status == DEED_OK)
		status = archive_open(home->archive, home->places, &a, err);
	if (status == DEED_OK)
		p = archive_place(a, name);
	if (status == DEED_OK && p == NULL)
		status = deed_error_set(err, DEED_NOT_FOUND,
					"the archive has no place '%s'", name);
	if (status == DEED_OK)
		status = test(s, p, err);
	if (status == DEED_OK) {
		session_say(s, "place %s %s", name,
			    s->dry_run ? "answers, and would be written to"
				       : "keeps what is written to it");
		output_set(s, "name", output_text(name));
	}
	archive_close(a);
	home_close(home);
	return status;
}

const struct command command_shard_place_test = {
	.name = "shard place test",
	.operands = "NAME",
	.summary = "write to a place, read it back, and take it away again",
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.run = run_test,
};
