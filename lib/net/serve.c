/* SPDX-License-Identifier: Apache-2.0 */
#include "net/serve.h"

#include <stdlib.h>

#include "base/confine.h"
#include "base/frame.h"
#include "net/fetch.h"
#include "net/store_serve.h"
#include "net/store_wire.h"

/* An order as it comes in; each text is a buffer that ends with a NUL. */
struct incoming {
	struct net_order order;
	struct buf text[NET_TEXTS];
	bool given[NET_TEXTS];
	struct buf body;
};

/* Texts may be passphrases. */
static void incoming_clear(struct incoming *in)
{
	size_t i;

	for (i = 0; i < NET_TEXTS; i++) {
		if (in->text[i].data != NULL)
			secret_wipe(in->text[i].data, in->text[i].cap);
		buf_clear(&in->text[i]);
		in->given[i] = false;
	}
	buf_clear(&in->body);
}

static enum deed_status malformed(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "an order for a request is malformed");
}

/* libcurl is given it as a C string: with a NUL in it, it would be cut short
 * behind whatever checked it.  Each text comes once. */
static enum deed_status take_text(struct incoming *in, size_t i,
				  struct buf *body, struct deed_error *err)
{
	if (in->given[i] || body->len > NET_TEXT_MAX ||
	    (body->len > 0 && memchr(body->data, '\0', body->len) != NULL))
		return malformed(err);
	in->text[i] = *body;
	*body = (struct buf)BUF_INIT;
	in->given[i] = true;
	buf_byte(&in->text[i], 0);
	return buf_status(&in->text[i], err);
}

/* An ORDER forgets what came before: nothing of a request that was not sent to
 * its end is left in the next one. */
static enum deed_status take_frame(struct incoming *in, uint32_t type,
				   struct buf *body, struct deed_error *err)
{
	if (type == NET_FRAME_ORDER) {
		incoming_clear(in);
		return net_wire_get_order(buf_get(body), &in->order, err);
	}
	if (type >= NET_TEXT_FIRST && type <= NET_TEXT_LAST)
		return take_text(in, type - NET_TEXT_FIRST, body, err);
	if (type != NET_FRAME_BODY)
		return malformed(err);
	buf_clear(&in->body);
	in->body = *body;
	*body = (struct buf)BUF_INIT;
	return DEED_OK;
}

static enum deed_status tell(void *arg, const char *url, struct deed_error *err)
{
	const int *fd = arg;

	return frame_write(*fd, NET_FRAME_TOLD, slice_str(url), err);
}

/* DATA ends the answer and is sent even where there is nothing in it. */
static enum deed_status say_response(int out, const struct http_response *r,
				     struct deed_error *err)
{
	uint8_t number[NET_WIRE_STATUS];
	enum deed_status status;

	net_wire_put_status(r->status, r->retry_after, number);
	status = frame_write(out, NET_FRAME_STATUS,
			     slice_of(number, sizeof(number)), err);
	if (status == DEED_OK)
		status = frame_write(out, NET_FRAME_TYPE,
				     slice_str(r->content_type), err);
	if (status == DEED_OK)
		status = frame_write(out, NET_FRAME_AUTHENTICATE,
				     slice_str(r->authenticate), err);
	if (status == DEED_OK)
		status = frame_write(out, NET_FRAME_DATA, buf_get(&r->body),
				     err);
	return status;
}

/* A request that fails has its error for an answer and does not end the loop;
 * only not being able to speak does.  Secrets of the order are wiped before
 * the next one comes. */
static enum deed_status answer(struct fetch *f, struct incoming *in, int out,
			       struct deed_error *err)
{
	struct http_response response = HTTP_RESPONSE_INIT;
	struct fetch_order order = { .order = in->order };
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	size_t i;

	if (!in->given[NET_FRAME_URL - NET_TEXT_FIRST])
		return malformed(err);
	for (i = 0; i < NET_TEXTS; i++)
		if (in->given[i])
			order.text[i] = (const char *)in->text[i].data;
	order.body = buf_get(&in->body);
	if (fetch_run(f, &order, tell, &out, &response, &why) == DEED_OK)
		status = say_response(out, &response, err);
	else
		status = frame_write_error(out, &why, err);
	http_response_clear(&response);
	incoming_clear(in);
	return status;
}

/* From the first frame on, which type and body are. */
static enum deed_status loop(struct fetch *f, int in_fd, int out, uint32_t type,
			     struct buf *body, struct deed_error *err)
{
	struct incoming in = { .body = BUF_INIT };
	enum deed_status status = DEED_OK;

	while (status == DEED_OK && type != FRAME_END) {
		if (type == NET_FRAME_GO)
			status = answer(f, &in, out, err);
		else
			status = take_frame(&in, type, body, err);
		if (status == DEED_OK)
			status = frame_read(in_fd, &type, body, HTTP_BODY_MAX,
					    err);
	}
	incoming_clear(&in);
	return status;
}

enum deed_status net_serve(int in, int out, struct deed_error *err)
{
	struct buf body = BUF_INIT;
	struct fetch *f = NULL;
	enum deed_status status;
	bool confined;
	uint32_t type;

	status = confine(CONFINE_SPEAKS, &confined, err);
	if (status == DEED_OK)
		status = frame_read(in, &type, &body, HTTP_BODY_MAX, err);
	if (status == DEED_OK && type == STORE_FRAME_CLIENT) {
		status = store_serve(in, out, buf_get(&body), err);
	} else if (status == DEED_OK) {
		status = fetch_new(&f, err);
		if (status == DEED_OK)
			status = loop(f, in, out, type, &body, err);
		fetch_free(f);
	}
	buf_clear(&body);
	return status;
}
