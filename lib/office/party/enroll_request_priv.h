/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_ENROLL_REQUEST_PRIV_H
#define DEED_OFFICE_ENROLL_REQUEST_PRIV_H

#include "ca/remote.h"
#include "office/party/enroll_request.h"
#include "office/party/own_record.h"
#include "office/party/pending.h"

/* One run, under the lock of its request. */
struct request_run {
	const struct home *home;
	struct enroll_request *r;
	struct event_home *log;
	struct own_record own;
	struct pending pending;
	struct ca_remote_answer answer;
	bool fresh; /* the CA has not said "pending" yet */
	char *name; /* of pending, as a C string; or NULL */
};

/*
 * The request that the CA is asked with: the one that is pending, or a new one
 * where there is none, where the key has changed, or where r->anew says so.
 * Fills pending, fresh and name.  DEED_CONFIG, DEED_DAMAGED: what is pending
 * cannot be gone on with.
 */
enum deed_status enroll_request_take_up(struct request_run *w,
					struct deed_error *err) DEED_MUST_USE;

#endif
