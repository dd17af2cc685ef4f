/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TLOG_NOTE_PRIV_H
#define DEED_TLOG_NOTE_PRIV_H

#include "tlog/note.h"

/* What reading, signing and keys of notes share. */
#define NOTE_DASH "\xe2\x80\x94 " /* an em dash and a space */
#define NOTE_SIGNATURE_SIZE 64
#define NOTE_ID_SIZE 4
#define NOTE_TIME_SIZE 8

static inline uint32_t note_read_id(const uint8_t b[NOTE_ID_SIZE])
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

/* Append what a cosignature of version 1 signs. */
void note_cosigned(struct slice text, uint64_t time, struct buf *out);

#endif
