/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_FRAME_H
#define DEED_BASE_FRAME_H

#include "base/buf.h"

/*
 * Messages between deed and its helpers, over pipes:
 *
 *	offset	size
 *	0	4	type, big-endian; 1 to FRAME_ERROR
 *	4	4	length of the body, big-endian
 *	8	length	body
 *
 * Either side may be hostile to the other: a length over the reader's limit
 * is refused before memory is taken.  What the types mean is the helper's
 * matter, but for two.
 */
#define FRAME_END 0U		/* never sent: the other side closed, cleanly */
#define FRAME_ERROR 0xffffffffU /* a struct deed_error, see below */
#define FRAME_BODY_MAX 0xffffffffU

enum deed_status frame_write(int fd, uint32_t type, struct slice body,
			     struct deed_error *err) DEED_MUST_USE;

/*
 * One frame; body, which the caller has initialised, is overwritten.  At a
 * closed pipe *type is FRAME_END and body is empty; in the middle of a frame
 * that is DEED_MALFORMED.  A body over max is DEED_LIMIT.
 *
 * A FRAME_ERROR is taken in here: its error goes to err and its status is
 * returned, so that a caller sees a helper's failure as its own.
 */
enum deed_status frame_read(int fd, uint32_t *type, struct buf *body,
			    size_t max, struct deed_error *err) DEED_MUST_USE;

/*
 * The same two with a helper that may have stopped: what is not done by then
 * (clock_monotonic_ms) is DEED_SYSTEM, and half a frame may be left.  What is
 * written to must not block (process_never_block).
 *
 * Of a frame that is read the header must have come by then.  Its body, which
 * the helper has by then, has at least a time of its own from there on:
 * FRAME_BODY_MS, and one more for each KiB.
 */
#define FRAME_BODY_MS 5000
enum deed_status frame_write_until(int fd, uint32_t type, struct slice body,
				   int64_t until,
				   struct deed_error *err) DEED_MUST_USE;
enum deed_status frame_read_until(int fd, uint32_t *type, struct buf *body,
				  size_t max, int64_t until,
				  struct deed_error *err) DEED_MUST_USE;

/* Until something can be read (POLLIN) or written (POLLOUT), or the other side
 * is gone; false: it could not by then.  INT64_MAX: however long it takes. */
bool frame_wait(int fd, short events, int64_t until);

/*
 * The same in two steps, for who has a place for the body: at a closed pipe
 * *type is FRAME_END, and a FRAME_ERROR is a frame as others are.  No limit is
 * looked at; len is that of the header.
 */
enum deed_status frame_read_header(int fd, uint32_t *type, uint32_t *len,
				   struct deed_error *err) DEED_MUST_USE;
enum deed_status frame_read_body(int fd, uint8_t *body, uint32_t len,
				 struct deed_error *err) DEED_MUST_USE;

/* The body of a FRAME_ERROR as an error: its status, never DEED_OK. */
enum deed_status frame_take_error(struct slice body,
				  struct deed_error *err) DEED_MUST_USE;

/* A frame as bytes, for who sends it by itself; appended to out. */
void frame_put(struct buf *out, uint32_t type, struct slice body);

/* The same of a FRAME_ERROR. */
void frame_put_error(struct buf *out, const struct deed_error *why);

/* The header of a frame: its type and the length of its body. */
#define FRAME_HEADER 8
void frame_get_header(const uint8_t header[FRAME_HEADER], uint32_t *type,
		      uint32_t *len);

/* For a helper: tell the caller why it failed. */
enum deed_status frame_write_error(int fd, const struct deed_error *why,
				   struct deed_error *err) DEED_MUST_USE;

#endif
