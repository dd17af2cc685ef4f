/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/sandbox.h"
#include "base/worker.h"
#include "base/worker_wire.h"

/* Wait for the first byte of an order, which is left where it is, and take
 * the descriptor that came with it.  False at the end. */
static bool take_descriptor(int socket, int *fd)
{
	union {
		struct cmsghdr header;
		uint8_t room[CMSG_SPACE(sizeof(int))];
	} control;
	uint8_t byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	ssize_t n;

	*fd = -1;
	do
		n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != 1)
		return false;
	c = CMSG_FIRSTHDR(&message);
	if (c != NULL && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(c), sizeof(int));
	return true;
}

static enum deed_status answer_one(int socket, worker_fn *fn, void *arg, int fd,
				   struct buf *body, struct buf *answer,
				   struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;
	uint32_t order, type = FRAME_END;

	status = frame_read(socket, &order, body, WORKER_BODY_MAX, err);
	if (status != DEED_OK)
		return status;
	buf_reset(answer);
	status = fn(arg, order, buf_get(body), fd, &type, answer, &why);
	if (status == DEED_OK)
		status = buf_status(answer, &why);
	if (status != DEED_OK)
		return frame_write_error(socket, &why, err);
	return frame_write(socket, type, buf_get(answer), err);
}

enum deed_status worker_serve(int socket, size_t memory, worker_fn *fn,
			      void *arg, struct deed_error *err)
{
	struct buf body = BUF_INIT, answer = BUF_INIT;
	enum deed_status status;
	bool confined;
	uint8_t said;
	int fd;

	status = sandbox_enter(memory, SANDBOX_RECEIVES, &confined, err);
	if (status != DEED_OK)
		return status;
	said = confined;
	status = frame_write(socket, WORKER_HELLO, slice_of(&said, 1), err);
	while (status == DEED_OK && take_descriptor(socket, &fd)) {
		status = answer_one(socket, fn, arg, fd, &body, &answer, err);
		if (fd >= 0)
			(void)close(fd);
	}
	buf_clear(&body);
	buf_clear(&answer);
	return status;
}
