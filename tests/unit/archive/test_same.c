/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "archive/archive.h"
#include "archive/place/place.h"
#include "archive/places.h"
#include "place/fake_store.h"
#include "tmpdir.h"

/* Two names of one store: the fake's bucket is the same by any endpoint. */
static struct tmpdir dir;

static enum deed_status secret_of(void *arg, const char *place,
				  const char *source, struct secret **out,
				  struct deed_error *why)
{
	(void)arg;
	(void)place;
	(void)source;
	return secret_copy("secret", 6, out, why);
}

/* No client of the fake's is ever looked at. */
static const struct place_means means = {
	.client = (struct store_client *)&dir,
	.secret = secret_of,
};

static enum deed_status add(const char *name, const char *where,
			    const char *endpoint, struct deed_error *why)
{
	const struct place_description d = {
		.where = where,
		.endpoint = { endpoint },
		.endpoint_count = 1,
		.access_key = "who",
		.secret = "env:SECRET",
	};

	return places_add(dir.path, name, &d, &means, 0, false, why);
}

#define ONE "https://one.example"
#define TWO "https://two.example"

static int start(void **state)
{
	(void)state;
	fake_reset();
	if (tmpdir_make(&dir) != 0 || archive_create(dir.path, NULL) != DEED_OK)
		return -1;
	return 0;
}

static int end(void **state)
{
	(void)state;
	fake_reset();
	return tmpdir_remove(&dir);
}

static void refused(const char *where, const char *how)
{
	struct deed_error why = DEED_ERROR_INIT;
	size_t before = fake.count;

	assert_status(DEED_EXISTS, add("b", where, TWO, &why));
	if (strstr(why.message, how) == NULL)
		fail_msg("%s: '%s'", where, why.message);
	/* And nothing of it is left. */
	assert_int_equal(fake.count, before);
}

static void test_same(void **state)
{
	(void)state;
	assert_ok(add("a", "s3:bucket/pre/fix", ONE, err));
	refused("s3:bucket/pre/fix", "is place 'a', by another endpoint");
	refused("s3:bucket/pre/fix/in/it", "lies in place 'a', by another");
	refused("s3:bucket/pre", "lies around place 'a', by another");
	assert_status(DEED_EXISTS, add("b", "s3:bucket/pre/fix",
				       "https://ONE.example:443", NULL));
}

static void test_apart(void **state)
{
	(void)state;
	assert_ok(add("a", "s3:bucket/pre/fix", ONE, err));
	assert_ok(add("b", "s3:bucket/pre/fixes", TWO, err));
	assert_ok(add("c", "s3:bucket/pr", TWO, err));
	assert_int_equal(fake.count, 3);
	assert_ok(add("d", "s3:other/pre/fix", TWO, err));
}

/* What is there already is the other's, however the store answered. */
static void test_kept(void **state)
{
	(void)state;
	assert_ok(add("a", "s3:bucket/pre/fix", ONE, err));
	fake_put("pre/fix/about/README", "how to bring it back");
	for (unsigned i = 1; i < 4; i++) {
		fake.answer = DEED_REMOTE;
		fake.answers = i;
		assert_true(add("b", "s3:bucket/pre/fix", TWO, NULL) !=
			    DEED_OK);
		assert_non_null(fake_find("pre/fix/about/place"));
		assert_non_null(fake_find("pre/fix/about/README"));
	}
	fake.answer = DEED_OK;
	fake.answers = 0;
	refused("s3:bucket/pre/fix", "is place 'a', by another endpoint");
}

/* Where it cannot be told it is not added. */
static void test_unknown(void **state)
{
	struct deed_error why = DEED_ERROR_INIT;

	(void)state;
	assert_ok(add("a", "s3:bucket/pre", ONE, err));
	fake.answer = DEED_REMOTE;
	assert_status(DEED_REMOTE, add("b", "s3:bucket/pre/fix", TWO, &why));
	fake.answer = DEED_OK;
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_same),
		CASE(test_apart),
		CASE(test_kept),
		CASE(test_unknown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
