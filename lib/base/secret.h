/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_SECRET_H
#define DEED_BASE_SECRET_H

#include "base/error.h"
#include "base/slice.h"

/*
 * Secret bytes: keys, shares, passphrases.  They lie in a mapping of their
 * own between two inaccessible pages, locked in memory where the limit
 * allows, left out of core dumps, and wiped when freed.  No function that
 * logs, prints or writes JSON accepts a secret.
 * One thread at a time may write; any number may read.
 */
struct secret;

/* The largest secret, in bytes: a private key, never a document. */
#define SECRET_MAX 65536

/* len zero bytes, 1 to SECRET_MAX (more is DEED_LIMIT).  *out: the caller's. */
enum deed_status secret_new(size_t len, struct secret **out,
			    struct deed_error *err) DEED_MUST_USE;

/* A secret holding a copy of data; the caller wipes its own. */
enum deed_status secret_copy(const void *data, size_t len, struct secret **out,
			     struct deed_error *err) DEED_MUST_USE;

/* Wipe and free.  NULL does nothing. */
void secret_free(struct secret *s);

uint8_t *secret_data(struct secret *s);
const uint8_t *secret_bytes(const struct secret *s);
size_t secret_len(const struct secret *s);

/* Borrow the bytes for a call; the slice must not outlive the secret. */
struct slice secret_slice(const struct secret *s);

/* Make it shorter, wiping the rest; len is 1 to the present length. */
void secret_shrink(struct secret *s, size_t len);

/* Constant-time in the content; lengths are public. */
bool secret_equal(struct slice a, struct slice b);

/* Wipe memory in a way the compiler does not remove. */
void secret_wipe(void *data, size_t len);

#endif
