/* SPDX-License-Identifier: Apache-2.0 */
#include "net/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The first bits of addresses that are not public; what is not listed is. */
struct block {
	uint8_t start[16];
	unsigned bits;
};

/* The whole bytes of the block, then the bits that are left of it. */
static bool is_in(const uint8_t *address, const struct block *b)
{
	unsigned whole = b->bits / 8, rest = b->bits % 8;

	return memcmp(address, b->start, whole) == 0 &&
	       (rest == 0 ||
		(address[whole] ^ b->start[whole]) >> (8 - rest) == 0);
}

static bool is_in_any(const uint8_t *address, const struct block *list,
		      size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (is_in(address, &list[i]))
			return true;
	return false;
}

/* Ranges of the registry of special-purpose addresses (RFC 6890); 224.0.0.0/3
 * is all that is not unicast to one host. */
static bool is_public_4(const uint8_t *address)
{
	static const struct block not [] = {
		{ { 0 }, 8 },		  /* this host */
		{ { 10 }, 8 },		  /* private */
		{ { 100, 64 }, 10 },	  /* carrier-grade NAT */
		{ { 127 }, 8 },		  /* loopback */
		{ { 169, 254 }, 16 },	  /* link-local */
		{ { 172, 16 }, 12 },	  /* private */
		{ { 192, 0, 0 }, 24 },	  /* protocol assignments */
		{ { 192, 0, 2 }, 24 },	  /* documentation */
		{ { 192, 88, 99 }, 24 },  /* 6to4 relays */
		{ { 192, 168 }, 16 },	  /* private */
		{ { 198, 18 }, 15 },	  /* benchmarks */
		{ { 198, 51, 100 }, 24 }, /* documentation */
		{ { 203, 0, 113 }, 24 },  /* documentation */
		{ { 224 }, 3 },		  /* multicast, reserved, broadcast */
	};

	return !is_in_any(address, not, sizeof(not ) / sizeof(not [0]));
}

/* One with an IPv4 address in it is judged by that: else a name could lead
 * into the network of its owner by way of a translator.  Of the rest nothing
 * is public but what lies in 2000::/3. */
static bool is_public_6(const uint8_t *address)
{
	static const struct block mapped = { { [10] = 0xff, [11] = 0xff }, 96 };
	static const struct block nat64 = { { 0, 0x64, 0xff, 0x9b }, 96 };
	static const struct block six_to_four = { { 0x20, 0x02 }, 16 };
	/* All that is given out as of now. */
	static const struct block global = { { 0x20 }, 3 };
	static const struct block not [] = {
		{ { 0x20, 0x01 }, 23 },		    /* protocols, Teredo */
		{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
		{ { 0x3f, 0xff }, 20 },		    /* documentation */
	};

	if (is_in(address, &mapped) || is_in(address, &nat64))
		return is_public_4(address + 12);
	if (is_in(address, &six_to_four))
		return is_public_4(address + 2);
	return is_in(address, &global) &&
	       !is_in_any(address, not, sizeof(not ) / sizeof(not [0]));
}

/* The octets, 4 or 16 of them; 0: of another family. */
static size_t octets_of(const struct sockaddr *address, uint8_t out[16])
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;

	if (address->sa_family == AF_INET) {
		memcpy(&four, address, sizeof(four));
		memcpy(out, &four.sin_addr, 4);
		return 4;
	}
	if (address->sa_family != AF_INET6)
		return 0;
	memcpy(&six, address, sizeof(six));
	memcpy(out, &six.sin6_addr, 16);
	return 16;
}

bool address_is_public(const struct sockaddr *address)
{
	uint8_t octets[16];
	size_t count = octets_of(address, octets);

	return count == 4    ? is_public_4(octets)
	       : count == 16 ? is_public_6(octets)
			     : false;
}

void address_text(const struct sockaddr *address, char out[ADDRESS_TEXT])
{
	uint8_t octets[16];
	size_t count = octets_of(address, octets);

	if (count == 0 || inet_ntop(count == 4 ? AF_INET : AF_INET6, octets,
				    out, ADDRESS_TEXT) == NULL)
		memcpy(out, "?", 2);
}

static bool same_octet(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Only the last star has to be taken back: len times strlen(host) at most. */
static bool matches(const char *pattern, size_t len, const char *host)
{
	size_t p = 0, h = 0, star = SIZE_MAX, from = 0;

	while (host[h] != '\0') {
		if (p < len && pattern[p] == '*') {
			star = p++;
			from = h;
		} else if (p < len && same_octet(pattern[p], host[h])) {
			p++;
			h++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			h = ++from;
		} else {
			return false;
		}
	}
	while (p < len && pattern[p] == '*')
		p++;
	return p == len;
}

bool address_named(const char *patterns, const char *host)
{
	static const char between[] = " ,\t\n";
	size_t len;

	for (;;) {
		patterns += strspn(patterns, between);
		len = strcspn(patterns, between);
		if (len == 0)
			return false;
		if (matches(patterns, len, host))
			return true;
		patterns += len;
	}
}
