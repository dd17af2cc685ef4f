/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_SIGNED_WRITE_H
#define DEED_CMS_SIGNED_WRITE_H

#include "codec/oid.h"
#include "crypto/digest.h"
#include "key/cert.h"
#include "key/sig_alg.h"
#include "key/signing_key.h"

/*
 * Writing CMS SignedData with one signer: the one place where PAdES, CAdES,
 * ASiC and statements are signed.  The result is DER, version 1 (RFC 5652
 * 5.1; 3 where the content type is not id-data), the signer named by issuer
 * and serial number.  Signed attributes, sorted as DER wants: content-type,
 * message-digest, signing-certificate-v2 (RFC 5035, SHA-256, with
 * issuerSerial left out), signing-time if asked, and what the caller adds.
 *
 * Everything in the parameters is borrowed for the call.
 */
struct cms_write_attribute {
	enum oid type;
	struct slice value; /* one DER value, whole */
};

struct cms_sign_params {
	const struct signing_key *key;
	const struct cert *const *chain; /* the signer's first; embedded */
	size_t chain_len;		 /* at least 1 */

	/* Of the signature algorithm's digest; the content is digested with
	 * the same.  sig_alg_default() of the key where scheme is 0. */
	struct sig_alg algorithm;

	enum oid content_type; /* OID_NONE is OID_DATA */
	bool embed;	       /* content is embedded, not detached */
	struct slice content;  /* if embed */

	bool has_signing_time;
	int64_t signing_time;

	const struct cms_write_attribute *signed_attrs; /* further ones */
	size_t signed_count;
	const struct cms_write_attribute *unsigned_attrs;
	size_t unsigned_count;

	const struct slice *crls; /* DER, embedded */
	size_t crl_count;
};

/*
 * The algorithm that cms_sign will use: params->algorithm, or the key's
 * default where that is unset, which is RSA-PSS where the certificate binds an
 * RSA key to it; DEED_REFUSED for PKCS#1 v1.5 then.  The caller needs its
 * digest to hash a detached content; Ed25519 digests content with SHA-512 (RFC
 * 8419 3).
 */
enum deed_status cms_sign_algorithm(const struct cms_sign_params *params,
				    struct sig_alg *out,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * Sign.  digest is the content's, by the digest of cms_sign_algorithm; with
 * embed it may be SLICE_NONE and is computed here.  Appends the ContentInfo
 * to out.  DEED_NO_KEY, DEED_REFUSED where key and certificate do not
 * belong together.
 */
enum deed_status cms_sign(const struct cms_sign_params *params,
			  struct slice digest, struct buf *out,
			  struct deed_error *err) DEED_MUST_USE;

/*
 * The signed attributes that cms_sign would sign, as the SET OF that is
 * hashed (RFC 5652 5.4), for a key that is elsewhere: of params the chain, the
 * content type, the time and further attributes are looked at.  Appended.
 */
enum deed_status cms_signed_attributes(const struct cms_sign_params *params,
				       struct slice digest, struct buf *out,
				       struct deed_error *err) DEED_MUST_USE;

/*
 * A bound on what cms_sign with the same parameters appends, without using
 * the private key: the result is at most this long.
 */
enum deed_status cms_sign_size(const struct cms_sign_params *params,
			       size_t *max,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Sign a signature value: appends the SignerInfo of a counter-signature
 * (RFC 5652 11.4), the value of OID_COUNTERSIGNATURE.  digest is that of the
 * signature value's octets, by the digest of cms_sign_algorithm; there is no
 * content-type, and content, chain but the signer's, and CRLs are of no use.
 */
enum deed_status cms_sign_counter(const struct cms_sign_params *params,
				  struct slice digest, struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * in is a DER SignedData with one signer: the same with an unsigned
 * attribute added (sorted), for instance a signature-time-stamp.
 */
enum deed_status cms_add_unsigned(struct slice in,
				  const struct cms_write_attribute *attr,
				  struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
