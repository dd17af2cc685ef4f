/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "base/file.h"
#include "base/sandbox.h"
#include "base/worker.h"
#include "base/worker_wire.h"

/* One who serves, and the memory that its orders share. */
struct server {
	int socket;
	worker_fn *fn;
	void *arg;
	struct buf room, answer, answers;
};

/* Do one; its answer as a frame, appended to answers. */
static void do_one(struct server *s, uint32_t order, struct slice body, int fd)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	uint32_t type = FRAME_END;

	buf_reset(&s->answer);
	status = s->fn(s->arg, order, body, fd, &type, &s->answer, &why);
	if (status == DEED_OK)
		status = buf_status(&s->answer, &why);
	if (status == DEED_OK)
		frame_put(&s->answers, type, buf_get(&s->answer));
	else
		frame_put_error(&s->answers, &why);
}

/* Orders that came together; what is malformed is answered by less. */
static void do_many(struct server *s, struct slice many,
		    const struct worker_fds *fds)
{
	struct slice body;
	uint32_t order;
	size_t i;

	for (i = 0; i < fds->count && worker_next(&many, &order, &body); i++)
		do_one(s, order, body, fds->fd[i]);
}

/* One that is malformed is answered too, for the other end waits.  An answer
 * is written at once rather than streamed, so that the caller never gets half
 * of one that failed. */
static enum deed_status serve_one(struct server *s, uint32_t order,
				  struct slice body,
				  const struct worker_fds *fds,
				  struct deed_error *err)
{
	struct slice bytes;
	bool sent;

	buf_reset(&s->answers);
	if (order == WORKER_MANY)
		do_many(s, body, fds);
	else
		do_one(s, order, body, fds->count > 0 ? fds->fd[0] : -1);
	if (s->answers.failed)
		return deed_error_memory(err);
	bytes = buf_get(&s->answers);
	if (order == WORKER_MANY)
		sent = worker_send(s->socket, WORKER_MANY, bytes, NULL, 0,
				   &s->room);
	else
		sent = file_write_fd(s->socket, "caller", bytes.data, bytes.len,
				     NULL) == DEED_OK;
	return sent ? DEED_OK : deed_error_set(err, DEED_IO, "cannot answer");
}

/* It ends when the caller closes the socket, and so when the caller is killed.
 */
static enum deed_status serve(struct server *s, bool confined,
			      struct deed_error *err)
{
	const uint8_t said = confined;
	struct worker_fds fds;
	enum deed_status status;
	struct slice body;
	uint32_t order;
	size_t i;

	status = frame_write(s->socket, WORKER_HELLO, slice_of(&said, 1), err);
	while (status == DEED_OK &&
	       worker_receive(s->socket, WORKER_BODY_MAX, INT64_MAX, &fds,
			      &s->room, &order, &body) == WORKER_FRAME) {
		status = serve_one(s, order, body, &fds, err);
		for (i = 0; i < fds.count; i++)
			(void)close(fds.fd[i]);
	}
	buf_clear(&s->room);
	buf_clear(&s->answer);
	buf_clear(&s->answers);
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
