/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_REPORT_PRIV_H
#define DEED_REPORT_REPORT_PRIV_H

#include "report/report.h"

/* What the formats share; each has a file of its own.  They are given the
 * object of report.h but for "errors", which has the message by the file's
 * name. */
void report_junit(const json_t *verify, struct buf *out);
void report_sarif(const json_t *verify, struct buf *out);
void report_tap(const json_t *verify, struct buf *out);
void report_github(const json_t *verify, struct buf *out);
void report_html(const json_t *verify, struct buf *out);

/* Pages of a signed document as they were and are, where there are pictures
 * of them, with the places that differ marked. */
void report_html_look(const json_t *signature, struct buf *out);

/* A member as text, "" where it is null or absent. */
const char *report_member(const json_t *object, const char *key);

/* The indication, in letters: "UNREADABLE" where it is null. */
const char *report_indication(const json_t *document);

/* The first line for a document: see report/headline.h. */
void report_document_headline(const json_t *document, struct buf *out);

/* The first line for all: that of the one document, or the count. */
void report_whole_headline(const json_t *verify, struct buf *out);

/* TOTAL-PASSED, and nothing required that is not met. */
bool report_passed(const json_t *document);
bool report_signature_passed(const json_t *signature);

/* "Signature1 (Wang)": field and name, as far as they are there. */
void report_signature_label(const json_t *signature, struct buf *out);

/* "INDETERMINATE, TRY_LATER: the reasons; one after another". */
void report_signature_why(const json_t *signature, struct buf *out);

/* What a whole document is to be told for, beside its signatures: that it
 * could not be judged, has no signature, or does not meet a requirement.
 * Calls tell for each, id being a word for programs. */
typedef void report_tell_fn(void *arg, const char *id, const char *message);
void report_faults(const json_t *verify, const json_t *document,
		   report_tell_fn *tell, void *arg);

/* Text in XML and HTML, inside elements or quoted attributes. */
void report_xml(const char *text, struct buf *out);

#endif
