/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "cmd/frame/command.h"
#include "cmd/frame/output.h"
#include "cmd/shard/shard.h"
#include "cmd/shard/traffic.h"
#include "office/deposit/deposit_audit.h"

/* What the next run would find too: a rehearsal mends nothing. */
static enum deed_status found(const struct session *s,
			      const struct audit_report *r)
{
	for (size_t i = 0; i < r->findings; i++)
		if (r->finding[i].status != DEED_OK &&
		    !(s->dry_run && r->finding[i].status == DEED_INCONSISTENT))
			return r->finding[i].status;
	return DEED_OK;
}

/* Where something could not be read nothing is taken out of the catalogue: a
 * place that is away would empty it. */
static void report(struct session *s, const struct catalogue_changes *c,
		   const struct audit_report *r)
{
	output_set(s, "deposits", json_integer((json_int_t)c->deposits));
	output_set(s, "added", json_integer((json_int_t)c->added));
	output_set(s, "changed", json_integer((json_int_t)c->changed));
	output_set(s, "removed", json_integer((json_int_t)c->removed));
	output_set(s, "anew", json_boolean(c->fresh));
	output_set(s, "catalogue", shard_catalogue_json(s, r, json_array()));
	if (c->unread)
		session_say(s, "some of what lies at the places could not be "
			       "read: nothing is taken out");
	session_say(s,
		    "the catalogue %s %" PRIu64 " deposits: %" PRIu64
		    " added, %" PRIu64 " changed, %" PRIu64 " removed%s",
		    s->dry_run ? "would have" : "has", c->deposits, c->added,
		    c->changed, c->removed,
		    !c->fresh	 ? ""
		    : s->dry_run ? "; it would be made anew"
				 : "; it was made anew");
}

/* The catalogue is made to agree with the places and then held against the
 * log: what differs still is a finding, and decides the exit code. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	struct audit_report r = AUDIT_REPORT_INIT;
	struct catalogue_changes changes;
	struct home *home = NULL;
	enum deed_status status;

	(void)args;
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = deposit_reindex(home, (unsigned)s->wait, s->now,
					 s->dry_run, &changes, &r, err);
	if (status == DEED_OK) {
		report(s, &changes, &r);
		status = found(s, &r);
	}
	audit_report_clear(&r);
	home_close(home);
	traffic_tell(s, false);
	return status;
}

const struct command command_shard_reindex = {
	.name = "shard reindex",
	.operands = "",
	.summary = "make the catalogue agree with the places",
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.run = run,
};
