/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_BACKUP_H
#define DEED_OFFICE_BACKUP_H

#include "tlog/note.h"
#include "key/cert.h"
#include "office/home.h"

/*
 * A copy of the home in one file, enveloped to a certificate whose key is
 * elsewhere (life/backup_format.h): keystore, register, log, catalogue, CA,
 * what judges are cached, and the configuration; not the places of the
 * archive.
 *
 * Others go on working.  Files of a home are made whole, renamed, and never
 * written to again; so the home is copied in two rounds:
 *
 *  1. every file, without a lock, and of each is kept which one it was;
 *  2. under the locks of the register, the keystore and the log, in this
 *     order, and the catalogue's: the files that are others now or are new
 *     are copied once more, and those that are gone are listed.
 *
 * After the second round the copy is, file by file, the home at that one
 * moment: what was copied before and is unchanged by inode, size and time of
 * change is what it was, and no writer changes anything while the locks are
 * held.  The locks are held for a walk over the names and for what changed
 * in between, not for the copying.
 */
typedef void backup_progress_fn(void *arg, uint64_t bytes);

/* A file that is no part of the home and goes into its folder config/. */
struct backup_extra {
	const char *name; /* in that folder */
	const char *path; /* fine if it is not there */
};

struct backup {
	struct cert *to;    /* the certificate; NULL: that of the home */
	const char *output; /* the file to make */
	bool replace;	    /* it may be there */
	const struct backup_extra *extra;
	size_t extras;
	int64_t now;
	unsigned wait; /* seconds for each lock */
	bool dry_run;
	backup_progress_fn *progress; /* may be NULL */
	void *progress_arg;

	/* Out. */
	uint64_t files, size; /* of the copy, before it is enveloped */
	size_t pieces;
	struct checkpoint checkpoint;
	uint8_t recipient[32]; /* the certificate's SHA-256 */
};

enum deed_status backup_home(const struct home *h, struct backup *b,
			     struct deed_error *err) DEED_MUST_USE;

/* The first certificate of a file, judged by backup_suits; *out is the
 * caller's. */
enum deed_status backup_certificate(const struct home *h, const char *path,
				    int64_t now, struct cert **out,
				    struct deed_error *err) DEED_MUST_USE;

/* home/backup.pem, where init keeps the certificate; allocated. */
enum deed_status backup_certificate_path(const struct home *h, char **out,
					 struct deed_error *err) DEED_MUST_USE;

#endif
