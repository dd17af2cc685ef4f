/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_IDENTITY_DROPBOX_H
#define DEED_IDENTITY_DROPBOX_H

#include "base/buf.h"

struct deposit_key;

/*
 * The drop box: a directory of encrypted records that any command may add to
 * and only the register and the party of a record can read.  A record is a
 * CMS AuthEnvelopedData (cms/envelope.h) to the register's and the party's
 * deposit public keys, found by subjectKeyIdentifier; its file name is the
 * SHA-256 of its bytes in hexadecimal with ".cms" behind it.  It lies in a
 * folder of its first two digits; where it lies beside those, as all once
 * did, it is found too.
 *
 * A writer is not trusted.  That a record belongs is said by the log, whose
 * entry names its hash: event writes both, and event/audit compares
 * them.  A file whose name is not the hash of its bytes is damaged; a file
 * with another name is no record.  Records are never changed; an erasure
 * removes one.
 *
 * Limits: a record of DROPBOX_RECORD_MAX bytes, DROPBOX_READERS_MAX readers.
 */
#define DROPBOX_RECORD_MAX (16u << 20)
#define DROPBOX_READERS_MAX 8
#define DROPBOX_HASH 32

/* For whom a record is written.  Borrowed. */
struct dropbox_reader {
	struct slice ski;  /* subjectKeyIdentifier; absent: spki_key_id */
	struct slice spki; /* SubjectPublicKeyInfo of the deposit key, DER */
};

/* Make the directory (mode 0700); fine if it is there. */
enum deed_status dropbox_create(const char *dir,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Envelope a record to its readers and write it, synced with its directory.
 * hash receives its name.
 */
enum deed_status dropbox_put(const char *dir, const struct dropbox_reader *to,
			     size_t count, struct slice record,
			     uint8_t hash[DROPBOX_HASH],
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Read a record as it lies there and compare it with its name:
 * DEED_NOT_FOUND, DEED_DAMAGED.
 */
enum deed_status dropbox_get(const char *dir, const uint8_t hash[DROPBOX_HASH],
			     struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Read and decrypt a record with the private key that ski names:
 * DEED_NOT_RECIPIENT besides what dropbox_get says.  Wipe what out holds
 * when it is no longer needed.
 */
enum deed_status dropbox_open(const char *dir, const uint8_t hash[DROPBOX_HASH],
			      struct slice ski, const struct deposit_key *key,
			      struct buf *out,
			      struct deed_error *err) DEED_MUST_USE;

/* Is there a file of this name?  Its bytes are not looked at. */
bool dropbox_has(const char *dir, const uint8_t hash[DROPBOX_HASH]);

/* Remove a record, and sync: DEED_NOT_FOUND. */
enum deed_status dropbox_remove(const char *dir,
				const uint8_t hash[DROPBOX_HASH],
				struct deed_error *err) DEED_MUST_USE;

/*
 * Call fn with the name of every file, in order of paths.  hash is NULL for
 * one that is not named as a record is, or lies in another's folder.  fn's
 * first failure ends the walk.
 */
typedef enum deed_status dropbox_fn(void *arg, const char *name,
				    const uint8_t *hash,
				    struct deed_error *err);
enum deed_status dropbox_list(const char *dir, dropbox_fn *fn, void *arg,
			      struct deed_error *err) DEED_MUST_USE;

#endif
