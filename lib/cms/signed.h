/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_SIGNED_H
#define DEED_CMS_SIGNED_H

#include "codec/oid.h"
#include "key/cert.h"

/*
 * Reading CMS SignedData (RFC 5652 5, and PKCS #7 1.5 as PDFs carry it).
 * Parsing says what is written, never whether it holds: see cms/check.h.
 *
 * The object owns one DER copy of the input (BER with indefinite lengths or
 * constructed strings is rewritten); every slice it hands out points into
 * that copy and lives as long as the object.  It is immutable after
 * parsing, so any number of threads may read it.
 *
 * Limits, beyond which the answer is DEED_LIMIT: CMS_MAX bytes, CMS_SIGNERS
 * signer infos, CMS_CERTIFICATES certificates, CMS_CRLS CRLs, CMS_OTHERS
 * other revocation values, CMS_ATTRIBUTES attributes in one set, CMS_VALUES
 * values in one attribute.  Time is linear in the input.
 */
#define CMS_MAX (256u << 20)
#define CMS_SIGNERS 256
#define CMS_CERTIFICATES 1024
#define CMS_CRLS 256
#define CMS_OTHERS 512
#define CMS_ATTRIBUTES 256
#define CMS_VALUES 65536

/* One Attribute: SEQUENCE { type, SET OF value }. */
struct cms_attribute {
	enum oid oid;	     /* OID_NONE where deed does not know it */
	struct slice type;   /* content octets of the OID */
	struct slice values; /* content of the SET */
	struct slice whole;  /* the SEQUENCE */
	unsigned count;	     /* values in the SET */
};

struct cms_attributes {
	bool present;
	struct slice whole;   /* the element with its tag [0] or [1] */
	struct slice content; /* the Attributes one after another */
	bool sorted;	      /* in the order that DER wants of a SET OF, the
				 values of each attribute too */
	unsigned count;
	struct cms_attribute *list; /* count of them */
};

/* SignerInfo (RFC 5652 5.3). */
struct cms_signer {
	uint64_t version;
	struct slice sid;    /* the whole SignerIdentifier */
	struct slice issuer; /* whole Name; SLICE_NONE if by key identifier */
	struct slice serial; /* INTEGER content octets */
	struct slice key_id; /* SLICE_NONE if by issuer and serial */
	struct slice digest_algorithm; /* whole AlgorithmIdentifier */
	struct slice digest_oid;       /* content octets */
	struct cms_attributes signed_attrs;
	struct slice signature_algorithm; /* whole AlgorithmIdentifier */
	struct slice signature;
	struct cms_attributes unsigned_attrs;
	struct slice whole;
};

/* Other revocation values: OtherRevocationInfoFormat or an OCSP response. */
struct cms_other_revocation {
	struct slice type;  /* OID of the format */
	struct slice value; /* the whole value */
};

struct cms_signed {
	uint64_t version;
	struct slice content_type; /* eContentType, content octets */
	enum oid content_oid;
	bool has_content;
	/* eContent: of an OCTET STRING its octets; of anything else (PKCS #7)
	 * the content octets of the element, RFC 5652 5.2.1. */
	struct slice content;
	bool content_is_octets;
	unsigned digest_count;	       /* digestAlgorithms */
	struct slice digests;	       /* content of that SET */
	struct slice certificates_set; /* content of [0], SLICE_NONE */
	struct slice crls_set;	       /* content of [1], SLICE_NONE */
	unsigned certificate_count, crl_count, other_count, signer_count;
	struct slice *certificates; /* DER of each X.509 certificate */
	struct slice *crls;	    /* DER of each CertificateList */
	struct cms_other_revocation *others;
	struct cms_signer *signers;
	struct slice whole; /* the ContentInfo, DER */
	bool was_ber;	    /* the input was not DER */
	size_t used;	    /* bytes of the input; what follows is not read */
	struct buf owned;   /* the copy */
};

/*
 * Parse a ContentInfo that holds SignedData, DER or BER.  Bytes after it are
 * not read (PDF pads with zeros): see used.  *out is the caller's.
 * DEED_MALFORMED where it is no CMS, DEED_UNSUPPORTED where it is CMS but
 * not SignedData, DEED_LIMIT.
 */
enum deed_status cms_signed_parse(struct slice in, struct cms_signed **out,
				  struct deed_error *err) DEED_MUST_USE;

/* NULL does nothing. */
void cms_signed_free(struct cms_signed *sd);

/*
 * The bytes that signedAttrs are hashed as: their DER with the tag SET OF in
 * the place of [0] (RFC 5652 5.4), so in the order of DER whatever order they
 * are stored in.  Appends to out.  Not called without signed attributes.
 */
void cms_signed_attrs_der(const struct cms_signer *signer, struct buf *out);

/* The same in the order in which they are stored, to tell a signer that took
 * that for the right one. */
void cms_signed_attrs_stored(const struct cms_signer *signer, struct buf *out);

/* The first attribute of this type; how many there are goes to count (may
 * be NULL).  NULL where there is none. */
const struct cms_attribute *cms_find(const struct cms_attributes *attrs,
				     enum oid oid, unsigned *count);

/* The single value of a single attribute of this type, whole; false if it
 * is absent, repeated, or has not exactly one value. */
bool cms_single(const struct cms_attributes *attrs, enum oid oid,
		struct slice *value);

/* Parse one SignerInfo by itself, for instance a counter-signature.  The
 * slices point into in, which outlives it; free with cms_signer_clear. */
enum deed_status cms_signer_parse(struct slice in, struct cms_signer *out,
				  struct deed_error *err) DEED_MUST_USE;
void cms_signer_clear(struct cms_signer *signer);

/* Does this certificate answer to the signer identifier? */
bool cms_signer_names(const struct cms_signer *signer, const struct cert *c);

#endif
