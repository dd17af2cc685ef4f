/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "base/sandbox.h"
#include "base/worker.h"
#include "base/worker_wire.h"

/* One who serves, and the memory that its orders share. */
struct server {
	int socket;
	worker_fn *fn;
	void *arg;
	struct buf room, answer;
};

static enum deed_status answer_one(struct server *s, uint32_t order,
				   struct slice body, int fd,
				   struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	uint32_t type = FRAME_END;

	buf_reset(&s->answer);
	status = s->fn(s->arg, order, body, fd, &type, &s->answer, &why);
	if (status == DEED_OK)
		status = buf_status(&s->answer, &why);
	if (status != DEED_OK)
		return frame_write_error(s->socket, &why, err);
	if (!worker_send(s->socket, type, buf_get(&s->answer), -1, &s->room))
		return deed_error_set(err, DEED_IO, "cannot answer");
	return DEED_OK;
}

static enum deed_status serve(struct server *s, bool confined,
			      struct deed_error *err)
{
	const uint8_t said = confined;
	enum deed_status status;
	struct slice body;
	uint32_t order;
	int fd;

	status = frame_write(s->socket, WORKER_HELLO, slice_of(&said, 1), err);
	while (status == DEED_OK &&
	       worker_receive(s->socket, WORKER_BODY_MAX, INT64_MAX, &fd,
			      &s->room, &order, &body) == WORKER_FRAME) {
		status = answer_one(s, order, body, fd, err);
		if (fd >= 0)
			(void)close(fd);
	}
	buf_clear(&s->room);
	buf_clear(&s->answer);
	return status;
}

enum deed_status worker_serve(int socket, size_t memory, worker_fn *fn,
			      void *arg, struct deed_error *err)
{
	struct server s = { .socket = socket, .fn = fn, .arg = arg };
	enum deed_status status;
	bool confined;

	status = sandbox_enter(memory, SANDBOX_RECEIVES, &confined, err);
	return status == DEED_OK ? serve(&s, confined, err) : status;
}

enum deed_status worker_serve_reading(int socket, const char *const folders[],
				      size_t memory, worker_fn *fn, void *arg,
				      struct deed_error *err)
{
	struct server s = { .socket = socket, .fn = fn, .arg = arg };
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	status = sandbox_enter_reading(folders, memory, SANDBOX_RECEIVES, &why);
	if (status == DEED_OK)
		return serve(&s, true, err);
	(void)!frame_write_error(socket, &why, NULL);
	return deed_error_set(err, status, "%s", why.message);
}
