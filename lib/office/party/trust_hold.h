/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_TRUST_HOLD_H
#define DEED_OFFICE_TRUST_HOLD_H

#include "office/home.h"
#include "trust/held_list.h"

/*
 * The use case of deed trust add, update and remove: whom the home believes
 * about CAs changes in a transaction of the log, under the lock of the lists.
 * The entry has the hashes of the statement, of its payload ("list") and of
 * the pinned signer's certificate; its name and where it came from are
 * committed to, and open to the register alone.
 */
struct trust_hold {
	struct held_offer offer; /* borrowed */
	bool dry_run;
	int64_t now; /* of the entry */
	unsigned wait;
	/* Out: */
	struct held_list *list; /* held_list_free */
	enum held_news news;	/* nothing: nothing was written */
	uint64_t index;		/* of the entry, where one was */
};

/* The statuses are held_list_judge's, DEED_LOCKED and event_finish's. */
enum deed_status trust_hold(const struct home *h, struct trust_hold *t,
			    struct deed_error *err) DEED_MUST_USE;

struct trust_drop {
	const char *name;
	bool dry_run;
	int64_t now;
	unsigned wait;
	uint64_t index; /* out */
};

/* Hold it no more, also where it cannot be read.  DEED_NOT_FOUND. */
enum deed_status trust_drop(const struct home *h, struct trust_drop *t,
			    struct deed_error *err) DEED_MUST_USE;

#endif
