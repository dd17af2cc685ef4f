/* SPDX-License-Identifier: Apache-2.0 */
#include "base/frame.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

#define BODY_MAX 4096

/* Whatever a helper sends: frames until the first that is refused. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct deed_error err = DEED_ERROR_INIT;
	struct buf body = BUF_INIT;
	uint32_t type;
	int fd = memfd_create("frame", MFD_CLOEXEC);

	if (fd < 0 || (size > 0 && write(fd, data, size) != (ssize_t)size))
		abort();
	(void)lseek(fd, 0, SEEK_SET);
	while (frame_read(fd, &type, &body, BODY_MAX, &err) == DEED_OK &&
	       type != FRAME_END)
		if (body.len > BODY_MAX)
			abort();
	buf_clear(&body);
	(void)close(fd);
	return 0;
}
