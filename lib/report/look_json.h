/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_LOOK_JSON_H
#define DEED_REPORT_LOOK_JSON_H

#include <jansson.h>

#include "look/look.h"

/*
 * What was seen of pages, as JSON: the member "look" of a signature.  Where
 * there are pictures they stand in it, in base64, for the report in HTML; what
 * programs are given has none.
 */

/* New references, NULL without memory. */
json_t *report_look_json(const struct look_seen *seen);

#endif
