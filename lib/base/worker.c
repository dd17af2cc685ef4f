/* SPDX-License-Identifier: Apache-2.0 */
#include "base/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/process.h"
#include "base/worker_wire.h"

/* A helper whose socket is closed should be ending. */
#define GRACE_MS 1000

/* One helper; in the list while it is idle. */
struct worker {
	struct worker *next;
	struct process *process;
	unsigned served;
};

struct workers {
	char name[64];
	struct worker_limits limits;
	pthread_mutex_t lock; /* of what follows */
	struct worker *idle;
	enum workers_confined confined;
};

enum deed_status workers_new(const char *helper,
			     const struct worker_limits *limits,
			     struct workers **out, struct deed_error *err)
{
	struct workers *w = calloc(1, sizeof(*w));

	*out = w;
	if (w == NULL)
		return deed_error_memory(err);
	(void)snprintf(w->name, sizeof(w->name), "%s", helper);
	w->limits = *limits;
	(void)pthread_mutex_init(&w->lock, NULL);
	return DEED_OK;
}

static void worker_free(struct worker *one)
{
	if (one == NULL)
		return;
	process_free(one->process);
	free(one);
}

void workers_free(struct workers *w)
{
	struct worker *one;

	if (w == NULL)
		return;
	while (w->idle != NULL) {
		one = w->idle;
		w->idle = one->next;
		worker_free(one);
	}
	(void)pthread_mutex_destroy(&w->lock);
	free(w);
}

enum workers_confined workers_confined(const struct workers *w)
{
	return w->confined;
}

/* ---- the conversation ---- */

/* One byte that the descriptor rides on, then the frame. */
static enum deed_status send_order(const struct workers *w, int socket,
				   uint32_t order, struct slice body, int fd,
				   struct deed_error *err)
{
	union {
		struct cmsghdr header;
		uint8_t room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { (void *)(uintptr_t) "", 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	struct cmsghdr *c;
	ssize_t n;

	if (fd >= 0) {
		memset(&control, 0, sizeof(control));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(int));
	}
	do
		n = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		return deed_error_set(err, DEED_IO, "cannot write to '%s'",
				      w->name);
	return frame_write(socket, order, body, err);
}

static enum deed_status receive(const struct workers *w, int socket,
				enum frame_came *came, uint32_t *type,
				struct buf *answer, struct deed_error *err)
{
	int64_t until =
		clock_monotonic_ms() + 1000 * (int64_t)w->limits.seconds;

	return frame_read_until(socket, until, came, type, answer,
				w->limits.answer, err);
}

/* Nothing is known of what it was asked; say what became of it. */
static enum deed_status lost(const struct workers *w, struct worker *one,
			     enum frame_came came, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;

	if (came == FRAME_LATE)
		return deed_error_set(err, DEED_INDETERMINATE,
				      "'%s' did not answer within %u seconds",
				      w->name, w->limits.seconds);
	if (process_end(one->process, GRACE_MS, &why) == DEED_OK)
		return deed_error_set(err, DEED_INDETERMINATE,
				      "'%s' ended without an answer", w->name);
	return deed_error_set(err, DEED_INDETERMINATE, "%s", why.message);
}

/* ---- helpers, idle and new ---- */

/* A new one says first what holds it. */
static enum deed_status start(struct workers *w, struct worker **out,
			      struct deed_error *err)
{
	struct worker *one = calloc(1, sizeof(*one));
	struct buf hello = BUF_INIT;
	enum deed_status status;
	enum frame_came came;
	uint32_t type;

	*out = NULL;
	if (one == NULL)
		return deed_error_memory(err);
	status = process_start_worker(w->name, &one->process, err);
	if (status != DEED_OK) {
		worker_free(one);
		return status;
	}
	status = receive(w, process_output(one->process), &came, &type, &hello,
			 err);
	if (status != DEED_OK || type != WORKER_HELLO || hello.len != 1) {
		status = lost(w, one, came, err);
		worker_free(one);
	} else {
		*out = one;
		log_say(LOG_STEP,
			hello.data[0] == 1
				? "'%s' runs in a sandbox"
				: "'%s' runs without a sandbox: the kernel or "
				  "this build has none",
			w->name);
		(void)pthread_mutex_lock(&w->lock);
		w->confined = hello.data[0] == 1 ? WORKERS_CONFINED
						 : WORKERS_UNCONFINED;
		(void)pthread_mutex_unlock(&w->lock);
	}
	buf_clear(&hello);
	return status;
}

static enum deed_status take(struct workers *w, struct worker **out,
			     struct deed_error *err)
{
	(void)pthread_mutex_lock(&w->lock);
	*out = w->idle;
	if (*out != NULL)
		w->idle = (*out)->next;
	(void)pthread_mutex_unlock(&w->lock);
	return *out != NULL ? DEED_OK : start(w, out, err);
}

static void give_back(struct workers *w, struct worker *one)
{
	if (++one->served >= w->limits.orders) {
		worker_free(one);
		return;
	}
	(void)pthread_mutex_lock(&w->lock);
	one->next = w->idle;
	w->idle = one;
	(void)pthread_mutex_unlock(&w->lock);
}

enum deed_status workers_call(struct workers *w, uint32_t order,
			      struct slice body, int fd, uint32_t *type,
			      struct buf *answer, struct deed_error *err)
{
	enum frame_came came = FRAME_LOST;
	enum deed_status status;
	struct worker *one;

	*type = FRAME_END;
	buf_reset(answer);
	if (body.len > WORKER_BODY_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "an order of %zu bytes is too large",
				      body.len);
	status = take(w, &one, err);
	if (status != DEED_OK)
		return status;
	status = send_order(w, process_output(one->process), order, body, fd,
			    err);
	if (status == DEED_OK)
		status = receive(w, process_output(one->process), &came, type,
				 answer, err);
	if (came != FRAME_CAME) {
		status = lost(w, one, came, err);
		worker_free(one);
		return status;
	}
	give_back(w, one);
	return status;
}
