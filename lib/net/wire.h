/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_WIRE_H
#define DEED_NET_WIRE_H

#include "base/buf.h"

/*
 * The language of deed-fetch, over base/frame.h.  deed sends ORDER first,
 * then the texts and bodies that the request has, each in a frame of its
 * type, then GO.  deed-fetch answers TOLD for each redirection it follows,
 * STATUS, TYPE and AUTHENTICATE once it has them, then DATA or an error.  Any
 * number of requests, one after the other, until deed closes the pipe.
 *
 *	ORDER	1 byte method, 1 byte whether the connection ends with the
 *		response, 4 bytes milliseconds to connect, 4 bytes
 *		milliseconds in all, 8 bytes limit of the response
 *	STATUS	4 bytes, 4 bytes seconds of Retry-After
 *
 * Numbers are big-endian, texts without NUL.  Passphrases have frames of
 * their own, so that neither side copies them.  With HOSTS, which may be
 * empty, no connection is opened to an address that is not public
 * (net/address.h), unless a pattern in it names the host.
 */
enum net_frame {
	NET_FRAME_ORDER = 1,
	NET_FRAME_URL,
	NET_FRAME_ACCEPT,
	NET_FRAME_CONTENT,
	NET_FRAME_CA,
	NET_FRAME_USER,
	NET_FRAME_CERTIFICATE,
	NET_FRAME_KEY,
	NET_FRAME_PASSPHRASE,
	NET_FRAME_KEY_PASSPHRASE,
	NET_FRAME_HOSTS,
	NET_FRAME_BODY,
	NET_FRAME_GO,
	NET_FRAME_TOLD,
	NET_FRAME_STATUS,
	NET_FRAME_TYPE,
	NET_FRAME_AUTHENTICATE,
	NET_FRAME_DATA,
};

/* The texts of a request are numbered from here. */
#define NET_TEXT_FIRST NET_FRAME_URL
#define NET_TEXT_LAST NET_FRAME_HOSTS
#define NET_TEXTS (NET_TEXT_LAST - NET_TEXT_FIRST + 1)
#define NET_TEXT_MAX 65536

enum net_method { NET_GET, NET_POST };

struct net_order {
	enum net_method method;
	bool close;
	uint32_t connect_ms;
	uint32_t total_ms;
	uint64_t max;
};

#define NET_WIRE_ORDER 18
#define NET_WIRE_STATUS 8

void net_wire_put_order(const struct net_order *order,
			uint8_t out[NET_WIRE_ORDER]);

/* DEED_MALFORMED. */
enum deed_status net_wire_get_order(struct slice body, struct net_order *out,
				    struct deed_error *err) DEED_MUST_USE;
void net_wire_put_status(unsigned status, uint32_t retry_after,
			 uint8_t out[NET_WIRE_STATUS]);
enum deed_status net_wire_get_status(struct slice body, unsigned *out,
				     uint32_t *retry_after,
				     struct deed_error *err) DEED_MUST_USE;

#endif
