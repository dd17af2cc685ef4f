/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "cmd/frame/command.h"
#include "cmd/frame/progress.h"
#include "codec/utf8.h"

/* Why the first write to standard output failed; stdio keeps but a flag. */
static int write_errno;

static void put(const void *data, size_t len)
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
		put(b.data, b.len);
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
		put(b.data, b.len);
	buf_clear(&b);
}

void output_bytes(struct session *s, struct slice bytes)
{
	(void)s;
	progress_clear();
	put(bytes.data, bytes.len);
}

json_t *output_json(struct session *s)
{
	return s->report;
}

void output_set(struct session *s, const char *key, json_t *value)
{
	if (json_object_set_new(s->report, key, value) != 0)
		json_object_set_new(s->report, "incomplete", json_true());
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

#define REPORT_FLAGS (JSON_INDENT(2) | JSON_REAL_PRECISION(9))

/* "deed.key.list/1", or NULL. */
static json_t *schema_name(const struct session *s)
{
	struct buf schema = BUF_INIT;
	json_t *out = NULL;
	const char *p;

	buf_str(&schema, "deed.");
	for (p = s->command->name; *p != '\0'; p++)
		buf_byte(&schema, *p == ' ' ? '.' : (uint8_t)*p);
	buf_str(&schema, "/1");
	if (!schema.failed)
		out = json_stringn((const char *)schema.data, schema.len);
	buf_clear(&schema);
	return out;
}

/* The schema first, "errors" last, the command's between. */
static json_t *whole_report(struct session *s)
{
	json_t *report = json_object();

	if (json_object_set_new(report, "schema", schema_name(s)) != 0 ||
	    json_object_get(s->report, "incomplete") != NULL ||
	    json_object_update(report, s->report) != 0 ||
	    json_object_set(report, "errors", s->errors) != 0) {
		json_decref(report);
		report = NULL;
	}
	return report;
}

/* An array that is being printed, and how many items it has. */
static bool streaming;
static size_t streamed;
static bool stream_lacks; /* something that no memory was had for */

static void put_text(const char *text)
{
	put(text, strlen(text));
}

/* "  "KEY": VALUE", as the report is indented; takes value. */
static void put_member(const char *key, json_t *value)
{
	json_t *object = json_pack("{s:o?}", key, value);
	char *text = json_dumps(object, REPORT_FLAGS);
	size_t len = text == NULL ? 0 : strlen(text);

	/* Between "{\n" and "\n}". */
	if (len > 4)
		put(text + 2, len - 4);
	else
		stream_lacks = true;
	free(text);
	json_decref(object);
}

void output_stream(struct session *s, const char *key)
{
	const char *name;
	json_t *value;

	if (!s->json || streaming)
		return;
	streaming = true;
	put_text("{\n");
	put_member("schema", schema_name(s));
	json_object_foreach(s->report, name, value)
	{
		put_text(",\n");
		put_member(name, json_incref(value));
	}
	stream_lacks |= json_object_get(s->report, "incomplete") != NULL;
	json_object_clear(s->report);
	put_text(",\n  \"");
	put_text(key);
	put_text("\": [");
}

void output_item(struct session *s, const char *key, json_t *item)
{
	char *text;

	output_stream(s, key);
	if (s->json) {
		text = json_dumps(item, JSON_REAL_PRECISION(9));
		put_text(streamed++ == 0 ? "\n    " : ",\n    ");
		if (text == NULL)
			stream_lacks = true;
		put_text(text == NULL ? "null" : text);
		free(text);
	}
	json_decref(item);
}

/* What is still in the report stands behind the array, and "errors" last.
 * Items are out already, so that a lack of memory can be told by the exit code
 * alone. */
static enum deed_status end_stream(struct session *s, struct deed_error *err)
{
	const char *name;
	json_t *value;

	put_text(streamed == 0 ? "]" : "\n  ]");
	json_object_foreach(s->report, name, value)
	{
		put_text(",\n");
		put_member(name, json_incref(value));
	}
	put_text(",\n");
	put_member("errors", json_incref(s->errors));
	put_text("\n}\n");
	return stream_lacks || json_object_get(s->report, "incomplete") != NULL
		       ? deed_error_memory(err)
		       : DEED_OK;
}

/* The whole object is made as text before any of it is written: a report is
 * either there or not, unless it was streamed. */
static enum deed_status print_report(struct session *s, struct deed_error *err)
{
	json_t *report;
	char *text;

	if (streaming)
		return end_stream(s, err);
	report = whole_report(s);
	if (report == NULL)
		return deed_error_memory(err);
	text = json_dumps(report, REPORT_FLAGS);
	json_decref(report);
	if (text == NULL)
		return deed_error_memory(err);
	put(text, strlen(text));
	put("\n", 1);
	free(text);
	return DEED_OK;
}

enum deed_status output_finish(struct session *s, struct deed_error *err)
{
	enum deed_status status = DEED_OK;

	progress_end();
	if (s->json)
		status = print_report(s, err);
	if (fflush(stdout) != 0 && write_errno == 0)
		write_errno = errno;
	if (ferror(stdout) && write_errno == 0)
		write_errno = EIO;
	if (status == DEED_OK && write_errno != 0)
		return deed_error_errno(err, write_errno,
					"cannot write standard output");
	return status;
}
