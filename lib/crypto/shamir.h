/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CRYPTO_SHAMIR_H
#define DEED_CRYPTO_SHAMIR_H

#include "base/secret.h"

/*
 * Shamir's secret sharing of 32 bytes, k of n, byte by byte over GF(256) with
 * the polynomial x^8+x^4+x^3+x^2+1 (0x11d): the same field as the erasure
 * code.  The secret is the value at 0 of a polynomial of degree k-1 with
 * random coefficients; share i, 1 to n, is its value at i.  Arithmetic does
 * not depend on secret bytes in time or memory access.
 *
 * A share is one line of ASCII, SHAMIR_SHARE_SIZE bytes:
 *
 *	deed-share/1 KK II VALUE CHECK\n
 *
 * KK the threshold and II the index (two lower-case hexadecimal digits), VALUE
 * the 32 bytes and CHECK the SHA-256 of all that precedes it, in lower-case
 * hexadecimal.  The check finds accidents; who changes a share on purpose
 * changes it too, and is found by the commitment that the manifest keeps.
 */
#define SHAMIR_SECRET_SIZE 32
#define SHAMIR_SHARE_SIZE 149
#define SHAMIR_MAX 255

/*
 * Split into n shares, shares[0] to shares[n-1] with indices 1 to n; all are
 * the caller's, all NULL after a failure.  1 <= k <= n <= SHAMIR_MAX.
 */
enum deed_status shamir_split(const struct secret *secret, unsigned k,
			      unsigned n, struct secret **shares,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Threshold and index of one share; DEED_DAMAGED if its form or check is
 * wrong.
 */
enum deed_status shamir_inspect(struct slice share, unsigned *k,
				unsigned *index,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Join count shares, all different and of one split.  Shares beyond the
 * threshold must agree with the others: DEED_DAMAGED otherwise, and for a
 * damaged share; DEED_NOT_FOUND if there are fewer than the threshold.
 */
enum deed_status shamir_join(const struct secret *const *shares, size_t count,
			     struct secret **out,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * One more share of the split that these are of: share index, made from them
 * without the secret.  Fails as shamir_join does.
 */
enum deed_status shamir_extend(const struct secret *const *shares, size_t count,
			       unsigned index, struct secret **out,
			       struct deed_error *err) DEED_MUST_USE;

#endif
