/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cmd/command.h"
#include "cmd/output.h"
#include "cmd/shard/shard.h"

struct list_args {
	const char *label;
};

static const struct option options[] = {
	{ OPTION_TEXT(struct list_args, label), .name = "label",
	  .argument = "REF", .help = "only deposits that bear this reference" },
	{ 0 }
};

static enum deed_status run(struct session *s, const void *arguments,
			    struct deed_error *err)
{
	const struct list_args *args = arguments;
	struct catalogue_item *items = NULL;
	struct home *home = NULL;
	json_t *list = json_array();
	enum deed_status status;
	size_t i, count = 0;
	char time[CLOCK_TEXT];

	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = deposit_list(home, args->label, &items, &count, err);
	for (i = 0; i < count; i++) {
		const struct catalogue_item *c = &items[i];

		clock_format(c->deposited, time);
		output_line(s, "%s  %s  %12" PRIu64 "  %u of %u  %u parties",
			    c->id, time, c->size, c->k, c->n, c->recipients);
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:I, s:i, s:i, s:i}", "id",
					c->id, "deposited", time, "size",
					(json_int_t)c->size, "needed",
					(int)c->k, "places", (int)c->n,
					"recipients", (int)c->recipients));
	}
	output_set(s, "deposits", list);
	free(items);
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
