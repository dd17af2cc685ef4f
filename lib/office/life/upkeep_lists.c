/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "office/life/upkeep_priv.h"
#include "trust/held_list.h"

static enum deed_status one(struct upkeep_run *r, const char *name)
{
	const struct upkeep_topic topic = {
		.kind = "list",
		.about = name,
		.what = "the trust list",
		.soon = REMEDY_TRUST_UPDATE,
		.ended = REMEDY_TRUST_UPDATE,
		.owner = name,
	};
	struct deed_error why = DEED_ERROR_INIT;
	struct held_list *held = NULL;
	enum deed_status status =
		held_list_read(r->home->trust, name, &held, &why);
	int64_t end;

	if (status != DEED_OK)
		return upkeep_add(r, "list", name, UPKEEP_AMISS, &why);
	end = held->statement->list->next_update;
	held_list_free(held);
	/* A closed list has no end: no other follows it. */
	return end == TRUST_NO_TIME ? DEED_OK : upkeep_add_end(r, &topic, end);
}

enum deed_status upkeep_lists(struct upkeep_run *r)
{
	struct deed_error why = DEED_ERROR_INIT;
	char **names = NULL;
	size_t count = 0;
	enum deed_status status =
		held_list_names(r->home->trust, &names, &count, &why);

	if (status != DEED_OK)
		return upkeep_add(r, "list", NULL, UPKEEP_AMISS, &why);
	for (size_t i = 0; i < count; i++) {
		if (status == DEED_OK)
			status = one(r, names[i]);
		free(names[i]);
	}
	free(names);
	return status;
}
