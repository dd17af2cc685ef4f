/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_AUDIT_H
#define DEED_OFFICE_DEPOSIT_AUDIT_H

#include "archive/catalogue.h"
#include "event/audit.h"
#include "office/home.h"

/*
 * The catalogue proves nothing; which deposits there are is what the log says
 * and the manifests at the places prove.  A row that was taken away hides a
 * deposit from whoever lists or checks all of them, an older one that was put
 * back shows another: this compares the three.
 */
struct deposit_audit {
	struct audit_report report; /* what differs, as id "catalogue" */
	struct catalogue_item *item;
	size_t count; /* every deposit of both, once, oldest first */
};

/*
 * DEED_OK whatever is found.  A row that the log knows nothing of is only
 * told (its finding is DEED_OK): after the loss of a log's end that is so for
 * ever.  What differs while a change is under way does not count; one that was
 * interrupted is finished first (event_look).  DEED_LOCKED: others
 * change the home all the time.  out is cleared in any case.
 */
enum deed_status deposit_audit(const struct home *h, unsigned wait_seconds,
			       int64_t now, struct deposit_audit *out,
			       struct deed_error *err) DEED_MUST_USE;
void deposit_audit_clear(struct deposit_audit *d);

#endif
