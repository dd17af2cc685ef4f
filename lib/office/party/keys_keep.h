/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_KEYS_KEEP_H
#define DEED_OFFICE_KEYS_KEEP_H

#include "event/event.h"
#include "office/home.h"

/*
 * Keep what a transaction is about to replace: the certificates of the key in
 * the keystore as ROLE-N.M.pem, the status statement as
 * identity/statuses/PARTY/SHA256.cms.  Under the lock.
 */
enum deed_status keys_keep_chain(const struct home *h, const char *party,
				 bool deposit, struct event *ev,
				 struct deed_error *err) DEED_MUST_USE;
enum deed_status status_keep(const struct home *h, const char *party,
			     struct event *ev,
			     struct deed_error *err) DEED_MUST_USE;

#endif
