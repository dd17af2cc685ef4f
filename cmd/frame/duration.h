/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_FRAME_DURATION_H
#define DEED_CMD_FRAME_DURATION_H

#include <stdint.h>

#include "base/error.h"

/*
 * A span of time as options have it: a number of at most six digits and h
 * (hours), d (days) or w (weeks), as in "14d".  DEED_USAGE with what was
 * expected.
 */
enum deed_status duration_parse(const char *text, int64_t *seconds,
				struct deed_error *err) DEED_MUST_USE;

#endif
