/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_HEADS_H
#define DEED_OFFICE_HEADS_H

#include <jansson.h>

#include "event/audit.h"
#include "office/home.h"

/*
 * The heads of a home: which status, attestation and certificate of each party
 * is the newest, which list of each CA, which certificate each earlier CA of
 * the house has, and which trust list is held as each name.  Every entry of
 * the log carries the SHA-256 of identity/heads, so that an older one that was
 * put back, or one that was taken away, is noticed although it is genuine.
 * Canonical JSON:
 *
 *	{"issuers":{"issuing-1.cer":"sha256:..."},
 *	 "lists":{"issuing.crl":"sha256:...","root.crl":"sha256:..."},
 *	 "parties":{"wang":{"attestation":"sha256:...",
 *			    "certificate":"sha256:...",
 *			    "status":"sha256:..."}, "li":{}},
 *	 "trust":{"cn":{"note":"sha256:...","statement":"sha256:..."}},
 *	 "type":"deed.heads/1"}
 *
 * The status's is that of what was signed, for a time-stamp may be added to
 * the statement; attestation and certificate are those that it names.  A party
 * that is registered only has none.  "trust" is there where lists are held;
 * "issuers" is missing from what earlier versions wrote.  Limit: JSON_MAX_SIZE,
 * about 50,000 parties.
 */
#define HEADS_TYPE "deed.heads/1"

/* What speaks for one party; *there: it has a status. */
struct heads_party {
	bool there;
	uint8_t status[32], attestation[32], certificate[32];
	bool has_attestation; /* what init states of the office has none */
	int64_t index;	      /* the entry that the status names; or -1 */
};

/* The newest of a party, as the home is. */
enum deed_status heads_of_party(const struct home *h, const char *party,
				struct heads_party *out,
				struct deed_error *err) DEED_MUST_USE;

/* event_heads_fn; arg is the struct home. */
enum deed_status heads_next(void *arg, struct slice before,
			    const struct event_change *change, size_t count,
			    struct buf *out,
			    struct deed_error *err) DEED_MUST_USE;

/* event_older_fn: without the certificates of earlier CAs, unless one of them
 * is missing: then this is no home that an earlier version left. */
enum deed_status heads_older(void *arg, struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Compare the home with the log's last entry (heads_check.c).  A log
 * whose last entry carries no heads passes.
 *
 * Of one party and the lists: DEED_INCONSISTENT says what is not as the log
 * says, and of whom.
 */
enum deed_status heads_check(const struct home *h, const struct event_home *log,
			     const char *party, int64_t now,
			     struct deed_error *err) DEED_MUST_USE;

/* Of all, as findings of a report with the id "heads".  As heads_check, it
 * finishes a change that was interrupted and hides what differs. */
enum deed_status heads_audit(const struct home *h, const struct event_home *log,
			     int64_t now, struct audit_report *r,
			     struct deed_error *err) DEED_MUST_USE;

#endif
