/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_LOOKING_H
#define DEED_LOOK_LOOKING_H

#include "look/wire.h"

/*
 * Painting a document and its earlier states, and holding them against each
 * other: the work of deed-look.
 */
enum deed_status looking_warm_up(struct deed_error *err) DEED_MUST_USE;

/* list has a zeroed entry for each state of the order.  What cannot be painted
 * is told there; an error is DEED_NO_MEMORY. */
enum deed_status looking_at(struct slice file, const struct look_order *order,
			    struct look_seen *list,
			    struct deed_error *err) DEED_MUST_USE;

#endif
