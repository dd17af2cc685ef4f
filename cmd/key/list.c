/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/command.h"

#include "cmd/key/key.h"
#include "cmd/frame/output.h"

/* Keys of all generations; one that is not the newest has a dash.  A key that
 * is damaged is listed with its problem, and ends nothing. */
static enum deed_status run(struct session *s, const void *args,
			    struct deed_error *err)
{
	const char *party = s->operand_count > 0 ? s->operand[0] : NULL;
	json_t *keys = json_array();
	struct keystore_list l = { NULL, 0 };
	struct key_place place;
	enum deed_status status;
	size_t i;

	(void)args;
	status = key_place_open(s, &place, err);
	if (status == DEED_OK && party != NULL)
		status = key_check_party(&place, party, err);
	if (status == DEED_OK)
		status = keystore_list(place.ks, party, &l, err);
	for (i = 0; i < l.count; i++) {
		json_t *key = key_json(&l.items[i]);

		output_line(s, "%-12s %-9s %u%s %-9s %s%s", l.items[i].owner,
			    keystore_role_name(l.items[i].role),
			    l.items[i].generation,
			    l.items[i].newest ? " " : "-",
			    key_text(key, "algorithm"), key_text(key, "key"),
			    l.items[i].has_key	  ? ""
			    : l.items[i].on_token ? " (token)"
						  : " (elsewhere)");
		if (json_object_get(key, "problem") != NULL)
			session_warn(s, "%s", key_text(key, "problem"));
		json_array_append_new(keys, key);
	}
	output_set(s, "keys", keys);
	keystore_list_clear(&l);
	key_place_close(&place);
	return status;
}

const struct command command_key_list = {
	.name = "key list",
	.operands = "[PARTY]",
	.summary = "list the keys of the keystore",
	.flags = COMMAND_HOME,
	.max_operands = 1,
	.complete = COMPLETE_PARTY,
	.run = run,
};
