/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_BASE_STATUS_H
#define DEED_BASE_STATUS_H

/*
 * What a fallible function answers.  The one list is status.def; it gives
 * each status its exit code and its id in JSON, and says what it means.  A bad
 * signature is no error: judging returns DEED_OK and a verdict;
 * DEED_BAD_SIGNATURE is for functions whose whole question is whether a
 * signature holds.
 */
enum deed_status {
#define STATUS(name, exit_code, id, text) name,
#include "base/status.def"
#undef STATUS
	DEED_STATUS_COUNT
};

/* Every fallible function is marked, so that no failure is dropped. */
#define DEED_MUST_USE __attribute__((warn_unused_result))
#define DEED_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* The exit code, as in EXIT STATUS of deed(1). */
int deed_status_exit(enum deed_status status);

/* The id that JSON reports carry, for instance "wrong-passphrase". */
const char *deed_status_id(enum deed_status status);

#endif
