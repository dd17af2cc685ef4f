/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "office/life/upkeep_priv.h"
#include "office/party/pending.h"

#include <stdio.h>

/* One request at a CA elsewhere. */
static enum deed_status one(void *arg, const char *ca, const char *party,
			    struct deed_error *err)
{
	struct upkeep_run *r = arg;
	struct deed_error why = DEED_ERROR_INIT;
	struct pending p = PENDING_INIT;
	enum upkeep_state state = UPKEEP_SOON;
	char since[CLOCK_TEXT], asking[2 * HOME_PARTY_MAX + 8];
	enum deed_status status = pending_read(r->home, ca, party, &p, &why);

	(void)err;
	if (status == DEED_OK) {
		clock_format(p.time, since);
		(void)deed_error_set(&why, DEED_INDETERMINATE,
				     "CA '%s' has not decided yet; asked for a "
				     "certificate at %s",
				     ca, since);
	} else {
		state = UPKEEP_AMISS;
	}
	(void)snprintf(asking, sizeof(asking), "%s %s", party, ca);
	deed_error_remedy(&why, REMEDY_ENROLL_REQUEST, asking);
	pending_clear(&p);
	return upkeep_add(r, "request", party, state, &why);
}

enum deed_status upkeep_pending(struct upkeep_run *r)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = pending_each(r->home, one, r, &why);

	if (status != DEED_OK && status != DEED_NO_MEMORY)
		return upkeep_add(r, "request", NULL, UPKEEP_AMISS, &why);
	if (status != DEED_OK && r->err != NULL)
		*r->err = why;
	return status;
}
