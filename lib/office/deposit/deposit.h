/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_H
#define DEED_OFFICE_DEPOSIT_H

#include "archive/catalogue.h"
#include "archive/health/check.h"
#include "archive/members.h"
#include "base/file.h"
#include "key/cert.h"
#include "key/deposit_key.h"
#include "office/home.h"

/*
 * "deed shard": a document goes, encrypted for its parties, to separate
 * places, and comes back.  The archive, the keystore and the log meet here.
 *
 * Beside the document a deposit may hold what belongs to it (a detached
 * signature) and always holds deposit.json: who sent it, to whom, when it
 * was signed, sent and received.  All of that is encrypted.
 */
#define DEPOSIT_RECORD "deposit.json"
#define DEPOSIT_SCHEMA "deed.deposit/1"
#define DEPOSIT_EVIDENCE 32 /* files beside the document */
#define DEPOSIT_ID (2 * SHA256_SIZE)

/* A party: its deposit certificate, and what to call it. */
struct deposit_party {
	const char *name;	  /* the handle, or a file's name; borrowed */
	struct cert *certificate; /* borrowed */
};

/*
 * The deposit certificate of a party of this house, or (where text is no
 * handle that has one) the first certificate of the file of that name.
 * *out is a reference.  DEED_NOT_FOUND; DEED_NOT_VERIFIED for a party whose
 * identity is not verified; DEED_CERT_INVALID outside its validity;
 * DEED_UNSUPPORTED for a certificate that is not meant for encryption.
 */
enum deed_status deposit_certificate(const struct home *h, const char *text,
				     int64_t now, struct cert **out,
				     struct deed_error *err) DEED_MUST_USE;

/* Sees a file of the deposit: returns where to write it, or NULL in *out to
 * pass over it.  Nothing that was written counts before deposit_get is
 * done. */
typedef enum deed_status deposit_file_fn(void *arg, const char *name,
					 size_t number, uint64_t size,
					 struct outfile **out,
					 struct deed_error *err);

/*
 * Bring the files of a deposit back with one of a party's deposit keys.
 * Number 0 is the document, then what was deposited beside it; deposit.json
 * is appended to record instead (which may be NULL).  The caller commits its
 * output files after success.  DEED_NOT_RECIPIENT where no key opens it;
 * DEED_DAMAGED where too few places are left.
 */
enum deed_status deposit_get(struct archive *a, const struct stored *d,
			     const struct deposit_key *const *keys,
			     size_t key_count, deposit_file_fn *fn, void *arg,
			     struct buf *record,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * Open its files one by one instead, with one of these keys; jobs as
 * stored_reader_new has them.  *out is closed by members_close, before the
 * archive and the deposit are.
 */
enum deed_status deposit_members(struct archive *a, const struct stored *d,
				 const struct deposit_key *const *keys,
				 size_t key_count, unsigned jobs,
				 struct members **out,
				 struct deed_error *err) DEED_MUST_USE;

#endif
