/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_ELSEWHERE_H
#define DEED_SIGN_PADES_ELSEWHERE_H

#include "crypto/digest.h"
#include "sign/pades.h"

/*
 * A signature whose key is elsewhere.  The document is prepared with a place
 * for the value, somebody signs the digest (or the signed attributes over it),
 * and the CMS that comes back is put in after it was judged.
 */

/* For the value, in octets; what is usual holds a chain and a time-stamp. */
#define PADES_SPACE 16384
#define PADES_SPACE_LEAST 512
#define PADES_SPACE_MOST (1L << 20)

/*
 * Leave a place of space octets, all zeros.  digest is that of the two ranges
 * by alg.  As pades_sign otherwise; params->augment is not looked at.
 */
enum deed_status pades_prepare(const struct pdf_input *in,
			       const struct pades_params *params, size_t space,
			       enum digest_alg alg, uint8_t digest[DIGEST_MAX],
			       pades_write_fn *write, void *arg,
			       struct pades_result *result,
			       struct deed_error *err) DEED_MUST_USE;

/* The digest that a signature by this certificate's key takes by default. */
enum deed_status pades_digest_for(const struct cert *certificate,
				  enum digest_alg *out,
				  struct deed_error *err) DEED_MUST_USE;

/* The signed attributes (a DER SET OF) that this certificate's key signs for
 * content of that digest.  Appended. */
enum deed_status pades_attributes(const struct cert *certificate,
				  struct slice digest, struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Put cms (DER, BER or PEM; rewritten to DER) into the place that the newest
 * revision of the document keeps.  It must have one signer, no content of its
 * own, the signer's certificate, a signing-certificate attribute that names
 * it, and hold over the ranges; certificate, unless NULL, is whose it must be.
 *
 * DEED_NOT_FOUND: there is no such place.  DEED_BAD_SIGNATURE: the CMS does
 * not hold; DEED_REFUSED: it is not what a PDF wants, or another's;
 * DEED_LIMIT: it does not fit.  DEED_MALFORMED, DEED_UNSUPPORTED: no CMS.
 * DEED_INDETERMINATE as parser_survey_pdf: the parser finds the place, from
 * the descriptor behind in (pdf_input_fd).
 * write may be NULL.  Whether earlier signatures hold is not asked here.
 */
enum deed_status pades_complete(struct parser *p, const struct pdf_input *in,
				struct slice cms,
				const struct cert *certificate,
				pades_write_fn *write, void *arg,
				struct pades_result *result,
				struct deed_error *err) DEED_MUST_USE;

/* ---- in the helper ---- */

/* What pades_complete fills. */
struct pades_open {
	char *field; /* the caller's to free */
	uint64_t byte_range[4];
};

enum deed_status pades_complete_place(const struct pdf_input *in,
				      struct pades_open *out,
				      struct deed_error *err) DEED_MUST_USE;

/* As bytes, and back: DEED_MALFORMED. */
void pades_open_write(const struct pades_open *o, struct buf *out);
enum deed_status pades_open_read(struct slice in, struct pades_open *out,
				 struct deed_error *err) DEED_MUST_USE;

#endif
