/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_WORKER_WIRE_H
#define DEED_BASE_WORKER_WIRE_H

#include "base/frame.h"

/*
 * What both ends of base/worker.h know.  The helper's standard input is a
 * Unix socket, on which it says HELLO first, with a byte that is 1 if the
 * kernel confines it.  An order is a frame (base/frame.h) whose first byte may
 * carry one descriptor; each order gets one frame back.  Neither side sends
 * ahead, so that a frame is mostly one read.
 */
#define WORKER_HELLO 0xfffffffeu
#define WORKER_BODY_MAX (64u << 20) /* of an order */

enum worker_got {
	WORKER_FRAME,
	WORKER_END, /* the other side closed */
	WORKER_LATE,
	WORKER_NONSENSE, /* what it sent is no frame, or too long */
	WORKER_NO_MEMORY,
};

/*
 * Read one frame; room is overwritten and *body lies in it.  fd, if not NULL,
 * gets the descriptor that came with it, or -1; without, none is taken.  Late
 * is what is not there when the monotonic clock reads until; INT64_MAX is
 * never.
 */
enum worker_got worker_receive(int socket, size_t max, int64_t until, int *fd,
			       struct buf *room, uint32_t *type,
			       struct slice *body);

/* Wait for something to read; false when it is late, as above. */
bool worker_wait(int socket, int64_t until);

/* Send one, with a descriptor unless fd is -1; room is overwritten. */
bool worker_send(int socket, uint32_t type, struct slice body, int fd,
		 struct buf *room);

#endif
