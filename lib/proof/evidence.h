/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PROOF_EVIDENCE_H
#define DEED_PROOF_EVIDENCE_H

#include <jansson.h>

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/error.h"

/*
 * The three statements on which an identity stands (deed-statement(5)); each
 * is signed and judged by sign/statement.h:
 *
 *	enrolment	the party says who it is, under its own key
 *	attestation	the notary says how that was compared, and with what
 *	status		the notary says what the party may do, and until when
 *
 * In memory all texts are owned; zero a struct before filling it, clear it
 * afterwards.  Reading is strict: see proof/record.h.
 */

/* What a party is.  Organisations may seal. */
#define KIND_PERSON "person"
#define KIND_ENTERPRISE "enterprise"
#define KIND_INSTITUTION "institution"
#define KIND_NOTARY "notary"

bool kind_valid(const char *kind);
bool kind_is_organisation(const char *kind);

/*
 * The first of a party has no member "previous" and is "/1"; each that comes
 * after it names the one before, and is "/2".
 */
#define ENROLMENT_TYPE "deed.enrolment/1"
#define ENROLMENT_NEXT_TYPE "deed.enrolment/2"
struct enrolment {
	char *party, *kind, *name;
	char *phone, *email;	 /* unconfirmed; one may be absent */
	char *id;		 /* "cn-ric:1101...", normalised */
	uint8_t salt[32];	 /* of the commitments to id, phone, email */
	uint8_t key[32];	 /* SHA-256 of the signature key's SPKI */
	uint8_t deposit_key[32]; /* the same of the deposit key's */
	bool external;		 /* the certificate comes from elsewhere */
	int64_t time;
	uint8_t previous[32]; /* of the enrolment before; zero: the first */
};

bool enrolment_is_first(const struct enrolment *e);

/* The old key's word that a new enrolment succeeds its own. */
#define SUCCESSION_TYPE "deed.succession/1"
struct succession {
	uint8_t enrolment[32]; /* of the statement by the new key */
	int64_t time;
};

/*
 * Of a certificate from elsewhere it names the CA whose word was taken, and,
 * where one named that CA, the trust list: then it is "/2".
 */
#define ATTESTATION_TYPE "deed.attestation/1"
#define ATTESTATION_OUTSIDE_TYPE "deed.attestation/2"
struct attestation {
	char *party, *kind, *name;
	uint8_t key[32];
	uint8_t id[32], phone[32], email[32]; /* commitments */
	char *method;			      /* "in-person" */
	char *statement; /* document, and how it was compared */
	char *location;
	int64_t time;
	uint8_t attester[32]; /* SHA-256 of the attester's certificate */
	uint8_t record[32];   /* the drop-box record that was read */
	uint64_t index;	      /* of the log entry that names it */
	uint8_t ca[32];	      /* SHA-256 of its certificate; zero: the house */
	/* Of the payload of a trust list that names the CA; zero: none.  With
	 * it what that says: its scheme, who operates the CA, its licence. */
	uint8_t list[32];
	char *scheme, *operator_name, *licence; /* or NULL */
};

bool attestation_is_outside(const struct attestation *a);
/* Did a trust list name that CA? */
bool attestation_is_listed(const struct attestation *a);

#define STATUS_TYPE "deed.status/1"
struct status {
	char *party, *kind, *name;
	char *state;		 /* "verified" or "suspended" */
	char *reason;		 /* of a suspension */
	uint8_t key[32];	 /* of the signature key's SPKI */
	uint8_t certificate[32]; /* of the signature certificate */
	uint8_t deposit_certificate[32];
	uint8_t evidence[32]; /* of the attestation */
	uint8_t record[32];   /* the enrolment that the evidence is about */
	uint64_t enrolment;   /* index of its log entry */
	bool may_sign, may_seal;
	int64_t not_before, not_after;
	uint64_t index;	  /* of the log entry of this status */
	char *checkpoint; /* of the log before that entry */
};

#define STATE_VERIFIED "verified"
#define STATE_SUSPENDED "suspended"

/* A new object; NULL without memory. */
json_t *enrolment_json(const struct enrolment *e);
json_t *succession_json(const struct succession *s);
json_t *attestation_json(const struct attestation *a);
json_t *status_json(const struct status *s);

/* Fill from an object whose type was compared (of an enrolment: one of the
 * two, and its members must be that one's).  DEED_MALFORMED.  Clear
 * afterwards, also after a failure. */
enum deed_status enrolment_read(const json_t *object, struct enrolment *out,
				struct deed_error *err) DEED_MUST_USE;
enum deed_status succession_read(const json_t *object, struct succession *out,
				 struct deed_error *err) DEED_MUST_USE;
enum deed_status attestation_read(const json_t *object, struct attestation *out,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status status_read(const json_t *object, struct status *out,
			     struct deed_error *err) DEED_MUST_USE;

void enrolment_clear(struct enrolment *e);
void attestation_clear(struct attestation *a);
void status_clear(struct status *s);

/*
 * The commitments of an attestation: HMAC-SHA256(salt, label ‖ 00 ‖ value)
 * with label "id", "phone" or "email".  That of "id" is also what the
 * pseudonym in the certificate is made of.
 */
void evidence_commit(const uint8_t salt[32], const char *label,
		     const char *value, uint8_t out[32]);

#endif
