/* SPDX-License-Identifier: Apache-2.0 */
#include "net/store_client.h"

#include <signal.h>

#include "base/frame.h"
#include "base/wire.h"
#include "net/store_wire.h"

static struct store_call *call_by(struct store_client *c, uint64_t id)
{
	struct store_call *call;

	for (call = c->calls; call != NULL && call->id != id; call = call->next)
		;
	return call;
}

static enum deed_status no_sense(struct deed_error *err)
{
	return deed_error_set(err, DEED_SYSTEM,
			      "'%s' answers what was not asked", STORE_HELPER);
}

/* An ANSWER, and what is still to come of it. */
struct heard {
	struct store_wire_answer head;
	struct store_answer answer;
	bool open;
};

/* The call has all of its answer. */
static enum deed_status deliver(struct store_client *c, struct heard *h,
				struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	struct store_call *call;

	h->open = false;
	(void)pthread_mutex_lock(&c->lock);
	call = call_by(c, h->head.call);
	if (call != NULL)
		call->filling = false;
	if (call != NULL && h->answer.body.len <= call->max &&
	    h->answer.item_count <= call->limit) {
		call->answer = h->answer;
		h->answer = (struct store_answer)STORE_ANSWER_INIT;
		store_client_end_call(call, h->head.status, &h->head.why);
	} else {
		status = no_sense(err);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return status;
}

/* Where the body goes, and may until the call is no more being filled; NULL:
 * into memory that is taken for it. */
static struct store_call *claim(struct store_client *c, uint64_t id)
{
	struct store_call *call;

	(void)pthread_mutex_lock(&c->lock);
	call = call_by(c, id);
	if (call != NULL && call->into == NULL)
		call = NULL;
	if (call != NULL)
		call->filling = true;
	(void)pthread_mutex_unlock(&c->lock);
	return call;
}

/* Nothing writes to the caller's room any more: whoever ends all calls may end
 * this one (store_client_end). */
static void unclaim(struct store_call *call)
{
	struct store_client *c = call->client;

	(void)pthread_mutex_lock(&c->lock);
	call->filling = false;
	(void)pthread_mutex_unlock(&c->lock);
}

/* The frame behind an ANSWER, read to where it is wanted. */
static enum deed_status fill(struct store_client *c, struct heard *h,
			     struct store_call *call, struct deed_error *err)
{
	int fd = process_output(c->helper);
	enum deed_status status;
	uint32_t type, len;

	status = frame_read_header(fd, &type, &len, err);
	if (status == DEED_OK && type == FRAME_END)
		status = store_client_gone(err);
	else if (status == DEED_OK &&
		 (type != STORE_FRAME_DATA || len > call->max))
		status = no_sense(err);
	if (status == DEED_OK)
		status = frame_read_body(fd, call->into, len, err);
	if (status != DEED_OK) {
		unclaim(call);
		return status;
	}
	h->answer.filled = len;
	return deliver(c, h, err);
}

/* Where the caller has room of its own the DATA is read straight to it; all
 * else that follows is waited for as a frame (h->open). */
static enum deed_status take_answer(struct store_client *c, struct heard *h,
				    const struct buf *body,
				    struct deed_error *err)
{
	struct store_call *call = NULL;
	enum deed_status status;

	h->answer = (struct store_answer)STORE_ANSWER_INIT;
	status =
		store_wire_get_answer(buf_get(body), &h->head, &h->answer, err);
	if (status != DEED_OK)
		return status;
	if (h->head.follows == STORE_FOLLOWS_NONE)
		return deliver(c, h, err);
	if (h->head.follows == STORE_FOLLOWS_DATA)
		call = claim(c, h->head.call);
	if (call != NULL)
		return fill(c, h, call, err);
	h->open = true;
	return DEED_OK;
}

static const char *const methods[] = { "PUT", "GET", "HEAD", "DELETE",
				       "GET", "GET", "GET" };

/* Frames have no NUL, and what is told is handed on as a string.  Telling
 * without having been asked to makes no sense either. */
static enum deed_status take_told(struct store_client *c, struct buf *body,
				  struct deed_error *err)
{
	struct slice in;
	unsigned method;

	buf_byte(body, 0);
	in = buf_get(body);
	if (c->options.told == NULL || body->failed ||
	    !wire_get_enum(&in, sizeof(methods) / sizeof(methods[0]), &method))
		return no_sense(err);
	c->options.told(c->options.arg, methods[method], (const char *)in.data);
	return DEED_OK;
}

/* What follows an ANSWER comes right behind it.  After a frame out of its
 * place nothing can be told apart any more: that is the end of the helper. */
static enum deed_status take_frame(struct store_client *c, struct heard *h,
				   uint32_t type, struct buf *body,
				   struct deed_error *err)
{
	enum deed_status status;

	if (h->open && type == STORE_FRAME_DATA &&
	    h->head.follows == STORE_FOLLOWS_DATA) {
		h->answer.body = *body;
		*body = (struct buf)BUF_INIT;
		return deliver(c, h, err);
	}
	if (h->open && type == STORE_FRAME_ITEMS &&
	    h->head.follows == STORE_FOLLOWS_ITEMS) {
		status =
			store_wire_get_items(body, STORE_PAGE, &h->answer, err);
		return status == DEED_OK ? deliver(c, h, err) : status;
	}
	if (h->open)
		return no_sense(err);
	if (type == STORE_FRAME_TOLD)
		return take_told(c, body, err);
	if (type == STORE_FRAME_ANSWER)
		return take_answer(c, h, body, err);
	return type == FRAME_END ? store_client_gone(err) : no_sense(err);
}

/* Nobody else reads from the helper.  When it falls silent for good every call
 * that waits ends with the same words. */
static void *read_answers(void *arg)
{
	struct heard h = { .answer = STORE_ANSWER_INIT };
	struct deed_error why = DEED_ERROR_INIT;
	struct store_client *c = arg;
	struct buf body = BUF_INIT;
	enum deed_status status;
	uint32_t type;

	do {
		status = frame_read(process_output(c->helper), &type, &body,
				    STORE_OBJECT_MAX, &why);
		if (status == DEED_OK)
			status = take_frame(c, &h, type, &body, &why);
	} while (status == DEED_OK);
	store_answer_clear(&h.answer);
	buf_clear(&body);
	(void)pthread_mutex_lock(&c->lock);
	store_client_end(c, &why);
	(void)pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* Signals are for the program's own threads. */
bool store_client_listen(struct store_client *c)
{
	sigset_t all, before;
	bool started;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&c->reader, NULL, read_answers, c) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}
