/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki/forge_world.h"

#include <stdlib.h>

/* The names are those of the keys: root 0, CA 1, CRL signer 2, responder 3,
 * certificate 4, stranger 5. */
#define CA_USAGE (KU_CERT_SIGN | KU_CRL_SIGN)

/* The CA may be asked for, too. */
static int begin(void **state)
{
	struct world *w;

	(void)world_begin(state);
	w = *state;
	assert_ok(pki_source_add_certificate(w->source, w->ca, err));
	return 0;
}

/* A complete list of the CA for a week around T, of this entry. */
static struct forge_crl complete(const struct forge_entry *e)
{
	return (struct forge_crl){ .issuer = "ca",
				   .key = 1,
				   .this_update = T - DAY,
				   .next_update = T + 6 * DAY,
				   .number = 10,
				   .entries = e,
				   .entry_count = e != NULL };
}

static const struct forge_entry entry = { .serial = SERIAL,
					  .at = T - 10 * DAY,
					  .reason = PKI_REASON_KEY_COMPROMISE };
static const struct forge_entry on_hold = { .serial = SERIAL,
					    .at = T - 10 * DAY,
					    .reason = PKI_REASON_HOLD };
static const struct forge_entry removed = {
	.serial = SERIAL, .at = T - DAY, .reason = PKI_REASON_REMOVE_FROM_CRL
};

static void test_complete(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(NULL);

	is_unknown(w, "no CRL");
	world_add_crl(w, &c);
	is_good(w);
	assert_int_equal(w->e.kind, PKI_EVIDENCE_CRL);
	assert_int_equal(w->e.crl_count, 1);
	assert_int_equal(w->e.this_update, T - DAY);
	assert_true(cert_equal(w->e.signer, w->ca));
	assert_false(w->e.later || w->e.listed);
	c = complete(&entry);
	c.this_update = T - 2 * DAY;
	world_add_crl(w, &c);
	/* What says "revoked" is not hidden by what is newer. */
	is_revoked(w);
	assert_int_equal(w->e.revoked_at, T - 10 * DAY);
	assert_int_equal(w->e.reason, PKI_REASON_KEY_COMPROMISE);
	assert_string_equal(pki_reason_text(w->e.reason), "keyCompromise");
}

static void test_times(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(NULL);

	world_add_crl(w, &c);
	w->time = T + 7 * DAY;
	is_unknown(w, "expired");
	w->time = T - 2 * DAY;
	is_unknown(w, "not valid before");
	/* Clocks differ by minutes. */
	w->time = T - DAY - 200;
	is_good(w);
	w->time = T + 7 * DAY;
	w->flags = PKI_REVOCATION_STALE;
	is_good(w);
}

static void test_no_next_update(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(NULL);

	c.next_update = 0;
	c.this_update = T - PKI_FRESH_SECONDS;
	world_add_crl(w, &c);
	is_good(w);
	w->time = T + 1;
	is_unknown(w, "expired");
}

/* An old list still says who is revoked, but not who is on hold. */
static void test_old_lists(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(&on_hold);

	world_add_crl(w, &c);
	is_revoked(w);
	w->time = T + 30 * DAY;
	is_unknown(w, "expired");
	c = complete(&entry);
	world_add_crl(w, &c);
	is_revoked(w);
}

static void test_hold_ends(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(&on_hold);

	c.this_update = T - 2 * DAY;
	world_add_crl(w, &c);
	is_revoked(w);
	c = complete(NULL);
	world_add_crl(w, &c);
	is_good(w);
}

static void test_wrong_signers(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(NULL);

	c.key = 5;
	world_add_crl(w, &c);
	is_unknown(w, "not signed by its issuer");
	/* A certificate of that name under no anchor of ours. */
	world_add_cert(w, &(struct forge_cert){ .subject = "ca",
						.issuer = "other",
						.key = 5,
						.issuer_key = 5,
						.serial = 9,
						.ca = true,
						.key_usage = CA_USAGE });
	is_unknown(w, "leads to no trust anchor");
}

static void test_usage(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(NULL);

	cert_free(w->ca);
	w->ca = forge_cert(&(struct forge_cert){ .subject = "ca",
						 .issuer = "root",
						 .key = 1,
						 .serial = 2,
						 .ca = true,
						 .key_usage = KU_CERT_SIGN });
	pki_source_free(w->source);
	assert_ok(pki_source_new(NULL, &w->source, err));
	assert_ok(pki_source_add_anchor(w->source, w->root, err));
	world_add_crl(w, &c);
	is_unknown(w, "without cRLSign");
	assert_false(w->e.suspect);
}

static void add_signer(struct world *w, unsigned serial)
{
	world_add_cert(w, &(struct forge_cert){ .subject = "ca",
						.issuer = "root",
						.key = 2,
						.serial = serial,
						.key_usage = KU_CRL_SIGN });
}

/* A key of the CA's that signs CRLs alone (PKITS 4.4.19 to 21). */
static void test_separate_key(void **state)
{
	struct forge_entry gone = { .serial = 3, .at = T - DAY, .reason = -1 };
	struct world *w = *state;
	struct forge_crl c = complete(NULL), root = complete(NULL);

	c.key = 2;
	world_add_crl(w, &c);
	is_unknown(w, "not signed");
	add_signer(w, 3);
	is_unknown(w, NULL);
	root.issuer = "root";
	root.key = 0;
	world_add_crl(w, &root);
	is_good(w);
	assert_memory_equal(cert_fields(w->e.signer)->serial.data, "\x03", 1);
	root.entries = &gone;
	root.entry_count = 1;
	root.this_update = T;
	world_add_crl(w, &root);
	is_unknown(w, "was revoked at");
}

static void test_scopes(void **state)
{
	static const struct {
		const char *point;
		unsigned flags;
		uint32_t reasons;
		bool good;
	} cases[] = {
		{ NULL, FORGE_IDP_USER, 0, true },
		{ NULL, FORGE_IDP_CA, 0, false },
		{ NULL, FORGE_IDP_ATTRIBUTE, 0, false },
		{ NULL, FORGE_IDP_INDIRECT, 0, true },
		{ "a point", 0, 0, false },
		{ "ca", 0, 0, true },
		{ NULL, 0, 1u << 1, false },
		{ NULL, 0, REASONS_ALL, true },
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
		forge_idp(&idp, cases[i].point, cases[i].flags,
			  cases[i].reasons);
		c = complete(NULL);
		c.idp = buf_get(&idp);
		world_add_crl(w, &c);
		world_ask(w);
		if ((w->e.status == PKI_REVOCATION_GOOD) != cases[i].good)
			fail_msg("case %zu: %s", i, w->e.message);
		(void)world_end(&one);
	}
	buf_clear(&idp);
}

/* Half of the reasons here, the other half there. */
static void test_reasons(void **state)
{
	uint32_t some = 1u << 1 | 1u << 2, rest = REASONS_ALL & ~some;
	struct world *w = *state;
	struct buf idp = BUF_INIT;
	struct forge_crl c = complete(NULL);

	forge_idp(&idp, NULL, 0, some);
	c.idp = buf_get(&idp);
	world_add_crl(w, &c);
	is_unknown(w, "all reasons");
	buf_reset(&idp);
	forge_idp(&idp, NULL, 0, rest);
	c.idp = buf_get(&idp);
	c.this_update = T - 2 * DAY;
	c.next_update = T + DAY;
	world_add_crl(w, &c);
	is_good(w);
	assert_int_equal(w->e.crl_count, 2);
	/* As weak as the weaker of the two. */
	assert_int_equal(w->e.this_update, T - 2 * DAY);
	assert_int_equal(w->e.next_update, T + DAY);
	c.entries = &entry;
	c.entry_count = 1;
	c.this_update = T - 3 * DAY;
	world_add_crl(w, &c);
	is_revoked(w);
	buf_clear(&idp);
}

static void test_points(void **state)
{
	static const struct {
		const char *cert_point, *crl_point;
		bool cert_relative, crl_relative, good;
	} cases[] = {
		{ "one", "one", false, false, true },
		{ "one", "two", false, false, false },
		{ "one", "one", true, true, true },
		{ "one", "two", true, true, false },
		{ "one", "one", true, false, false },
		{ "one", NULL, false, false, true },
	};
	struct buf idp = BUF_INIT, cdp = BUF_INIT;
	struct forge_crl c;
	struct world *w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		void *one = NULL;

		(void)begin(&one);
		w = one;
		buf_reset(&idp);
		buf_reset(&cdp);
		forge_idp(&idp, cases[i].crl_point,
			  cases[i].crl_relative ? FORGE_IDP_RELATIVE : 0, 0);
		forge_cdp(&cdp, cases[i].cert_point, cases[i].cert_relative, 0,
			  NULL);
		world_certify(w, buf_get(&cdp));
		c = complete(NULL);
		c.idp = buf_get(&idp);
		world_add_crl(w, &c);
		world_ask(w);
		if ((w->e.status == PKI_REVOCATION_GOOD) != cases[i].good)
			fail_msg("case %zu: %s", i, w->e.message);
		(void)world_end(&one);
	}
	buf_clear(&idp);
	buf_clear(&cdp);
}

/* A list of somebody else, whom the certificate names. */
static void test_indirect(void **state)
{
	const struct forge_entry entries[] = {
		{ .serial = SERIAL, .at = T - DAY, .reason = -1 },
		{ .serial = 5, .at = T - DAY, .reason = -1, .issuer = "ca" },
		{ .serial = 6, .at = T - DAY, .reason = -1 },
	};
	struct forge_entry mine = {
		.serial = SERIAL, .at = T - DAY, .reason = 4, .issuer = "CA"
	};
	struct world *w = *state;
	struct buf idp = BUF_INIT, cdp = BUF_INIT;
	struct forge_crl c = complete(NULL), root = complete(NULL);

	root.issuer = "root";
	root.key = 0;
	world_add_crl(w, &root);
	world_add_cert(w, &(struct forge_cert){ .subject = "lists",
						.issuer = "root",
						.key = 2,
						.serial = 3,
						.key_usage = KU_CRL_SIGN });
	forge_cdp(&cdp, NULL, false, 0, "lists");
	world_certify(w, buf_get(&cdp));
	c.issuer = "lists";
	c.key = 2;
	world_add_crl(w, &c); /* it is not indirect */
	is_unknown(w, NULL);
	/* The first entry is of "lists" itself: its number, another
	 * certificate.  Those after are of the CA. */
	forge_idp(&idp, NULL, FORGE_IDP_INDIRECT, 0);
	c.idp = buf_get(&idp);
	c.entries = entries;
	c.entry_count = 3;
	world_add_crl(w, &c);
	is_good(w);
	c.entries = &mine;
	c.entry_count = 1;
	c.this_update = T;
	world_add_crl(w, &c);
	is_revoked(w);
	assert_int_equal(w->e.reason, PKI_REASON_SUPERSEDED);
	/* To who is not named there, the same list says nothing. */
	world_certify(w, SLICE_NONE);
	is_unknown(w, NULL);
	buf_clear(&idp);
	buf_clear(&cdp);
}

static struct forge_crl delta_of(const struct forge_entry *e)
{
	struct forge_crl c = complete(e);

	c.base = 10;
	c.number = 11;
	c.this_update = T;
	return c;
}

static void test_delta(void **state)
{
	struct world *w = *state;
	struct forge_crl base = complete(NULL), delta = delta_of(NULL);

	world_add_crl(w, &delta);
	is_unknown(w, "no base");
	world_add_crl(w, &base);
	is_good(w);
	assert_int_equal(w->e.crl_count, 2);
	assert_int_equal(w->e.this_update, T);
	delta = delta_of(&entry);
	delta.number = 12;
	world_add_crl(w, &delta);
	is_revoked(w);
}

static void test_delta_takes_back(void **state)
{
	struct world *w = *state;
	struct forge_crl base = complete(&on_hold), delta = delta_of(&removed);

	world_add_crl(w, &base);
	is_revoked(w);
	world_add_crl(w, &delta);
	is_good(w);
}

static void test_delta_that_does_not_fit(void **state)
{
	struct world *w = *state;
	struct forge_crl base = complete(&on_hold), delta = delta_of(&removed);

	world_add_crl(w, &base);
	delta.base = 11; /* it wants a later one */
	world_add_crl(w, &delta);
	is_revoked(w);
	delta = delta_of(&removed);
	delta.key = 5;
	world_add_crl(w, &delta);
	is_revoked(w);
	delta = delta_of(&removed);
	delta.next_update = T - 1;
	delta.this_update = T - 2;
	world_add_crl(w, &delta);
	is_revoked(w);
	delta = delta_of(&removed);
	delta.number = 10; /* not newer than what it changes */
	world_add_crl(w, &delta);
	is_revoked(w);
}

/* A base that is old, with a delta that is not, is as new as the delta. */
static void test_delta_renews(void **state)
{
	struct world *w = *state;
	struct forge_crl base = complete(NULL), delta = delta_of(NULL);

	world_add_crl(w, &base);
	w->time = T + 8 * DAY;
	is_unknown(w, "expired");
	delta.this_update = T + 7 * DAY;
	delta.next_update = T + 9 * DAY;
	world_add_crl(w, &delta);
	is_good(w);
}

static void test_unknown_extensions(void **state)
{
	static const struct forge_entry strange = {
		.serial = 1234, .at = T, .reason = -1, .unknown = true
	};
	static const uint8_t null[] = { DER_NULL, 0 };
	struct world *w = *state;
	struct forge_crl c = complete(&strange);
	struct buf extra = BUF_INIT;
	struct der_writer x;

	world_add_crl(w, &c);
	is_unknown(w, "not understood");
	der_writer_init(&x, &extra);
	forge_extension(&x, OID_SUBJECT_INFO, true, slice_of(null, 2));
	c = complete(NULL);
	c.extra = buf_get(&extra);
	world_add_crl(w, &c);
	is_unknown(w, NULL);
	buf_clear(&extra);
}

/* RFC 5280 4.2: no extension twice. */
static void test_extension_twice(void **state)
{
	static const uint8_t five[] = { DER_INTEGER, 1, 5 };
	static const uint8_t date[] = { DER_OID, 3, 0x55, 0x1d, 0x18 };
	struct forge_crl c = complete(NULL);
	struct buf extra = BUF_INIT, der = BUF_INIT;
	struct crl *crl, *twice;
	struct der_writer x;
	uint8_t *at;

	(void)state;
	der_writer_init(&x, &extra);
	forge_extension(&x, OID_INVALIDITY_DATE, false,
			slice_of(five, sizeof(five)));
	c.extra = buf_get(&extra);
	crl = forge_crl(&c);
	buf_slice(&der, crl_fields(crl)->der);
	at = memmem(der.data, der.len, date, sizeof(date));
	assert_non_null(at);
	assert_ok(crl_parse(buf_get(&der), &twice, err));
	crl_free(twice);
	at[4] = 0x14; /* cRLNumber, as there is one */
	assert_status(DEED_MALFORMED, crl_parse(buf_get(&der), &twice, err));
	crl_free(crl);
	buf_clear(&extra);
	buf_clear(&der);
}

/* ---- the past ---- */

static void test_later(void **state)
{
	struct forge_entry after = entry;
	struct world *w = *state;
	struct forge_crl c = complete(NULL);

	c.this_update = T + 20 * DAY;
	c.next_update = T + 27 * DAY;
	world_add_crl(w, &c);
	is_unknown(w, "not valid before");
	w->flags = PKI_REVOCATION_LATER;
	is_good(w);
	assert_true(w->e.later);
	/* Revoked later is good then, and it is said when. */
	after.at = T + 5 * DAY;
	c.entries = &after;
	c.entry_count = 1;
	c.this_update = T + 10 * DAY;
	world_add_crl(w, &c);
	is_good(w);
	assert_true(w->e.listed);
	assert_int_equal(w->e.revoked_at, T + 5 * DAY);
	assert_int_equal(w->e.this_update, T + 10 * DAY);
	w->time = T + 5 * DAY;
	is_revoked(w);
}

static void test_dropped(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(NULL);
	int64_t year = 365 * DAY;

	w->flags = PKI_REVOCATION_LATER;
	c.this_update = T + year + DAY; /* notAfter is T + 365 days */
	c.next_update = c.this_update + DAY;
	world_add_crl(w, &c);
	is_unknown(w, "may no longer list");
	c.expired_since = T + year + 100;
	world_add_crl(w, &c);
	is_unknown(w, "may no longer list");
	c.expired_since = T;
	world_add_crl(w, &c);
	is_good(w);
	/* What it does list counts anyway. */
	c.expired_since = 0;
	c.entries = &entry;
	c.entry_count = 1;
	world_add_crl(w, &c);
	is_revoked(w);
}

static bool none(void *arg, const struct crl *crl, const struct ocsp *ocsp)
{
	unsigned *asked = arg;

	assert_true((crl == NULL) != (ocsp == NULL));
	(*asked)++;
	return false;
}

static void test_usable(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(&entry);
	struct cert *chain[2];
	unsigned asked = 0;
	struct pki_revocation_query q = { .chain = chain,
					  .len = 2,
					  .open_end = true,
					  .source = w->source,
					  .time = T,
					  .usable = none,
					  .usable_arg = &asked };

	world_certify(w, SLICE_NONE);
	world_add_crl(w, &c);
	chain[0] = w->cert;
	chain[1] = w->ca;
	assert_ok(pki_revocation_of(&q, &w->e, err));
	assert_int_equal(w->e.status, PKI_REVOCATION_UNKNOWN);
	assert_true(asked > 0);
}

/* ---- many lists, many entries ---- */

/* What is at hand but not looked at leaves no "good" behind. */
static void test_flood(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(NULL);
	unsigned i;

	for (i = 0; i < 60; i++) {
		c.this_update = T - DAY + i;
		world_add_crl(w, &c);
	}
	is_good(w);
	for (; i < 80; i++) {
		c.this_update = T - DAY + i;
		world_add_crl(w, &c);
	}
	is_unknown(w, "too many");
}

/* A list is one, however many points lead to it, for each reason another. */
static void test_points_do_not_multiply(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(NULL);
	struct buf points = BUF_INIT, idp = BUF_INIT;
	unsigned i;

	forge_cdps(&points, 8, true);
	world_certify(w, buf_get(&points));
	for (i = 0; i < 10; i++) {
		c.this_update = T - DAY + i;
		world_add_crl(w, &c);
	}
	is_good(w);
	/* Of another's key: each signature is checked once. */
	c.key = 5;
	for (i = 0; i < 50; i++) {
		c.this_update = T - 2 * DAY + i;
		world_add_crl(w, &c);
	}
	is_good(w);
	/* About others. */
	c.key = 1;
	forge_idp(&idp, "elsewhere", 0, 0);
	c.idp = buf_get(&idp);
	for (i = 0; i < 60; i++) {
		c.this_update = T - 3 * DAY + i;
		world_add_crl(w, &c);
	}
	is_good(w);
	buf_clear(&points);
	buf_clear(&idp);
}

/* Each look costs comparisons: so many of them are too many. */
static void test_looks_are_bounded(void **state)
{
	struct world *w = *state;
	struct forge_crl c = complete(NULL);
	struct buf points = BUF_INIT, repeated = BUF_INIT, idp = BUF_INIT;
	unsigned i;

	world_add_crl(w, &c);
	forge_idp(&idp, "elsewhere", 0, 0);
	c.idp = buf_get(&idp);
	for (i = 0; i < 100; i++) {
		c.this_update = T - 3 * DAY + i;
		world_add_crl(w, &c);
	}
	forge_cdps(&points, 8, false);
	world_certify(w, buf_get(&points));
	is_good(w);
	buf_reset(&points);
	forge_cdps(&points, 60, false);
	world_certify(w, buf_get(&points));
	is_unknown(w, "too many");
	/* A name that comes again leads nowhere else. */
	forge_cdp_repeated(&repeated, 10000, "ca");
	world_certify(w, buf_get(&repeated));
	is_good(w);
	buf_clear(&points);
	buf_clear(&repeated);
	buf_clear(&idp);
}

static void test_many(void **state)
{
	enum { COUNT = 5000 };
	struct forge_entry *all = calloc(COUNT, sizeof(*all));
	struct forge_crl c = complete(NULL);
	struct crl_entry found;
	uint8_t serial[3];
	struct crl *crl;
	unsigned i;
	bool listed;

	(void)state;
	assert_non_null(all);
	for (i = 0; i < COUNT; i++)
		all[i] = (struct forge_entry){ .serial = 70000 + 7 * i,
					       .at = T + i,
					       .reason = -1 };
	c.entries = all;
	c.entry_count = COUNT;
	crl = forge_crl(&c);
	for (i = 70000; i < 70000 + 7 * COUNT; i++) {
		serial[0] = (uint8_t)(i >> 16);
		serial[1] = (uint8_t)(i >> 8);
		serial[2] = (uint8_t)i;
		assert_ok(crl_lookup(crl, SLICE_NONE, slice_of(serial, 3),
				     &listed, &found, err));
		assert_int_equal(listed, (i - 70000) % 7 == 0);
		if (listed)
			assert_int_equal(found.revoked_at, T + (i - 70000) / 7);
	}
	crl_free(crl);
	free(all);
}

static void test_numbers(void **state)
{
	static const uint8_t a[] = { 0x7f }, b[] = { 0, 0x80 }, c[] = { 1, 0 };

	(void)state;
	assert_true(crl_number_compare(slice_of(a, 1), slice_of(b, 2)) < 0);
	assert_true(crl_number_compare(slice_of(b, 2), slice_of(c, 2)) < 0);
	assert_true(crl_number_compare(slice_of(c, 2), slice_of(a, 1)) > 0);
	assert_int_equal(crl_number_compare(slice_of(b, 2), slice_of(b, 2)), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, world_end)
	const struct CMUnitTest tests[] = {
		TEST(test_complete),
		TEST(test_times),
		TEST(test_no_next_update),
		TEST(test_old_lists),
		TEST(test_hold_ends),
		TEST(test_wrong_signers),
		TEST(test_usage),
		TEST(test_separate_key),
		cmocka_unit_test(test_scopes),
		TEST(test_reasons),
		cmocka_unit_test(test_points),
		TEST(test_indirect),
		TEST(test_delta),
		TEST(test_delta_takes_back),
		TEST(test_delta_that_does_not_fit),
		TEST(test_delta_renews),
		TEST(test_unknown_extensions),
		TEST(test_extension_twice),
		TEST(test_later),
		TEST(test_dropped),
		TEST(test_usable),
		TEST(test_flood),
		TEST(test_points_do_not_multiply),
		TEST(test_looks_are_bounded),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_numbers),
	};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);

	forge_end();
	return failed;
}
