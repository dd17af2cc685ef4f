/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_TARGET_H
#define DEED_NET_STORE_TARGET_H

#include "net/store.h"

/*
 * May this target be asked, before anything is?  DEED_USAGE for what is no
 * endpoint, bucket, region or proxy; DEED_REFUSED for http that leaves this
 * machine without insecure; DEED_NO_KEY without secret; DEED_IO and the like
 * for anchors that cannot be opened.
 */
enum deed_status store_target_check(const struct store_target *t,
				    struct deed_error *err) DEED_MUST_USE;

/* May this request be made?  DEED_USAGE, DEED_LIMIT. */
enum deed_status store_request_check(const struct store_request *r,
				     struct deed_error *err) DEED_MUST_USE;

/* Is this endpoint "http://..."? */
bool store_endpoint_plain(const char *endpoint);

#endif
