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
 *
 * Several orders are handed over as one, MANY: its body is their frames, and
 * as many descriptors come with it; what comes back is a MANY of as many
 * answers, in the same order, any of which may be a FRAME_ERROR.
 */
#define WORKER_HELLO 0xfffffffeu
#define WORKER_MANY 0xfffffffdu
#define WORKER_TOGETHER 16	    /* orders of a MANY, at most */
#define WORKER_BODY_MAX (64u << 20) /* of an order */

enum worker_got {
	WORKER_FRAME,
	WORKER_END, /* the other side closed */
	WORKER_LATE,
	WORKER_NONSENSE, /* what it sent is no frame, or too long */
	WORKER_NO_MEMORY,
};

/*
 * Read one frame; room is overwritten and *body lies in it.  fds, if not NULL,
 * gets the descriptors that came with it; without, none is taken.  Late
 * is what is not there when the monotonic clock reads until; INT64_MAX is
 * never.
 */
struct worker_fds {
	size_t count;
	int fd[WORKER_TOGETHER];
};
enum worker_got worker_receive(int socket, size_t max, int64_t until,
			       struct worker_fds *fds, struct buf *room,
			       uint32_t *type, struct slice *body);

/* The next of the frames of a MANY; false where it is none. */
bool worker_next(struct slice *many, uint32_t *type, struct slice *body);

/* Wait for something to read; false when it is late, as above. */
bool worker_wait(int socket, int64_t until);

/* Send one, with descriptors; room is overwritten. */
bool worker_send(int socket, uint32_t type, struct slice body, const int *fds,
		 size_t count, struct buf *room);

#endif
