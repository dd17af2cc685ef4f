/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_KEYS_H
#define DEED_OFFICE_KEYS_H

#include "identity/dropbox.h"
#include "key/cert.h"
#include "key/deposit_key.h"
#include "key/keygen.h"
#include "key/signing_key.h"
#include "keystore/keystore.h"
#include "office/home.h"

/*
 * Which key of the keystore plays which part in the office, and under whose
 * passphrase: the one place that knows their names.
 *
 *	the notary's signature	attestations, statuses	operator
 *	the issuing CA's	certificates, CRLs	operator
 *	the register's		opens the drop box	operator
 *	the root's		the issuing CA, its CRL	root
 *	the manifest's		deposits		none (a service key)
 *
 * Keys are the caller's.  DEED_WRONG_PASSPHRASE, DEED_NO_KEY.
 */
enum deed_status keys_notary(const struct home *h,
			     const struct secret *passphrase,
			     struct signing_key **out,
			     struct deed_error *err) DEED_MUST_USE;
enum deed_status keys_issuing(const struct home *h,
			      const struct secret *passphrase,
			      struct signing_key **out,
			      struct deed_error *err) DEED_MUST_USE;
/* The key of an issuing CA, also of an earlier one (ca/issuers.h). */
enum deed_status keys_issuing_of(const struct home *h, const struct cert *c,
				 const struct secret *passphrase,
				 struct signing_key **out,
				 struct deed_error *err) DEED_MUST_USE;
enum deed_status keys_register(const struct home *h,
			       const struct secret *passphrase,
			       struct deposit_key **out,
			       struct deed_error *err) DEED_MUST_USE;

/* file NULL: the root's key is in the home. */
enum deed_status keys_root(const struct home *h, const char *file,
			   const struct secret *passphrase,
			   struct signing_key **out,
			   struct deed_error *err) DEED_MUST_USE;

/* The notary's certificate and that of the issuing CA, as statements carry
 * them. */
enum deed_status keys_notary_chain(const struct home *h, struct cert_list *out,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * Make a party's key: the first is handed out open, since the enrolment is
 * signed with it.  DEED_EXISTS if there is one.
 */
enum deed_status keys_make_signature(const struct home *h, const char *party,
				     enum key_alg alg,
				     const struct secret *passphrase,
				     struct signing_key **out,
				     struct deed_error *err) DEED_MUST_USE;

/* The same with a key that the party brings, in PKCS#8. */
enum deed_status keys_take_signature(const struct home *h, const char *party,
				     const struct secret *pkcs8,
				     const struct secret *passphrase,
				     struct signing_key **out,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * The same with a key that is on a token: uri as key/token.h has it, narrowed
 * by match where that is not NULL.
 */
enum deed_status keys_take_token(const struct home *h, const char *party,
				 const char *uri, const struct secret *pin,
				 const struct cert *match,
				 struct signing_key **out,
				 struct deed_error *err) DEED_MUST_USE;
enum deed_status keys_make_deposit(const struct home *h, const char *party,
				   enum key_alg alg,
				   const struct secret *passphrase,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * Put aside the keys of a handle that was never enrolled: what an attempt
 * that was interrupted left.  Nothing is deleted.  Fine if there are none.
 */
enum deed_status keys_put_aside(const struct home *h, const char *party,
				struct deed_error *err) DEED_MUST_USE;

/* What is public of a party's keys.  Clear with keys_public_clear. */
struct keys_public {
	struct buf spki; /* of the signature key; empty if it is elsewhere */
	struct buf deposit_spki;
	uint8_t deposit_id[KEY_ID_SIZE];
};
enum deed_status keys_of_party(const struct home *h, const char *party,
			       struct keys_public *out,
			       struct deed_error *err) DEED_MUST_USE;
void keys_public_clear(struct keys_public *k);

/* The party as a reader of records; borrows from k. */
struct dropbox_reader keys_reader(const struct keys_public *k);

/* A party's signature certificate and those that travel with it: empty if
 * it has none yet. */
enum deed_status keys_chain(const struct home *h, const char *party,
			    struct cert_list *out,
			    struct deed_error *err) DEED_MUST_USE;

/* The same of its deposit key. */
enum deed_status keys_deposit_chain(const struct home *h, const char *party,
				    struct cert_list *out,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * The SHA-256 of every signature and deposit key that a party has or had,
 * and of the key of its certificate where that is elsewhere.  *out is freed
 * with free().
 */
struct key_hash {
	uint8_t bytes[32];
};
enum deed_status keys_ever(const struct home *h, const char *party,
			   struct key_hash **out, size_t *count,
			   struct deed_error *err) DEED_MUST_USE;

/* A key that is enrolled is what its enrolment says, and no import takes its
 * place: DEED_REFUSED, with the command that gives the party another. */
enum deed_status keys_check_import(const struct home *h, const char *party,
				   enum keystore_role role,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * Was this key ended, as compromised?  Then DEED_REFUSED, with the command
 * that gives the party another.
 */
struct ca_store;
enum deed_status keys_check_ended(const struct ca_store *store,
				  const char *party, const uint8_t key[32],
				  struct deed_error *err) DEED_MUST_USE;

/* The same, of a home whose CA's directory is not open. */
enum deed_status keys_check_ended_in(const struct home *h, const char *party,
				     const uint8_t key[32],
				     struct deed_error *err) DEED_MUST_USE;

/* The keystore, for a party whose handle is checked.  keystore_close. */
enum deed_status keys_open(const struct home *h, const char *party,
			   struct keystore **out,
			   struct deed_error *err) DEED_MUST_USE;

/* Where a party's certificates belong, for the outputs of a transaction.
 * Allocated. */
enum deed_status keys_certificate_path(const struct home *h, const char *party,
				       bool deposit, char **out,
				       struct deed_error *err) DEED_MUST_USE;

#endif
