/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_priv.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/frame.h"

#define HELPER "deed-fetch"

enum deed_status http_client_new(const struct http_options *options,
				 struct http_client **out,
				 struct deed_error *err)
{
	struct http_client *c;

	*out = NULL;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return deed_error_memory(err);
	if (options != NULL)
		c->options = *options;
	if (c->options.connect_ms == 0)
		c->options.connect_ms = HTTP_CONNECT_MS;
	if (c->options.total_ms == 0)
		c->options.total_ms = HTTP_TOTAL_MS;
	if (c->options.ca != NULL)
		c->ca = strdup(c->options.ca);
	if (c->options.hosts != NULL)
		c->hosts = strdup(c->options.hosts);
	if ((c->options.ca != NULL && c->ca == NULL) ||
	    (c->options.hosts != NULL && c->hosts == NULL)) {
		free(c->ca);
		free(c->hosts);
		free(c);
		return deed_error_memory(err);
	}
	(void)pthread_mutex_init(&c->mutex, NULL);
	*out = c;
	return DEED_OK;
}

#define GRACE_MS 1000

/* One that is idle ends by itself at the end of its input. */
static void helper_end(struct process *helper)
{
	if (helper != NULL)
		(void)!process_end(helper, GRACE_MS, NULL);
	process_free(helper);
}

void http_client_free(struct http_client *client)
{
	if (client == NULL)
		return;
	while (client->idle_count > 0)
		helper_end(client->idle[--client->idle_count]);
	(void)pthread_mutex_destroy(&client->mutex);
	free(client->ca);
	free(client->hosts);
	free(client);
}

void http_response_clear(struct http_response *r)
{
	buf_clear(&r->body);
	*r = (struct http_response)HTTP_RESPONSE_INIT;
}

/* ---- helpers ---- */

/* The one that was given back last is taken first: its connections are the
 * most likely to be alive still. */
static enum deed_status take_helper(struct http_client *c, struct process **out,
				    struct deed_error *err)
{
	enum deed_status status;

	*out = NULL;
	(void)pthread_mutex_lock(&c->mutex);
	if (c->idle_count > 0)
		*out = c->idle[--c->idle_count];
	(void)pthread_mutex_unlock(&c->mutex);
	if (*out != NULL)
		return DEED_OK;
	status = process_start_helper(HELPER, out, err);
	if (status == DEED_OK)
		process_never_block(*out);
	return status;
}

/* Only one that has spoken to the end of its answer.  Ending one too many may
 * take a second, so the lock is not held for it. */
static void give_helper_back(struct http_client *c, struct process *helper)
{
	(void)pthread_mutex_lock(&c->mutex);
	if (c->idle_count < HTTP_IDLE_MAX) {
		c->idle[c->idle_count++] = helper;
		helper = NULL;
	}
	(void)pthread_mutex_unlock(&c->mutex);
	helper_end(helper);
}

/* ---- one request ---- */

static const char *const methods[] = { "GET", "POST" };

/* Texts of the helper's own making; what does not fit is left out. */
static void take_text(const struct buf *body, char *out, size_t size)
{
	if (body->len >= size)
		return;
	if (body->len > 0)
		memcpy(out, body->data, body->len);
	out[body->len] = '\0';
}

/* Whatever else a helper says is the end of the exchange.  In particular
 * FRAME_END: it was killed, or ended by itself. */
static enum deed_status take_frame(const struct http_exchange *x, uint32_t type,
				   struct buf *body, struct http_response *out,
				   struct deed_error *err)
{
	struct buf swap;

	switch (type) {
	case NET_FRAME_TOLD:
		buf_byte(body, 0);
		if (buf_status(body, err) != DEED_OK)
			return DEED_NO_MEMORY;
		if (x->client->options.told != NULL)
			x->client->options.told(x->client->options.arg,
						methods[x->method],
						(const char *)body->data);
		return DEED_OK;
	case NET_FRAME_STATUS:
		return net_wire_get_status(buf_get(body), &out->status,
					   &out->retry_after, err);
	case NET_FRAME_TYPE:
		take_text(body, out->content_type, sizeof(out->content_type));
		return DEED_OK;
	case NET_FRAME_AUTHENTICATE:
		take_text(body, out->authenticate, sizeof(out->authenticate));
		return DEED_OK;
	case NET_FRAME_DATA:
		swap = out->body;
		out->body = *body;
		*body = swap;
		return DEED_OK;
	default:
		return deed_error_set(err, DEED_SYSTEM,
				      "'%s' ended before its answer", HELPER);
	}
}

/* A helper that is alive speaks before this. */
static int64_t deadline(const struct http_exchange *x)
{
	return clock_monotonic_ms() + (int64_t)x->total_ms + HTTP_GRACE_MS;
}

/* Was it the helper that had no time for us?  It is told as what it is to who
 * asked: no answer. */
static enum deed_status judge_time(const struct http_exchange *x, int64_t until,
				   enum deed_status status,
				   struct deed_error *why)
{
	if (status != DEED_SYSTEM || clock_monotonic_ms() < until)
		return status;
	return deed_error_set(why, DEED_REMOTE,
			      "'%s': '%s' does not answer within %u seconds",
			      x->url, HELPER, x->total_ms / 1000);
}

/* *alive: the helper spoke to the end and may serve another. */
static enum deed_status receive(int fd, const struct http_exchange *x,
				struct http_response *out, bool *alive,
				struct deed_error *err)
{
	size_t max = x->max > HTTP_URL_MAX ? x->max : HTTP_URL_MAX;
	struct buf body = BUF_INIT;
	enum deed_status status;
	int64_t until = deadline(x);
	uint32_t type = 0;

	do {
		status = frame_read_until(fd, &type, &body, max, until, err);
		if (status == DEED_OK)
			status = take_frame(x, type, &body, out, err);
	} while (status == DEED_OK && type != NET_FRAME_DATA);
	buf_clear(&body);
	*alive = status == DEED_OK || status == DEED_REMOTE ||
		 status == DEED_NO_KEY || status == DEED_REFUSED;
	return judge_time(x, until, status, err);
}

/* What is half sent is not gone on with. */
static enum deed_status ask(struct process *helper,
			    const struct http_exchange *x,
			    struct http_response *out, bool *alive,
			    struct deed_error *err)
{
	int64_t until = deadline(x);
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status =
		http_send_order(process_input(helper), until, x, &why);

	*alive = false;
	if (status == DEED_OK)
		status = receive(process_output(helper), x, out, alive, &why);
	else
		status = judge_time(x, until, status, &why);
	if (status != DEED_OK && err != NULL)
		*err = why;
	return status;
}

/* The content type is asked of a 200 alone; with any_status all others are for
 * the caller to judge. */
static enum deed_status judge(const struct http_exchange *x,
			      const struct http_response *r,
			      struct deed_error *err)
{
	if (r->status != 200 && x->request->any_status)
		return DEED_OK;
	if (r->status != 200)
		return deed_error_set(err, DEED_REMOTE,
				      "'%s' answers with status %u", x->url,
				      r->status);
	if (x->request->accept != NULL &&
	    strcasecmp(r->content_type, x->request->accept) != 0)
		return deed_error_set(
			err, DEED_REMOTE,
			"'%s' answers with '%s': expected '%s'", x->url,
			r->content_type[0] != '\0' ? r->content_type
						   : "no content type",
			x->request->accept);
	return DEED_OK;
}

static enum deed_status run_exchange(struct http_client *client,
				     const struct http_exchange *x,
				     struct http_response *out,
				     struct deed_error *err)
{
	struct process *helper;
	enum deed_status status;
	bool alive;

	out->status = 0;
	out->content_type[0] = '\0';
	out->authenticate[0] = '\0';
	out->retry_after = 0;
	buf_reset(&out->body);
	status = http_check_url(x->url, err);
	if (status != DEED_OK)
		return status;
	if (client->options.offline) {
		deed_error_set(err, DEED_REFUSED,
			       "'%s' is not asked: this run keeps off the "
			       "network",
			       x->url);
		deed_error_remedy(err, "offline", NULL);
		return DEED_REFUSED;
	}
	if (x->request->body.len > HTTP_BODY_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "a request of %zu octets is too large",
				      x->request->body.len);
	status = http_check_files(x, err);
	if (status == DEED_OK)
		status = take_helper(client, &helper, err);
	if (status != DEED_OK)
		return status;
	if (client->options.told != NULL)
		client->options.told(client->options.arg, methods[x->method],
				     x->url);
	status = ask(helper, x, out, &alive, err);
	if (alive)
		give_helper_back(client, helper);
	else
		process_free(helper);
	return status == DEED_OK ? judge(x, out, err) : status;
}

/* A request may have less time than the client gives, and never more. */
static enum deed_status start(struct http_client *client,
			      enum net_method method, const char *url,
			      const struct http_request *request,
			      struct http_response *out, struct deed_error *err)
{
	static const struct http_request plain;
	struct http_exchange x = { client, url,
				   method, request != NULL ? request : &plain,
				   0,	   client->options.total_ms };

	if (x.request->total_ms != 0 && x.request->total_ms < x.total_ms)
		x.total_ms = x.request->total_ms;
	x.max = x.request->max != 0 ? x.request->max : HTTP_RESPONSE_MAX;
	return run_exchange(client, &x, out, err);
}

enum deed_status http_get(struct http_client *client, const char *url,
			  const struct http_request *request,
			  struct http_response *out, struct deed_error *err)
{
	return start(client, NET_GET, url, request, out, err);
}

enum deed_status http_post(struct http_client *client, const char *url,
			   const struct http_request *request,
			   struct http_response *out, struct deed_error *err)
{
	return start(client, NET_POST, url, request, out, err);
}
