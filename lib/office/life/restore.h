/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_RESTORE_H
#define DEED_OFFICE_RESTORE_H

#include "event/audit.h"
#include "key/deposit_key.h"
#include "office/life/backup.h"

/*
 * Bringing a home back from what backup_home made: into an empty place, whole
 * or not at all.
 *
 * A backup is older than what it is a copy of, or may be.  What happened
 * since is not in it, and would be denied by everything that the home says
 * from then on.  So
 *
 *  - the log is compared with what somebody kept (a checkpoint, a proof, a
 *    manifest).  One that does not agree with the backup is
 *    DEED_INCONSISTENT, and nothing is restored;
 *  - the home writes nothing until audit_recover has put into the log from
 *    where entries may be missing: its second checkpoint is the newest that
 *    was kept where that is ahead, else it is taken away.  Only who moves a
 *    home can know that nothing is missing: he stopped the old one, and kept
 *    its last checkpoint, which is exactly the backup's (moved);
 *  - the CA's next lists have numbers that are ahead of any that were
 *    published (ca/floor.h), and what may have been revoked since is told.
 */

/* What somebody kept, borrowed. */
struct restore_kept {
	const char *name;
	struct slice bytes;
};

/* An event that a proof which was kept shows, and the backup lacks. */
struct restore_lost {
	uint64_t index;
	char event[ENTRY_WORD_MAX + 1];
	int64_t time;
};

/* A certificate that is good by the backup: it may have been revoked since,
 * or was, by the list that was kept. */
struct restore_risk {
	char serial[65];
	bool revoked;
	int64_t time; /* of the revocation */
};

struct restore {
	const char *file, *home;
	const struct deposit_key *key;
	const struct restore_kept *kept;
	size_t kepts; /* 0: nothing is compared */
	bool moved;   /* nothing happened after the backup */
	struct restore_kept
		crl; /* a newer list of the CA; bytes may be empty */
	int64_t now;
	bool dry_run; /* everything is read, and the log compared by the
			 index's checkpoint alone */
	backup_progress_fn *progress;
	void *progress_arg;

	/* Out; cleared by restore_clear. */
	int64_t time; /* of the backup */
	uint64_t files;
	size_t pieces;
	struct checkpoint checkpoint; /* of the log in the backup */
	uint64_t expected; /* entries by the newest that was kept; 0: none */
	bool recover;	   /* the home waits for audit_recover */
	struct restore_lost *lost;
	size_t lost_count;
	struct restore_risk *risk;
	size_t risks;
	uint64_t floor; /* the number that the next CRL has at least */
	struct audit_report report; /* of the log */
};

/* Is the place empty?  Before passphrases are asked for. */
enum deed_status restore_check(const char *home,
			       struct deed_error *err) DEED_MUST_USE;
enum deed_status restore_home(struct restore *r,
			      struct deed_error *err) DEED_MUST_USE;
void restore_clear(struct restore *r);

#endif
