/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_PROVE_PRIV_H
#define DEED_OFFICE_PROVE_PRIV_H

#include "event/event.h"
#include "office/keys.h"
#include "office/prove.h"

/* What prove.c opened and prove_certify.c builds on. */
struct prove {
	const struct home *home;
	int64_t now;
	const struct secret *passphrase; /* borrowed */
	char *party;
	struct event_home *log;
	uint64_t signpost; /* where the register says the enrolment is */
	bool has_status;   /* one that is to be believed */
	struct status status;
	struct enrolment enrolment;
	struct id_judgement id;
	uint64_t index; /* of the entry that names the record */
	uint8_t record[32];
	struct buf spki; /* the key that signed the enrolment */
	struct keys_public public;
	struct cert_list external; /* the chain from another CA */
	char **problem;
	size_t problem_count;
	struct signing_key *notary, *issuing; /* once certifying */
};

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
 * the status statement (event/stamps.h). */
enum deed_status prove_stamp_status(const struct home *h, const char *party,
				    struct deed_error *err) DEED_MUST_USE;

#endif
