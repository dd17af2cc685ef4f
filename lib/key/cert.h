/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_CERT_H
#define DEED_KEY_CERT_H

#include "base/buf.h"
#include "key/pubkey.h"
#include "key/x509_name.h"

/*
 * X.509 certificates (RFC 5280 4), parsed by deed's own DER reader.  A
 * struct cert owns a copy of its DER; all slices of struct cert_fields point
 * into it.  Immutable but for its count of references, which is atomic: any
 * number of threads may share one.
 *
 * Limits: CERT_MAX_SIZE octets, CERT_MAX_EXTENSIONS extensions.
 */
#define CERT_MAX_SIZE (256 * 1024)
#define CERT_MAX_EXTENSIONS 128

/* Bits of keyUsage as named there, bit 0 first. */
#define KU_DIGITAL_SIGNATURE (1u << 0)
#define KU_NON_REPUDIATION (1u << 1)
#define KU_KEY_ENCIPHERMENT (1u << 2)
#define KU_DATA_ENCIPHERMENT (1u << 3)
#define KU_KEY_AGREEMENT (1u << 4)
#define KU_CERT_SIGN (1u << 5)
#define KU_CRL_SIGN (1u << 6)
#define KU_ENCIPHER_ONLY (1u << 7)
#define KU_DECIPHER_ONLY (1u << 8)

struct cert;

struct cert_fields {
	struct slice der;		  /* all of it */
	struct slice tbs;		  /* tbsCertificate, whole element */
	unsigned version;		  /* 1, 2 or 3 */
	struct slice serial;		  /* content octets of the INTEGER */
	struct slice signature_algorithm; /* AlgorithmIdentifier, whole */
	struct slice signature; /* octets of the BIT STRING; empty where its
				   bits make no octets */
	struct slice issuer;	/* Name, whole element */
	struct slice subject;	/* Name, whole element */
	struct slice spki;	/* SubjectPublicKeyInfo, whole element */
	int64_t not_before;
	int64_t not_after;

	bool has_key_usage;
	uint32_t key_usage; /* KU_… */
	bool has_basic_constraints;
	bool is_ca;
	bool has_path_len;
	uint32_t path_len;
	struct slice subject_key_id;   /* SLICE_NONE if absent */
	struct slice authority_key_id; /* its keyIdentifier; or SLICE_NONE */

	size_t extension_count;
};

struct cert_extension {
	struct slice oid; /* content octets */
	enum oid id;	  /* OID_NONE if not in oid.def */
	bool critical;
	struct slice value; /* content of the OCTET STRING */
};

/*
 * Parse one certificate in DER; der is copied.  DEED_MALFORMED (trailing
 * octets, a duplicate extension, bad times, a broken known extension),
 * DEED_LIMIT.
 */
enum deed_status cert_parse(struct slice der, struct cert **out,
			    struct deed_error *err) DEED_MUST_USE;

/* One more reference; returns c. */
struct cert *cert_ref(struct cert *c);

/* One reference less; the last frees it.  NULL does nothing. */
void cert_free(struct cert *c);

const struct cert_fields *cert_fields(const struct cert *c);

/* Extension i, less than extension_count; or the one of this kind, or NULL. */
const struct cert_extension *cert_extension_at(const struct cert *c, size_t i);
const struct cert_extension *cert_extension(const struct cert *c, enum oid id);

/* Is this policy among its certificatePolicies (RFC 5280 4.2.1.4)? */
bool cert_has_policy(const struct cert *c, enum oid policy);

/* SHA-256 of the DER: 32 octets, the certificate's for its life. */
const uint8_t *cert_sha256(const struct cert *c);

/* SHA-256 of the SubjectPublicKeyInfo. */
const uint8_t *cert_spki_sha256(const struct cert *c);

/*
 * The public key, made at the first call and then kept; borrowed.
 * DEED_UNSUPPORTED, DEED_MALFORMED as pubkey_from_spki.
 */
enum deed_status cert_pubkey(const struct cert *c, const struct pubkey **out,
			     struct deed_error *err) DEED_MUST_USE;

bool cert_equal(const struct cert *a, const struct cert *b);

/* Are issuer and subject the same name (RFC 5280 7.1)? */
bool cert_self_issued(const struct cert *c);

/* Are they of one holder: the same subject and the same key?  Such are a CA's
 * certificate and another of it, issued anew or by somebody else. */
bool cert_same_holder(const struct cert *a, const struct cert *b);

/*
 * Does the signature on c hold under the issuer's public key?  Names, times
 * and usages are the path's matter.  As pubkey_verify; DEED_MALFORMED where
 * the two AlgorithmIdentifiers differ.
 */
enum deed_status cert_verify(const struct cert *c, const struct cert *issuer,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * A growing list that holds references.  struct cert_list l = CERT_LIST_INIT.
 */
struct cert_list {
	struct cert **items;
	size_t count;
	size_t cap;
};

#define CERT_LIST_INIT     \
	{                  \
		NULL, 0, 0 \
	}

/* Adds a reference to c (the caller keeps its own). */
enum deed_status cert_list_add(struct cert_list *l, struct cert *c,
			       struct deed_error *err) DEED_MUST_USE;
bool cert_list_has(const struct cert_list *l, const struct cert *c);
void cert_list_clear(struct cert_list *l);

/*
 * Add every certificate of a file: PEM blocks CERTIFICATE (others are
 * skipped) or DER ones after another.  name is for messages.
 * DEED_NOT_FOUND if there is none.
 */
enum deed_status cert_list_load(struct cert_list *l, struct slice file,
				const char *name,
				struct deed_error *err) DEED_MUST_USE;

/* Append PEM. */
void cert_pem(const struct cert *c, struct buf *out);

#endif
