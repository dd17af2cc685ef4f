/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/output_report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cmd/frame/progress.h"
#include "codec/utf8.h"

/* Why the first write to standard output failed; stdio keeps but a flag. */
static int write_errno;

void output_put(const void *data, size_t len)
{
	errno = 0;
	if (len > 0 && fwrite(data, 1, len, stdout) != len && write_errno == 0)
		write_errno = errno != 0 ? errno : EIO;
}

bool output_pipe_broken(void)
{
	return write_errno == EPIPE;
}

void output_clean(const char *text, struct buf *out)
{
	utf8_clean(slice_str(text), out);
}

/* Newlines are kept and everything else that could steer a terminal is not:
 * the text holds names out of documents of strangers. */
static void clean_lines(const char *text, struct buf *out)
{
	const char *end;

	for (;;) {
		end = strchr(text, '\n');
		if (end == NULL)
			break;
		utf8_clean(slice_of(text, (size_t)(end - text)), out);
		buf_byte(out, '\n');
		text = end + 1;
	}
	utf8_clean(slice_str(text), out);
}

void output_line(struct session *s, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list args;
	char *text;
	int failed;

	if (s->json)
		return;
	va_start(args, fmt);
	failed = vasprintf(&text, fmt, args);
	va_end(args);
	if (failed < 0)
		return;
	output_clean(text, &b);
	buf_byte(&b, '\n');
	free(text);
	progress_clear();
	if (!b.failed)
		output_put(b.data, b.len);
	buf_clear(&b);
}

void output_lines(struct session *s, const char *text)
{
	struct buf b = BUF_INIT;

	if (s->json)
		return;
	clean_lines(text, &b);
	buf_byte(&b, '\n');
	progress_clear();
	if (!b.failed)
		output_put(b.data, b.len);
	buf_clear(&b);
}

void output_bytes(struct session *s, struct slice bytes)
{
	(void)s;
	progress_clear();
	output_put(bytes.data, bytes.len);
}

json_t *output_text(const char *text)
{
	struct buf b = BUF_INIT;
	json_t *out;

	clean_lines(text, &b);
	out = b.failed ? NULL : json_stringn((const char *)b.data, b.len);
	if (b.len == 0 && !b.failed)
		out = json_string("");
	buf_clear(&b);
	return out;
}

json_t *output_time(int64_t t)
{
	char text[CLOCK_TEXT];

	clock_format(t, text);
	return json_string(text);
}

json_t *output_sha256(const uint8_t digest[32])
{
	char text[8 + 64] = "sha256:";
	int i;

	for (i = 0; i < 32; i++)
		(void)snprintf(text + 7 + 2 * i, 3, "%02x", digest[i]);
	return json_string(text);
}

enum deed_status output_finish(struct session *s, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	progress_end();
	if (s->json)
		status = output_report(s, err);
	if (fflush(stdout) != 0 && write_errno == 0)
		write_errno = errno;
	if (ferror(stdout) && write_errno == 0)
		write_errno = EIO;
	if (status == DEED_OK && write_errno != 0)
		return deed_error_errno(err, write_errno,
					"cannot write standard output");
	return status;
}
