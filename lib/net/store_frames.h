/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_FRAMES_H
#define DEED_NET_STORE_FRAMES_H

#include "base/buf.h"

/*
 * Frames as they come in, bit by bit, from a descriptor that does not block.
 * A body lies in memory that was taken once, when its length was known, so
 * that a secret leaves no copy behind; store_frames_next wipes the one before
 * if it was one.
 */
struct store_frames {
	uint8_t header[8];
	size_t header_len;
	uint32_t type;
	size_t len;
	struct buf body;
	bool told; /* the frame is whole, and the caller has had it */
};

void store_frames_clear(struct store_frames *f);

/*
 * Reads what is there.  *whole: a frame is, with its type and body, which is
 * the caller's until the next call, who may take it away.  *end: the other
 * side closed between two frames.  Neither: more is to come.
 * DEED_MALFORMED, DEED_LIMIT for a frame that is longer than those of its
 * type are.
 */
enum deed_status store_frames_next(struct store_frames *f, int fd, bool *whole,
				   bool *end,
				   struct deed_error *err) DEED_MUST_USE;

#endif
