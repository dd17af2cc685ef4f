/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_MOVED_H
#define DEED_CMD_SHARD_MOVED_H

#include "archive/health/leftover.h"
#include "archive/placement.h"
#include "cmd/frame/session.h"

/* What "deed shard rebalance" says of deposits that move. */

struct moved_count {
	uint64_t deposits, moved, parts, removed, waiting;
};

/* "ID: 2 parts moved: 1 to a, 3 to b" */
void moved_line(struct session *s, const char *id, const struct placement *to);

/* What JSON says of the deposit: {"id", "moved", "placement"}. */
json_t *moved_json(const char *id, const struct placement *to);

/* What was let go, and what was not; json (or NULL) is moved_json's. */
void moved_left(struct session *s, const char *id,
		const struct leftover_report *r, json_t *json,
		struct moved_count *count);

/* The last line, and the member "summary". */
void moved_sum(struct session *s, const struct moved_count *count);

#endif
