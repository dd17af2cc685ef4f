/* SPDX-License-Identifier: Apache-2.0 */
#include "base/worker_wire.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/file.h"

/* What is read at once: most frames are shorter. */
#define WINDOW 16384

/* Room for descriptors beside a message. */
union control {
	struct cmsghdr header;
	uint8_t room[CMSG_SPACE(WORKER_TOGETHER * sizeof(int))];
};

/* Descriptors of a message that brings more than fit are not taken; the kernel
 * cuts off what has no room in control, so that this does not happen from our
 * own side. */
static void take_descriptors(struct msghdr *message, struct worker_fds *fds)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(message);
	size_t size;

	if (c == NULL || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len < CMSG_LEN(0))
		return;
	size = c->cmsg_len - CMSG_LEN(0);
	if (size > sizeof(fds->fd))
		return;
	memcpy(fds->fd, CMSG_DATA(c), size);
	fds->count = size / sizeof(int);
}

/*
 * Until there is something to read.  A Unix socket wakes who sleeps in
 * recvmsg for the room that the other side made by reading, too, so that each
 * order would wake both ends once for nothing; poll sleeps through that.
 */
bool worker_wait(int socket, int64_t until)
{
	return frame_wait(socket, POLLIN, until);
}

/* As recv; the first bytes of a frame may bring descriptors. */
static ssize_t receive(int socket, void *at, size_t len, struct worker_fds *fds)
{
	union control control;
	struct iovec part = { at, len };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t n;

	if (fds != NULL) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	do
		n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n > 0 && fds != NULL)
		take_descriptors(&message, fds);
	return n;
}

/* Until room holds len bytes, and perhaps more. */
static enum worker_got fill(int socket, size_t len, int64_t until,
			    struct worker_fds *fds, struct buf *room)
{
	uint8_t *at;
	ssize_t n;

	while (room->len < len) {
		n = len - room->len > WINDOW ? (ssize_t)(len - room->len)
					     : WINDOW;
		at = buf_reserve(room, (size_t)n);
		if (at == NULL)
			return WORKER_NO_MEMORY;
		if (!worker_wait(socket, until))
			return WORKER_LATE;
		n = receive(socket, at, (size_t)n, fds);
		fds = NULL;
		if (n < 0)
			return WORKER_END;
		if (n == 0)
			return room->len == 0 ? WORKER_END : WORKER_NONSENSE;
		room->len += (size_t)n;
	}
	return WORKER_FRAME;
}

enum worker_got worker_receive(int socket, size_t max, int64_t until,
			       struct worker_fds *fds, struct buf *room,
			       uint32_t *type, struct slice *body)
{
	enum worker_got got;
	uint32_t len = 0;

	*type = FRAME_END;
	*body = SLICE_NONE;
	if (fds != NULL)
		fds->count = 0;
	buf_reset(room);
	got = fill(socket, FRAME_HEADER, until, fds, room);
	if (got != WORKER_FRAME)
		return got;
	frame_get_header(room->data, type, &len);
	if (len > max)
		return WORKER_NONSENSE;
	got = fill(socket, FRAME_HEADER + (size_t)len, until, NULL, room);
	if (got != WORKER_FRAME)
		return got;
	*body = slice_of(room->data + FRAME_HEADER, len);
	return room->len == FRAME_HEADER + (size_t)len ? WORKER_FRAME
						       : WORKER_NONSENSE;
}

bool worker_next(struct slice *many, uint32_t *type, struct slice *body)
{
	uint32_t len;

	if (many->len < FRAME_HEADER)
		return false;
	frame_get_header(many->data, type, &len);
	if (len > many->len - FRAME_HEADER)
		return false;
	*body = slice_of(many->data + FRAME_HEADER, len);
	many->data += FRAME_HEADER + (size_t)len;
	many->len -= FRAME_HEADER + (size_t)len;
	return true;
}

/* As much of bytes as goes in one call, with the descriptors. */
static ssize_t send_descriptors(int socket, const struct buf *bytes,
				const int *fds, size_t count)
{
	union control control = { .room = { 0 } };
	struct iovec part = { bytes->data, bytes->len };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen =
					  CMSG_SPACE(count * sizeof(int)) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	ssize_t n;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(c), fds, count * sizeof(int));
	do
		n = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n;
}

bool worker_send(int socket, uint32_t type, struct slice body, const int *fds,
		 size_t count, struct buf *room)
{
	ssize_t sent = 0;

	buf_reset(room);
	frame_put(room, type, body);
	if (buf_status(room, NULL) != DEED_OK)
		return false;
	if (count > 0)
		sent = send_descriptors(socket, room, fds, count);
	return sent >= 0 &&
	       file_write_fd(socket, "helper", room->data + sent,
			     room->len - (size_t)sent, NULL) == DEED_OK;
}
