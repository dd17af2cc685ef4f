/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_OUTPUT_REPORT_H
#define DEED_CMD_FRAME_OUTPUT_REPORT_H

#include "cmd/frame/output.h"

/*
 * The object of --json, whole at the end or begun before with an array that
 * streams: what output.c, which has standard output, and output_report.c share.
 */

/* Print what was not printed yet.  DEED_NO_MEMORY: it is not there, or, where
 * it was streamed, lacks something. */
enum deed_status output_report(struct session *s,
			       struct deed_error *err) DEED_MUST_USE;

/* Bytes to standard output; output_finish tells of a failure. */
void output_put(const void *data, size_t len);

#endif
