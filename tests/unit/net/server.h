/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TESTS_UNIT_NET_SERVER_H
#define DEED_TESTS_UNIT_NET_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A server on a free port of loopback that answers as it is told to, however
 * wrong: each path has bytes to be sent and what happens then.
 */
enum server_mode {
	SERVER_CLOSE,	/* close the connection */
	SERVER_KEEP,	/* wait for the next request on it */
	SERVER_ENDLESS, /* send 'x' until the client goes */
	SERVER_HOLD,	/* send nothing more and stay */
	SERVER_DRIP,	/* send the bytes one by one, 50 ms each */
	SERVER_RESET,	/* close without having read, so that it is reset */
};

struct server_page {
	const char *path; /* NULL ends the list */
	const char *bytes;
	enum server_mode mode;
};

struct server;

struct server *server_start(const struct server_page *pages);
void server_stop(struct server *s);
unsigned server_port(const struct server *s);

/* Connections so far, requests so far. */
unsigned server_connections(struct server *s);
unsigned server_requests(struct server *s);

/* Does the head of the last request hold this text? */
bool server_was_told(struct server *s, const char *text);

/* Octets of the last request's body, by its Content-Length. */
size_t server_body(struct server *s);

#endif
