/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_BER_H
#define DEED_CODEC_BER_H

#include "base/buf.h"

/*
 * BER to DER (X.690), for the CMS of other programs: indefinite lengths,
 * lengths that are longer than needed, strings cut into segments, TRUE other
 * than FF.  The order of a SET is kept as it is found, since a signature may
 * stand over it.  Definite and primitive elements keep their content octets
 * byte for byte.  A string with a context-specific tag that is cut into
 * segments (encryptedContent [0] as A0) cannot be told from a SEQUENCE
 * without the schema and stays constructed: the reader joins it.
 *
 * Limits: BER_MAX_DEPTH levels; the output is never longer than
 * the input plus eight octets for each constructed element.  Time and memory
 * are linear in the input.
 */
#define BER_MAX_DEPTH 64

/*
 * Append to out the DER of the first element of in; *used (may be NULL) is
 * how many octets of in it took.  DEED_MALFORMED, or DEED_LIMIT over the
 * depth; out is then as before.
 */
enum deed_status ber_to_der(struct slice in, size_t *used, struct buf *out,
			    struct deed_error *err) DEED_MUST_USE;

#endif
