/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_HEADLINE_H
#define DEED_REPORT_HEADLINE_H

#include <jansson.h>

#include "base/buf.h"

/*
 * The first line of a report: the outcome of all that was asked of a
 * document, the judgement of its signatures and what was required of it.  An
 * indication is given as JSON has it, NULL or "" where the document could not
 * be judged; unmet is the array of requirements that are not met, NULL where
 * there is none.
 */
enum report_outcome {
	REPORT_PASSED,
	REPORT_FAILED,
	REPORT_UNMET, /* a requirement, of a document that has not failed */
	REPORT_INDETERMINATE,
	REPORT_UNSIGNED,
	REPORT_UNREADABLE,
	REPORT_OUTCOMES
};

enum report_outcome report_outcome(const char *indication, const json_t *unmet);

/* "TOTAL-PASSED", "REQUIREMENT NOT MET: count=2, level=lt", "TOTAL-FAILED,
 * REQUIREMENT NOT MET: count=2", "UNREADABLE".  One line, cleaned. */
void report_headline(const char *indication, const json_t *unmet,
		     struct buf *out);

/* What has become of the documents of a run. */
struct report_count {
	size_t of[REPORT_OUTCOMES];
};

/* "298 passed, 1 failed, 1 unreadable". */
void report_count_text(const struct report_count *count, struct buf *out);

/* {"passed": 298, "failed": 1, …}, every outcome; a new reference, NULL
 * without memory. */
json_t *report_count_json(const struct report_count *count);

#endif
