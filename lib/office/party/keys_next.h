/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_KEYS_NEXT_H
#define DEED_OFFICE_KEYS_NEXT_H

#include "event/event.h"
#include "key/keygen.h"
#include "key/signing_key.h"
#include "office/home.h"

/*
 * Keys that take the place of a party's: made and sealed before the
 * transaction, written by it as the next generation, so that there is either
 * the old key alone or the new one with its enrolment.
 */
struct keys_next {
	struct signing_key *key; /* the signature key, open */
	struct buf spki, file;
	struct buf deposit_spki, deposit_file;
};

#define KEYS_NEXT_INIT                                       \
	{                                                    \
		NULL, BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT \
	}

/* signature NULL makes one of kind alg; else it is the key, in PKCS#8. */
enum deed_status keys_next_make(struct keys_next *k, enum key_alg alg,
				const struct secret *signature,
				enum key_alg deposit_alg,
				const struct secret *passphrase,
				struct deed_error *err) DEED_MUST_USE;
void keys_next_clear(struct keys_next *k);

/* Their files, into the transaction; under the lock. */
enum deed_status keys_next_add(const struct keys_next *k, const struct home *h,
			       const char *party, struct event *ev,
			       struct deed_error *err) DEED_MUST_USE;

/* Where the certificates of the next generation belong.  Allocated. */
enum deed_status keys_next_chain_path(const struct home *h, const char *party,
				      bool deposit, char **out,
				      struct deed_error *err) DEED_MUST_USE;

#endif
