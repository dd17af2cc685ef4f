/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include <stdio.h>
#include <string.h>
#include "archive/place/describe.h"

static struct place_description sound(void)
{
	return (struct place_description){
		.where = "s3:bucket/some/prefix",
		.endpoint = { "https://store.example:8443/path" },
		.endpoint_count = 1,
		.region = "eu-north-1",
		.access_key = "deed:admin",
		.secret = "credential:deed.x",
		.ca = "/etc/ca.pem",
		.proxy = "http://proxy.example:3128",
		.transfers = STORE_TRANSFERS_MAX,
	};
}

static void is(enum deed_status expected, const struct place_description *d)
{
	struct deed_error why = DEED_ERROR_INIT;
	enum deed_status status = place_description_check(d, &why);

	if (status != expected)
		fail_msg("'%s' (%s): %s", d->where, d->endpoint[0],
			 why.message);
}

static void test_where(void **state)
{
	static const char *const good[] = {
		"s3:abc/p",	  "s3:a-b.c1/p",  "s3:000/a/b/c",
		"s3:1.2.3.4a/x_", "s3:abc/A.b-_",
	};
	static const char *const bad[] = {
		"s3:",
		"s3:abc",
		"s3:abc/",
		"s3:/p",
		"s3:ab/p",
		"s3:ABC/p",
		"s3:a_c/p",
		"s3:-ab/p",
		"s3:ab-/p",
		"s3:a..b/p",
		"s3:a.-b/p",
		"s3:10.0.0.1/p",
		"s3:abc//p",
		"s3:abc/p/",
		"s3:abc/p//q",
		"s3:abc/..",
		"s3:abc/.p",
		"s3:abc/p/../q",
		"s3:abc/p q",
		"s3:abc/p?q",
		"s3:abc/p%2f",
		"s3:abc/\xc3\xa4",
		"s3:abc/p\n",
		"S3:abc/p",
		"s3://abc/p",
		"ftp:abc",
		"",
		"s3:0123456789012345678901234567890123456789012345678901234567"
		"890123/p",
	};
	struct place_description d = sound();
	char text[PLACE_PREFIX + 32];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		d.where = good[i];
		is(DEED_OK, &d);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		d.where = bad[i];
		is(DEED_CONFIG, &d);
	}
	memset(text, 'x', sizeof(text));
	memcpy(text, "s3:abc/", 7);
	text[7 + PLACE_NAME + 1] = '\0';
	d.where = text;
	is(DEED_CONFIG, &d);
	for (size_t i = 7 + 64; i < sizeof(text); i += 64)
		text[i] = '/';
	text[7 + PLACE_NAME + 1] = 'x';
	text[7 + PLACE_PREFIX] = '\0';
	is(DEED_OK, &d);
	text[7 + PLACE_PREFIX] = 'x';
	text[7 + PLACE_PREFIX + 1] = '\0';
	is(DEED_CONFIG, &d);
}

static void test_endpoint(void **state)
{
	static const char *const good[] = {
		"https://h",	       "https://h/",
		"https://h:1",	       "https://h:65535/a/b",
		"https://[::1]",       "http://127.0.0.1:9000",
		"http://localhost:80", "http://[::1]:80",
	};
	static const char *const bad[] = {
		"",
		"h",
		"https://",
		"https:///a",
		"https://h:",
		"https://h:0",
		"https://h:65536",
		"https://h:+1",
		"https://u@h",
		"https://u:p@h",
		"https://h?x",
		"https://h/#x",
		"https://h/a/../b",
		"https://h h",
		"https://h\n",
		"HTTPS://h",
		"ftp://h",
		"https://-h",
		"https://[::1",
		"http://h",
		"http://127.0.0.1.example",
		"http://localhost.example",
		"http://128.0.0.1",
		"http://[::2]",
	};
	struct place_description d = sound();

	(void)state;
	d.proxy = NULL;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		d.endpoint[0] = good[i];
		is(DEED_OK, &d);
	}
	/* To a proxy it is no more on this machine. */
	d.proxy = "http://proxy.example:3128";
	is(DEED_CONFIG, &d);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		d.endpoint[0] = bad[i];
		is(DEED_CONFIG, &d);
	}
	d.endpoint[0] = "http://h";
	d.insecure = true;
	is(DEED_OK, &d);
	d.endpoint[1] = "http://h";
	d.endpoint_count = 2;
	is(DEED_CONFIG, &d);
	d.endpoint_count = STORE_ENDPOINTS + 1;
	is(DEED_CONFIG, &d);
}

static void test_members(void **state)
{
	static const char *const bad_keys[] = { "",    "a b", "a/b",
						"a,b", "a\n", "\xc3\xa4" };
	struct place_description d = sound();

	(void)state;
	is(DEED_OK, &d);
	d.access_key = NULL;
	is(DEED_CONFIG, &d);
	for (size_t i = 0; i < sizeof(bad_keys) / sizeof(bad_keys[0]); i++) {
		d.access_key = bad_keys[i];
		is(DEED_CONFIG, &d);
	}
	d = sound();
	d.region = "eu north";
	is(DEED_CONFIG, &d);
	d = sound();
	d.proxy = "http://user:pass@h";
	is(DEED_CONFIG, &d);
	d.proxy = "socks5://h";
	is(DEED_CONFIG, &d);
	d = sound();
	d.transfers = STORE_TRANSFERS_MAX + 1;
	is(DEED_CONFIG, &d);
	d = sound();
	d.secret = "env:A\nB";
	is(DEED_CONFIG, &d);
	d = sound();
	d.ca = "";
	is(DEED_CONFIG, &d);
	d = (struct place_description){ .where = "dir:x" };
	is(DEED_OK, &d);
	d.insecure = true;
	is(DEED_CONFIG, &d);
	d = (struct place_description){ .where = "dir:x", .region = "r" };
	is(DEED_CONFIG, &d);
}

static void test_meet(void **state)
{
	struct place_description a = sound(), b = sound();

	(void)state;
	assert_true(place_descriptions_meet(&a, &b));
	b.where = "s3:bucket/some";
	assert_true(place_descriptions_meet(&a, &b));
	assert_true(place_descriptions_meet(&b, &a));
	b.where = "s3:bucket/some/prefixes";
	assert_false(place_descriptions_meet(&a, &b));
	b.where = "s3:buckets/some/prefix";
	assert_false(place_descriptions_meet(&a, &b));
	b = sound();
	b.endpoint[0] = "https://other.example";
	assert_false(place_descriptions_meet(&a, &b));
	b.endpoint[1] = "https://store.example:8443/path/";
	b.endpoint_count = 2;
	assert_true(place_descriptions_meet(&a, &b));
	b.endpoint[1] = "https://STORE.example:8443/path";
	assert_true(place_descriptions_meet(&a, &b));
	b.endpoint[1] = "https://store.example:8443/Path";
	assert_false(place_descriptions_meet(&a, &b));
	b.endpoint[1] = "https://store.example/path";
	assert_false(place_descriptions_meet(&a, &b));
	a.endpoint[0] = "https://store.example:443/path";
	assert_true(place_descriptions_meet(&a, &b));
	b.endpoint[1] = "http://store.example:443/path";
	assert_false(place_descriptions_meet(&a, &b));
	a.endpoint_count = b.endpoint_count = 0;
	assert_true(place_descriptions_meet(&a, &b));
	b.region = NULL;
	assert_false(place_descriptions_meet(&a, &b));
	b.where = "dir:some";
	assert_false(place_descriptions_meet(&a, &b));
}

static void test_parts(void **state)
{
	struct place_description d = sound();
	char bucket[PLACE_BUCKET_MAX + 1], url[PLACE_URL_MAX + 1];
	const char *prefix;

	(void)state;
	place_description_bucket(&d, bucket, &prefix);
	assert_string_equal(bucket, "bucket");
	assert_string_equal(prefix, "some/prefix");
	assert_true(place_description_endpoint(&d, 0, url));
	assert_string_equal(url, "https://store.example:8443/path");
	assert_false(place_description_endpoint(&d, 1, url));
	d.endpoint_count = 0;
	assert_true(place_description_endpoint(&d, 0, url));
	assert_string_equal(url, "https://s3.eu-north-1.amazonaws.com");
	assert_false(place_description_endpoint(&d, 1, url));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where),	cmocka_unit_test(test_endpoint),
		cmocka_unit_test(test_members), cmocka_unit_test(test_meet),
		cmocka_unit_test(test_parts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
