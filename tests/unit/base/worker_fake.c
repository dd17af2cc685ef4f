/* SPDX-License-Identifier: Apache-2.0 */

/* A helper that does what it should not, as it is told: for test_worker. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/worker.h"
#include "worker_fake.h"

#define MEMORY ((size_t)256 << 20)

static enum deed_status read_first(int fd, struct buf *answer)
{
	char bytes[16];
	ssize_t n = pread(fd, bytes, sizeof(bytes), 0);

	buf_append(answer, bytes, n > 0 ? (size_t)n : 0);
	return DEED_OK;
}

static enum deed_status obey(void *arg, uint32_t order, struct slice body,
			     int fd, uint32_t *type, struct buf *answer,
			     struct deed_error *err)
{
	volatile unsigned forever = 1;
	int64_t start = clock_monotonic_ms();
	char *block;

	(void)arg;
	*type = order;
	switch (order) {
	case FAKE_ECHO:
		buf_slice(answer, body);
		return DEED_OK;
	case FAKE_READ:
		return read_first(fd, answer);
	case FAKE_FAIL:
		return deed_error_set(err, DEED_MALFORMED, "as you wish");
	case FAKE_OPEN:
		(void)open("/etc/passwd", O_RDONLY);
		break;
	case FAKE_CONNECT:
		(void)socket(AF_INET, SOCK_STREAM, 0);
		break;
	case FAKE_FORK:
		(void)fork();
		break;
	case FAKE_HANG:
		while (forever != 0)
			continue;
		break;
	case FAKE_SLOW:
		while (clock_monotonic_ms() < start + 100)
			continue;
		buf_slice(answer, body);
		return DEED_OK;
	case FAKE_EXIT:
		_exit(0);
	case FAKE_EAT:
		block = malloc(2 * MEMORY);
		buf_str(answer, block == NULL ? "no" : "yes");
		free(block);
		return DEED_OK;
	case FAKE_GARBAGE:
		(void)!write(STDIN_FILENO, "\0\0\0\0\xff\xff\xff\xff", 8);
		break;
	case FAKE_FLOOD:
		buf_fill(answer, 'x', FAKE_ANSWER_MAX + 1);
		return DEED_OK;
	case FAKE_ENVIRONMENT:
		buf_str(answer, environ[0] == NULL ? "empty" : environ[0]);
		return DEED_OK;
	default:
		break;
	}
	return DEED_OK;
}

int main(void)
{
	_exit(worker_serve(STDIN_FILENO, MEMORY, obey, NULL, NULL) == DEED_OK
		      ? 0
		      : 1);
}
