/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_AUGMENT_H
#define DEED_SIGN_AUGMENT_H

#include "cms/signed.h"
#include "judge/verdict.h"
#include "pki/path.h"

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
 * Nothing here opens a file or a socket: that is the callback's matter, and
 * that of the source's finder (pki/source.h).  The parameters are read only,
 * and shared by any number of threads.
 */

/*
 * A time-stamp token (RFC 3161, DER) over a digest, appended to token; it
 * has been held against the request (sign/tsa.h).  DEED_REMOTE where no
 * authority gave one.
 */
typedef enum deed_status augment_ask_fn(void *arg, enum digest_alg alg,
					struct slice digest, struct buf *token,
					struct deed_error *err);

struct augment_params {
	enum verdict_level level; /* LEVEL_B_T, _LT or _LTA */
	int64_t now;
	augment_ask_fn *ask;
	void *ask_arg;
	/* Octets that a token may have (tsa_token_size); NULL: a guess. */
	size_t (*token_size)(void *arg);
	/* Anchors, and data at hand; its finder is asked for what is not. */
	const struct pki_source *source;
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

/* What is to be put into a SignedData: all of it, borrowed from v. */
struct cms_amendment;
void augment_values_amend(const struct augment_values *v,
			  struct cms_amendment *out);

/*
 * Gather the path of leaf and what says that none of it was revoked: judged
 * now, or where it has expired since, at best, a time that a time-stamp
 * proves.  given (may be NULL) stands on params->source and has what the
 * signature brings itself.  DEED_INDETERMINATE where something is missing,
 * with a hint at what would bring it; DEED_CERT_INVALID where a certificate
 * is revoked or was not valid: what does not hold cannot be raised.
 */
enum deed_status augment_gather(const struct augment_params *params,
				struct cert *leaf, enum pki_purpose purpose,
				int64_t best, const struct pki_source *given,
				struct augment_values *out,
				struct deed_error *err) DEED_MUST_USE;

/* The same for the authority of a time-stamp token. */
enum deed_status augment_gather_token(const struct augment_params *params,
				      struct slice token,
				      const struct pki_source *given,
				      struct augment_values *out,
				      struct deed_error *err) DEED_MUST_USE;

/*
 * The same for every signer of a SignedData and for the tokens in it, with
 * what it brings itself on top of given.  best is a time that something
 * outside proves; a signature-time-stamp may say an earlier one.
 */
enum deed_status augment_gather_cms(const struct augment_params *params,
				    const struct cms_signed *sd, int64_t best,
				    const struct pki_source *given,
				    struct augment_values *out,
				    struct deed_error *err) DEED_MUST_USE;

/* A token over the SHA-256 of data, appended. */
enum deed_status augment_token(const struct augment_params *params,
			       struct slice data, struct buf *token,
			       struct deed_error *err) DEED_MUST_USE;

/* How long a token may be. */
size_t augment_token_size(const struct augment_params *params);

#endif
