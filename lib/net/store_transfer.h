/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_TRANSFER_H
#define DEED_NET_STORE_TRANSFER_H

#include "net/store_frames.h"
#include "net/store_try.h"
#include "net/store_turn.h"
#include "net/store_wire.h"

/*
 * The requests of stores on their way in deed-fetch, which alone links this:
 * from a request that has come whole to the answer that is sent for it, with
 * all the tries that it has.  store_serve.c is what takes them in.
 */

/* A store, by what TARGET and SECRET said of it. */
struct known {
	struct known *next;
	uint32_t id;
	struct buf text; /* what target points into */
	struct store_target target;
	struct secret *secret; /* with a NUL */
	struct store_turn turn;
	struct deed_error why; /* it failed last */
	unsigned under_way;
};

/* A request from REQUEST to ANSWER. */
struct transfer {
	struct transfer *next;
	struct known *store;
	struct buf text, body; /* what order points into */
	struct store_order order;
	struct store_request instead; /* of HEAD: store_verdict.unsure */
	bool running, asks_instead;
	int64_t began, until, due; /* the deadline, the next try */
	unsigned tries, most_tries;
	size_t endpoint;
	struct store_try try;
	struct store_answer answer;
	struct deed_error away;	  /* of a try that got no answer to its end */
	struct deed_error before; /* of the try before */
};

struct serving {
	int in, out;
	CURLM *multi;
	struct store_wire_client client;
	struct store_frames frames;
	struct known *stores, *last;	    /* last: waits for its SECRET */
	struct transfer *transfers, *unfed; /* unfed: waits for its BODY */
	bool end;
};

/* Out of libcurl's hands; it is in no list then. */
void transfer_free(struct serving *s, struct transfer *t);

/* Start what is due, and answer what is not asked.  A failure, of either, is
 * the end of all of it. */
enum deed_status transfers_start(struct serving *s,
				 struct deed_error *err) DEED_MUST_USE;

/* Take in what libcurl is done with: it is answered, or tried again. */
enum deed_status transfers_end(struct serving *s,
			       struct deed_error *err) DEED_MUST_USE;

#endif
