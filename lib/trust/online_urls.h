/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_ONLINE_URLS_H
#define DEED_TRUST_ONLINE_URLS_H

#include "codec/oid.h"
#include "net/http.h"

/*
 * The URLs in certificates and CRLs that may be fetched: http and https, of
 * visible ASCII, shorter than HTTP_URL_MAX.  Others are passed over.
 */

/* The i-th of an authorityInfoAccess (its value) with this method; false
 * where there are not so many. */
bool online_access_url(struct slice value, enum oid method, unsigned i,
		       char url[HTTP_URL_MAX]);

/* The i-th of GeneralNames (content). */
bool online_name_url(struct slice names, unsigned i, char url[HTTP_URL_MAX]);

#endif
