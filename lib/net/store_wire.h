/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_WIRE_H
#define DEED_NET_STORE_WIRE_H

#include "net/store.h"

/*
 * The language of deed-fetch for stores, over base/frame.h; its first frame,
 * CLIENT, tells it from that of net/wire.h.  deed sends CLIENT once; TARGET
 * and then SECRET once a store; for each request REQUEST and, of PUT, BODY;
 * CLOSE for a store that is done with.  deed-fetch answers in any order, for
 * each request ANSWER, and then DATA or ITEMS where ANSWER says that they
 * follow; TOLD before each try, where CLIENT asks for it.
 *
 *	CLIENT	4 bytes milliseconds to connect, 4 bytes of the deadline,
 *		1 byte whether to tell
 *	SECRET	the secret's bytes and nothing else, so that neither side
 *		copies them; of the TARGET before it
 *	CLOSE	4 bytes number of the store
 *	TOLD	1 byte method, URL without query
 *
 * Numbers are big-endian; a text stands behind its length in 4 bytes, with its
 * NUL, and no text is length 0, so that texts are used where they lie.  Either
 * side may be hostile to the other; what is malformed ends the helper, and all
 * requests with it.
 */
enum store_frame {
	STORE_FRAME_CLIENT = 64,
	STORE_FRAME_TARGET,
	STORE_FRAME_SECRET,
	STORE_FRAME_CLOSE,
	STORE_FRAME_REQUEST,
	STORE_FRAME_BODY,
	STORE_FRAME_TOLD,
	STORE_FRAME_ANSWER,
	STORE_FRAME_DATA,
	STORE_FRAME_ITEMS,
};

#define STORE_URL_MAX 1024     /* of an endpoint, a proxy */
#define STORE_NAME_MAX 256     /* of a bucket, a region, an access key */
#define STORE_VERSION_MAX 1024 /* of a version's id: S3's limit */
#define STORE_PATH_MAX 4096
#define STORE_FRAME_MAX 16384 /* of all but BODY, DATA and ITEMS */
#define STORE_ITEMS_MAX (8u << 20)

struct store_wire_client {
	uint32_t connect_ms, deadline_ms;
	bool tell;
};

void store_wire_put_client(const struct store_wire_client *c, struct buf *out);

/* The getters: DEED_MALFORMED, and texts that point into body. */
enum deed_status store_wire_get_client(struct slice body,
				       struct store_wire_client *out,
				       struct deed_error *err) DEED_MUST_USE;

/* All of a target but its secret. */
void store_wire_put_target(uint32_t store, const struct store_target *t,
			   struct buf *out);
enum deed_status store_wire_get_target(struct slice body, uint32_t *store,
				       struct store_target *out,
				       struct deed_error *err) DEED_MUST_USE;

/* A request as the helper gets it; the length of the body that follows is in
 * request.body, without data. */
struct store_order {
	uint32_t store;
	uint64_t call;
	struct store_request request; /* sha256 points into the body */
};

void store_wire_put_order(const struct store_order *o, struct buf *out);
enum deed_status store_wire_get_order(struct slice body,
				      struct store_order *out,
				      struct deed_error *err) DEED_MUST_USE;

/* What comes after an ANSWER. */
enum store_follows {
	STORE_FOLLOWS_NONE,
	STORE_FOLLOWS_DATA,
	STORE_FOLLOWS_ITEMS,
	STORE_FOLLOWS_COUNT
};

struct store_wire_answer {
	uint64_t call;
	enum store_follows follows;
	enum deed_status status;
	struct deed_error why; /* unless status is DEED_OK */
};

/* Of answer all but body, text, item, item_count. */
void store_wire_put_answer(const struct store_wire_answer *a,
			   const struct store_answer *answer, struct buf *out);
enum deed_status store_wire_get_answer(struct slice body,
				       struct store_wire_answer *a,
				       struct store_answer *answer,
				       struct deed_error *err) DEED_MUST_USE;

void store_wire_put_item(const struct store_item *item, struct buf *out);

/* Items until the end of text, which the answer takes over; at most max. */
enum deed_status store_wire_get_items(struct buf *text, size_t max,
				      struct store_answer *answer,
				      struct deed_error *err) DEED_MUST_USE;

#endif
