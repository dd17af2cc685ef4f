/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_DEPOSIT_RECORD_H
#define DEED_OFFICE_DEPOSIT_RECORD_H

#include <jansson.h>

#include "office/deposit/deposit_put.h"

/*
 * DEPOSIT_RECORD: who sent it, to whom, when.  It is inside what is encrypted.
 */

/* Append its text; what, which is taken, says what was deposited. */
enum deed_status deposit_record_write(const struct deposit_order *o,
				      json_t *what, struct buf *out,
				      struct deed_error *err) DEED_MUST_USE;

/* Set a time where it is given; as json_object_set. */
int deposit_record_time(json_t *json, const char *key, bool given, int64_t t);

#endif
