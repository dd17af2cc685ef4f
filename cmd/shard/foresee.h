/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_FORESEE_H
#define DEED_CMD_SHARD_FORESEE_H

#include "archive/health/estimate.h"
#include "cmd/frame/session.h"
#include "office/home.h"

/* Tell what a check of the operands, or of all, would ask of the places
 * (traffic_estimate): from the catalogue, and no place is asked. */
enum deed_status foresee_check(struct session *s, const struct home *h,
			       const struct estimate_how *how,
			       struct deed_error *err) DEED_MUST_USE;

#endif
