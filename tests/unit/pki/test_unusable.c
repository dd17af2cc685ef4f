/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki/forge_world.h"

#include <stdlib.h>

/* What is given and does not count.  The names are those of the keys: root 0,
 * CA 1, certificate 4, stranger 5. */

/* A complete list of the CA for a week around T, of this entry. */
static struct forge_crl complete(const struct forge_entry *e)
{
	return (struct forge_crl){ .issuer = "ca",
				   .key = 1,
				   .this_update = T - DAY,
				   .next_update = T + 6 * DAY,
				   .entries = e,
				   .entry_count = e != NULL };
}

static const struct forge_entry entry = { .serial = SERIAL,
					  .at = T - 10 * DAY,
					  .reason = PKI_REASON_KEY_COMPROMISE };
static const struct forge_entry on_hold = { .serial = SERIAL,
					    .at = T - 10 * DAY,
					    .reason = PKI_REASON_HOLD };

/* Dated after the time of judging, by more than clocks differ. */
static void test_ahead(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(NULL);

	w->flags = PKI_REVOCATION_LATER;
	w->latest = T;
	c.this_update = T + PKI_CLOCK_SKEW + 1;
	world_add_crl(w, &c);
	is_unknown(w, "dated after the time of judging");
	assert_false(w->e.suspect);
	w->flags = 0;
	is_unknown(w, "dated after the time of judging");
	c.this_update = T + PKI_CLOCK_SKEW;
	world_add_crl(w, &c);
	is_good(w);
	/* Whoever says "revoked" is heard all the same. */
	c = complete(&entry);
	c.this_update = T + DAY;
	world_add_crl(w, &c);
	is_revoked(w);
}

static void test_ahead_on_hold(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(&on_hold);

	c.this_update = T + DAY;
	world_add_crl(w, &c);
	is_unknown(w, "lists the certificate as revoked is not valid before");
	assert_true(w->e.suspect);
}

/* An entry that has not taken effect. */
static void test_entry_ahead(void **state)
{
	struct forge_entry ahead = entry;
	struct world *w = *state;
	struct forge_crl c;

	ahead.at = T + 30 * DAY;
	c = complete(&ahead);
	world_add_crl(w, &c);
	is_good(w);
	assert_true(w->e.listed);
	assert_int_equal(w->e.revoked_at, T + 30 * DAY);
}

static void test_other_issuers(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(&entry);

	c.issuer = "root";
	c.key = 0;
	world_add_crl(w, &c);
	is_unknown(w, "of other issuers than 'ca'");
	assert_false(w->e.suspect);
}

/* A list that does not count, and has the certificate. */
static void test_suspect(void **state)
{
	static const struct {
		unsigned key, idp;
		int64_t next_update;
		const struct forge_entry *entry;
		const char *why;
	} cases[] = {
		{ 5, 0, T + DAY, &entry, "its signature does not verify" },
		{ 1, FORGE_IDP_CA, T + DAY, &entry, "issuingDistribution" },
		{ 1, 0, T - 1, &on_hold, "expired at" },
	};
	struct buf idp = BUF_INIT;
	struct forge_crl c;
	struct world *w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		void *one = NULL;

		(void)world_begin(&one);
		w = one;
		buf_reset(&idp);
		c = complete(cases[i].entry);
		c.key = cases[i].key;
		c.next_update = cases[i].next_update;
		if (cases[i].idp != 0) {
			forge_idp(&idp, NULL, cases[i].idp, 0);
			c.idp = buf_get(&idp);
		}
		world_add_crl(w, &c);
		is_unknown(w, cases[i].why);
		is_unknown(w, "a CRL that lists the certificate as revoked ");
		assert_true(w->e.suspect);
		/* What counts and does not list it answers. */
		c = complete(NULL);
		world_add_crl(w, &c);
		is_good(w);
		assert_false(w->e.suspect);
		(void)world_end(&one);
	}
	buf_clear(&idp);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_begin, world_end)
	const struct CMUnitTest tests[] = {
		TEST(test_ahead),
		TEST(test_ahead_on_hold),
		TEST(test_entry_ahead),
		TEST(test_other_issuers),
		cmocka_unit_test(test_suspect),
	};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	forge_end();
	return failed;
}
