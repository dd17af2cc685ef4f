/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_FORESEE_H
#define DEED_CMD_SHARD_FORESEE_H

#include "archive/health/estimate.h"
#include "cmd/frame/session.h"
#include "office/deposit/deposit_visit.h"

/* Tell what a check of the operands, or of all, would ask of the places
 * (traffic_estimate): from the catalogue, and no place is asked. */
enum deed_status foresee_check(struct session *s, const struct home *h,
			       const struct estimate_how *how,
			       struct deed_error *err) DEED_MUST_USE;

/* The same of a repair, where places were given up or do not answer, and of a
 * rebalance to so many places (0: to none).  An ID that is none is passed
 * over: the run says so. */
enum deed_status foresee_repair(struct session *s,
				const struct deposit_visit *v,
				struct deed_error *err) DEED_MUST_USE;
enum deed_status foresee_rebalance(struct session *s,
				   const struct deposit_visit *v, size_t to,
				   bool remove,
				   struct deed_error *err) DEED_MUST_USE;

#endif
