/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_ENROLL_H
#define DEED_OFFICE_ENROLL_H

#include "base/secret.h"
#include "key/cert.h"
#include "key/keygen.h"
#include "office/home.h"
#include "office/party/outside.h"
#include "proof/id_number.h"

/*
 * Enrolment: a person or an organisation says who it is.  Its keys are made
 * (or its request for a certificate is taken), and a record signed with its
 * key goes into the drop box.  Nothing is believed yet: see party/prove.h.
 */
struct enroll_form {
	const char *party;	   /* handle */
	const char *kind;	   /* proof/evidence.h */
	const char *name;	   /* real name, UTF-8 */
	const char *phone, *email; /* at least one */
	const char *id;		   /* KIND:NUMBER */
};

/* The form with its numbers judged and normalised. */
struct enroll_checked {
	struct id_judgement id, phone, email;
	char id_text[ID_VALUE_MAX + 32]; /* KIND:NUMBER, normalised */
};

/*
 * Is the form complete and well-formed, and does the kind of number suit the
 * kind of party?  DEED_USAGE names the field.
 */
enum deed_status enroll_check(const struct enroll_form *form,
			      struct enroll_checked *out,
			      struct deed_error *err) DEED_MUST_USE;

/* DEED_EXISTS if the handle is taken. */
enum deed_status enroll_free(const struct home *h, const char *party,
			     struct deed_error *err) DEED_MUST_USE;

struct enrolling {
	struct enroll_form form;
	const struct secret *passphrase; /* the party's, for its keys */
	enum key_alg key, deposit_key;
	const char *token;	  /* URI of a key on a token; NULL: make one */
	const struct secret *pin; /* NULL where the URI has a pin-source */
	const struct cert *of_certificate; /* narrows the URI; or NULL */
	struct slice request; /* a PKCS#10 made elsewhere; else SLICE_NONE */
	const struct secret *pkcs8; /* a key that the party brings; or NULL */
	bool external;		 /* its certificate will come from elsewhere */
	struct buf *request_out; /* receives a PKCS#10; NULL: not wanted */
	int64_t now;
	unsigned wait;

	/* Out. */
	uint8_t fingerprint[32]; /* SHA-256 of the signature key's SPKI */
	uint8_t deposit_fingerprint[32];
	uint64_t index; /* of the log entry */
};

/*
 * Enroll.  DEED_EXISTS: the handle is taken.  DEED_BAD_SIGNATURE: the request
 * was not signed with its key.  DEED_REFUSED: the request names somebody
 * else.  A key made by an attempt that was interrupted is replaced.
 */
enum deed_status enroll_party(const struct home *h, struct enrolling *e,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Bring the certificate that another CA gave to an enrolled party: its key
 * must be the enrolled one, and outside_judge (party/outside.h) must take it;
 * of name and id it judges those that are given.  file is PEM or DER, the
 * party's certificate first.  What is kept is the path to the anchor, and
 * name_in_certificate, for verify-id.  The statuses are outside_judge's.
 */
struct enroll_certificate {
	const char *party;
	struct slice file;
	const char *file_name; /* for messages */
	bool organisation;
	const char *name, *id;		 /* as enrolled, or NULL */
	const char *name_in_certificate; /* or NULL */
	struct slice anchors;		 /* a file; or SLICE_NONE */
	const char *anchors_name;
	const char *account;	     /* of the CA that gave it; or NULL */
	struct outside_lists *lists; /* or NULL */
	bool dry_run;
	int64_t now;
	unsigned wait;
	uint8_t sha256[32];		/* out */
	struct outside_verdict verdict; /* out; outside_clear, always */
	uint64_t index;			/* out: of the log entry */
};
enum deed_status enroll_certificate(const struct home *h,
				    struct enroll_certificate *c,
				    struct deed_error *err) DEED_MUST_USE;

/* What of that is known before another CA is asked: DEED_REFUSED where the
 * house certified the party, or revoked this key (SHA-256 of its
 * SubjectPublicKeyInfo) as compromised. */
enum deed_status enroll_certificate_may(const struct home *h, const char *party,
					const uint8_t key[32],
					struct deed_error *err) DEED_MUST_USE;

/* The name_in_certificate that was kept with the certificate of a party,
 * allocated; NULL where none was. */
enum deed_status enroll_name_kept(const struct home *h, const char *party,
				  char **out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
