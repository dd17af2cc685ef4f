/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_WIRE_H
#define DEED_BASE_WIRE_H

#include "base/buf.h"

/*
 * Numbers and byte strings in the body of a frame (base/frame.h): big-endian,
 * a byte string behind its length in 4 bytes.  A reader is a slice that
 * becomes shorter; the other side may be hostile, so every getter says
 * whether what it wants is there, and takes nothing if not.
 */
void wire_put_u8(struct buf *b, unsigned value);
void wire_put_u32(struct buf *b, uint32_t value);
void wire_put_u64(struct buf *b, uint64_t value);
void wire_put_double(struct buf *b, double value);
void wire_put_bytes(struct buf *b, struct slice bytes);

bool wire_get_u8(struct slice *in, unsigned *out);
bool wire_get_u32(struct slice *in, uint32_t *out);
bool wire_get_u64(struct slice *in, uint64_t *out);
bool wire_get_double(struct slice *in, double *out); /* a finite one */

/* At most max bytes; points into in. */
bool wire_get_bytes(struct slice *in, size_t max, struct slice *out);

/* One byte below count, for an enumeration; one that is 0 or 1. */
bool wire_get_enum(struct slice *in, unsigned count, unsigned *out);
bool wire_get_bool(struct slice *in, bool *out);

#endif
