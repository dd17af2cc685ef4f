/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/clock.h"
#include "cmd/frame/command.h"
#include "cmd/frame/output.h"
#include "cmd/shard/shard.h"

struct list_args {
	const char *party;
	struct option_time since, until;
	int state; /* 0: any */
	const char *label;
	long limit;
	const char *after;
};

static const char *const any_or_state[] = { "any", "healthy", "degraded",
					    "unreadable", NULL };

static const struct option options[] = {
	{ OPTION_TEXT(struct list_args, party), .name = "party",
	  .argument = "PARTY|CERT.pem", .complete = COMPLETE_PARTY,
	  .help = "only deposits that this party can bring back" },
	{ OPTION_TIME(struct list_args, since), .name = "since",
	  .help = "only deposits of this time and later ones" },
	{ OPTION_TIME(struct list_args, until), .name = "until",
	  .help = "only deposits before this time" },
	{ OPTION_CHOICE(struct list_args, state), .name = "state",
	  .words = any_or_state, .help = "as last seen" },
	{ OPTION_TEXT(struct list_args, label), .name = "label",
	  .argument = "REF", .help = "only deposits that bear this reference" },
	{ OPTION_NUMBER(struct list_args, limit), .name = "limit",
	  .argument = "N", .help = "at most so many; 0: all" },
	{ OPTION_TEXT(struct list_args, after), .name = "after",
	  .argument = "ID", .help = "begin after this deposit" },
	{ 0 }
};

/* A catalogue_fn; arg is the session. */
static enum deed_status print(void *arg, const struct catalogue_item *c,
			      struct deed_error *err)
{
	struct session *s = arg;
	char time[CLOCK_TEXT];

	(void)err;
	clock_format(c->deposited, time);
	output_line(s, "%s  %s  %12" PRIu64 "  %u of %u  %u parties  %s", c->id,
		    time, c->size, c->k, c->n, c->recipients,
		    shard_state(c->state));
	if (s->json)
		output_item(s, "deposits",
			    json_pack("{s:s, s:s, s:s, s:I, s:i, s:i, s:i, "
				      "s:s}",
				      "id", c->id, "folder", c->folder,
				      "deposited", time, "size",
				      (json_int_t)c->size, "needed", (int)c->k,
				      "places", (int)c->n, "recipients",
				      (int)c->recipients, "state",
				      shard_state(c->state)));
	/* Who reads no further is not to have all of them made. */
	return output_pipe_broken() ? DEED_IO : DEED_OK;
}

/* From the catalogue alone, with no place asked: the state is that of the last
 * look. */
static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct list_args *args = arguments;
	struct deposit_query query = { .label = args->label,
				       .party = args->party,
				       .after = args->after,
				       .has_since = args->since.given,
				       .since = args->since.value,
				       .has_until = args->until.given,
				       .until = args->until.value,
				       .limit = (uint64_t)args->limit };
	struct home *home = NULL;
	enum deed_status status;

	if (args->state > 0) {
		query.has_state = true;
		query.state = (enum catalogue_state)(args->state - 1);
	}
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = deposit_list(home, &query, print, s, err);
	output_stream(s, "deposits");
	home_close(home);
	return status;
}

const struct command command_shard_list = {
	.name = "shard list",
	.operands = "",
	.summary = "list what was deposited",
	.options = options,
	.args_size = sizeof(struct list_args),
	.flags = COMMAND_HOME,
	.run = run,
};
