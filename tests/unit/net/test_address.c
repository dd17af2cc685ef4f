/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <arpa/inet.h>
#include <string.h>

#include "net/address.h"

static bool is_public(const char *text)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	char again[ADDRESS_TEXT];

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
		address_text((struct sockaddr *)&four, again);
		assert_string_equal(again, text);
		return address_is_public((struct sockaddr *)&four);
	}
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return address_is_public((struct sockaddr *)&six);
}

static void what_leads_into_the_world_is_public(void **state)
{
	static const char *const yes[] = {
		"1.1.1.1",	   "9.255.255.255",	"11.0.0.0",
		"100.63.255.255",  "100.128.0.0",	"126.255.255.255",
		"128.0.0.1",	   "169.253.255.255",	"169.255.0.0",
		"172.15.255.255",  "172.32.0.0",	"191.255.255.255",
		"192.0.1.1",	   "192.0.3.0",		"192.167.255.255",
		"192.169.0.0",	   "198.17.255.255",	"198.20.0.0",
		"223.255.255.255", "2000::1",		"2001:200::1",
		"2606:4700::1111", "2a00:1450:4001::1", "3ffe:ffff::1",
		"::ffff:8.8.8.8",  "64:ff9b::8.8.8.8",	"2002:808:808::1",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (!is_public(yes[i]))
			fail_msg("%s is public", yes[i]);
	}
}

static void what_leads_home_is_not(void **state)
{
	static const char *const no[] = {
		"0.0.0.0",
		"0.255.255.255",
		"10.0.0.0",
		"10.255.255.255",
		"100.64.0.0",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.255",
		"169.254.0.0",
		"169.254.169.254",
		"172.16.0.0",
		"172.31.255.255",
		"192.0.0.1",
		"192.0.2.1",
		"192.88.99.1",
		"192.168.0.1",
		"192.168.255.255",
		"198.18.0.1",
		"198.19.255.255",
		"198.51.100.1",
		"203.0.113.1",
		"224.0.0.1",
		"239.255.255.255",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::127.0.0.1",
		"::8.8.8.8",
		"::ffff:127.0.0.1",
		"::ffff:10.1.2.3",
		"::ffff:169.254.169.254",
		"::ffff:0.0.0.0",
		"64:ff9b::10.0.0.1",
		"64:ff9b:1::1",
		"100::1",
		"2001::1",
		"2001:db8::1",
		"2002:7f00:1::1",
		"2002:a00:1::1",
		"3fff:fff::1",
		"4000::1",
		"fc00::1",
		"fdff::1",
		"fe80::1",
		"febf::1",
		"fec0::1",
		"ff02::1",
		"ff0e::1",
	};
	const struct sockaddr other = { .sa_family = AF_UNIX };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		if (is_public(no[i]))
			fail_msg("%s is not public", no[i]);
	}
	assert_false(address_is_public(&other));
}

static void hosts_are_named_by_patterns(void **state)
{
	char many[600];

	(void)state;
	assert_true(address_named("127.0.0.1", "127.0.0.1"));
	assert_true(address_named("a.example, B.Example", "b.eXample"));
	assert_true(address_named("*.corp.example", "crl.corp.example"));
	assert_true(address_named("*.corp.example", "a.b.corp.example"));
	assert_true(address_named("10.*", "10.1.2.3"));
	assert_true(address_named("*", "anything"));
	assert_true(address_named("fd00:*", "fd00::1"));
	assert_true(address_named("a*b*c", "axxbyybc"));
	assert_false(address_named("", "a"));
	assert_false(address_named(" , ", "a"));
	assert_false(address_named("*.corp.example", "corp.example"));
	assert_false(address_named("*.corp.example", "corp.example.evil"));
	assert_false(address_named("127.0.0.1", "127.0.0.11"));
	assert_false(address_named("27.0.0.1", "127.0.0.1"));
	assert_false(address_named("a*b*c", "axxbyyb"));
	/* Nor does one that means harm take its time. */
	memset(many, 'a', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	assert_false(address_named("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", many));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_leads_into_the_world_is_public),
		cmocka_unit_test(what_leads_home_is_not),
		cmocka_unit_test(hosts_are_named_by_patterns),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
