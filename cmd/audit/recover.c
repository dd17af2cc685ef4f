/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <inttypes.h>

#include "cmd/audit/audit.h"
#include "cmd/frame/output.h"

static const char *const words[] = {
	[AUDIT_SOUND] = "sound",       [AUDIT_FINISHED] = "finished",
	[AUDIT_RESTORED] = "restored", [AUDIT_COPIED] = "copied",
	[AUDIT_GAP] = "gap",	       [AUDIT_TAKEN] = "taken",
};

/* What was done depends on what the log and its copies said; entries are named
 * where one was written about it. */
static void say(struct session *s, const struct audit_recovered *r)
{
	switch (r->what) {
	case AUDIT_SOUND:
		session_say(s, "there is nothing to recover");
		break;
	case AUDIT_FINISHED:
		session_say(s, "an interrupted change was finished or undone");
		break;
	case AUDIT_RESTORED:
		session_say(s, "the checkpoint was restored from its second "
			       "copy");
		break;
	case AUDIT_COPIED:
		session_say(s,
			    "the second copy of the checkpoint was gone: "
			    "entry %" PRIu64 " says so",
			    r->index);
		break;
	case AUDIT_TAKEN:
		session_say(s,
			    "what lies in the home %s taken as it is: entry "
			    "%" PRIu64 " %s so",
			    s->dry_run ? "would be" : "was", r->index,
			    s->dry_run ? "would say" : "says");
		break;
	case AUDIT_GAP:
		session_say(s,
			    "the log had %" PRIu64 " entries, its second copy "
			    "spoke of %" PRIu64 ": entry %" PRIu64 " says so",
			    r->found, r->expected, r->index);
		break;
	}
}

/* Numbers only where there are some: a log that was sound has no gap to tell.
 */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	struct audit_recovered r;
	struct audit_session as;
	enum deed_status status = audit_session_open(s, &as, err);

	(void)args;
	if (status == DEED_OK)
		status = audit_recover(as.log, s->now, s->dry_run, &r, err);
	if (status == DEED_OK) {
		say(s, &r);
		output_set(s, "result", json_string(words[r.what]));
		if (r.what == AUDIT_TAKEN)
			output_set(s, "index",
				   json_integer((json_int_t)r.index));
		if (r.what == AUDIT_GAP || r.what == AUDIT_COPIED) {
			output_set(s, "index",
				   json_integer((json_int_t)r.index));
			output_set(s, "found",
				   json_integer((json_int_t)r.found));
			output_set(s, "expected",
				   json_integer((json_int_t)r.expected));
		}
	}
	audit_session_close(&as);
	return status;
}

const struct command command_audit_recover = {
	.name = "audit recover",
	.operands = "",
	.summary = "bring log and second checkpoint into agreement again",
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.run = run,
};
