/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_FETCH_PRIV_H
#define DEED_NET_FETCH_PRIV_H

#include <curl/curl.h>

#include "net/address.h"
#include "net/fetch.h"

/* What the files of the fetcher share. */

/* Octets of all header lines of one response. */
#define FETCH_HEADERS_MAX 65536

/* One response as it arrives. */
struct fetch_arriving {
	struct buf *body;
	size_t max;
	size_t headers;
	bool over;  /* a limit of ours stopped it */
	bool asked; /* the request was sent */
	bool any_address, refused;
	char address[ADDRESS_TEXT]; /* that was refused */
};

/* fetch_explain.c: why it ended with that code; never DEED_OK. */
enum deed_status fetch_explain(CURLcode code, const struct fetch_arriving *a,
			       const struct fetch_order *order, const char *url,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * fetch_redirect.c.  Are two URLs of one origin (RFC 6454): scheme, host and
 * port, where a port that is not written is the scheme's?  What cannot be read
 * is nobody's, so that it gets no credentials.
 */
bool fetch_same_origin(const char *one, const char *other);

/* Where the answer to the request for url redirects to; *next is to be freed.
 * DEED_REMOTE where that is nowhere, or not followed. */
enum deed_status fetch_redirection(CURL *c, const char *url, char **next,
				   struct deed_error *err) DEED_MUST_USE;

#endif
