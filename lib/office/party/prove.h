/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_PROVE_H
#define DEED_OFFICE_PROVE_H

#include "key/cert.h"
#include "office/home.h"
#include "office/party/roll.h"
#include "office/party/outside.h"
#include "proof/evidence.h"
#include "proof/id_number.h"

/*
 * Proving a real name: the operator opens the party's enrolment, looks at
 * who it says the party is, and certifies exactly that.
 *
 *	prove_open(home, party, pass, now, wait, &p, err)
 *	prove_view(p)			shown to the operator
 *	prove_issue(p, &act, err)	attestation, certificates, status
 *	prove_close(p)			always
 *
 * No writer of the home is trusted: the record that is read must be named by
 * an entry of the log, whose tree is verified as a whole; the party's records
 * must be one chain, of which it is the end (party/roll.h); and it must be
 * signed with the key that will be certified.
 *
 * Whoever proves many parties opens a session, which reads the log and the
 * drop box once.
 */
struct prove;
struct prove_session;

struct prove_view {
	const struct enrolment *enrolment;
	const struct id_judgement *id;
	uint64_t index;	       /* of the log entry */
	const uint8_t *record; /* 32 bytes: the record's SHA-256 */
	/* How it follows the one before; that one's name, if it is another. */
	enum roll_link link;
	size_t enrolments; /* how many there are */
	const char *old_name;
	/* The certificate of another CA that would be accepted; or NULL. */
	const struct cert *external;
	/* The last CA on its way, as it was kept; or NULL. */
	const struct cert *external_ca;
	/* What it calls the party, where that is not the enrolled name. */
	const char *differs;
	/* What a trust list of the home says of its CA; NULL: nothing, and the
	 * CA is to be accepted. */
	const struct outside_listed *listed;
	/* What is not as the log says, in words: a record that no entry names
	 * (it was ignored), one that is missing or was changed; and a trust
	 * list that does not count. */
	size_t problem_count;
	const char *const *problem;
};

/*
 * Open and compare.  DEED_NOT_FOUND: no such party.  DEED_INCONSISTENT: its
 * record is missing, was changed, or there are two; the log does not verify.
 * DEED_NO: the identity number is malformed.  DEED_WRONG_PASSPHRASE.
 */
enum deed_status prove_session_open(const struct home *h,
				    const struct secret *passphrase,
				    int64_t now, unsigned wait,
				    struct prove_session **out,
				    struct deed_error *err) DEED_MUST_USE;
void prove_session_close(struct prove_session *s);
enum deed_status prove_open_in(struct prove_session *s, const char *party,
			       struct prove **out,
			       struct deed_error *err) DEED_MUST_USE;

/* The same, in a session of its own. */
enum deed_status prove_open(const struct home *h, const char *party,
			    const struct secret *passphrase, int64_t now,
			    unsigned wait, struct prove **out,
			    struct deed_error *err) DEED_MUST_USE;
void prove_view(const struct prove *p, struct prove_view *out);
void prove_close(struct prove *p);

/* What the operator attests, and what is made of it. */
struct prove_act {
	const char *method;    /* "in-person", ... */
	const char *statement; /* document, and how compared */
	const char *location;
	bool real_number; /* the certificate tells the identity number */
	/* Of a certificate from elsewhere: SHA-256 of the CA whose word is
	 * taken; NULL: a trust list of the home is to name it. */
	const uint8_t *accept_ca;
	unsigned days; /* of validity */

	/* Out. */
	uint8_t attestation[32]; /* SHA-256 of the statement */
	uint8_t certificate[32];
	int64_t not_after;
	uint64_t index; /* of the log entry */
};

/* Issue certificates for what prove_view showed, and commit it. */
enum deed_status prove_issue(struct prove *p, struct prove_act *act,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Change what a verified party may do: suspend it, let it go on, or give it
 * another handle.  A new status statement by the notary, in a transaction of
 * the log.
 */
struct prove_change {
	const struct secret *passphrase; /* the operator's */
	const char *party;
	const char *state;  /* STATE_VERIFIED, STATE_SUSPENDED; NULL: as is */
	const char *reason; /* of a suspension */
	const char *new_party; /* NULL: as is */
	bool dry_run;
	int64_t now;
	unsigned wait;
	uint64_t index; /* out: of the log entry */
};
enum deed_status prove_change(const struct home *h, struct prove_change *c,
			      struct deed_error *err) DEED_MUST_USE;

#endif
