/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_HTTP_PRIV_H
#define DEED_NET_HTTP_PRIV_H

#include <pthread.h>

#include "base/process.h"
#include "net/http.h"
#include "net/wire.h"

/* What asking (http.c) and what is asked (http_order.c) share. */

/* Helpers kept for the next request; more are ended. */
#define HTTP_IDLE_MAX 16

struct http_client {
	struct http_options options;
	char *ca, *hosts;
	pthread_mutex_t mutex;
	struct process *idle[HTTP_IDLE_MAX];
	unsigned idle_count;
};

/* One request of a client; all borrowed. */
struct http_exchange {
	const struct http_client *client;
	const char *url;
	enum net_method method;
	const struct http_request *request;
	size_t max;
	unsigned total_ms;
};

/* Before anything is started: DEED_USAGE for what is no URL of ours. */
enum deed_status http_check_url(const char *url,
				struct deed_error *err) DEED_MUST_USE;

/* All that TLS is going to read, so that each is named where it cannot be
 * opened. */
enum deed_status http_check_files(const struct http_exchange *x,
				  struct deed_error *err) DEED_MUST_USE;

/* Tell the helper all of it, by then (frame_write_until): half of it may be
 * sent after a failure. */
enum deed_status http_send_order(int fd, int64_t until,
				 const struct http_exchange *x,
				 struct deed_error *err) DEED_MUST_USE;

#endif
