/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/xml_inside.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/frame.h"
#include "codec/unpack_serve.h"

enum deed_status xml_read(struct slice document, const char *name,
			  const struct xml_handler *handler, void *arg,
			  struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct buf body = BUF_INIT;
	enum deed_status status;
	int fd = memfd_create("xml", MFD_CLOEXEC);

	(void)name;
	if (fd < 0)
		abort();
	buf_slice(&body, document);
	if (xml_serve(fd, &body, &why) != DEED_OK &&
	    frame_write_error(fd, &why, NULL) != DEED_OK)
		abort();
	if (lseek(fd, 0, SEEK_SET) != 0)
		abort();
	status = xml_take(fd, handler, arg, err);
	(void)close(fd);
	buf_clear(&body);
	return status;
}
