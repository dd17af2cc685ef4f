/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TLOG_TEXT_H
#define DEED_TLOG_TEXT_H

#include "base/slice.h"

/*
 * The lines that checkpoints and proofs are made of.  All of it strict: one
 * value has one spelling.
 */

/* Take one line, without its newline, from the front of *rest; false where
 * there is no newline. */
bool text_line(struct slice *rest, struct slice *line);

/* Decimal without leading zeroes, below 2^53. */
bool text_number(struct slice s, uint64_t *out);

/* Base64 of 32 bytes. */
bool text_hash(struct slice s, uint8_t out[32]);

#endif
