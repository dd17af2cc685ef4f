/* SPDX-License-Identifier: Apache-2.0 */
#include "office/deposit/deposit_sweep.h"

#include "office/deposit/deposit_audit.h"
#include "office/party/home_events.h"

/* What a killed run has logged is published first: its parts are not lost,
 * they only have no manifest yet. */
static enum deed_status recover(const struct home *h,
				const struct deposit_sweep *how,
				struct deed_error *err)
{
	struct event_home *events = NULL;
	enum deed_status status = home_events_open(h, how->wait, &events, err);

	if (status == DEED_OK)
		status = event_recover(events, how->now, err);
	home_events_close(events);
	return status;
}

/* Is each manifest that the log names at a place? */
static enum deed_status ask_log(const struct home *h,
				const struct deposit_sweep *how,
				struct deed_error *err)
{
	struct audit_report r = AUDIT_REPORT_INIT;
	enum deed_status status =
		deposit_audit(h, how->wait, how->now, !how->dry_run, &r, err);
	size_t i;

	for (i = 0; i < r.findings && status == DEED_OK; i++)
		if (r.finding[i].status == DEED_DAMAGED)
			status = deed_error_set(err, DEED_DAMAGED,
						"the log names a deposit whose "
						"manifest no place has");
	audit_report_clear(&r);
	return status;
}

enum deed_status deposit_sweep(struct deposit_visit *v,
			       const struct deposit_sweep *how,
			       struct lost_report *out, bool *done,
			       struct deed_error *why, struct deed_error *err)
{
	const struct lost_options options = {
		.places = &v->places,
		.before = how->now - LOST_AGE,
		.dry_run = how->dry_run,
	};
	enum deed_status status;

	*done = false;
	*out = (struct lost_report){ .deposits = 0 };
	*why = (struct deed_error)DEED_ERROR_INIT;
	status = lost_answer(v->archive, &v->places, why);
	if (status == DEED_OK && !how->dry_run)
		status = recover(v->home, how, why);
	if (status == DEED_OK)
		status = ask_log(v->home, how, why);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK)
		return DEED_OK;
	*done = true;
	return lost_remove(v->archive, v->catalogue, &options, out, err);
}
