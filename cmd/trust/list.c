/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include <stdlib.h>

#include "cmd/frame/output.h"
#include "cmd/trust/lists.h"
#include "office/party/trust_hold.h"

/* deed trust list and remove. */

/* A list that has ended stays held, and says so. */
static void show(struct session *s, const struct held_list *h, json_t *lists)
{
	struct buf text = BUF_INIT;
	json_t *o = lists_held_json(h);
	bool ended =
		held_list_current(h->statement->list, s->now, NULL) != DEED_OK;

	(void)json_object_set_new(o, "ended", json_boolean(ended));
	(void)json_array_append_new(lists, o);
	lists_text(h->statement->list, &text);
	if (!text.failed)
		output_line(s, "%s: %s%s", h->name, (const char *)text.data,
			    ended ? " (ended)" : "");
	buf_clear(&text);
}

/* Each list is verified while it is read.  One that is damaged ends the
 * listing, for what is held decides who is believed. */
static enum deed_status run_list(struct session *s, const void *args,
				 struct deed_error *err)
{
	struct home *home = NULL;
	json_t *lists = json_array();
	char **names = NULL;
	size_t count = 0;
	enum deed_status status = session_open_home(s, &home, err);

	(void)args;
	if (status == DEED_OK)
		status = held_list_names(home->trust, &names, &count, err);
	for (size_t i = 0; status == DEED_OK && i < count; i++) {
		struct held_list *h = NULL;

		status = held_list_read(home->trust, names[i], &h, err);
		if (status == DEED_OK)
			show(s, h, lists);
		held_list_free(h);
	}
	output_set(s, "lists", lists);
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
	home_close(home);
	return status;
}

const struct command command_trust_list = {
	.name = "trust list",
	.operands = "",
	.summary = "list the trust lists that are held",
	.flags = COMMAND_HOME | COMMAND_AT,
	.run = run_list,
};

/* It may be damaged: then it is all the more to be got rid of.  The log has
 * that it was held, and that it is no more. */
static enum deed_status run_remove(struct session *s, const void *args,
				   struct deed_error *err)
{
	struct trust_drop drop = { .name = s->operand[0],
				   .dry_run = s->dry_run,
				   .now = s->now,
				   .wait = (unsigned)s->wait };
	struct home *home = NULL;
	enum deed_status status = session_open_home(s, &home, err);

	(void)args;
	if (status == DEED_OK)
		status = trust_drop(home, &drop, err);
	if (status == DEED_OK) {
		session_say(s, "%s '%s', and its signer is pinned no more",
			    s->dry_run ? "would remove" : "removed", drop.name);
		output_set(s, "name", output_text(drop.name));
		if (!s->dry_run)
			output_set(s, "log_index",
				   json_integer((json_int_t)drop.index));
	}
	home_close(home);
	return status;
}

const struct command command_trust_remove = {
	.name = "trust remove",
	.operands = "NAME",
	.summary = "hold a trust list no more",
	.flags = COMMAND_HOME | COMMAND_WRITES,
	.min_operands = 1,
	.max_operands = 1,
	.run = run_remove,
};
