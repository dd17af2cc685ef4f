/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_URL_H
#define DEED_NET_STORE_URL_H

#include "net/store.h"

/*
 * The URL of a request, encoded once and for all as it is signed (RFC 3986
 * 2.3: what is not unreserved is %XX, in upper case; "/" stays in a key), its
 * query sorted by name, as AWS Signature Version 4 wants: libcurl signs the
 * URL as it stands.
 */
void store_url_put(const char *endpoint, const char *bucket,
		   const struct store_request *r, struct buf *out);

#endif
