/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "archive/health/estimate.h"

/* Of deed-archive(7), "A hundred million contracts". */
#define N 10000
#define PLACES 5
#define OBJECTS 2
#define BOX 12288
#define MANIFEST 4056
#define KEYS_A_LIST 1000

static const struct catalogue_item contract = { .generation = 1,
						.size = 24243,
						.k = 3,
						.n = PLACES,
						.recipients = 2,
						.has_label = true };

static void near(uint64_t is, uint64_t wanted, unsigned percent)
{
	uint64_t off = is > wanted ? is - wanted : wanted - is;

	if (off * 100 > wanted * percent)
		assert_int_equal(is, wanted);
}

/* As they were seen: a size, and its chunks, box and manifest for one. */
static void test_sizes(void **state)
{
	static const struct {
		uint64_t size, chunks, box, manifest;
	} seen[] = {
		{ 4275, 1, 5120, 3843 },  { 24243, 1, 11776, 3842 },
		{ 9004584, 3, 0, 4195 },  { 20004760, 5, 0, 4926 },
		{ 70005368, 9, 0, 6385 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(seen) / sizeof(*seen); i++) {
		struct catalogue_item item = contract;

		item.recipients = 1;
		item.has_label = false;
		item.size = seen[i].size;
		assert_int_equal(estimate_chunks(item.size), seen[i].chunks);
		near(estimate_manifest(&item), seen[i].manifest, 2);
		if (seen[i].chunks == 1)
			assert_int_equal(estimate_box(&item), seen[i].box);
	}
	assert_int_equal(estimate_box(&contract), BOX);
	near(estimate_manifest(&contract), MANIFEST, 1);
	assert_int_equal(estimate_chunks(0), 1);
}

static uint64_t listed; /* of which presence reads no manifest */

static void check(const struct estimate_how *how, struct place_traffic *out)
{
	struct estimate e = { .places = PLACES };

	for (int i = 0; i < N; i++)
		estimate_add(&e, &contract);
	e.listed = listed;
	estimate_check(&e, how, out);
	assert_int_equal(out->put + out->remove + out->sent, 0);
}

/* Beside each deposit's there are those of the run: one place is listed for
 * the log, README and script are looked at, each place is asked whether it
 * is there. */
static void test_formulas(void **state)
{
	const uint64_t pages = OBJECTS * N / KEYS_A_LIST + 1;
	struct estimate_how how = { .presence = true, .percent = 100 };
	struct place_traffic t;

	(void)state;
	check(&how, &t);
	assert_int_equal(t.get, N);
	assert_int_equal(t.list, (PLACES + 1) * pages);
	assert_int_equal(t.head, 3 * PLACES);
	listed = N / 4;
	check(&how, &t);
	assert_int_equal(t.get, N - N / 4);
	listed = 0;
	how.presence = false;
	check(&how, &t);
	assert_int_equal(t.get, PLACES * OBJECTS * N + 2 * PLACES);
	assert_int_equal(t.list, (PLACES + 1) * pages);
	assert_int_equal(t.head, PLACES);
	/* ... and what the lists have. */
	near(t.received,
	     (PLACES * (BOX + MANIFEST) + 2 * 6 * 250) * (uint64_t)N, 2);
	how.percent = 1;
	check(&how, &t);
	assert_int_equal(t.get, PLACES * OBJECTS * N / 100 + 2 * PLACES);
}

/* One by one: each place of the archive for manifests, each of the deposit for
 * objects. */
static void test_single(void **state)
{
	const struct estimate_how how = { .single = true, .percent = 100 };
	struct catalogue_item large = contract;
	struct estimate e = { .places = PLACES };
	struct place_traffic t;

	(void)state;
	estimate_add(&e, &contract);
	estimate_check(&e, &how, &t);
	assert_int_equal(t.list, 2 * PLACES);
	large.size = 9004584;
	estimate_add(&e, &large);
	estimate_check(&e, &how, &t);
	assert_int_equal(t.list, (2 + 3) * PLACES);
	assert_int_equal(t.get, 10 + 30 + 2 * PLACES);
}

/* A catalogue that has nothing. */
static void test_none(void **state)
{
	const struct estimate_how how = { .percent = 100 };
	const struct estimate e = { .places = PLACES };
	struct place_traffic t;

	(void)state;
	estimate_check(&e, &how, &t);
	assert_int_equal(t.head, PLACES);
	assert_int_equal(t.get + t.list + t.received, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_formulas),
		cmocka_unit_test(test_single),
		cmocka_unit_test(test_none),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
