/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_ADDRESS_H
#define DEED_NET_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

/*
 * Which addresses anybody may send us to.  Those that lead into the world:
 * not to this machine, not into a network of its owner's (private, link-local,
 * unique local, carrier-grade NAT), not to many at once, and to nothing that
 * is reserved or for documentation (the registries of RFC 6890).  An address
 * with an IPv4 address in it (mapped, NAT64, 6to4) is what that one is.  What
 * is neither IPv4 nor IPv6 is not public.
 */
bool address_is_public(const struct sockaddr *address);

/* As numbers, for messages. */
#define ADDRESS_TEXT INET6_ADDRSTRLEN
void address_text(const struct sockaddr *address, char out[ADDRESS_TEXT]);

/*
 * Does one of the patterns, with spaces or commas between, name this host,
 * as it stands in a URL, without port or brackets?  A "*" in a pattern stands
 * for any octets; case does not matter.
 */
bool address_named(const char *patterns, const char *host);

#endif
