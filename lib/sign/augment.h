/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_AUGMENT_H
#define DEED_SIGN_AUGMENT_H

#include "pki/path.h"
#include "sign/verdict.h"

/*
 * Raising a signature to a level of the baseline (ETSI EN 319 122-1 6,
 * EN 319 142-1 6, EN 319 162-1 5), and renewing it:
 *
 *	B-T	a time-stamp proves when the signature existed
 *	B-LT	everything that is needed to judge it is inside
 *	B-LTA	a time-stamp over all of that
 *
 * This header has what the formats share: what to raise to, whom to ask for
 * time-stamps, where certificates and revocation data come from, and how
 * those of one certificate's path are gathered.  The formats are
 * sign/pades_extend.h, sign/cades_extend.h and sign/asic_extend.h.
 *
 * Nothing here opens a file or a socket: both callbacks are the caller's.
 * The parameters are read only and may be shared by threads if the callbacks
 * may be called by several at a time.
 */

/*
 * A time-stamp token (RFC 3161, DER) over a digest, appended to token; it
 * has been held against the request (sign/tsa.h).  DEED_REMOTE where no
 * authority gave one.
 */
typedef enum deed_status augment_stamp_fn(void *arg, enum digest_alg alg,
					  struct slice digest,
					  struct buf *token,
					  struct deed_error *err);

/*
 * Add to into what is missing to judge leaf at this time: issuers, CRLs,
 * OCSP responses.  What cannot be had is no error (it is told by what then
 * is missing) but DEED_NO_MEMORY.
 */
typedef enum deed_status augment_complete_fn(void *arg, struct cert *leaf,
					     int64_t time,
					     struct pki_source *into,
					     struct deed_error *err);

struct augment_params {
	enum verdict_level level; /* LEVEL_B_T, _LT or _LTA */
	int64_t now;
	augment_stamp_fn *stamp;
	void *stamp_arg;
	const struct pki_source *source; /* anchors, and data at hand */
	augment_complete_fn *complete;	 /* NULL: what is at hand must do */
	void *complete_arg;
};

/* DER values in the order in which they were found, none twice. */
struct augment_list {
	struct slice *items; /* owned */
	size_t count, cap;
};

#define AUGMENT_VALUES 4096 /* in one list */

/* What is embedded.  struct augment_values v = AUGMENT_VALUES_INIT. */
struct augment_values {
	struct augment_list certificates; /* X.509 */
	struct augment_list crls;	  /* CertificateList */
	struct augment_list ocsps;	  /* OCSPResponse */
};

#define AUGMENT_VALUES_INIT                     \
	{                                       \
		{ NULL, 0, 0 }, { NULL, 0, 0 }, \
		{                               \
			NULL, 0, 0              \
		}                               \
	}

void augment_values_clear(struct augment_values *v);

/* Add a copy, unless it is there. */
enum deed_status augment_list_add(struct augment_list *l, struct slice der,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Gather the path of leaf, judged at time, and what says that none of it was
 * revoked.  given (may be NULL) has what the signature brings itself, on top
 * of params->source.  DEED_INDETERMINATE where something is missing, with a
 * hint at what would bring it; DEED_CERT_INVALID where a certificate is
 * revoked or was not valid then: nothing can be raised that does not hold.
 */
enum deed_status augment_gather(const struct augment_params *params,
				struct cert *leaf, enum pki_purpose purpose,
				int64_t time, const struct pki_source *given,
				struct augment_values *out,
				struct deed_error *err) DEED_MUST_USE;

/* The same for the authority of a time-stamp token. */
enum deed_status augment_gather_token(const struct augment_params *params,
				      struct slice token, int64_t time,
				      const struct pki_source *given,
				      struct augment_values *out,
				      struct deed_error *err) DEED_MUST_USE;

#endif
