/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_BATCH_NAMES_H
#define DEED_CMD_FRAME_BATCH_NAMES_H

#include "cmd/frame/batch.h"

/*
 * Where the items of a batch are written to: what the manifest, --in-place, -o
 * or -O say, else a name by the command's rule.  That of standard output is a
 * file in a folder of its own, which batch_close_output copies.
 */

/* Give every item its output.  DEED_USAGE if two would have the same, or
 * standard input has none; DEED_SYSTEM. */
enum deed_status batch_name_outputs(struct session *s,
				    const struct batch *batch, void *arg,
				    struct batch_item *items, size_t count,
				    struct deed_error *err) DEED_MUST_USE;

/* Remove what has the name of standard output, if there is such a file, where a
 * signal ends the run: calls nothing that a handler may not. */
void batch_names_remove(void);

/* Free an item's name, and remove what has the one of standard output. */
void batch_free_name(struct batch_item *item);

#endif
