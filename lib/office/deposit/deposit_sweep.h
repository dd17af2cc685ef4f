/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_SWEEP_H
#define DEED_OFFICE_DEPOSIT_SWEEP_H

#include "archive/health/lost.h"
#include "office/deposit/deposit_visit.h"

/*
 * Remove uploads that were lost (archive/health/lost.h): those that no
 * manifest, no log entry, no pending file and no run knows.  What was logged
 * and not yet published is finished first.  Where a place does not answer,
 * where the log names a deposit whose manifest no place has, for what lies
 * there may be of that one, and where neither can be told (without the
 * office's keys, say) nothing is looked for: *done is false, and why says it.
 * DEED_OK then, too.
 */
struct deposit_sweep {
	unsigned wait; /* for the home's lock, seconds */
	int64_t now;
	bool dry_run; /* nothing is written or removed */
};
enum deed_status deposit_sweep(struct deposit_visit *v,
			       const struct deposit_sweep *how,
			       struct lost_report *out, bool *done,
			       struct deed_error *why,
			       struct deed_error *err) DEED_MUST_USE;

#endif
