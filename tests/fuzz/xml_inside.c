/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/xml_inside.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/frame.h"
#include "codec/unpack_serve.h"

typedef enum deed_status serve_fn(int out, const struct buf *body,
				  struct deed_error *err);

/* What the helper answers, in a file from its beginning. */
static int serve(serve_fn *job, struct slice document)
{
	struct deed_error why = DEED_ERROR_INIT;
	struct buf body = BUF_INIT;
	int fd = memfd_create("xml", MFD_CLOEXEC);

	if (fd < 0)
		abort();
	buf_slice(&body, document);
	if (job(fd, &body, &why) != DEED_OK &&
	    frame_write_error(fd, &why, NULL) != DEED_OK)
		abort();
	if (lseek(fd, 0, SEEK_SET) != 0)
		abort();
	buf_clear(&body);
	return fd;
}

enum deed_status xml_read(struct slice document, const char *name,
			  const struct xml_handler *handler, void *arg,
			  struct deed_error *err)
{
	int fd = serve(xml_serve, document);
	enum deed_status status = xml_take(fd, handler, arg, err);

	(void)name;
	(void)close(fd);
	return status;
}

enum deed_status xml_signed_read(struct slice document, const char *name,
				 struct xml_signed *out, struct deed_error *err)
{
	int fd = serve(xml_signed_serve, document);
	enum deed_status status;

	(void)name;
	*out = (struct xml_signed){ 0 };
	status = xml_signed_take(fd, out, err);
	(void)close(fd);
	return status;
}
