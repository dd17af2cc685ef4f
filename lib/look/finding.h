/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_LOOK_FINDING_H
#define DEED_LOOK_FINDING_H

#include "look/find.h"

/* Looking for a text in a document: the other work of deed-look.  Statuses as
 * look_find. */
enum deed_status finding_in(struct slice file,
			    const struct look_find_order *order,
			    struct look_found *out,
			    struct deed_error *err) DEED_MUST_USE;

#endif
