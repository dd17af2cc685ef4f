/* SPDX-License-Identifier: Apache-2.0 */
#include "base/direct.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

/* O_DIRECT wants address, offset and length at multiples of the device's
 * block; what has larger ones refuses, and is written as usual. */
#define BLOCK DIRECT_ALIGN
#define ROOM ((size_t)1 << 20)

struct direct {
	int fd;
	const char *name;
	bool on;
	uint8_t *room; /* aligned */
	size_t used;   /* of it */
};

/* A file system without O_DIRECT refuses the flag here, so that it is known
 * before anything is written. */
static bool set_direct(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return false;
	flags = on ? flags | O_DIRECT : flags & ~O_DIRECT;
	return fcntl(fd, F_SETFL, flags) == 0;
}

/* For good: once an unaligned piece is written, no later one would start at a
 * multiple of the block. */
static enum deed_status as_usual(struct direct *d, struct deed_error *err)
{
	if (d->on && !set_direct(d->fd, false))
		return deed_error_errno(err, errno, "cannot write '%s'",
					d->name);
	d->on = false;
	return DEED_OK;
}

/* Whole blocks from an aligned address; as usual once that has failed: what it
 * was, the usual way will tell. */
static enum deed_status write_blocks(struct direct *d, const uint8_t *data,
				     size_t len, struct deed_error *err)
{
	enum deed_status status = DEED_OK;
	size_t done = 0;

	while (d->on && done < len && status == DEED_OK) {
		ssize_t put = write(d->fd, data + done, len - done);

		if (put < 0 && errno == EINTR)
			continue;
		if (put > 0)
			done += (size_t)put;
		if (put <= 0 || put % BLOCK != 0)
			status = as_usual(d, err);
	}
	if (status != DEED_OK || done == len)
		return status;
	return file_write_fd(d->fd, d->name, data + done, len - done, err);
}

enum deed_status direct_new(int fd, const char *name, struct direct **out,
			    struct deed_error *err)
{
	struct direct *d = calloc(1, sizeof(*d));
	void *room = NULL;

	*out = NULL;
	if (d == NULL || posix_memalign(&room, BLOCK, ROOM) != 0) {
		free(d);
		return deed_error_memory(err);
	}
	d->fd = fd;
	d->name = name;
	d->room = room;
	d->on = set_direct(fd, true);
	*out = d;
	return DEED_OK;
}

/* Without a copy, as much as is in whole blocks. */
static enum deed_status add_aligned(struct direct *d, const uint8_t **data,
				    size_t *len, struct deed_error *err)
{
	size_t whole = *len - *len % BLOCK;
	const uint8_t *from = *data;

	if (d->used > 0 || (uintptr_t)from % BLOCK != 0 || whole == 0)
		return DEED_OK;
	*data += whole;
	*len -= whole;
	return write_blocks(d, from, whole, err);
}

enum deed_status direct_add(struct direct *d, const void *data, size_t len,
			    struct deed_error *err)
{
	const uint8_t *from = data;
	enum deed_status status = add_aligned(d, &from, &len, err);

	while (len > 0 && status == DEED_OK) {
		size_t take = len < ROOM - d->used ? len : ROOM - d->used;

		memcpy(d->room + d->used, from, take);
		from += take;
		len -= take;
		d->used += take;
		if (d->used < ROOM)
			continue;
		d->used = 0;
		status = write_blocks(d, d->room, ROOM, err);
	}
	return status;
}

enum deed_status direct_end(struct direct *d, struct deed_error *err)
{
	size_t whole = d->used - d->used % BLOCK;
	enum deed_status status = write_blocks(d, d->room, whole, err);

	if (status == DEED_OK)
		status = as_usual(d, err);
	if (status == DEED_OK)
		status = file_write_fd(d->fd, d->name, d->room + whole,
				       d->used - whole, err);
	d->used = 0;
	return status;
}

void direct_free(struct direct *d)
{
	if (d == NULL)
		return;
	free(d->room);
	free(d);
}

/* What is no whole block goes as usual. */
static enum deed_status write_aligned(int fd, const char *name,
				      struct slice bytes,
				      struct deed_error *err)
{
	struct direct d = { .fd = fd,
			    .name = name,
			    .on = set_direct(fd, true) };
	size_t whole = bytes.len - bytes.len % BLOCK;
	enum deed_status status = write_blocks(&d, bytes.data, whole, err);

	if (status == DEED_OK)
		status = as_usual(&d, err);
	if (status == DEED_OK)
		status = file_write_fd(fd, name, bytes.data + whole,
				       bytes.len - whole, err);
	return status;
}

enum deed_status direct_write(int fd, const char *name, struct slice bytes,
			      struct deed_error *err)
{
	struct direct *d;
	enum deed_status status;

	if (bytes.len >= DIRECT_MIN && (uintptr_t)bytes.data % BLOCK == 0)
		return write_aligned(fd, name, bytes, err);
	if (bytes.len < DIRECT_MIN || direct_new(fd, name, &d, NULL) != DEED_OK)
		return file_write_fd(fd, name, bytes.data, bytes.len, err);
	status = direct_add(d, bytes.data, bytes.len, err);
	if (status == DEED_OK)
		status = direct_end(d, err);
	direct_free(d);
	return status;
}
