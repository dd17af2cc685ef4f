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
 *
 * Each deposit of the log costs a look into the catalogue, and each row one
 * for its manifest's name at a place, in the order of the folders.  The places
 * are read only where the catalogue lacks one.
 */

/*
 * Add what differs to the report, as id "catalogue".  DEED_OK whatever is
 * found.  A row that the log knows nothing of is only told (its finding is
 * DEED_OK): after the loss of a log's end that is so for ever; and so is that
 * no place answers at all.  What differs while a change is under way does not
 * count; one that was interrupted is finished first (event_look).  DEED_LOCKED:
 * others change the home all the time.  With mend what the catalogue lacks is
 * entered, and how far it follows the log is noted.
 */
enum deed_status deposit_audit(const struct home *h, unsigned wait_seconds,
			       int64_t now, bool mend, struct audit_report *out,
			       struct deed_error *err) DEED_MUST_USE;

/* "deed shard reindex": catalogue_reindex, and then the audit.  With dry_run
 * nothing is written, and the report has what the audit says now. */
enum deed_status deposit_reindex(const struct home *h, unsigned wait_seconds,
				 int64_t now, bool dry_run,
				 struct catalogue_changes *changes,
				 struct audit_report *out,
				 struct deed_error *err) DEED_MUST_USE;

#endif
