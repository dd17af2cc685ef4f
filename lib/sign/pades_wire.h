/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_WIRE_H
#define DEED_SIGN_PADES_WIRE_H

#include "base/wire.h"

/* What the orders of signing (sign/pades_client.h) write beside base/wire.h.
 * A getter is false where what it wants is not there. */

#define PADES_WIRE_TEXT 65536 /* octets of a text, its NUL included */

/* A string goes with its NUL, so that it can be used where it lies; NULL is
 * no byte at all. */
void pades_wire_put_text(struct buf *b, const char *text);
bool pades_wire_get_text(struct slice *in, const char **out);

bool pades_wire_get_i64(struct slice *in, int64_t *out);

/* Texts, none of which is NULL; the list is the caller's to free. */
#define PADES_WIRE_TEXTS 4096
void pades_wire_put_texts(struct buf *b, const char *const *list, size_t count);
bool pades_wire_get_texts(struct slice *in, const char ***list, size_t *count);

#endif
