/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "pki/forge_world.h"

#include <stdlib.h>

#include "base/pool.h"

/* What a finder has, and what it was asked. */
struct finder {
	struct world in;
	struct crl *of_root, *of_ca;
	_Atomic unsigned issuers, statuses;
	bool liar; /* it says that it found something, always */
};

static struct crl *crl_of(const char *issuer, unsigned key)
{
	return forge_crl(&(struct forge_crl){ .issuer = issuer,
					      .key = key,
					      .this_update = T - DAY,
					      .next_update = T + DAY });
}

static int begin(void **state)
{
	struct finder *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	world_init(&w->in);
	w->of_root = crl_of("root", 0);
	w->of_ca = crl_of("ca", 1);
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct finder *w = *state;

	world_clear(&w->in);
	crl_free(w->of_root);
	crl_free(w->of_ca);
	free(w);
	return 0;
}

/* It gives each thing once. */
static bool find(void *arg, const struct pki_want *want)
{
	struct finder *w = arg;
	size_t before = pki_source_size(w->in.source);

	assert_int_equal(want->time, T);
	if (w->liar) {
		w->statuses++;
		return true;
	}
	if (want->issuer == NULL) {
		w->issuers++;
		assert_true(cert_equal(want->cert, w->in.cert));
		assert_int_equal(pki_source_add_certificate(w->in.source,
							    w->in.ca, NULL),
				 DEED_OK);
	} else {
		w->statuses++;
		assert_int_equal(pki_source_add_crl(w->in.source,
						    want->issuer == w->in.root
							    ? w->of_root
							    : w->of_ca,
						    NULL),
				 DEED_OK);
	}
	return pki_source_size(w->in.source) > before;
}

static enum pki_outcome judge(const struct finder *w,
			      const struct pki_source *source)
{
	const struct pki_params params = { .source = source,
					   .time = T,
					   .purpose = PKI_ANY };
	enum pki_outcome outcome;
	struct pki_path path;

	assert_int_equal(pki_judge_path(w->in.cert, &params, &path, NULL),
			 DEED_OK);
	outcome = path.outcome;
	if (outcome == PKI_GOOD) {
		/* What decided is there for who embeds it. */
		assert_int_equal(path.len, 3);
		assert_ptr_equal(path.evidence[0].crls[0], w->of_ca);
		assert_ptr_equal(path.evidence[1].crls[0], w->of_root);
		assert_int_equal(path.evidence[0].next_update, T + DAY);
	}
	pki_path_clear(&path);
	assert_null(path.evidence[0].crls[0]);
	return outcome;
}

static void test_finder(void **state)
{
	struct finder *w = *state;
	struct pki_source *over;

	assert_int_equal(judge(w, w->in.source), PKI_NO_PATH);
	pki_source_set_finder(w->in.source, find, w);
	/* Who stands on it asks the same. */
	assert_ok(pki_source_new(w->in.source, &over, err));
	assert_true(pki_source_has_finder(over));
	assert_int_equal(judge(w, over), PKI_GOOD);
	assert_int_equal(w->issuers, 1);
	assert_int_equal(w->statuses, 2);
	assert_int_equal(judge(w, over), PKI_GOOD);
	assert_int_equal(w->issuers + w->statuses, 3);
	assert_int_equal(pki_source_size(over), 4);
	pki_source_free(over);
}

static void test_liar(void **state)
{
	struct finder *w = *state;

	w->liar = true;
	pki_source_set_finder(w->in.source, find, w);
	assert_int_equal(judge(w, w->in.source), PKI_NO_PATH);
	assert_true(w->statuses > 0 && w->statuses < 64);
}

static void judge_one(void *arg, size_t i)
{
	struct finder *w = arg;

	(void)i;
	assert_int_equal(judge(w, w->in.source), PKI_GOOD);
}

/* Threads judge while it is filled. */
static void test_threads(void **state)
{
	struct finder *w = *state;

	pki_source_set_finder(w->in.source, find, w);
	pool_run(8, 64, judge_one, w);
	assert_int_equal(pki_source_size(w->in.source), 4);
}

static bool count(void *arg, struct cert *c, bool anchor)
{
	unsigned *n = arg;

	(void)c;
	*n += anchor ? 100 : 1;
	return true;
}

/* Names are one however they are written. */
static void test_names(void **state)
{
	struct finder *w = *state;
	struct cert *other = forge_cert(&(struct forge_cert){
		.subject = "  ROOT ", .issuer = "x", .key = 5, .serial = 3 });
	unsigned n = 0;

	assert_ok(pki_source_add_certificate(w->in.source, other, err));
	assert_ok(pki_source_add_certificate(w->in.source, other, err));
	pki_source_each_subject(w->in.source, cert_fields(w->in.root)->subject,
				count, &n);
	assert_int_equal(n, 101);
	assert_int_equal(x509_name_hash(cert_fields(other)->subject),
			 x509_name_hash(cert_fields(w->in.root)->subject));
	/* An anchor that was there already becomes one. */
	assert_ok(pki_source_add_anchor(w->in.source, other, err));
	assert_int_equal(pki_source_anchor_count(w->in.source), 2);
	assert_ptr_equal(pki_source_anchor(w->in.source, 1), other);
	cert_free(other);
}

struct named {
	struct cert *last;
	unsigned n, most;
};

static bool count_named(void *arg, struct cert *c)
{
	struct named *named = arg;

	named->last = c;
	return ++named->n < named->most;
}

/* As signers name certificates; the own come before the base's. */
static void test_named(void **state)
{
	struct finder *w = *state;
	const struct cert_fields *f = cert_fields(w->in.cert);
	struct named named = { .most = 10 };
	struct pki_source *over;

	assert_ok(pki_source_new(w->in.source, &over, err));
	assert_ok(pki_source_add_certificate(over, w->in.cert, err));
	assert_ok(pki_source_add_certificate(over, w->in.cert, err));
	pki_source_each_issued(over, f->issuer, f->serial, count_named, &named);
	assert_int_equal(named.n, 1);
	assert_ptr_equal(named.last, w->in.cert);
	pki_source_each_issued(w->in.source, f->issuer, f->serial, count_named,
			       &named);
	pki_source_each_issued(over, f->issuer, slice_str("\x4e"), count_named,
			       &named);
	pki_source_each_issued(over, f->subject, f->serial, count_named,
			       &named);
	assert_int_equal(named.n, 1);
	assert_ok(pki_source_add_certificate(w->in.source, w->in.cert, err));
	named = (struct named){ .most = 10 };
	pki_source_each_issued(over, f->issuer, f->serial, count_named, &named);
	assert_int_equal(named.n, 2);
	named = (struct named){ .most = 1 };
	pki_source_each_issued(over, f->issuer, f->serial, count_named, &named);
	assert_int_equal(named.n, 1);
	/* By key identifier, where a certificate has one. */
	f = cert_fields(w->in.root);
	named = (struct named){ .most = 10 };
	pki_source_each_key(over,
			    f->subject_key_id.data == NULL
				    ? slice_str("no such key")
				    : f->subject_key_id,
			    count_named, &named);
	assert_int_equal(named.n, f->subject_key_id.data != NULL);
	pki_source_free(over);
}

static bool keep(void *arg, struct crl *c)
{
	struct crl **last = arg;

	assert_true(*last == NULL || *last == c);
	*last = c;
	return true;
}

/* What the base has too is one object. */
static void test_base(void **state)
{
	struct finder *w = *state;
	struct crl *again, *last = NULL;
	struct pki_source *over;

	assert_ok(pki_source_add_crl(w->in.source, w->of_ca, err));
	assert_ok(pki_source_new(w->in.source, &over, err));
	assert_ok(crl_parse(crl_fields(w->of_ca)->der, &again, err));
	assert_ok(pki_source_add_crl(over, again, err));
	assert_ok(pki_source_add_crl(over, again, err));
	assert_int_equal(pki_source_size(over), 3);
	pki_source_each_crl(over, crl_fields(again)->issuer, keep, &last);
	assert_ptr_equal(last, w->of_ca);
	crl_free(again);
	pki_source_free(over);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(test_finder), TEST(test_liar),  TEST(test_threads),
		TEST(test_names),  TEST(test_named), TEST(test_base),
	};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	forge_end();
	return failed;
}
