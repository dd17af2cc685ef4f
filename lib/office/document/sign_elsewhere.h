/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_SIGN_ELSEWHERE_H
#define DEED_OFFICE_SIGN_ELSEWHERE_H

#include "office/document/sign.h"
#include "sign/pades_elsewhere.h"

/*
 * A PDF that is signed elsewhere: prepared here, and completed with the CMS
 * that comes back (sign/pades_elsewhere.h).  Neither needs a home; where the
 * signer is one of its parties, sign_item.foreign completes in a group
 * instead, and the log tells of it.
 */
struct sign_elsewhere {
	const char *input, *output; /* paths */
	enum outfile_mode mode;
	bool dry_run;
	const struct secret *document_password; /* or NULL */
	int64_t now;
	struct despite despite; /* what is gone on in spite of */

	/* To be prepared. */
	const char *field, *reason, *location;
	int certify;
	bool final;
	bool refuse_shadow;			   /* as sign_item has it */
	const struct pades_appearance *appearance; /* or NULL */
	size_t space;				   /* octets for the CMS */
	const struct cert *certificate;		   /* the signer's, or NULL */

	/* To be completed. */
	struct slice cms;
};

struct sign_place {
	char *field;
	uint64_t byte_range[4];
	enum digest_alg alg;
	uint8_t digest[DIGEST_MAX]; /* of the two ranges */
	struct buf attributes; /* to be signed, where a certificate is given */
	uint8_t sha256[32];    /* of the output */
	uint64_t size;
	struct despite_told told; /* after a failure too */
	struct pdf_shadow shadow; /* of what is prepared: to warn of */
};

void sign_place_clear(struct sign_place *p);

/* Statuses as pades_sign and pades_complete, and DEED_ALREADY_FAILED where an
 * earlier signature failed; *out is to be cleared always. */
enum deed_status sign_prepare(const struct sign_elsewhere *e,
			      struct sign_place *out,
			      struct deed_error *err) DEED_MUST_USE;
enum deed_status sign_complete(const struct sign_elsewhere *e,
			       struct sign_place *out,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * For a group: the CMS into the temporary `to` (NULL: a dry run), and all
 * signatures of it judged.  certificate is whose it must be, or NULL.
 */
enum deed_status
sign_complete_into(struct parser *parser, const struct pdf_input *in,
		   struct slice cms, const struct cert *certificate,
		   int64_t now, const struct despite *despite,
		   struct outfile *to, struct pades_result *made,
		   struct deed_error *err) DEED_MUST_USE;

#endif
