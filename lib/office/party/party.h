/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_PARTY_H
#define DEED_OFFICE_PARTY_H

#include "base/buf.h"
#include "event/event.h"
#include "office/home.h"
#include "pki/source.h"
#include "proof/evidence.h"

/*
 * The register of parties: what is public of each, and who the operator
 * knows it to be.
 *
 * identity/party/PARTY.json says where in the log a party was enrolled.  It
 * is a signpost and no evidence: what it points to is compared before
 * anything is built on it (office/party/prove.h).
 */

/* What a party is, as far as public data tell. */
enum party_state {
	PARTY_REGISTERED, /* enrolled, no status statement yet */
	PARTY_VERIFIED,
	PARTY_SUSPENDED,
	PARTY_EXPIRED, /* the status or its certificate has ended */
	PARTY_REVOKED, /* the house revoked its certificate */
	PARTY_EARLY,   /* the status does not hold yet */
	PARTY_UNTOLD,  /* no list is fresh, or the office's certificate has
			  ended: nothing can be told of any party */
	PARTY_DAMAGED, /* the status statement is not to be believed */
};

const char *party_state_name(enum party_state state);

struct party_info {
	char *party;
	enum party_state state;
	char *kind, *name;  /* from the status; NULL before it */
	uint8_t key[32];    /* SHA-256 of the signature key; zero before */
	uint64_t enrolment; /* index of the log entry */
	uint64_t index;	    /* of the status's entry */
	bool may_sign, may_seal;
	int64_t not_before, not_after; /* of the status; 0 before */
	char *problem; /* why it is none of the first three; else NULL */
	char *remedy;  /* a hint as base/error.h has it; NULL */
};

/* DEED_NOT_FOUND if there is no such party. */
enum deed_status party_load(const struct home *h, const char *party,
			    int64_t now, struct party_info *out,
			    struct deed_error *err) DEED_MUST_USE;
void party_info_clear(struct party_info *info);

/* The handles of all parties, sorted; freed by party_names_free. */
enum deed_status party_names(const struct home *h, char ***out, size_t *count,
			     struct deed_error *err) DEED_MUST_USE;
void party_names_free(char **names, size_t count);

/*
 * Read and judge a party's status statement: signed by the notary of this
 * house, for this party.  Its validity and state are the caller's matter.
 * DEED_NOT_VERIFIED: there is none, or it is not to be believed (the message
 * says why).  *out is to be cleared with status_clear in any case.
 */
enum deed_status party_status(const struct home *h, const char *party,
			      int64_t now, struct status *out,
			      struct deed_error *err) DEED_MUST_USE;

/* The same by what the house believes, where the caller has it
 * (authority_source). */
enum deed_status party_status_by(const struct home *h,
				 struct pki_source *source, const char *party,
				 int64_t now, struct status *out,
				 struct deed_error *err) DEED_MUST_USE;

/* The index of the log entry that enrolled the party: DEED_NOT_FOUND. */
enum deed_status party_signpost(const struct home *h, const char *party,
				uint64_t *index,
				struct deed_error *err) DEED_MUST_USE;

/* Under the lock: is the signpost still what was read before?
 * DEED_INCONSISTENT: somebody enrolled the party anew. */
enum deed_status party_unchanged(const struct home *h, const char *party,
				 uint64_t index,
				 struct deed_error *err) DEED_MUST_USE;

/* Write the signpost anew, as an output of the transaction's first entry:
 * index is that of the log entry that enrolled the party. */
enum deed_status party_signpost_put(const struct home *h, const char *party,
				    uint64_t index, enum outfile_mode mode,
				    struct event *ev,
				    struct deed_error *err) DEED_MUST_USE;

/* identity/statuses/PARTY, allocated: statuses that another took the place of,
 * named by SHA-256. */
enum deed_status party_statuses_path(const struct home *h, const char *party,
				     char **out,
				     struct deed_error *err) DEED_MUST_USE;

/* identity/party/PARTY.json, allocated. */
enum deed_status party_signpost_path(const struct home *h, const char *party,
				     char **out,
				     struct deed_error *err) DEED_MUST_USE;

#endif
