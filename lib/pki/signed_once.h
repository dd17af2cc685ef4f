/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_SIGNED_ONCE_H
#define DEED_PKI_SIGNED_ONCE_H

#include "key/cert.h"

/*
 * Whose signature is on an object: asked many times, checked once for each
 * key.  A CRL of a million entries is hashed once, however many certificates
 * are looked up in it.  Any number of threads may ask; those that come while
 * a check is under way wait for it.
 */
#define SIGNED_ONCE_KEYS 4

struct signed_once;

/* NULL: no memory. */
struct signed_once *signed_once_new(void);
void signed_once_free(struct signed_once *s);

/* Does signature hold over tbs under the signer's key?  s is of one object:
 * the other slices are always the same. */
bool signed_once_check(struct signed_once *s, const struct cert *signer,
		       struct slice algorithm, struct slice tbs,
		       struct slice signature);

#endif
