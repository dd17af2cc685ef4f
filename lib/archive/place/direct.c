/* SPDX-License-Identifier: Apache-2.0 */
#include "archive/place/direct.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

/* O_DIRECT wants address, offset and length at multiples of the device's
 * block; what has larger ones refuses, and is written as usual. */
#define BLOCK 4096
#define BOUNCE ((size_t)1 << 20)

static bool set_direct(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return false;
	flags = on ? flags | O_DIRECT : flags & ~O_DIRECT;
	return fcntl(fd, F_SETFL, flags) == 0;
}

/* Whole blocks, as many as can be; how far it came. */
static size_t write_blocks(int fd, struct slice bytes, uint8_t *bounce)
{
	size_t done = 0, end = bytes.len - bytes.len % BLOCK;

	while (done < end) {
		size_t len = end - done < BOUNCE ? end - done : BOUNCE;
		ssize_t put;

		memcpy(bounce, bytes.data + done, len);
		do
			put = write(fd, bounce, len);
		while (put < 0 && errno == EINTR);
		/* What it was, the usual way will tell. */
		if (put <= 0)
			break;
		done += (size_t)put;
		if (put % BLOCK != 0)
			break;
	}
	return done;
}

enum deed_status direct_write(int fd, const char *name, struct slice bytes,
			      struct deed_error *err)
{
	void *bounce = NULL;
	size_t done = 0;

	if (bytes.len >= DIRECT_MIN && set_direct(fd, true)) {
		if (posix_memalign(&bounce, BLOCK, BOUNCE) == 0)
			done = write_blocks(fd, bytes, bounce);
		free(bounce);
		if (!set_direct(fd, false))
			return deed_error_errno(err, errno, "cannot write '%s'",
						name);
	}
	return file_write_fd(fd, name, bytes.data + done, bytes.len - done,
			     err);
}
