/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEYSTORE_KEYSTORE_H
#define DEED_KEYSTORE_KEYSTORE_H

#include "key/cert.h"
#include "key/deposit_key.h"
#include "key/keygen.h"
#include "key/signing_key.h"
#include "keystore/keyfile.h"

/*
 * The keystore of a home: one directory a owner (a party's handle, or the
 * office's), and in it for each role and generation N from 1
 *
 *	ROLE-N.key	the key file, mode 0600 (keystore/keyfile.h)
 *	ROLE-N.pub	its SubjectPublicKeyInfo in PEM: no secret
 *	ROLE-N.uri	instead of ROLE-N.key: where on a token the key is, one
 *			line (key/token.h)
 *	ROLE-N.pem	the certificate and what travels with it, leaf first
 *	ROLE-N.M.pem	those that the key had before, from M = 1
 *
 * The newest generation is the one in use; earlier ones stay, so that what
 * was enveloped to them opens after a renewal.  A .pub without a .key is what
 * a crash left; the next key takes its place.  The services' keys lie beside
 * the owners and need no passphrase, mode 0600: manifest.key (P-256), PKCS#8
 * in DER; catalogue.key, 32 octets; log.key and log.checkpoint, which are
 * written and read by the log (event/event.h).
 *
 * A struct keystore is the path; writing functions expect the caller to hold
 * the home's lock.  Owners are checked: [a-z0-9] and then [a-z0-9._-].
 */
enum keystore_role {
	KEYSTORE_SIGNATURE,
	KEYSTORE_DEPOSIT,
	KEYSTORE_REGISTER, /* opens the drop box */
	KEYSTORE_ISSUING,  /* the issuing CA */
	KEYSTORE_ROOT,
	KEYSTORE_ROLE_COUNT
};

/* "signature", "deposit", "register", "issuing", "root". */
const char *keystore_role_name(enum keystore_role role);

/* Does the role decrypt (deposit, register)? */
bool keystore_role_decrypts(enum keystore_role role);

struct keystore;

/* DEED_NOT_FOUND if there is no such directory. */
enum deed_status keystore_open(const char *dir, struct keystore **out,
			       struct deed_error *err) DEED_MUST_USE;

/* Make the directory, mode 0700, and the services' keys that are missing. */
enum deed_status keystore_create(const char *dir,
				 struct deed_error *err) DEED_MUST_USE;
void keystore_close(struct keystore *ks);

/*
 * Make a key, or take one, as the newest of its role; label NULL is
 * KEYFILE_FIRST_LABEL.  DEED_USAGE if the kind of key does not suit the role.
 */
enum deed_status keystore_create_key(struct keystore *ks, const char *owner,
				     enum keystore_role role, enum key_alg alg,
				     const char *label, struct slice passphrase,
				     unsigned kdf_ms,
				     struct deed_error *err) DEED_MUST_USE;
enum deed_status keystore_add_key(struct keystore *ks, const char *owner,
				  enum keystore_role role,
				  const struct secret *pkcs8, const char *label,
				  struct slice passphrase, unsigned kdf_ms,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Take a signature key on a token, whose public key is spki, as the newest of
 * its role: its URI is written down, the key stays where it is.
 */
enum deed_status keystore_add_token(struct keystore *ks, const char *owner,
				    enum keystore_role role, const char *uri,
				    struct slice spki,
				    struct deed_error *err) DEED_MUST_USE;

/* The URI of the newest key, allocated; NULL where it is on no token. */
enum deed_status keystore_token(const struct keystore *ks, const char *owner,
				enum keystore_role role, char **uri,
				struct deed_error *err) DEED_MUST_USE;

/* Append the newest key's SubjectPublicKeyInfo.  DEED_NO_KEY. */
enum deed_status keystore_public(const struct keystore *ks, const char *owner,
				 enum keystore_role role, struct buf *spki,
				 struct deed_error *err) DEED_MUST_USE;

/* Open the newest key.  DEED_NO_KEY, DEED_WRONG_PASSPHRASE, DEED_DAMAGED. */
enum deed_status keystore_unlock(const struct keystore *ks, const char *owner,
				 enum keystore_role role,
				 struct slice passphrase, struct secret **pkcs8,
				 struct deed_error *err) DEED_MUST_USE;
/* For a key on a token the passphrase is the PIN, which may be empty where
 * the URI has a pin-source. */
enum deed_status keystore_unlock_signing(const struct keystore *ks,
					 const char *owner,
					 enum keystore_role role,
					 struct slice passphrase,
					 struct signing_key **out,
					 struct deed_error *err) DEED_MUST_USE;

/* Open the signing key, of whatever generation, whose public key is spki:
 * DEED_NO_KEY if the owner has none such. */
enum deed_status
keystore_unlock_public(const struct keystore *ks, const char *owner,
		       enum keystore_role role, struct slice spki,
		       struct slice passphrase, struct signing_key **out,
		       struct deed_error *err) DEED_MUST_USE;

/*
 * All keys of a decrypting role that this passphrase opens, newest first; at
 * least one, or the error of the newest.
 */
struct deposit_key_list {
	struct deposit_key **items;
	size_t count;
};

#define DEPOSIT_KEY_LIST_INIT \
	{                     \
		NULL, 0       \
	}

enum deed_status keystore_unlock_deposit(const struct keystore *ks,
					 const char *owner,
					 enum keystore_role role,
					 struct slice passphrase,
					 struct deposit_key_list *out,
					 struct deed_error *err) DEED_MUST_USE;
void deposit_key_list_clear(struct deposit_key_list *l);

/*
 * Certificates of the newest generation, added to the caller's list, leaf
 * first; none is fine and adds nothing.  Setting replaces them.  A role whose
 * key is elsewhere (a token) has certificates and no key.
 */
enum deed_status keystore_chain(const struct keystore *ks, const char *owner,
				enum keystore_role role, struct cert_list *out,
				struct deed_error *err) DEED_MUST_USE;
enum deed_status keystore_set_chain(struct keystore *ks, const char *owner,
				    enum keystore_role role,
				    const struct cert_list *chain,
				    struct deed_error *err) DEED_MUST_USE;

/* Where they belong, for a transaction that writes them itself (PEM, leaf
 * first); allocated.  The owner's directory exists afterwards. */
enum deed_status keystore_chain_path(struct keystore *ks, const char *owner,
				     enum keystore_role role, char **out,
				     struct deed_error *err) DEED_MUST_USE;

/* The certificate of this SHA-256 among all that the keys of a role have or
 * had; NULL where there is none.  A reference. */
enum deed_status
keystore_find_certificate(const struct keystore *ks, const char *owner,
			  enum keystore_role role, const uint8_t sha256[32],
			  struct cert **out,
			  struct deed_error *err) DEED_MUST_USE;

/* Where such a chain goes, when a new one takes its place. */
enum deed_status keystore_old_chain_path(const struct keystore *ks,
					 const char *owner,
					 enum keystore_role role, char **out,
					 struct deed_error *err) DEED_MUST_USE;

/*
 * A key that a transaction writes itself: what goes into the files "key" (or
 * the PEM of spki into "pub"), and where the files of the next generation
 * belong.  The owner's directory exists afterwards.  *out is allocated.
 */
enum deed_status keystore_seal_key(enum keystore_role role,
				   const struct secret *pkcs8,
				   struct slice passphrase, unsigned kdf_ms,
				   struct buf *key, struct buf *spki,
				   struct deed_error *err) DEED_MUST_USE;
enum deed_status keystore_next_path(struct keystore *ks, const char *owner,
				    enum keystore_role role, const char *suffix,
				    char **out,
				    struct deed_error *err) DEED_MUST_USE;

/* The newest key file, allocated; DEED_NO_KEY. */
enum deed_status keystore_key_path(const struct keystore *ks, const char *owner,
				   enum keystore_role role, char **out,
				   struct deed_error *err) DEED_MUST_USE;

/* Change the passphrase of all generations of a role that old opens. */
enum deed_status keystore_passphrase(struct keystore *ks, const char *owner,
				     enum keystore_role role, struct slice old,
				     struct slice passphrase, unsigned kdf_ms,
				     struct deed_error *err) DEED_MUST_USE;

/* The same for slots: each generation that the passphrase opens. */
enum deed_status keystore_slot_add(struct keystore *ks, const char *owner,
				   enum keystore_role role,
				   struct slice passphrase, const char *label,
				   struct slice added, unsigned kdf_ms,
				   struct deed_error *err) DEED_MUST_USE;
enum deed_status keystore_slot_remove(struct keystore *ks, const char *owner,
				      enum keystore_role role,
				      struct slice passphrase,
				      const char *label,
				      struct deed_error *err) DEED_MUST_USE;

/* What there is, sorted by owner, role and generation. */
struct keystore_entry {
	char *owner;
	enum keystore_role role;
	unsigned generation;
	bool newest;
	bool has_key; /* a key file; else a token's, or certificates only */
	bool on_token;
	char *key_path; /* of the .uri, where it is on a token */
	char *public_path;
	char *chain_path;
};

/* Append the SubjectPublicKeyInfo that a .pub file holds.  DEED_DAMAGED. */
enum deed_status keystore_read_public(const char *path, struct buf *spki,
				      struct deed_error *err) DEED_MUST_USE;

struct keystore_list {
	struct keystore_entry *items;
	size_t count;
};

/* owner NULL lists all. */
enum deed_status keystore_list(const struct keystore *ks, const char *owner,
			       struct keystore_list *out,
			       struct deed_error *err) DEED_MUST_USE;
void keystore_list_clear(struct keystore_list *l);

/*
 * The services' keys.  DEED_NO_KEY if the file is not there, DEED_REFUSED if
 * others may read it.
 */
enum deed_status keystore_manifest_key(const struct keystore *ks,
				       struct signing_key **out,
				       struct deed_error *err) DEED_MUST_USE;
enum deed_status keystore_catalogue_key(const struct keystore *ks,
					struct secret **out,
					struct deed_error *err) DEED_MUST_USE;

/* manifest.pem, the manifest key's certificate and chain, as above. */
enum deed_status
keystore_manifest_chain_path(const struct keystore *ks, char **out,
			     struct deed_error *err) DEED_MUST_USE;

#endif
