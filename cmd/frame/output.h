/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_OUTPUT_H
#define DEED_CMD_FRAME_OUTPUT_H

#include <jansson.h>

#include "cmd/frame/session.h"

/*
 * The result, on standard output.  As text it is printed at once; with --json
 * text is dropped and one object is printed at the end:
 *
 *	{"schema": "deed.key.list/1", ..., "errors": []}
 *
 * Write both side by side; each call does nothing where it does not apply.
 */

/* A line of text, cleaned; the newline is added.  One in the text becomes a
 * space, so that no name forges a line. */
void output_line(struct session *s, const char *fmt, ...) DEED_PRINTF(2, 3);

/* Several lines, in which names were cleaned; a newline is added. */
void output_lines(struct session *s, const char *text);

/* Bytes as they are (PEM, a proof, a document), --json or not. */
void output_bytes(struct session *s, struct slice bytes);

/*
 * The object of --json, never NULL, to which fields are added with
 * json_object_set_new.  Building it without --json costs little and harms
 * nothing.  The session owns it.
 */
json_t *output_json(struct session *s);

/* Take value as a field of the object.  A NULL value is out of memory and
 * makes the run fail at its end. */
void output_set(struct session *s, const char *key, json_t *value);

/*
 * An array of the object that may be long: with --json each item is printed
 * at once, a line each, and nothing of it is kept; without, it is dropped.
 * One array a run, begun by output_stream or by its first item.  What
 * output_set sets later comes after it.
 */
void output_stream(struct session *s, const char *key);
void output_item(struct session *s, const char *key, json_t *item);

/* A JSON string of text that may hold broken UTF-8; and of RFC 3339 time. */
json_t *output_text(const char *text);
json_t *output_time(int64_t t);

/* "sha256:hex" of a digest of 32 bytes. */
json_t *output_sha256(const uint8_t digest[32]);

/* Text for a line of a terminal: no control characters, valid UTF-8. */
void output_clean(const char *text, struct buf *out);

/* Has a reader of standard output gone away? */
bool output_pipe_broken(void);

/* Print the report if asked for, flush and check.  The frame calls it. */
enum deed_status output_finish(struct session *s,
			       struct deed_error *err) DEED_MUST_USE;

#endif
