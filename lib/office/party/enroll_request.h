/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_ENROLL_REQUEST_H
#define DEED_OFFICE_ENROLL_REQUEST_H

#include "ca/remote.h"
#include "office/home.h"
#include "office/party/outside.h"
#include "office/party/outside_lists.h"

/*
 * An enrolled party gets its certificate from a CA elsewhere.  The party's key
 * signs the request and nothing else; the office, which has the account,
 * carries it there.  What comes back is judged before it is kept: key, use,
 * time, the path to the CA's anchors, revocation, name.
 *
 * What is under way is in ca/pending (party/pending.h).  A first attempt that
 * fails leaves nothing; one that was pending stays so when the CA cannot be
 * reached, and ends when it refuses, or sends what is not to be kept.
 */
#define CA_PROTOCOL_FILE "file" /* a request on paper, so to speak */

/* By the name in the configuration; NULL for "file" and for none. */
const struct ca_protocol *enroll_protocol(const char *name);

struct enroll_request {
	const char *party;
	const struct ca_account *account;
	const struct ca_protocol *protocol; /* NULL: by files */
	struct http_client *http;	    /* NULL: by files */
	const char *anchors_name;	    /* for messages */
	/* Attributes of the request's name: "CN", "O", "serialNumber",
	 * "organizationIdentifier", "emailAddress" as enrolled, or TYPE=TEXT;
	 * none: as the house would write it. */
	const char *const *subject;
	size_t subject_count;
	/* What the certificate may call the party, as outside_party has it;
	 * kept with what is pending.  NULL: as it was said before, if ever. */
	const char *name_in_certificate;
	const struct secret *passphrase; /* the party's */
	const struct secret *pin;	 /* of a key on a token; or NULL */
	struct slice answer;		 /* by files: what the CA gave */
	const char *answer_name;	 /* for messages; or NULL */
	bool anew;			 /* what is pending is forgotten */
	/* Those of the home, beside the CA's anchors; or NULL. */
	struct outside_lists *lists;
	bool dry_run;
	int64_t now;
	/* The time once the CA has answered: what it issued begins after
	 * now.  NULL: now. */
	int64_t (*clock)(void);
	unsigned wait;

	/* Out. */
	bool resumed;
	bool replaced; /* what was pending, for another key than now */
	enum ca_remote_outcome outcome;
	int64_t retry_after; /* pending: seconds; 0: not said */
	/* The CA's: why it refuses; else empty, or what it said to what is
	 * without consequence: a transaction that it did not know any more, a
	 * confirmation that it did not take. */
	char words[CA_REMOTE_WORDS];
	struct buf *request_out; /* by files: the PKCS#10 in DER */
	/* Of the certificate, all but the last only where it was kept now,
	 * and not in a run before that did not come to its end. */
	bool kept_before;
	struct outside_verdict verdict; /* its path is cleared */
	uint64_t index;			/* of the log entry */
	uint8_t sha256[32];
};

/*
 * Ask, or ask again.  DEED_OK is one of the outcomes.  DEED_REMOTE: the CA
 * cannot be reached, or what it says is no answer.  DEED_NO: it does not let
 * the office in.  DEED_REFUSED, DEED_CERT_INVALID: what it gave is not to be
 * kept, and why.  DEED_NO_KEY: the party's key is not here.
 */
enum deed_status enroll_request(const struct home *h, struct enroll_request *r,
				struct deed_error *err) DEED_MUST_USE;

#endif
