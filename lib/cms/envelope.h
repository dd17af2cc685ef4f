/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_ENVELOPE_H
#define DEED_CMS_ENVELOPE_H

#include "base/buf.h"
#include "base/secret.h"

struct deposit_key;

/*
 * CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084): a 12-byte
 * nonce, a 16-byte tag, no attributes, content type id-data.  Every content
 * key and nonce is fresh and random.  Recipients are
 *
 *	a key-encryption key	KEKRecipientInfo, AES-256 wrap (RFC 3394),
 *				found by its key identifier
 *	an RSA key		KeyTransRecipientInfo, RSAES-OAEP with SHA-256
 *				and MGF1-SHA-256 (RFC 4055, RFC 8017)
 *	a P-256 key		KeyAgreeRecipientInfo, one ephemeral key each,
 *				dhSinglePass-stdDH-sha256kdf-scheme and
 *				AES-256 wrap (RFC 5753)
 *
 * the latter two found by subjectKeyIdentifier.  "openssl cms -decrypt" opens
 * each kind, and what "openssl cms -encrypt -aes-256-gcm" makes with those
 * options (-keyid, OAEP with SHA-256, KDF with SHA-256) is opened here; other
 * kinds of recipient are passed over.
 *
 * Reading is strict DER over the caller's bytes, without copies: everything
 * in a struct envelope borrows from the slice given to envelope_parse.
 * Linear in the input; at most ENVELOPE_RECIPIENTS_MAX recipients (more is
 * DEED_LIMIT).  No plaintext leaves before the tag was checked.  No global
 * state; any number of threads.
 */
#define ENVELOPE_RECIPIENTS_MAX 64
#define ENVELOPE_KEY_SIZE 32 /* content keys and key-encryption keys */
#define ENVELOPE_NONCE_SIZE 12
#define ENVELOPE_TAG_SIZE 16
#define ENVELOPE_ID_MAX 4096 /* bytes of a key identifier */

enum envelope_kind {
	ENVELOPE_KEK,
	ENVELOPE_RSA,
	ENVELOPE_ECDH,
	ENVELOPE_KEPT,	/* writing only: a RecipientInfo taken as it is */
	ENVELOPE_OTHER, /* reading only: a kind that nothing here opens */
};

/* To whom: fill what the kind needs, the rest zero.  All of it is borrowed. */
struct envelope_to {
	enum envelope_kind kind;
	struct slice id; /* KEK: identifier; RSA, ECDH: subjectKeyIdentifier */
	const struct secret *kek; /* KEK: 32 bytes */
	struct slice spki;	  /* RSA, ECDH: SubjectPublicKeyInfo, DER */
	struct slice der;	  /* KEPT: the whole RecipientInfo */
};

/*
 * Fill a recipient from its SubjectPublicKeyInfo: RSA or ECDH as the key is.
 */
enum deed_status envelope_to_spki(struct slice ski, struct slice spki,
				  struct envelope_to *out,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * Append the ContentInfo of an AuthEnvelopedData around plain to out, for
 * count recipients (1 to the limit).  cek is NULL for a fresh content key,
 * or the key that the kept recipients hold; the nonce is always fresh.  A
 * public key that is neither RSA of 2048 bits or more nor P-256 is
 * DEED_UNSUPPORTED.
 */
enum deed_status envelope_write(const struct envelope_to *to, size_t count,
				const struct secret *cek, struct slice plain,
				struct buf *out,
				struct deed_error *err) DEED_MUST_USE;

/* One RecipientInfo as read. */
struct envelope_recipient {
	enum envelope_kind kind;
	struct slice id;	/* as above; absent where the kind is OTHER */
	struct slice wrapped;	/* the encrypted content key */
	struct slice ephemeral; /* ECDH: the originator's point, 65 bytes */
	struct slice ukm;	/* ECDH: user keying material, if any */
	struct slice der;	/* the whole RecipientInfo, for ENVELOPE_KEPT */
};

struct envelope {
	struct envelope_recipient to[ENVELOPE_RECIPIENTS_MAX];
	size_t count;
	struct slice nonce;
	struct slice ciphertext;
	struct slice tag;
	struct slice aad; /* authenticated attributes, whole, or absent */
};

/*
 * Read an envelope; der must be it and nothing else.  DEED_MALFORMED where it
 * is not that, DEED_UNSUPPORTED where the content is encrypted otherwise,
 * DEED_LIMIT.  BER goes through ber_to_der first.
 */
enum deed_status envelope_parse(struct slice der, struct envelope *out,
				struct deed_error *err) DEED_MUST_USE;

/*
 * The content key, by the key-encryption key whose identifier is id.
 * DEED_NOT_RECIPIENT if none has this identifier or the key does not unwrap
 * it (for a key file: a wrong passphrase).  *cek is the caller's.
 */
enum deed_status envelope_unwrap_kek(const struct envelope *e, struct slice id,
				     const struct secret *kek,
				     struct secret **cek,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * The content key, by the private key that ski (its subjectKeyIdentifier)
 * names.  DEED_NOT_RECIPIENT as above; a failing token has its own status.
 */
enum deed_status envelope_unwrap_key(const struct envelope *e, struct slice ski,
				     const struct deposit_key *key,
				     struct secret **cek,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * Decrypt with the content key: DEED_DAMAGED if the tag does not fit, and
 * then nothing has been put out.  The first appends to a buffer; the second
 * is for a plaintext that is itself a secret (a private key, P), of 1 to
 * SECRET_MAX bytes, and *out is the caller's.
 */
enum deed_status envelope_decrypt(const struct envelope *e,
				  const struct secret *cek, struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;
enum deed_status envelope_decrypt_secret(const struct envelope *e,
					 const struct secret *cek,
					 struct secret **out,
					 struct deed_error *err) DEED_MUST_USE;

#endif
