/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_CHECK_H
#define DEED_CMS_CHECK_H

#include "cms/signed.h"
#include "crypto/digest.h"
#include "key/sig_alg.h"

/*
 * Does one signer's signature hold, by itself: attributes, digest and
 * signature value, whatever is known of the certificate.  The rules are
 * those of RFC 5652 5.4, 5.6 and 11, and stricter where both readings are in
 * the wild (see the outcomes).
 */
enum cms_outcome {
	CMS_INTACT,
	/* message-digest is not the content's. */
	CMS_HASH_MISMATCH,
	/* The signature value does not verify. */
	CMS_BAD_SIGNATURE,
	/* Attributes missing or repeated, content where there must be none. */
	CMS_BAD_FORMAT,
	/* digestAlgorithm and signatureAlgorithm use different hashes, or the
	 * attributes say otherwise than the SignerInfo. */
	CMS_BAD_ALGORITHM,
	/* deed does not know one of them, or they do not go together. */
	CMS_UNKNOWN_ALGORITHM,
	/* The signer's is not given. */
	CMS_NO_CERTIFICATE,
	/* The signer's is there, and not what RFC 5280 4 describes. */
	CMS_MALFORMED_CERTIFICATE,
	/* signing-certificate names another. */
	CMS_WRONG_CERTIFICATE,
	/* Detached and not given; what could be checked without it holds. */
	CMS_NO_CONTENT,
};

struct cms_check {
	enum cms_outcome outcome;
	char id[48]; /* for reasons[].id: "message-digest" */
	char message[256];
	/* Whether digest and signature value both are known to hold; stays
	 * true with CMS_WRONG_CERTIFICATE. */
	bool value_intact;
	bool value_broken;
	bool has_attributes;
	bool unordered; /* the signed attributes are not stored in the order
			   of DER, in which they are signed: a note */
	bool has_signing_certificate; /* v1 or v2, and it matches */
	enum digest_alg digest;
	bool digest_known;
	struct sig_alg algorithm;
	bool algorithm_known;
	bool has_signing_time;
	int64_t signing_time; /* the signer's claim */
};

/*
 * How the content's digest is had.  digest fills digest_size(alg) bytes;
 * an error (I/O) ends the check.  head is the beginning of the content (as
 * much as is at hand, 64 bytes do): content that reads as signed attributes
 * is refused where there are none.  One object may be asked several times
 * for several algorithms.
 */
struct cms_content {
	enum deed_status (*digest)(void *arg, enum digest_alg alg,
				   uint8_t out[DIGEST_MAX],
				   struct deed_error *err);
	void *arg;
	struct slice head;
};

/* Content in memory: m outlives c. */
void cms_content_memory(struct cms_content *c, struct slice *m);

/*
 * Check signer of sd.  cert is the signer's, NULL where none was found.
 * content is what was signed, NULL where it is not given.  For a
 * counter-signature sd is NULL, content is the signature value, and no
 * content-type is expected (RFC 5652 11.4).  DEED_OK with the outcome; an
 * error only where it could not be judged.
 */
enum deed_status
cms_check_signer(const struct cms_signed *sd, const struct cms_signer *signer,
		 const struct cert *cert, const struct cms_content *content,
		 struct cms_check *out, struct deed_error *err) DEED_MUST_USE;

/*
 * Where out says that signer has no certificate: does sd have one that names
 * itself the signer's, or not even that can be read of, and cert_parse does
 * not take?  Then out says what is wrong with it (CMS_MALFORMED_CERTIFICATE).
 * cms_check_signer has asked already, but for a counter-signature.
 */
enum deed_status cms_explain_missing(const struct cms_signed *sd,
				     const struct cms_signer *signer,
				     struct cms_check *out,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * The certificate among count that is the signer's: it answers to the
 * SignerIdentifier, and where several do, the one that signing-certificate
 * names.  Borrowed; NULL if there is none.
 */
struct cert *cms_choose_certificate(const struct cms_signer *signer,
				    struct cert *const *certs, size_t count);

/* All certificates of sd that parse, in their order; the others are passed
 * over.  The caller clears the list, also after a failure. */
enum deed_status cms_certificates(const struct cms_signed *sd,
				  struct cert_list *out,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Both in one, for a SignedData with one signer: *out is a reference that the
 * caller frees, NULL if there is none.
 */
enum deed_status cms_signer_certificate(const struct cms_signed *sd,
					const struct cms_signer *signer,
					struct cert **out,
					struct deed_error *err) DEED_MUST_USE;

#endif
