/* SPDX-License-Identifier: Apache-2.0 */
#include "pki/name_match.h"

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Of ASCII letters alone, in any locale: internationalized host names stand in
 * certificates as A-labels (RFC 5280 7.2). */
static bool same_text(struct slice a, struct slice b)
{
	size_t i;

	if (a.len != b.len)
		return false;
	for (i = 0; i < a.len; i++) {
		if (lower(a.data[i]) != lower(b.data[i]))
			return false;
	}
	return true;
}

static struct slice after(struct slice s, size_t skip)
{
	return slice_of(s.data + skip, s.len - skip);
}

/* Does it end in these octets, and is there more before them? */
static bool ends_in(struct slice s, struct slice end)
{
	return s.len > end.len && same_text(after(s, s.len - end.len), end);
}

/* Labels of printable ASCII, none empty; '@', ':' and the like are a sign
 * that it is another form of name.  A wildcard label passes. */
static bool is_host(struct slice s)
{
	bool empty = true;
	size_t i;

	for (i = 0; i < s.len; i++) {
		uint8_t c = s.data[i];

		if (c == '.') {
			if (empty)
				return false;
			empty = true;
			continue;
		}
		if (c <= ' ' || c >= 0x7f || strchr("@:/?#[]\\\"", c) != NULL)
			return false;
		empty = false;
	}
	return !empty;
}

/* "host", or ".domain". */
static bool is_domain(struct slice s)
{
	if (s.len > 0 && s.data[0] == '.')
		s = after(s, 1);
	return is_host(s);
}

bool name_base_dns(struct slice base)
{
	return base.len == 0 || is_domain(base);
}

/* The last '@': a quoted local part may hold others (RFC 5321 4.1.2). */
static bool split_mailbox(struct slice s, struct slice *local,
			  struct slice *host)
{
	size_t i = s.len;

	while (i > 0 && s.data[i - 1] != '@')
		i--;
	if (i < 2)
		return false;
	*local = slice_of(s.data, i - 1);
	*host = after(s, i);
	return is_host(*host);
}

bool name_base_mail(struct slice base)
{
	struct slice local, host;

	return base.len == 0 || is_domain(base) ||
	       split_mailbox(base, &local, &host);
}

bool name_base_uri(struct slice base)
{
	return base.len == 0 || is_domain(base);
}

/* The mask of an iPAddress must be one of RFC 4632: ones, then zeros. */
bool name_base_ip(struct slice base)
{
	size_t i, half = base.len / 2;
	bool zero = false;

	if (base.len != 8 && base.len != 32)
		return false;
	for (i = 0; i < half * 8; i++) {
		bool bit = (base.data[half + i / 8] & (0x80 >> i % 8)) != 0;

		if (bit && zero)
			return false;
		zero = !bit;
	}
	return true;
}

/* ".domain" holds its hosts, "host" itself alone. */
static bool host_within(struct slice host, struct slice base)
{
	if (base.len == 0)
		return true;
	if (base.data[0] == '.')
		return ends_in(host, base);
	return same_text(host, base);
}

/* "*.a" may stand for the base "b.a", or for a host of ".a". */
static bool expands_into(struct slice name, struct slice base)
{
	struct slice tail;

	if (name.len < 2 || name.data[0] != '*' || name.data[1] != '.')
		return false;
	tail = after(name, 1); /* ".a" */
	if (base.len > 0 && base.data[0] == '.')
		return same_text(base, tail) || ends_in(base, tail);
	return ends_in(base, tail);
}

enum name_match name_match_dns(struct slice name, struct slice base,
			       bool may_expand)
{
	/* The root's dot makes a name absolute and no other. */
	if (name.len > 1 && name.data[name.len - 1] == '.')
		name.len--;
	if (!is_host(name))
		return NAME_BROKEN;
	if (base.len == 0 || same_text(name, base))
		return NAME_WITHIN;
	if (may_expand && expands_into(name, base))
		return NAME_WITHIN;
	if (!ends_in(name, base))
		return NAME_OUTSIDE;
	if (base.data[0] == '.' || name.data[name.len - base.len - 1] == '.')
		return NAME_WITHIN;
	return NAME_OUTSIDE;
}

enum name_match name_match_mail(struct slice name, struct slice base)
{
	struct slice local, host, base_local, base_host;

	if (!split_mailbox(name, &local, &host))
		return NAME_BROKEN;
	if (split_mailbox(base, &base_local, &base_host))
		return slice_equal(local, base_local) &&
				       same_text(host, base_host)
			       ? NAME_WITHIN
			       : NAME_OUTSIDE;
	return host_within(host, base) ? NAME_WITHIN : NAME_OUTSIDE;
}

/* A host of digits and dots is an IPv4 address (RFC 3986 3.2.2). */
static bool is_address(struct slice host)
{
	size_t i;

	for (i = 0; i < host.len; i++) {
		if (host.data[i] != '.' &&
		    (host.data[i] < '0' || host.data[i] > '9'))
			return false;
	}
	return true;
}

/* scheme "://" [ userinfo "@" ] host [ ":" port ] …  (RFC 3986 3). */
static bool uri_host(struct slice uri, struct slice *host)
{
	size_t i, start = 0, end;

	for (i = 0; i < uri.len; i++) {
		if (uri.data[i] <= ' ' || uri.data[i] >= 0x7f)
			return false;
	}
	for (i = 0; i + 2 < uri.len && uri.data[i] != ':'; i++) {
		if (uri.data[i] == '/')
			return false;
	}
	if (i == 0 || i + 2 >= uri.len || uri.data[i + 1] != '/' ||
	    uri.data[i + 2] != '/')
		return false;
	start = i + 3;
	for (end = start; end < uri.len; end++) {
		if (strchr("/?#", uri.data[end]) != NULL)
			break;
	}
	for (i = start; i < end; i++) {
		if (uri.data[i] == '@')
			start = i + 1;
	}
	for (i = start; i < end && uri.data[i] != ':'; i++)
		;
	*host = slice_of(uri.data + start, i - start);
	if (host->len > 1 && host->data[host->len - 1] == '.')
		host->len--;
	return is_host(*host) && !is_address(*host);
}

enum name_match name_match_uri(struct slice name, struct slice base)
{
	struct slice host;

	if (!uri_host(name, &host))
		return NAME_BROKEN;
	return host_within(host, base) ? NAME_WITHIN : NAME_OUTSIDE;
}

enum name_match name_match_ip(struct slice name, struct slice base)
{
	size_t i;

	if (name.len != 4 && name.len != 16)
		return NAME_BROKEN;
	if (base.len != name.len * 2)
		return NAME_OUTSIDE;
	for (i = 0; i < name.len; i++) {
		if (((name.data[i] ^ base.data[i]) & base.data[name.len + i]) !=
		    0)
			return NAME_OUTSIDE;
	}
	return NAME_WITHIN;
}
