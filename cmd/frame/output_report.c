/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/frame/output_report.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/frame/command.h"

json_t *output_json(struct session *s)
{
	return s->report;
}

void output_set(struct session *s, const char *key, json_t *value)
{
	if (json_object_set_new(s->report, key, value) != 0)
		json_object_set_new(s->report, "incomplete", json_true());
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
	output_put(text, strlen(text));
}

/* "  "KEY": VALUE", as the report is indented; takes value. */
static void put_member(const char *key, json_t *value)
{
	json_t *object = json_pack("{s:o?}", key, value);
	char *text = json_dumps(object, REPORT_FLAGS);
	size_t len = text == NULL ? 0 : strlen(text);

	/* Between "{\n" and "\n}". */
	if (len > 4)
		output_put(text + 2, len - 4);
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
enum deed_status output_report(struct session *s, struct deed_error *err)
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
	output_put(text, strlen(text));
	output_put("\n", 1);
	free(text);
	return DEED_OK;
}
