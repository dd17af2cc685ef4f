/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/unpack_serve.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <time.h>

#include "base/frame.h"
#include "base/sandbox.h"
#include "codec/unpack_job.h"

/* What a job that reads may take; the libraries' mappings are in it. */
#define MEMORY_MAX ((size_t)1 << 30)

static enum deed_status confine(struct deed_error *err)
{
	bool confined;

	/* What libraries open lazily is opened before; nobody needs the
	 * time zone. */
	xmlInitParser();
	if (setenv("TZ", "UTC0", 1) != 0)
		return deed_error_memory(err);
	tzset();
	return sandbox_enter(MEMORY_MAX, 0, &confined, err);
}

enum deed_status unpack_serve(int in, int out, struct deed_error *err)
{
	struct buf body = BUF_INIT;
	enum deed_status status;
	uint32_t job;

	status = confine(err);
	if (status == DEED_OK)
		status = frame_read(in, &job, &body, UNPACK_BODY_MAX, err);
	if (status == DEED_OK && job == UNPACK_XML)
		status = xml_serve(out, &body, err);
	else if (status == DEED_OK && job == UNPACK_XML_SIGNED)
		status = xml_signed_serve(out, &body, err);
	else if (status == DEED_OK && job == UNPACK_TAR)
		status = tar_serve(in, out, err);
	else if (status == DEED_OK)
		status = deed_error_set(err, DEED_MALFORMED,
					"there is no job %u", job);
	buf_clear(&body);
	return status;
}
