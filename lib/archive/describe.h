/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ARCHIVE_DESCRIBE_H
#define DEED_ARCHIVE_DESCRIBE_H

#include <jansson.h>

#include "archive/place/place.h"

/*
 * A place as places.json has it: {"name", "place", ...}, where "place" is what
 * struct place_description calls where, and the others are its members.
 */

/* False where it is none.  What out points to is the JSON's. */
bool places_describe(const json_t *json, struct place_description *out);

/* NULL without memory. */
json_t *places_described(const char *name, const struct place_description *d);

#endif
