/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki/forge_world.h"

#include <stdlib.h>

/* Keys: root 0, CA 1, another CA 2, responder 3, certificate 4, stranger 5. */

static void add(struct world *w, const struct forge_ocsp *spec)
{
	struct ocsp *o = forge_ocsp(spec);

	assert_ok(pki_source_add_ocsp(w->source, o, err));
	ocsp_free(o);
}

static void add_crl(struct world *w, const struct forge_entry *e)
{
	world_add_crl(w, &(struct forge_crl){ .issuer = "ca",
					      .key = 1,
					      .this_update = T - 2 * DAY,
					      .next_update = T + 5 * DAY,
					      .entries = e,
					      .entry_count = e != NULL });
}

/* The CA itself says good, for two days around T. */
static struct forge_ocsp good(const struct world *w)
{
	return (struct forge_ocsp){ .cert = w->cert,
				    .issuer = w->ca,
				    .key = 1,
				    .this_update = T - DAY,
				    .next_update = T + DAY,
				    .reason = -1 };
}

/* A responder's certificate: purpose, ocsp-nocheck, and how to learn its own
 * status. */
#define PURPOSE 1u
#define NOCHECK 2u
#define POINTS 4u

static struct cert *responder_from(const char *issuer, unsigned issuer_key,
				   unsigned with, int64_t from, int64_t to)
{
	static const uint8_t null[] = { DER_NULL, 0 };
	struct buf extra = BUF_INIT, value = BUF_INIT;
	struct der_writer w, v;
	struct cert *c;

	der_writer_init(&v, &value);
	der_begin(&v, DER_SEQUENCE);
	der_put_oid(&v, OID_KP_OCSP);
	der_end(&v);
	der_writer_init(&w, &extra);
	if ((with & PURPOSE) != 0)
		forge_extension(&w, OID_EXTENDED_KEY_USAGE, false,
				buf_get(&value));
	if ((with & NOCHECK) != 0)
		forge_extension(&w, OID_OCSP_NOCHECK, false, slice_of(null, 2));
	if ((with & POINTS) != 0)
		forge_cdp(&extra, "ca", false, 0, NULL);
	c = forge_cert(&(struct forge_cert){ .subject = "responder",
					     .issuer = issuer,
					     .key = 3,
					     .issuer_key = issuer_key,
					     .serial = 50,
					     .from = from,
					     .to = to,
					     .key_usage = KU_DIGITAL_SIGNATURE,
					     .extra = buf_get(&extra) });
	buf_clear(&extra);
	buf_clear(&value);
	return c;
}

static struct cert *responder(const char *issuer, unsigned issuer_key,
			      unsigned with, int64_t to)
{
	return responder_from(issuer, issuer_key, with, 0, to);
}

static void test_issuer(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	is_unknown(w, "no CRL or OCSP");
	add(w, &o);
	is_good(w);
	assert_int_equal(w->e.kind, PKI_EVIDENCE_OCSP);
	assert_non_null(w->e.ocsp);
	assert_true(cert_equal(w->e.signer, w->ca));
	assert_int_equal(w->e.produced_at, T - DAY);
	w->time = T + DAY + 1;
	is_unknown(w, "expired");
	w->time = T - 2 * DAY;
	is_unknown(w, "not valid before");
	w->flags = PKI_REVOCATION_LATER;
	is_good(w);
	assert_true(w->e.later);
}

/* What is at hand but not looked at leaves no "good" behind. */
static void test_flood(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);
	unsigned i;

	add(w, &o);
	o.key = 5;
	for (i = 0; i < 100; i++) {
		o.this_update = T - DAY + i;
		add(w, &o);
	}
	is_good(w);
	for (; i < 200; i++) {
		o.this_update = T - DAY + i;
		add(w, &o);
	}
	is_unknown(w, "too many");
}

/* "Revoked" needs nothing else. */
static void test_flood_of_revoked(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);
	unsigned i;

	o.status = OCSP_REVOKED;
	o.revoked_at = T - 10 * DAY;
	add(w, &o);
	o = good(w);
	o.key = 5;
	for (i = 0; i < 200; i++) {
		o.this_update = T - DAY + i;
		add(w, &o);
	}
	is_revoked(w);
}

static void test_hashes(void **state)
{
	static const enum digest_alg algs[] = { DIGEST_SHA1, DIGEST_SHA256,
						DIGEST_SHA384, DIGEST_SHA512 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(algs) / sizeof(*algs); i++) {
		struct forge_ocsp o;
		void *one = NULL;

		(void)world_begin(&one);
		o = good(one);
		o.digest = algs[i];
		o.by_name = i % 2 == 0 ? "ca" : NULL;
		o.bare = i > 1;
		add(one, &o);
		is_good((struct world *)one);
		(void)world_end(&one);
	}
}

static void test_revoked(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	add_crl(w, NULL);
	is_good(w);
	assert_int_equal(w->e.kind, PKI_EVIDENCE_CRL);
	o.status = OCSP_REVOKED;
	o.revoked_at = T - 3600;
	o.reason = 1;
	add(w, &o);
	is_revoked(w);
	assert_int_equal(w->e.kind, PKI_EVIDENCE_OCSP);
	assert_int_equal(w->e.revoked_at, T - 3600);
	assert_int_equal(w->e.reason, PKI_REASON_KEY_COMPROMISE);
	w->time = T - 2 * 3600;
	is_good(w);
	w->time = T + 30 * DAY; /* old, but revoked stays so */
	is_revoked(w);
}

static void test_crl_revokes(void **state)
{
	const struct forge_entry e = { SERIAL, T - 3 * DAY, 4, NULL, false };
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	add(w, &o);
	is_good(w);
	add_crl(w, &e);
	is_revoked(w);
}

static void test_hold(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	o.status = OCSP_REVOKED;
	o.revoked_at = T - 5 * DAY;
	o.reason = PKI_REASON_HOLD;
	add(w, &o);
	is_revoked(w);
	o = good(w);
	o.this_update = T - 3600; /* taken back */
	add(w, &o);
	is_good(w);
}

static void test_unknown(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	o.status = OCSP_UNKNOWN;
	add(w, &o);
	is_unknown(w, "does not know");
	/* That says more than an answer that has grown old. */
	o = good(w);
	o.next_update = T - 1;
	add(w, &o);
	is_unknown(w, "does not know");
	add_crl(w, NULL);
	is_good(w);
}

static void test_no_next_update(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	o.next_update = 0;
	add(w, &o);
	is_good(w);
	w->time = T + 1;
	is_unknown(w, "expired");
}

static void test_critical(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	o.unknown_critical = true;
	add(w, &o);
	is_unknown(w, "critical extension");
}

/* Who may answer, and who may not. */
static void test_responders(void **state)
{
	static const struct {
		const char *issuer;
		unsigned issuer_key, with;
		int64_t to;
		bool crl, good;
	} cases[] = {
		{ "ca", 1, PURPOSE | NOCHECK, 0, false, true },
		{ "ca", 1, PURPOSE, 0, false, true }, /* no way to ask */
		{ "ca", 1, PURPOSE | POINTS, 0, false, false },
		{ "ca", 1, PURPOSE | POINTS, 0, true, true },
		{ "ca", 1, NOCHECK, 0, false, false }, /* no purpose */
		{ "ca", 1, PURPOSE | NOCHECK, T - 1, false, false },
		{ "ca", 2, PURPOSE | NOCHECK, 0, false, false },
		{ "root", 0, PURPOSE | NOCHECK, 0, false, false },
	};
	static const struct forge_entry other = { 51, T - DAY, -1, NULL,
						  false };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct cert *c = responder(cases[i].issuer, cases[i].issuer_key,
					   cases[i].with, cases[i].to);
		struct cert *chain[3];
		struct pki_revocation_query q = { .chain = chain,
						  .len = 3,
						  .time = T };
		struct forge_ocsp o;
		void *one = NULL;
		struct world *w;

		(void)world_begin(&one);
		w = one;
		o = good(w);
		o.key = 3;
		o.with = c;
		add(w, &o);
		if (cases[i].crl) {
			/* It clears the responder, but is too old for the
			 * certificate in question: it is one day older. */
			add_crl(w, &other);
		}
		chain[0] = w->cert;
		chain[1] = w->ca;
		chain[2] = w->root;
		q.source = w->source;
		assert_ok(pki_revocation_of(&q, &w->e, err));
		if ((w->e.kind == PKI_EVIDENCE_OCSP) != cases[i].good)
			fail_msg("case %zu: %s", i, w->e.message);
		(void)world_end(&one);
		cert_free(c);
	}
}

static void test_revoked_responder(void **state)
{
	static const struct forge_entry e = { 50, T - DAY, 1, NULL, false };
	struct cert *c = responder("ca", 1, PURPOSE, 0);
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	o.key = 3;
	o.with = c;
	add(w, &o);
	is_good(w);
	add_crl(w, &e);
	is_good(w);
	assert_int_equal(w->e.kind, PKI_EVIDENCE_CRL);
	cert_free(c);
}

/* A responder whose certificate is an anchor with the purpose. */
static void test_local(void **state)
{
	struct cert *c = responder("elsewhere", 5, PURPOSE, 0);
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	o.key = 3;
	o.by_name = "responder";
	add(w, &o);
	is_unknown(w, "may answer");
	assert_ok(pki_source_add_certificate(w->source, c, err));
	is_unknown(w, "may answer");
	assert_ok(pki_source_add_anchor(w->source, c, err));
	is_good(w);
	cert_free(c);
}

static void test_archive_cutoff(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);
	int64_t year = 365 * DAY;

	w->flags = PKI_REVOCATION_LATER;
	o.this_update = T + year + DAY;
	o.next_update = T + year + 2 * DAY;
	add(w, &o);
	is_unknown(w, "may no longer list");
	o.archive_cutoff = T + year + 3600;
	add(w, &o);
	is_unknown(w, "may no longer list");
	o.archive_cutoff = T - DAY;
	add(w, &o);
	is_good(w);
}

static void test_stranger(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	o.key = 5;
	add(w, &o);
	is_unknown(w, "may answer");
	o.by_name = "ca"; /* he says he is */
	add(w, &o);
	is_unknown(w, "does not verify with the issuer's key");
	assert_false(w->e.suspect);
	o.status = OCSP_REVOKED;
	o.revoked_at = T - DAY;
	add(w, &o);
	is_unknown(w, "lists the certificate as revoked has a signature");
	assert_true(w->e.suspect);
}

/* The issuer's word under another name is nobody's. */
static void test_misnamed(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);

	o.by_name = "another";
	add(w, &o);
	is_unknown(w, "names another responder than the one that signed it");
}

/* Dated after the time of judging: what it says of, or when it was made. */
static void test_ahead(void **state)
{
	static const struct {
		int64_t this_update, produced_at;
		bool good;
	} cases[] = {
		{ T + PKI_CLOCK_SKEW, T + PKI_CLOCK_SKEW, true },
		{ T + DAY, T - DAY, false },
		{ T - DAY, T + DAY, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < 2 * sizeof(cases) / sizeof(*cases); i++) {
		struct forge_ocsp o;
		struct world *w;
		void *one = NULL;

		(void)world_begin(&one);
		w = one;
		w->latest = T;
		w->flags = i % 2 == 0 ? 0 : PKI_REVOCATION_LATER;
		o = good(w);
		o.this_update = cases[i / 2].this_update;
		o.produced_at = cases[i / 2].produced_at;
		o.next_update = T + 2 * DAY;
		add(w, &o);
		if (cases[i / 2].good)
			is_good(w);
		else
			is_unknown(w, "dated after the time of judging");
		(void)world_end(&one);
	}
}

/* Backdated by a responder whose certificate is newer than the date that it
 * gives: he signed when he says that he produced it. */
static void test_young_responder(void **state)
{
	struct world *w = *state;
	struct forge_ocsp o = good(w);
	struct cert *c = responder_from("ca", 1, PURPOSE, T - 3600, 0);

	o.key = 3;
	o.with = c;
	o.produced_at = T - 60;
	w->flags = PKI_REVOCATION_STALE;
	add(w, &o);
	is_good(w);
	cert_free(c);
}

/* ---- forms ---- */

static void test_statuses(void **state)
{
	static const struct {
		uint8_t answer;
		enum deed_status status;
		const char *text;
	} cases[] = {
		{ 1, DEED_REMOTE, "malformedRequest" },
		{ 2, DEED_REMOTE, "internalError" },
		{ 3, DEED_REMOTE, "tryLater" },
		{ 5, DEED_REMOTE, "sigRequired" },
		{ 6, DEED_REMOTE, "unauthorized" },
		{ 4, DEED_MALFORMED, "responseStatus" },
		{ 7, DEED_MALFORMED, "responseStatus" },
		{ 0, DEED_MALFORMED, "responseBytes" },
	};
	struct deed_error why;
	struct ocsp *o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t der[] = { 0x30, 3, DER_ENUMERATED, 1, cases[i].answer };

		why = (struct deed_error)DEED_ERROR_INIT;
		assert_int_equal(ocsp_parse(slice_of(der, 5), &o, &why),
				 cases[i].status);
		assert_non_null(strstr(why.message, cases[i].text));
		assert_null(o);
	}
}

/* Every cut is refused, and no changed octet is believed. */
static void test_damaged(void **state)
{
	struct world *w = *state;
	struct cert *c = responder("ca", 1, PURPOSE | NOCHECK, 0);
	struct forge_ocsp spec = good(w);
	struct buf der = BUF_INIT;
	struct ocsp *o;
	size_t i;

	spec.key = 3;
	spec.with = c;
	forge_ocsp_der(&spec, &der);
	for (i = 0; i < der.len; i++)
		assert_int_not_equal(
			ocsp_parse(slice_of(der.data, i), &o, NULL), DEED_OK);
	for (i = 0; i < der.len; i += 3) {
		der.data[i] ^= 0x11;
		if (ocsp_parse(buf_get(&der), &o, NULL) == DEED_OK) {
			(void)ocsp_find(o, w->cert, w->ca);
			if (ocsp_signed_by(o, c)) {
				/* Outside of what is signed: certificates. */
				assert_true(i > 100);
			}
			ocsp_free(o);
		}
		der.data[i] ^= 0x11;
	}
	buf_clear(&der);
	cert_free(c);
}

static void test_wrapped(void **state)
{
	struct world *w = *state;
	struct buf whole = BUF_INIT, bare = BUF_INIT;
	struct forge_ocsp spec = good(w);
	struct ocsp *a, *b;

	forge_ocsp_der(&spec, &whole);
	assert_ok(ocsp_parse(buf_get(&whole), &a, err));
	buf_slice(&bare, ocsp_fields(a)->basic);
	assert_true(ocsp_looks_like(buf_get(&whole)));
	assert_true(ocsp_looks_like(buf_get(&bare)));
	assert_false(ocsp_looks_like(cert_fields(w->cert)->der));
	assert_ok(ocsp_parse(buf_get(&bare), &b, err));
	assert_true(slice_equal(ocsp_fields(b)->der, buf_get(&whole)));
	assert_true(slice_equal(ocsp_fields(b)->basic, buf_get(&bare)));
	assert_ok(pki_source_add_data(w->source, buf_get(&bare), false, "x",
				      err));
	is_good(w);
	ocsp_free(a);
	ocsp_free(b);
	buf_clear(&whole);
	buf_clear(&bare);
}

static void test_request(void **state)
{
	static const uint8_t nonce[] = { 1, 2, 3, 4 };
	struct world *w = *state;
	struct buf a = BUF_INIT, b = BUF_INIT;
	struct der_reader r, tbs;

	assert_ok(ocsp_request(w->cert, w->ca, SLICE_NONE, &a, err));
	assert_ok(ocsp_request(w->cert, w->ca, slice_of(nonce, 4), &b, err));
	assert_true(der_valid(buf_get(&a), 10, NULL));
	assert_true(der_valid(buf_get(&b), 10, NULL));
	assert_true(b.len > a.len);
	assert_true(der_open(buf_get(&b), DER_SEQUENCE, &r) &&
		    der_enter(&r, DER_SEQUENCE, &tbs) && der_skip(&tbs) &&
		    der_peek(&tbs, DER_CONTEXT_CONS(2)));
	buf_clear(&a);
	buf_clear(&b);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, world_begin, world_end)
	const struct CMUnitTest tests[] = {
		TEST(test_issuer),
		TEST(test_flood),
		TEST(test_flood_of_revoked),
		cmocka_unit_test(test_hashes),
		TEST(test_revoked),
		TEST(test_crl_revokes),
		TEST(test_hold),
		TEST(test_unknown),
		TEST(test_no_next_update),
		TEST(test_critical),
		cmocka_unit_test(test_responders),
		TEST(test_revoked_responder),
		TEST(test_local),
		TEST(test_archive_cutoff),
		TEST(test_stranger),
		TEST(test_misnamed),
		cmocka_unit_test(test_ahead),
		TEST(test_young_responder),
		cmocka_unit_test(test_statuses),
		TEST(test_damaged),
		TEST(test_wrapped),
		TEST(test_request),
	};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	forge_end();
	return failed;
}
