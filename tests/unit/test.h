/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_TEST_H
#define DEED_TESTS_UNIT_TEST_H

/* What every cmocka test includes, in the order that cmocka wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"

/* A test's function may have an err of its own. */
#pragma GCC diagnostic ignored "-Wshadow"

/* The call must succeed; the message says why it did not. */
#define assert_ok(call)                                       \
	do {                                                  \
		struct deed_error test_err = DEED_ERROR_INIT; \
		struct deed_error *err = &test_err;           \
		enum deed_status test_status = (call);        \
		if (test_status != DEED_OK)                   \
			fail_msg("%s: %s: %s", #call,         \
				 deed_status_id(test_status), \
				 test_err.message);           \
	} while (0)

/* The call must answer this status. */
#define assert_status(expected, call)                                   \
	do {                                                            \
		struct deed_error test_err = DEED_ERROR_INIT;           \
		struct deed_error *err = &test_err;                     \
		enum deed_status test_status = (call);                  \
		(void)err;                                              \
		if (test_status != (expected))                          \
			fail_msg("%s: expected %s, got %s (%s)", #call, \
				 deed_status_id(expected),              \
				 deed_status_id(test_status),           \
				 test_err.message);                     \
	} while (0)

#endif
