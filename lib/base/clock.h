/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_CLOCK_H
#define DEED_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Time as seconds since 1970-01-01T00:00:00Z in an int64_t, without leap
 * seconds.  Only cmd asks for the present: everything below takes time as an
 * argument.  Nothing here opens a file (no time zones), so all of it works
 * in the sandbox.  Years 0001 to 9999.
 */
#define CLOCK_MIN INT64_C(-62135596800)
#define CLOCK_MAX INT64_C(253402300799)

/* "2026-11-23T12:00:00Z" and its NUL. */
#define CLOCK_TEXT 21

struct civil {
	int year, month, day, hour, minute, second; /* month and day from 1 */
};

/* The present, from the system's real-time clock. */
int64_t clock_now(void);

/* Milliseconds from an arbitrary start that never runs back. */
int64_t clock_monotonic_ms(void);

/* False where a field is out of range (31 April, second 60, year 0). */
bool clock_from_civil(const struct civil *c, int64_t *out);

void clock_to_civil(int64_t t, struct civil *out);

/* RFC 3339 in UTC, whole seconds.  t is clamped to the range above. */
void clock_format(int64_t t, char out[CLOCK_TEXT]);

/*
 * RFC 3339 with any offset, a fraction being dropped; a bare date is its
 * first second in UTC.  DEED_MALFORMED otherwise.
 */
enum deed_status clock_parse(const char *text, int64_t *out,
			     struct deed_error *err) DEED_MUST_USE;

#endif
