/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_ENVELOPE_CHUNK_H
#define DEED_CMS_ENVELOPE_CHUNK_H

#include "base/secret.h"
#include "crypto/aead.h"

/*
 * The same AuthEnvelopedData as in cms/envelope.h with exactly one
 * KEKRecipientInfo whose key identifier has 16 bytes, written and read in
 * place, for the chunks of a deposit: the DER around the ciphertext is fixed
 * but for its lengths, so that a chunk costs one pass of AES.
 *
 * Layout: a head of envelope_chunk_head(len) bytes, len bytes of ciphertext,
 * and a tail of ENVELOPE_CHUNK_TAIL bytes (the tag as an OCTET STRING).
 * Content of 1 to ENVELOPE_CHUNK_MAX bytes.
 */
#define ENVELOPE_CHUNK_ID 16
#define ENVELOPE_CHUNK_MAX (16u << 20)
#define ENVELOPE_CHUNK_TAIL 18
#define ENVELOPE_CHUNK_OVERHEAD 200 /* never more than this, head and tail */

/* Bytes of DER before the ciphertext of len bytes. */
size_t envelope_chunk_head(size_t len);

/* Bytes of the whole envelope. */
size_t envelope_chunk_size(size_t len);

/*
 * Encrypt: data lies at out + envelope_chunk_head(len), len bytes, and is
 * encrypted in place; head and tail are written around it, with a fresh
 * content key and nonce.  out has room for envelope_chunk_size(len).
 */
enum deed_status envelope_chunk_seal(uint8_t *out, size_t len,
				     const uint8_t id[ENVELOPE_CHUNK_ID],
				     const struct secret *kek,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * The same in pieces, wherever they lie: the head, of envelope_chunk_head(len)
 * bytes, is written at once; aead_update then encrypts len bytes; the tail is
 * the end.
 */
enum deed_status envelope_chunk_begin(uint8_t *head, size_t len,
				      const uint8_t id[ENVELOPE_CHUNK_ID],
				      const struct secret *kek,
				      struct aead **out,
				      struct deed_error *err) DEED_MUST_USE;
void envelope_chunk_end(struct aead *a, uint8_t tail[ENVELOPE_CHUNK_TAIL]);

/*
 * Decrypt in place: *plain is then the content inside data.  DEED_MALFORMED
 * if the bytes are not exactly what envelope_chunk_seal writes with this
 * identifier, DEED_NOT_RECIPIENT if the key does not unwrap,
 * DEED_DAMAGED if the tag does not fit; the content is then wiped.
 */
enum deed_status envelope_chunk_open(uint8_t *data, size_t len,
				     const uint8_t id[ENVELOPE_CHUNK_ID],
				     const struct secret *kek,
				     struct slice *plain,
				     struct deed_error *err) DEED_MUST_USE;

#endif
