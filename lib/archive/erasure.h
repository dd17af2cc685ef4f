/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_ERASURE_H
#define DEED_ARCHIVE_ERASURE_H

#include "base/error.h"
#include "base/slice.h"

/*
 * Reed-Solomon code over GF(256)/0x11d by ISA-L: k data parts and n - k
 * parity parts of equal length; any k bring all back.  Systematic: part i is
 * data itself for i < k; parity part i is the sum over j of data part j times
 * 1/(i XOR j).  1 <= k <= n <= ERASURE_MAX.
 */
#define ERASURE_MAX 64

struct erasure;

enum deed_status erasure_new(unsigned k, unsigned n, struct erasure **out,
			     struct deed_error *err) DEED_MUST_USE;
void erasure_free(struct erasure *e);

/* From part[0..k-1] make part[k..n-1]; all have len bytes.  Any number of
 * threads may use one struct erasure. */
void erasure_encode(const struct erasure *e, size_t len, uint8_t *const part[]);

/*
 * Make anew those data parts i < k for which there[i] is false, in part[i],
 * from k parts that are there (there[] has n items).  DEED_DAMAGED if fewer
 * than k are.
 */
enum deed_status erasure_restore(const struct erasure *e, size_t len,
				 uint8_t *const part[], const bool there[],
				 struct deed_error *err) DEED_MUST_USE;

#endif
