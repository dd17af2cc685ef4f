/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_PEM_H
#define DEED_CODEC_PEM_H

#include "base/buf.h"

/*
 * PEM (RFC 7468): "-----BEGIN LABEL-----", base64, "-----END LABEL-----".
 * Text between the blocks is skipped, headers as of RFC 1421 inside a block
 * are refused.  Labels are at most PEM_LABEL - 1 characters.
 */
#define PEM_LABEL 64

/* Does the text hold a BEGIN line? */
bool pem_looks_like(struct slice text);

/*
 * The next block at or after *cursor, which moves behind it; the body is the
 * base64 text as it stands, borrowed.  DEED_NOT_FOUND when there is none
 * left, DEED_MALFORMED for a BEGIN without its END.
 */
enum deed_status pem_next(struct slice *cursor, char label[PEM_LABEL],
			  struct slice *body,
			  struct deed_error *err) DEED_MUST_USE;

/* The same, decoded: appended to out.  Not for private keys: for those
 * take pem_next and base64_decode_into a secret. */
enum deed_status pem_decode_next(struct slice *cursor, char label[PEM_LABEL],
				 struct buf *out,
				 struct deed_error *err) DEED_MUST_USE;

/* Append a block, 64 characters a line. */
void pem_encode(struct buf *out, const char *label, struct slice der);

#endif
