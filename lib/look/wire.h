/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_WIRE_H
#define DEED_LOOK_WIRE_H

#include "look/look.h"

/*
 * What deed and deed-look say to each other (base/worker.h, base/wire.h).
 * Each side takes the other to be hostile.
 */
#define LOOK_ORDER 1 /* and its answer */
#define LOOK_FIND 2  /* look/find.h */

/* Give one of them about the file in fd; body, in which a password may be, is
 * wiped and cleared.  DEED_INDETERMINATE as look_at. */
enum deed_status look_call(struct look *l, uint32_t order, int fd,
			   struct buf *body, struct buf *answer,
			   struct deed_error *err) DEED_MUST_USE;

struct look_order {
	struct secret *password; /* NULL: none */
	bool pictures;
	struct look_state states[LOOK_STATES];
	size_t count;
};

void look_order_write(const struct secret *password,
		      const struct look_state *states, size_t count,
		      bool pictures, struct buf *out);

/* look_order_clear afterwards, always.  DEED_MALFORMED. */
enum deed_status look_order_read(struct slice in, struct look_order *out,
				 struct deed_error *err) DEED_MUST_USE;
void look_order_clear(struct look_order *o);

void look_seen_write(const struct look_seen *list, size_t count,
		     struct buf *out);

/* count is that of the order; *out as look_at has it.  DEED_MALFORMED. */
enum deed_status look_seen_read(struct slice in, size_t count,
				struct look_seen **out,
				struct deed_error *err) DEED_MUST_USE;

#endif
