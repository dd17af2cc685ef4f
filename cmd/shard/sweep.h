/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_SWEEP_H
#define DEED_CMD_SHARD_SWEEP_H

#include "cmd/frame/session.h"
#include "office/deposit/deposit_visit.h"

/* At the end of "deed shard repair --all": uploads that were lost are removed,
 * and told; the member "lost". */
enum deed_status sweep_lost(struct session *s, struct deposit_visit *v,
			    struct deed_error *err) DEED_MUST_USE;

#endif
