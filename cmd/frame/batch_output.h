/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_BATCH_OUTPUT_H
#define DEED_CMD_FRAME_BATCH_OUTPUT_H

#include "cmd/frame/batch.h"

/*
 * How the items of a batch are read and written, where either may be a
 * standard stream; and what an output may not replace.
 */

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
