/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_HTTP_H
#define DEED_NET_HTTP_H

#include "base/buf.h"
#include "base/secret.h"

/*
 * HTTP from deed's side: time-stamps, OCSP, CRLs, issuers' certificates.  The
 * helper deed-fetch does it, because libcurl costs 13 ms before main; it is
 * started by the first request and serves the next ones, with connections
 * kept alive.  Any number of threads may use one client: each request has a
 * helper of its own while it lasts.
 *
 *	http_client_new(&options, &client, err)
 *	http_get(client, url, &request, &response, err)
 *	...
 *	http_response_clear(&response)
 *	http_client_free(client)
 *
 * Only http and https, also where a server redirects, and never from https
 * to http; HTTP_REDIRECTS at most, and credentials go to the origin that they
 * were given for alone.  No proxy, no netrc, no cookies, nothing from the
 * environment.  Certificates of https servers are checked against the
 * system's, or those that were given.
 *
 * Every failure of network or server is DEED_REMOTE, in words that name the
 * URL: no such host, no connection, time-out, a status other than 200, a body
 * over the limit or cut short, a wrong content type, a bad redirection.  A
 * helper that says nothing for HTTP_GRACE_MS after the time that its request
 * has is killed, so that none takes longer; what it has begun to hand over by
 * then comes to its end (FRAME_BODY_MS).
 */
#define HTTP_REDIRECTS 5
#define HTTP_URL_MAX 4096
#define HTTP_RESPONSE_MAX ((size_t)16 << 20) /* where the request says none */
#define HTTP_BODY_MAX ((size_t)64 << 20)     /* of a request */
#define HTTP_CONNECT_MS 10000		     /* default limits of time */
#define HTTP_TOTAL_MS 30000
#define HTTP_GRACE_MS 500

struct http_client;

/* Told before each request and each redirection: "GET", the URL. */
typedef void http_told_fn(void *arg, const char *method, const char *url);

struct http_options {
	bool offline;	    /* refuse everything: DEED_REFUSED */
	http_told_fn *told; /* may be NULL; from any thread */
	void *arg;
	unsigned connect_ms; /* 0: the defaults above */
	unsigned total_ms;
	const char *ca; /* PEM file of the anchors of https; NULL: system's */
	/*
	 * Where URLs come from strangers: not NULL, public addresses alone are
	 * asked, and the hosts that these patterns name (net/address.h).  The
	 * address is looked at when the connection is opened, so that it does
	 * not matter what a name led to before, and of each redirection.
	 * DEED_REFUSED otherwise.
	 */
	const char *hosts;
};

/* Who we are to a server.  Any member may be NULL.  Borrowed. */
struct http_credentials {
	const char *user; /* basic authentication */
	const struct secret *passphrase;
	const char *certificate; /* PEM file, with its chain */
	const char *key;	 /* PEM file; NULL: in the certificate's */
	const struct secret *key_passphrase;
};

struct http_request {
	const struct http_credentials *credentials; /* NULL: none */
	size_t max;	     /* octets of the response, 0: the default */
	unsigned total_ms;   /* less than the client's; 0: that */
	const char *accept;  /* a content type the response must have; NULL */
	const char *content; /* POST: content type of the body */
	struct slice body;
	/*
	 * DEED_OK is a response with any status that is no redirection, whole,
	 * its body too; accept is asked of one with status 200 alone.
	 */
	bool any_status;
	/* The server is told that nothing follows in this connection. */
	bool close;
};

struct http_response {
	struct buf body;
	unsigned status;	/* also after a failure; 0: no answer */
	char content_type[128]; /* without parameters, lower case; or "" */
	uint32_t retry_after;	/* seconds, of Retry-After; 0: none */
	char authenticate[256]; /* WWW-Authenticate, as it came; or "" */
};

#define HTTP_RESPONSE_INIT       \
	{                        \
		.body = BUF_INIT \
	}

/* Starts nothing.  options may be NULL; its strings are copied. */
enum deed_status http_client_new(const struct http_options *options,
				 struct http_client **out,
				 struct deed_error *err) DEED_MUST_USE;

/* Ends the helpers.  NULL does nothing. */
void http_client_free(struct http_client *client);

/*
 * request may be NULL for http_get.  out was initialised by the caller, who
 * clears it; its body is overwritten.  DEED_OK is a response with status 200
 * and a whole body, or what any_status says.  DEED_USAGE where url is no http
 * or https URL.
 */
enum deed_status http_get(struct http_client *client, const char *url,
			  const struct http_request *request,
			  struct http_response *out,
			  struct deed_error *err) DEED_MUST_USE;
enum deed_status http_post(struct http_client *client, const char *url,
			   const struct http_request *request,
			   struct http_response *out,
			   struct deed_error *err) DEED_MUST_USE;

void http_response_clear(struct http_response *r);

#endif
