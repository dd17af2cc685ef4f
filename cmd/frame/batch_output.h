/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_BATCH_OUTPUT_H
#define DEED_CMD_FRAME_BATCH_OUTPUT_H

#include "cmd/frame/batch.h"

/*
 * Where the items of a batch are read from and written to: names by rule,
 * "-" for the standard streams.  batch.c's other half.
 */

/* Give every item its output.  DEED_USAGE if two would have the same. */
enum deed_status batch_name_outputs(struct session *s,
				    const struct batch *batch, void *arg,
				    struct batch_item *items, size_t count,
				    struct deed_error *err) DEED_MUST_USE;

/* Spool standard input where it is the input. */
enum deed_status batch_open_input(struct batch_item *item,
				  struct deed_error *err) DEED_MUST_USE;

/* Never the input itself; and what if it exists. */
enum deed_status batch_check_output(const struct batch *batch, void *arg,
				    struct batch_item *item,
				    struct deed_error *err) DEED_MUST_USE;

/* Copy to standard output where that is the output. */
enum deed_status batch_close_output(struct batch_item *item,
				    struct deed_error *err) DEED_MUST_USE;

void batch_free_output(struct batch_item *item);

#endif
