/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_BASE_WORKER_FAKE_H
#define DEED_TESTS_UNIT_BASE_WORKER_FAKE_H

/* What test_worker may order worker_fake to do. */
enum fake_order {
	FAKE_ECHO = 1,
	FAKE_READ, /* the first bytes of the descriptor */
	FAKE_FAIL,
	FAKE_OPEN,
	FAKE_CONNECT,
	FAKE_FORK,
	FAKE_HANG,
	FAKE_SLOW, /* some time, then echo */
	FAKE_EXIT,
	FAKE_EAT,     /* more memory than it may have */
	FAKE_GARBAGE, /* bytes that are no frame */
	FAKE_FLOOD,   /* a longer answer than is taken */
	FAKE_ENVIRONMENT,
};

#define FAKE_ANSWER_MAX 100000

#endif
