/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_REPORT_H
#define DEED_REPORT_REPORT_H

#include <jansson.h>

#include "base/buf.h"

/*
 * The object of "deed verify --json" in the formats of others.  All of them
 * are functions of that object alone: no clock, no time zone, no machine, so
 * that the same verdicts give the same bytes.  Text in it is escaped for the
 * format whatever it holds.
 *
 * A document passes where it is TOTAL-PASSED and meets what is required;
 * each signature is a case of its own.
 */
enum report_format {
	REPORT_JUNIT,  /* XML as Jenkins and GitLab read it */
	REPORT_SARIF,  /* OASIS SARIF 2.1.0 */
	REPORT_TAP,    /* Test Anything Protocol 14 */
	REPORT_GITHUB, /* workflow commands: annotations of files */
	REPORT_HTML,   /* one page, self-contained, to be read or printed */
	REPORT_FORMATS
};

/* "junit", …; false for a word that is none. */
bool report_format_find(const char *word, size_t len, enum report_format *out);

/* Append the report. */
enum deed_status report_write(enum report_format format, const json_t *verify,
			      struct buf *out,
			      struct deed_error *err) DEED_MUST_USE;

#endif
