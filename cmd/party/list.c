/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "base/clock.h"
#include "cmd/frame/output.h"
#include "cmd/party/party.h"
#include "cmd/frame/remedy.h"

void party_problem(const struct session *s, const struct party_info *info,
		   struct buf *out)
{
	buf_str(out, info->problem);
	if (info->remedy != NULL) {
		buf_str(out, "; ");
		remedy_text(s, info->remedy, out);
	}
	buf_byte(out, 0);
}

json_t *party_json(const struct session *s, const struct party_info *info)
{
	json_t *object = json_pack("{s:s,s:s,s:I}", "party", info->party,
				   "state", party_state_name(info->state),
				   "enrolment", (json_int_t)info->enrolment);
	struct buf remedy = BUF_INIT;

	if (object == NULL)
		return NULL;
	if (info->problem != NULL)
		json_object_set_new(object, "problem",
				    output_text(info->problem));
	if (info->remedy != NULL) {
		remedy_text(s, info->remedy, &remedy);
		json_object_set_new(
			object, "remedy",
			json_stringn((const char *)remedy.data, remedy.len));
		buf_clear(&remedy);
	}
	if (info->name == NULL)
		return object;
	json_object_set_new(object, "kind", output_text(info->kind));
	json_object_set_new(object, "name", output_text(info->name));
	json_object_set_new(object, "key", output_sha256(info->key));
	json_object_set_new(object, "not_before",
			    output_time(info->not_before));
	json_object_set_new(object, "not_after", output_time(info->not_after));
	json_object_set_new(object, "may_sign", json_boolean(info->may_sign));
	json_object_set_new(object, "may_seal", json_boolean(info->may_seal));
	json_object_set_new(object, "log_index",
			    json_integer((json_int_t)info->index));
	return object;
}

/* A party that was never certified has no name to show: the enrolled one is
 * sealed for the operator. */
static void print_line(struct session *s, const struct party_info *info)
{
	struct buf problem = BUF_INIT;
	char until[CLOCK_TEXT];

	if (info->name == NULL) {
		output_line(s, "%-16s %s", info->party,
			    party_state_name(info->state));
	} else {
		clock_format(info->not_after, until);
		output_line(s, "%-16s %-10s %-11s to %.10s  %s", info->party,
			    party_state_name(info->state), info->kind, until,
			    info->name);
	}
	if (info->problem == NULL)
		return;
	party_problem(s, info, &problem);
	if (!problem.failed)
		output_line(s, "%-16s %s", "", (const char *)problem.data);
	buf_clear(&problem);
}

/* A problem of a party is a line of its own and no failure; what cannot be
 * read at all ends the list. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	struct home *home = NULL;
	char **names = NULL;
	size_t count = 0;
	json_t *list = json_array();
	enum deed_status status;

	(void)args;
	status = session_open_home(s, &home, err);
	if (status == DEED_OK)
		status = party_names(home, &names, &count, err);
	for (size_t i = 0; status == DEED_OK && i < count; i++) {
		struct party_info info;

		status = party_load(home, names[i], s->now, &info, err);
		if (status == DEED_OK) {
			print_line(s, &info);
			json_array_append_new(list, party_json(s, &info));
		}
		party_info_clear(&info);
	}
	output_set(s, "parties", list);
	party_names_free(names, count);
	home_close(home);
	return status;
}

const struct command command_party_list = {
	.name = "party list",
	.operands = "",
	.summary = "list the parties and how far each is proven",
	.flags = COMMAND_HOME,
	.run = run,
};
