/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_PROVE_PRIV_H
#define DEED_OFFICE_PROVE_PRIV_H

#include "ca/store.h"
#include "event/event.h"
#include "office/keys.h"
#include "office/party/keys_next.h"
#include "office/party/outside.h"
#include "office/party/prove.h"
#include "office/party/roll.h"

/* What is opened once for any number of parties. */
struct prove_session {
	const struct home *home;
	int64_t now;
	const struct secret *passphrase; /* borrowed */
	struct event_home *log;
	struct roll *roll;
	char **problem; /* of the drop box as a whole */
	size_t problem_count;
	struct signing_key *notary, *issuing; /* once it issues */
	struct cert_list notary_chain;	      /* the same */
	struct ca_store *store;		      /* the same */
	struct outside_lists *lists;	      /* read when they are wanted */
};

/* What prove.c opened and prove_issue.c builds on. */
struct prove {
	struct prove_session *session;
	bool own; /* the session ends with it */
	char *party;
	uint64_t signpost; /* where the register says the enrolment is */
	bool has_status;   /* one that is to be believed */
	struct status status;
	struct roll_chain chain;
	const struct roll_item *item; /* its newest */
	const struct enrolment *enrolment;
	struct id_judgement id;
	struct keys_public public;
	struct cert_list external; /* the chain from another CA, if any */
	char *name_kept;	   /* what enroll was told that it calls him */
	char differs[OUTSIDE_NAME_TEXT];
	struct outside_listed listed; /* what the lists say of its CA */
	char **problem;		      /* the session's, and its own */
	size_t problem_count;
};

/* Open the keys of the notary and of the issuing CA, unless they are. */
enum deed_status prove_session_keys(struct prove_session *s,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * How prove_issue goes about it where it is not the first proof: the same
 * evidence again, for a certificate that ends or a key that is new.
 */
struct prove_how {
	const char *event;     /* of the log */
	int64_t attested;      /* when it was compared */
	const uint8_t *record; /* what was read then, and the entry */
	uint64_t index;
	bool no_attestation;  /* of the office, which init made */
	struct slice subject; /* Name of the certificate; none: made new */
	int64_t not_after;    /* of certificates and status */
	const char *state, *reason; /* that stay */
	/* Keys that take the place of those in the keystore, and the
	 * enrolment that says so; or NULL. */
	const struct keys_next *keys;
	const struct enrolment *enrolment;
	/* Signs the status, where it is not the notary's in the keystore: the
	 * office's own new key. */
	const struct signing_key *notary;
	/* Adds to the transaction, under the lock, before the rest; *status
	 * has all but record and enrolment, which it may set. */
	enum deed_status (*more)(void *arg, struct event *ev, uint64_t first,
				 int party, struct status *status,
				 struct deed_error *err);
	void *arg;
};

/* Whose certificate from elsewhere is judged; borrows from p. */
struct outside_party prove_outside(const struct prove *p);

/* What to show of it: fills differs and listed. */
enum deed_status prove_see_outside(struct prove *p,
				   struct deed_error *err) DEED_MUST_USE;

/* Judge it by the CA that was accepted or that a list names; fills the
 * attestation's ca (32 octets), one that was kept, and what the list says.
 * prove_outside.c. */
enum deed_status prove_judge_outside(const struct prove *p,
				     const struct outside_party *party,
				     const struct cert_list *chain,
				     const struct prove_act *act, uint8_t *ca,
				     struct outside_listed *listed,
				     struct deed_error *err) DEED_MUST_USE;

/* Issue certificates for what p holds, by act and how. */
enum deed_status prove_issue_how(struct prove *p, struct prove_act *act,
				 const struct prove_how *how,
				 struct deed_error *err) DEED_MUST_USE;

/* The transaction is about a party that nobody else enrolled anew since it
 * was opened; called under the lock. */
enum deed_status prove_unchanged(const struct prove *p,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * Sign a status statement by the notary and add it to a transaction, with
 * what only the lock tells (index, checkpoint) filled in; an event_locked_fn
 * calls it.  chain is the notary's; NULL takes that in the keystore.
 */
enum deed_status
prove_add_status(const struct home *h, const struct signing_key *notary,
		 const struct cert_list *chain, struct status *status,
		 int64_t now, struct event *ev, uint64_t index,
		 struct slice checkpoint, struct deed_error *err) DEED_MUST_USE;

/* After the transaction, where an authority is configured: a time-stamp for
 * the status statement (event/event_timestamp.h). */
enum deed_status prove_timestamp_status(const struct home *h, const char *party,
					struct deed_error *err) DEED_MUST_USE;

#endif
