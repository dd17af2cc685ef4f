/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_SIG_ALG_H
#define DEED_KEY_SIG_ALG_H

#include "codec/der.h"
#include "crypto/digest.h"

/*
 * Signature algorithms: what an AlgorithmIdentifier says, without the key.
 */
enum sig_scheme {
	SIG_NONE,
	SIG_RSA, /* RSASSA-PKCS1-v1_5 */
	SIG_RSA_PSS,
	SIG_ECDSA,
	SIG_ED25519, /* over the data itself: digest is DIGEST_NONE */
	SIG_ED448,   /* the same; verified only */
	SIG_DSA,     /* verified only */
	SIG_SM2,     /* verified only; over the data and the key, with SM3 */
};

struct sig_alg {
	enum sig_scheme scheme;
	enum digest_alg digest;
	unsigned salt_len;    /* RSA-PSS, octets */
	enum digest_alg mask; /* RSA-PSS: of MGF1, where it is another than
				 digest; else DIGEST_NONE */
};

/* Is it a hash that this scheme signs, so that it goes with a digest? */
bool sig_scheme_hashes(enum sig_scheme scheme);

/*
 * From an AlgorithmIdentifier (the whole SEQUENCE).  rsaEncryption and
 * id-ecPublicKey, which CMS allows here (RFC 3370 3.2), and SM2 without a
 * digest (GM/T 0006) give the scheme with
 * DIGEST_NONE: the caller fills in the digest algorithm of the SignerInfo.
 * DEED_UNSUPPORTED for what deed does not know, an algorithm or, of RSA-PSS,
 * a hash or a mask generation function: the message names it, by its object
 * identifier too.  DEED_MALFORMED.
 */
enum deed_status sig_alg_parse(struct slice algorithm, struct sig_alg *out,
			       struct deed_error *err) DEED_MUST_USE;

/* The same from the parameters of RSA-PSS alone, with which the reader must
 * end. */
enum deed_status sig_alg_read_pss(struct der_reader *r, struct sig_alg *out,
				  struct deed_error *err) DEED_MUST_USE;

/* Write the AlgorithmIdentifier. */
void sig_alg_write(struct der_writer *w, const struct sig_alg *alg);

/* "RSA", "RSA-PSS", "ECDSA", "Ed25519", "Ed448", "DSA", "SM2",
 * "unknown". */
const char *sig_scheme_name(enum sig_scheme scheme);

#endif
