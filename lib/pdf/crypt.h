/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_CRYPT_H
#define DEED_PDF_CRYPT_H

#include "base/secret.h"
#include "pdf/document.h"

/*
 * The standard security handler (ISO 32000-2 7.6): RC4 of 40 to 128 bits (V 1
 * and 2), crypt filters V2, AESV2, AESV3, None and Identity (V 4 and 5), R 2
 * to 4, 5 (Adobe's extension level 3, read and written as it stands) and 6.
 * Public-key handlers and any other are DEED_UNSUPPORTED.
 *
 * Strings are decrypted when an object is read, streams when their bytes are
 * asked for, by the number and generation of the indirect object that they
 * stand in.  Not encrypted are (7.6.2): cross-reference streams, what lies in
 * an object stream (the stream is), the encryption dictionary itself, /ID,
 * the /Contents of a signature dictionary, streams with an Identity crypt
 * filter, and metadata where /EncryptMetadata is false.
 *
 * All revisions must have the same encryption dictionary, and no revision may
 * be without: readers would see different documents (DEED_MALFORMED).
 */
struct pdf_crypt;

enum pdf_crypt_method {
	PDF_CRYPT_IDENTITY, /* as it stands */
	PDF_CRYPT_RC4,
	PDF_CRYPT_AES128,
	PDF_CRYPT_AES256,
};

/* What an encrypted document says of itself, and how it was opened. */
struct pdf_encryption {
	enum pdf_crypt_method strings, streams;
	int revision;	      /* R */
	bool owner;	      /* the owner's password was given */
	uint32_t permissions; /* P (table 22) */
	bool metadata;	      /* its metadata is encrypted */
};

/* NULL if the document is not encrypted.  Lives with the document. */
const struct pdf_encryption *pdf_encryption(const struct pdf_document *doc);

/* May who gave this password add a signature (table 22, bits 4, 6 and 9)?
 * True if the document is not encrypted. */
bool pdf_encryption_may_sign(const struct pdf_document *doc);

/* ---- for the files of this floor ---- */

/*
 * From the encryption dictionary, whose values are direct, and the first half
 * of /ID.  password is UTF-8, or NULL.  DEED_MALFORMED, DEED_UNSUPPORTED,
 * DEED_NO_PASSPHRASE, DEED_WRONG_PASSPHRASE, DEED_NO_MEMORY.
 */
enum deed_status pdf_crypt_new(const struct pdf_object *dict, struct slice id,
			       const struct secret *password,
			       struct pdf_crypt **out,
			       struct deed_error *err) DEED_MUST_USE;
void pdf_crypt_free(struct pdf_crypt *c);

/* Decrypt in place all strings of an object that was read as ref, and note
 * in a stream how its bytes are to be decrypted.  Decrypted strings lie in
 * the arena.  DEED_MALFORMED where AES finds no right padding. */
enum deed_status pdf_crypt_read(const struct pdf_crypt *c, struct pdf_ref ref,
				struct pdf_object *o, struct pdf_arena *arena,
				struct deed_error *err) DEED_MUST_USE;

/* The bytes of a stream, decrypted in place; filter and parms are its /Filter
 * and /DecodeParms, resolved. */
enum deed_status pdf_crypt_stream(const struct pdf_crypt *c,
				  const struct pdf_object *stream,
				  const struct pdf_object *filter,
				  const struct pdf_object *parms,
				  struct buf *data,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * A copy of o as it is written under ref: strings and the bytes of a stream
 * encrypted.  o itself where nothing of it is.  NULL without memory.  The
 * initialisation vectors come from the key and the plain text, so that the
 * same update is the same bytes.
 */
const struct pdf_object *pdf_crypt_write(const struct pdf_crypt *c,
					 struct pdf_ref ref,
					 const struct pdf_object *o,
					 struct pdf_arena *arena);

#endif
