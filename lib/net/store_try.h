/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_TRY_H
#define DEED_NET_STORE_TRY_H

#include <curl/curl.h>

#include "net/address.h"
#include "net/store_judge.h"

/*
 * One try of a request, by libcurl.  Only deed-fetch links this.  The owner
 * has store_try_begin give it an easy handle that is set up, adds that to
 * a multi handle, takes it out when it is done, and has store_try_end judge.
 * A try is used for one request at a time; store_try_clear any time.
 */
struct store_try {
	CURL *easy;
	struct curl_slist *headers;
	struct buf url;
	const struct store_target *target;
	const struct store_request *request;
	struct buf body; /* of the answer, as it arrives */
	size_t sent;	 /* of the request's body */
	size_t max, head;
	bool over, refused, begun;
	char address[ADDRESS_TEXT]; /* that was refused */
};

struct store_try_order {
	const struct store_target *target; /* but its secret */
	const char *secret;
	const struct store_request *request; /* body: of PUT */
	size_t endpoint;
	uint32_t connect_ms;
	uint32_t ms;	  /* for all of it */
	uint32_t idle_ms; /* so long almost nothing may move */
};

/* What order points to has to stay until the end. */
enum deed_status store_try_begin(struct store_try *t,
				 const struct store_try_order *order,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * asked.endpoint, bucket and request are those of the order.  As store_judge,
 * and what libcurl says of a try that did not come to its end.
 */
enum deed_status store_try_end(struct store_try *t, CURLcode code,
			       const struct store_asked *asked,
			       struct store_answer *answer, struct buf *items,
			       struct store_verdict *verdict,
			       struct deed_error *err) DEED_MUST_USE;

void store_try_clear(struct store_try *t);

#endif
