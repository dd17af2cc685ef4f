/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_WORKER_H
#define DEED_BASE_WORKER_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Helpers that serve many orders, one after the other, in a sandbox
 * (base/sandbox.h): they compute, on the bytes of the order and on one
 * descriptor that comes with it, and can neither open nor connect nor start
 * anything.  A helper is started as a program of its own, so that it never
 * had the caller's memory, secrets or descriptors.
 *
 *	workers_new("deed-parse", limits, &w, err)	starts nothing yet
 *	workers_call(w, order, body, fd, ...)		from any thread
 *	workers_free(w)					ends them all
 *
 * A helper serves one order at a time; as many are started as calls go on at
 * once, and they are kept for later calls.  One that dies, stops answering or
 * answers what is no answer is ended, and the call is DEED_INDETERMINATE:
 * nothing is known of what it was asked, and the next call gets another
 * helper.  A FRAME_ERROR (base/frame.h) is the helper's own word: its status.
 */
struct workers;

struct worker_limits {
	unsigned seconds; /* for one answer */
	unsigned orders;  /* a helper is replaced after so many */
	size_t answer;	  /* bytes of an answer at most */
};

enum deed_status workers_new(const char *helper,
			     const struct worker_limits *limits,
			     struct workers **out,
			     struct deed_error *err) DEED_MUST_USE;
void workers_free(struct workers *w);

/* order is a frame's type; fd is lent, or -1.  answer is overwritten and
 * *type is the answer's. */
enum deed_status workers_call(struct workers *w, uint32_t order,
			      struct slice body, int fd, uint32_t *type,
			      struct buf *answer,
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Orders that are handed over together, at most WORKERS_TOGETHER, to one
 * helper, which answers them together: a turn is taken once for all of them.
 * Each has a descriptor.  Where that fails, as it does where the helper dies
 * of one of them, each is called by itself, so that nobody suffers for
 * another.  answer is initialised by the caller.
 */
#define WORKERS_TOGETHER 16
struct workers_order {
	uint32_t order;
	struct slice body;
	int fd;
	uint32_t type; /* of the answer */
	struct buf answer;
	enum deed_status status;
	struct deed_error err;
};
void workers_call_many(struct workers *w, struct workers_order *orders,
		       size_t count);

/* What holds a helper: known once one has answered. */
enum workers_confined {
	WORKERS_UNKNOWN,
	WORKERS_CONFINED,
	WORKERS_UNCONFINED, /* the kernel or the build cannot */
};
enum workers_confined workers_confined(const struct workers *w);

/*
 * The other end, in the helper: enter the sandbox and serve the socket until
 * it is closed.  fn does an order; its error goes back as the answer.  fd,
 * -1 if none came, is closed after fn.  memory caps the address space.
 */
typedef enum deed_status worker_fn(void *arg, uint32_t order, struct slice body,
				   int fd, uint32_t *type, struct buf *answer,
				   struct deed_error *err);
enum deed_status worker_serve(int socket, size_t memory, worker_fn *fn,
			      void *arg, struct deed_error *err) DEED_MUST_USE;

/* The same in a sandbox that lets it read beneath folders
 * (sandbox_enter_reading).  Where there is none it serves nothing, and every
 * call of the other end is DEED_INDETERMINATE and says so. */
enum deed_status worker_serve_reading(int socket, const char *const folders[],
				      size_t memory, worker_fn *fn, void *arg,
				      struct deed_error *err) DEED_MUST_USE;

#endif
