/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki/forge.h"

#include <stdlib.h>

/* What is given and does not count.  The names are those of the keys: root 0,
 * CA 1, certificate 4, stranger 5. */
#define SERIAL 77u

#define T FORGE_TIME
#define DAY ((int64_t)FORGE_DAY)

struct world {
	struct cert *root, *ca, *cert;
	struct pki_source *source;
	struct pki_evidence e;
	unsigned flags;
	int64_t latest;
};

static int begin(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	w->root = forge_root();
	w->ca = forge_ca();
	w->cert = forge_cert(&(struct forge_cert){ .subject = "cert",
						   .issuer = "ca",
						   .key = 4,
						   .issuer_key = 1,
						   .serial = SERIAL });
	w->latest = T + 1000 * DAY;
	assert_ok(pki_source_new(NULL, &w->source, err));
	assert_ok(pki_source_add_anchor(w->source, w->root, err));
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;

	pki_evidence_clear(&w->e);
	pki_source_free(w->source);
	cert_free(w->root);
	cert_free(w->ca);
	cert_free(w->cert);
	free(w);
	return 0;
}

static void add_crl(struct world *w, const struct forge_crl *spec)
{
	struct crl *c = forge_crl(spec);

	assert_ok(pki_source_add_crl(w->source, c, err));
	crl_free(c);
}

static void is(struct world *w, enum pki_revocation status, const char *why)
{
	struct cert *chain[] = { w->cert, w->ca, w->root };
	struct pki_revocation_query q = { .chain = chain,
					  .len = 3,
					  .source = w->source,
					  .time = T,
					  .flags = w->flags,
					  .latest = w->latest };

	pki_evidence_clear(&w->e);
	assert_ok(pki_revocation_of(&q, &w->e, err));
	if (w->e.status != status)
		fail_msg("expected %d, got %d: %s", status, w->e.status,
			 w->e.message);
	if (why != NULL && strstr(w->e.message, why) == NULL)
		fail_msg("expected '%s' in '%s'", why, w->e.message);
}

#define is_good(w) is(w, PKI_REVOCATION_GOOD, NULL)
#define is_revoked(w) is(w, PKI_REVOCATION_REVOKED, NULL)
#define is_unknown(w, why) is(w, PKI_REVOCATION_UNKNOWN, why)

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
	add_crl(w, &c);
	is_unknown(w, "dated after the time of judging");
	assert_false(w->e.suspect);
	w->flags = 0;
	is_unknown(w, "dated after the time of judging");
	c.this_update = T + PKI_CLOCK_SKEW;
	add_crl(w, &c);
	is_good(w);
	/* Whoever says "revoked" is heard all the same. */
	c = complete(&entry);
	c.this_update = T + DAY;
	add_crl(w, &c);
	is_revoked(w);
}

static void test_ahead_on_hold(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(&on_hold);

	c.this_update = T + DAY;
	add_crl(w, &c);
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
	add_crl(w, &c);
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
	add_crl(w, &c);
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

		(void)begin(&one);
		w = one;
		buf_reset(&idp);
		c = complete(cases[i].entry);
		c.key = cases[i].key;
		c.next_update = cases[i].next_update;
		if (cases[i].idp != 0) {
			forge_idp(&idp, NULL, cases[i].idp, 0);
			c.idp = buf_get(&idp);
		}
		add_crl(w, &c);
		is_unknown(w, cases[i].why);
		is_unknown(w, "a CRL that lists the certificate as revoked ");
		assert_true(w->e.suspect);
		/* What counts and does not list it answers. */
		c = complete(NULL);
		add_crl(w, &c);
		is_good(w);
		assert_false(w->e.suspect);
		(void)end(&one);
	}
	buf_clear(&idp);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
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
