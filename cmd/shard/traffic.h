/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SHARD_TRAFFIC_H
#define DEED_CMD_SHARD_TRAFFIC_H

#include "archive/archive.h"
#include "archive/place/place.h"
#include "cmd/frame/session.h"

/*
 * What a run has asked of the places, so that a bill can be foreseen: the
 * member "traffic", and in words where one of the places is no folder of this
 * machine.  Told once all that was opened is closed; as a line of the result
 * if result is set, else on standard error.
 */
void traffic_tell(struct session *s, bool result);

/*
 * What a run would ask of all places of an archive: the member "estimate", and
 * a line of the result where one of them is no folder of this machine, of the
 * part that falls to such places.
 */
void traffic_estimate(struct session *s, const struct archive *a,
		      const struct place_traffic *all);

#endif
