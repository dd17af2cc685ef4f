/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_PUT_H
#define DEED_OFFICE_DEPOSIT_PUT_H

#include "office/deposit/deposit.h"

/*
 * Documents are deposited in groups: keys, places, log and helpers are opened
 * once, and many deposits share one transaction of the log, one record of the
 * drop box a party, and the syncs of the places.  Each keeps its own id, keys
 * and entry.  One deposit is a group of one.
 *
 *	deposit_group_open(home, &order, &g, err)
 *	deposit_group_make(g, &document, &made, err)	for each, any thread
 *	deposit_group_commit(g, list, count)		any number of times
 *	deposit_made_free(g, made)			each
 *	deposit_group_close(g)				always, last
 */

/* What the deposits of a group have in common; all of it borrowed. */
struct deposit_order {
	const struct deposit_party *party;
	size_t party_count;
	const char *const *evidence; /* paths of files beside each document */
	size_t evidence_count;
	const char *label, *sender; /* or NULL */
	bool has_signed, has_sent, has_received;
	int64_t signed_at, sent_at, received_at;
	int64_t now;
	unsigned wait;
	unsigned jobs;	   /* threads for each; 0: one a processor, 4 at most */
	size_t count;	   /* deposits that there will be, or about so many */
	size_t min_places; /* that must have all of it; 0: all */
	bool dry_run;	   /* everything but writing */
};

struct deposit_document {
	const char *path; /* a regular file */
	const char *name; /* in the deposit; without folders, but in a pack */
};

/* A deposit that is being made, and what became of it. */
struct deposit_made {
	char id[DEPOSIT_ID + 1];
	uint64_t log_index;
	uint64_t size; /* encrypted, of all chunks */
	/* Places that have not all of it, by name until the group is closed. */
	const char *lacking[ARCHIVE_PLACES_MAX];
	size_t lacking_count;
	enum deed_status status; /* of deposit_group_commit */
	struct deed_error error;
	struct draft *draft; /* its own */
	char *file;	     /* its own: the document's name; of a pack NULL */
};

struct deposit_group;

/* With dry_run nothing is written, nor recovered.  DEED_USAGE for a number of
 * places that cannot be, DEED_REMOTE where too few answer. */
enum deed_status deposit_group_open(const struct home *h,
				    const struct deposit_order *order,
				    struct deposit_group **out,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * Bring all but the manifest to every place, or as many as are wanted.  Each
 * file is opened once; DEED_IO where one changes while it is read.  *out stays
 * NULL with dry_run.
 */
enum deed_status deposit_group_make(struct deposit_group *g,
				    const struct deposit_document *document,
				    struct deposit_made **out,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * The same of many documents, in this order, which are one deposit: a pack.
 * Their names may have folders; no two are the same, none is another's folder,
 * and none that of a file that every deposit has: DEED_USAGE, and nothing is
 * written.  Each is opened once, when it is read; the first that cannot be
 * read, or that changes meanwhile, ends it.  There is no evidence beside them.
 */
enum deed_status deposit_group_pack(struct deposit_group *g,
				    const struct deposit_document *document,
				    size_t count, struct deposit_made **out,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * Make them durable, enter them into the log and publish their manifests, by
 * one transaction.  Each has its own status then: one that could not be
 * published is void, and the others stand.
 */
void deposit_group_commit(struct deposit_group *g,
			  struct deposit_made *const made[], size_t count);

/* What was not committed is removed from the places.  NULL does nothing. */
void deposit_made_free(struct deposit_group *g, struct deposit_made *made);

/* After a failure nothing is left of what failed, or what is left is removed
 * by the next run. */
void deposit_group_close(struct deposit_group *g);

#endif
