/* SPDX-License-Identifier: Apache-2.0 */
#include "net/wire.h"

static void put(uint8_t *p, uint64_t v, int octets)
{
	for (; octets > 0; octets--, v >>= 8)
		p[octets - 1] = (uint8_t)v;
}

static uint64_t get(const uint8_t *p, int octets)
{
	uint64_t v = 0;

	for (; octets > 0; octets--)
		v = v << 8 | *p++;
	return v;
}

void net_wire_put_order(const struct net_order *order,
			uint8_t out[NET_WIRE_ORDER])
{
	out[0] = (uint8_t)order->method;
	out[1] = order->close;
	put(out + 2, order->connect_ms, 4);
	put(out + 6, order->total_ms, 4);
	put(out + 10, order->max, 8);
}

enum deed_status net_wire_get_order(struct slice body, struct net_order *out,
				    struct deed_error *err)
{
	if (body.len != NET_WIRE_ORDER || body.data[0] > NET_POST ||
	    body.data[1] > 1)
		return deed_error_set(err, DEED_MALFORMED,
				      "an order for a request is malformed");
	out->method = (enum net_method)body.data[0];
	out->close = body.data[1] == 1;
	out->connect_ms = (uint32_t)get(body.data + 2, 4);
	out->total_ms = (uint32_t)get(body.data + 6, 4);
	out->max = get(body.data + 10, 8);
	return DEED_OK;
}

void net_wire_put_status(unsigned status, uint32_t retry_after,
			 uint8_t out[NET_WIRE_STATUS])
{
	put(out, status, 4);
	put(out + 4, retry_after, 4);
}

enum deed_status net_wire_get_status(struct slice body, unsigned *out,
				     uint32_t *retry_after,
				     struct deed_error *err)
{
	if (body.len != NET_WIRE_STATUS)
		return deed_error_set(err, DEED_MALFORMED,
				      "the status of a response is malformed");
	*out = (unsigned)get(body.data, 4);
	*retry_after = (uint32_t)get(body.data + 4, 4);
	return DEED_OK;
}
