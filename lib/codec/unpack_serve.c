/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/unpack_serve.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/sandbox.h"
#include "codec/unpack_job.h"
#include "codec/xml.h"
#include "codec/xml_parse.h"

/* What a job that reads may take; the libraries' mappings are in it. */
#define MEMORY_MAX ((size_t)1 << 30)

/* What on_late says, made before: a handler of a signal may only write. */
static struct {
	volatile sig_atomic_t armed; /* while XML is read; tar takes its time */
	int out;
	struct buf answer;
} late;

/* In a signal handler: write and _exit are all that it may call.  Whoever
 * waits gets a proper answer instead of a pipe that ends. */
static void on_late(int number)
{
	(void)number;
	if (!late.armed)
		return;
	(void)!write(late.out, late.answer.data, late.answer.len);
	_exit(deed_status_exit(DEED_LIMIT));
}

/* CPU time, not the time of the clock: a helper that waits for its caller is
 * not late.  Before the sandbox, whose filter has neither sigaction nor
 * setrlimit. */
static enum deed_status watch(int out, struct deed_error *err)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status;

	(void)deed_error_set(&why, DEED_LIMIT,
			     "it takes more than %d seconds to read",
			     XML_SECONDS);
	late.out = out;
	frame_put_error(&late.answer, &why);
	status = buf_status(&late.answer, err);
	return status == DEED_OK ? sandbox_watch(XML_SECONDS, on_late, err)
				 : status;
}

/* Last, when all is set up; without flags it has nothing but its pipes and
 * memory. */
static enum deed_status confine(struct deed_error *err)
{
	bool confined;

	/* What libraries open lazily is opened before; nobody needs the
	 * time zone. */
	xmlInitParser();
	xml_parse_silent();
	if (setenv("TZ", "UTC0", 1) != 0)
		return deed_error_memory(err);
	tzset();
	return sandbox_enter(MEMORY_MAX, 0, &confined, err);
}

enum deed_status unpack_serve(int in, int out, struct deed_error *err)
{
	struct buf body = BUF_INIT;
	enum deed_status status;
	uint32_t job = UNPACK_TAR;

	status = watch(out, err);
	if (status == DEED_OK)
		status = confine(err);
	if (status == DEED_OK)
		status = frame_read(in, &job, &body, UNPACK_BODY_MAX, err);
	late.armed = job != UNPACK_TAR;
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
