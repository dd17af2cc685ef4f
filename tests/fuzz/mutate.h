/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_FUZZ_MUTATE_H
#define DEED_TESTS_FUZZ_MUTATE_H

#include "judge/judge.h"

/*
 * A seeded mutator of signed files.  Mutation number i of a seed is always
 * the same one.  Half of them lie inside what a signature is made of: the
 * signature dictionary, its ByteRange, its value, cross-reference data,
 * attributes, manifests, headers of containers; the CMS is also changed as
 * DER, so that lengths stay right.
 *
 * A pass of a mutated file is deserved only if a reader sees the same and is
 * told the same:
 *
 *   PDF    every byte outside the newest signature's /Contents is that of the
 *          original, but for white space behind the end, or objects that were
 *          appended and say what they said before, or are referred to by
 *          nothing, or fill in a field, which the report tells; the value is
 *          the same CMS in the sense below; or the file ends where an
 *          earlier revision did
 *   CMS    signed attributes, signature value and content are the same bytes;
 *          what differs lies in unsigned parts (certificates that are not the
 *          signer's, CRLs, unsigned attributes, versions, forms of BER)
 *   ASiC   a second reader (mutate_same.c, central directory alone) sees the
 *          same files with the same bytes, and each value is the same CMS
 *
 * and for each of them the report names the same signatures: place, signer's
 * certificate, times, changes after it, and a level and a proof of time that
 * are no better.  Validation data that stands behind everything signed may
 * be another.
 */
enum sample_kind { SAMPLE_PDF, SAMPLE_CMS, SAMPLE_ASIC, SAMPLE_KINDS };

struct span {
	size_t at, len;
};

#define SPANS 64

struct sample {
	const char *path;
	enum sample_kind kind;
	struct buf data;
	struct span inside[SPANS]; /* what signatures are made of */
	size_t inside_count;
	struct span values[SPANS]; /* CMS: raw, or in PDF hexadecimal */
	size_t value_count;
	struct verdict_document *verdict; /* TOTAL_PASSED */
};

struct mutation {
	struct buf data;
	bool inside;
	bool harmless;	   /* an appended update that changes nothing */
	size_t updated_at; /* where that begins; 0: there is none */
	const char *what;
};

/* xorshift, from seed and number. */
struct dice {
	uint64_t state;
};
void dice_init(struct dice *d, uint64_t seed, uint64_t number);
size_t dice_below(struct dice *d, size_t n); /* n > 0 */

/* Find spans and values of a sample whose verdict is there. */
void sample_map(struct sample *s);

/* Change it; out->data is empty before. */
void mutate(const struct sample *s, struct dice *d, struct mutation *out);

/* One element of some DER changed, with the lengths around it; false where
 * in is no DER. */
bool mutate_der(struct slice in, struct dice *d, struct buf *out);

/* NULL if a pass of m is deserved, else why not. */
const char *undeserved(const struct sample *s, const struct mutation *m,
		       const struct verdict_document *verdict);

#endif
