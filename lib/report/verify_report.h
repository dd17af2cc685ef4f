/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_VERIFY_REPORT_H
#define DEED_REPORT_VERIFY_REPORT_H

#include <jansson.h>

#include "base/buf.h"
#include "report/remedy.h"

/*
 * A verdict for those who read it: text for people, JSON for programs
 * (deed-json(5), "deed.verify/1").  Nothing is judged here.
 */

/*
 * Append what a person asks, the outcome first (report/headline.h; unmet is
 * as there): who signed, when, is it intact, is the signer
 * trusted and why not, what changed since.  One line ends with a newline;
 * text from documents was cleaned when the verdict was made.
 */
void report_document_text(const struct verdict_document *doc,
			  const json_t *unmet, const struct report_asked *asked,
			  struct buf *out);

/* Its first line alone, with the worst signature's sub-indication.  doc is
 * NULL where the file could not be judged. */
void report_document_line(const char *file, const struct verdict_document *doc,
			  const json_t *unmet, struct buf *out);

/* The object of one document, all members but "file"; a new reference, NULL
 * without memory. */
json_t *report_document_json(const struct verdict_document *doc,
			     const struct report_asked *asked);

/* Take the pictures of pages out of the whole report: they are for the one in
 * HTML, and too much for a program. */
void report_drop_pictures(json_t *verify);

#endif
