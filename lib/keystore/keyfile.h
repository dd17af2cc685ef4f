/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEYSTORE_KEYFILE_H
#define DEED_KEYSTORE_KEYFILE_H

#include "base/buf.h"
#include "base/secret.h"
#include "crypto/argon2.h"

/*
 * A key file: one private key under one or more passphrases, as deed-key(5)
 * has it.  PEM "CMS" around an AuthEnvelopedData (AES-256-GCM) of a PKCS#8
 * PrivateKeyInfo, with one KEKRecipientInfo a slot.  A slot's key identifier
 * is text:
 *
 *	argon2id$v=19$m=65536,t=3,p=1$SALT$LABEL
 *
 * and its key-encryption key is Argon2id of the passphrase with just these
 * parameters, the characters of SALT being the salt.  All slot identifiers
 * and the SHA-256 of the SubjectPublicKeyInfo are repeated as attributes of
 * the PrivateKeyInfo, and compared when it is opened: nobody who cannot open
 * the file can add, drop or weaken a slot unnoticed.
 *
 * Changes go to a new file that replaces the old one in one rename: a crash
 * leaves the old or the new one, never none.  Callers hold the keystore's
 * lock.  A struct keyfile is read-only and may be shared.
 */
#define KEYFILE_MAX_SIZE (256 * 1024)
#define KEYFILE_MAX_SLOTS 16
#define KEYFILE_LABEL_MAX 32 /* [a-z0-9._-], not empty */

struct keyfile_slot {
	char label[KEYFILE_LABEL_MAX + 1];
	struct argon2_params params;
};

struct keyfile;

/* What a derivation may take, in milliseconds, where nobody says otherwise. */
#define KEYFILE_KDF_MS 150

/* The label of the first slot unless another is asked for. */
#define KEYFILE_FIRST_LABEL "owner"

/* DEED_USAGE with what was expected. */
enum deed_status keyfile_check_label(const char *label,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * Parse; name is for messages.  DEED_DAMAGED where it is no key file any
 * more, DEED_LIMIT.
 */
enum deed_status keyfile_parse(struct slice file, const char *name,
			       struct keyfile **out,
			       struct deed_error *err) DEED_MUST_USE;

/* The same of a file; DEED_NO_KEY if there is none. */
enum deed_status keyfile_load(const char *path, struct keyfile **out,
			      struct deed_error *err) DEED_MUST_USE;
void keyfile_free(struct keyfile *kf);

size_t keyfile_slot_count(const struct keyfile *kf);
const struct keyfile_slot *keyfile_slot(const struct keyfile *kf, size_t i);

/*
 * Open it: *pkcs8 is the PrivateKeyInfo without attributes.  label names the
 * slot to try, NULL tries all in turn (each costs a derivation).
 * DEED_WRONG_PASSPHRASE; DEED_NOT_FOUND for a label that is not there;
 * DEED_DAMAGED.
 */
enum deed_status keyfile_unlock(const struct keyfile *kf, const char *label,
				struct slice passphrase, struct secret **pkcs8,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Write a new key file with one slot; never overwrites (DEED_EXISTS).
 * kdf_ms is what a derivation should take, as argon2_new has it.
 */
enum deed_status keyfile_create(const char *path, const struct secret *pkcs8,
				const char *label, struct slice passphrase,
				unsigned kdf_ms,
				struct deed_error *err) DEED_MUST_USE;

/* The same into a buffer. */
enum deed_status keyfile_seal(const struct secret *pkcs8, const char *label,
			      struct slice passphrase, unsigned kdf_ms,
			      struct buf *out,
			      struct deed_error *err) DEED_MUST_USE;

/* Change the passphrase of the slot that old opens; the label stays. */
enum deed_status keyfile_passphrase(const char *path, struct slice old,
				    struct slice passphrase, unsigned kdf_ms,
				    struct deed_error *err) DEED_MUST_USE;

/* Add a slot; passphrase opens the file now.  DEED_EXISTS for a label that
 * is there, DEED_LIMIT. */
enum deed_status keyfile_slot_add(const char *path, struct slice passphrase,
				  const char *label, struct slice added,
				  unsigned kdf_ms,
				  struct deed_error *err) DEED_MUST_USE;

/* Remove a slot; passphrase opens any slot.  The last stays (DEED_REFUSED);
 * DEED_NOT_FOUND. */
enum deed_status keyfile_slot_remove(const char *path, struct slice passphrase,
				     const char *label,
				     struct deed_error *err) DEED_MUST_USE;

#endif
