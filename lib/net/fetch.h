/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_FETCH_H
#define DEED_NET_FETCH_H

#include "net/http.h"
#include "net/wire.h"

/*
 * One request by libcurl, with all that net/http.h promises.  Only
 * deed-fetch links this.
 */
struct fetch;

struct fetch_order {
	struct net_order order;
	const char *text[NET_TEXTS]; /* NULL where the request has none */
	struct slice body;
};

static inline const char *fetch_text(const struct fetch_order *o,
				     enum net_frame type)
{
	return o->text[type - NET_TEXT_FIRST];
}

/* Keeps connections alive from one request to the next. */
enum deed_status fetch_new(struct fetch **out,
			   struct deed_error *err) DEED_MUST_USE;
void fetch_free(struct fetch *f);

/* Called for each redirection before it is followed. */
typedef enum deed_status fetch_told_fn(void *arg, const char *url,
				       struct deed_error *err);

/*
 * out is initialised by the caller.  DEED_OK with any final status that is
 * no redirection, and its body.
 */
enum deed_status fetch_run(struct fetch *f, const struct fetch_order *order,
			   fetch_told_fn *told, void *arg,
			   struct http_response *out,
			   struct deed_error *err) DEED_MUST_USE;

#endif
