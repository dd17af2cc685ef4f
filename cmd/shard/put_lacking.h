/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_PUT_LACKING_H
#define DEED_CMD_SHARD_PUT_LACKING_H

#include <jansson.h>

#include "office/deposit/deposit_put.h"

/* Which places have not all of a deposit that was made: "; degraded: not all
 * is at 3, 5" for its line of success, "state" and "lacking" for JSON. */
void put_lacking(const struct deposit_made *made, struct buf *said,
		 json_t *json);

#endif
