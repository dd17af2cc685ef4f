/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "net/wire.h"

static void test_order(void **state)
{
	const struct net_order order = { NET_POST, true, 10000, 0x12345678,
					 UINT64_C(0x1122334455667788) };
	static const uint8_t expected[NET_WIRE_ORDER] = {
		1,    1,    0,	  0,	0x27, 0x10, 0x12, 0x34, 0x56,
		0x78, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88
	};
	uint8_t wire[NET_WIRE_ORDER];
	struct net_order back;

	(void)state;
	net_wire_put_order(&order, wire);
	assert_memory_equal(wire, expected, sizeof(wire));
	assert_ok(net_wire_get_order(slice_of(wire, sizeof(wire)), &back, err));
	assert_true(back.method == order.method && back.close == order.close &&
		    back.connect_ms == order.connect_ms &&
		    back.total_ms == order.total_ms && back.max == order.max);
}

static void test_broken(void **state)
{
	uint8_t wire[NET_WIRE_ORDER + 1] = { 0 };
	struct net_order order;
	unsigned status;
	uint32_t retry;
	size_t len;

	(void)state;
	for (len = 0; len <= sizeof(wire); len++) {
		if (len != NET_WIRE_ORDER)
			assert_status(DEED_MALFORMED,
				      net_wire_get_order(slice_of(wire, len),
							 &order, err));
		if (len != NET_WIRE_STATUS)
			assert_status(DEED_MALFORMED,
				      net_wire_get_status(slice_of(wire, len),
							  &status, &retry,
							  err));
	}
	for (wire[0] = 2; wire[0] != 0; wire[0]++)
		assert_status(DEED_MALFORMED,
			      net_wire_get_order(slice_of(wire, NET_WIRE_ORDER),
						 &order, err));
	wire[1] = 2;
	assert_status(DEED_MALFORMED,
		      net_wire_get_order(slice_of(wire, NET_WIRE_ORDER), &order,
					 err));
}

static void test_status(void **state)
{
	uint8_t wire[NET_WIRE_STATUS];
	uint32_t retry;
	unsigned status;

	(void)state;
	net_wire_put_status(404, 0x12345678, wire);
	assert_ok(net_wire_get_status(slice_of(wire, sizeof(wire)), &status,
				      &retry, err));
	assert_int_equal(status, 404);
	assert_int_equal(retry, 0x12345678);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_status),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
