/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "pki_data.h"

#include "sign/cades_counter.h"
#include "trust/list_statement.h"

#define NOW INT64_C(1795000000) /* 18 November 2026 */

/* Who signs, with the keys of tests/data/pades. */
struct who {
	struct signing_key *key;
	struct cert *cert;
};

static void read_data(const char *name, const char *suffix, struct buf *b)
{
	const char *top = getenv("top_srcdir");
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/tests/data/pades/%s.%s",
		       top == NULL ? "." : top, name, suffix);
	assert_ok(file_read(path, 1 << 20, b, err));
}

static void who_open(struct who *w, const char *name)
{
	struct buf b = BUF_INIT;
	struct secret *p8;

	read_data(name, "p8", &b);
	assert_ok(secret_copy(b.data, b.len, &p8, err));
	assert_ok(signing_key_from_pkcs8(p8, &w->key, err));
	secret_free(p8);
	buf_reset(&b);
	read_data(name, "cer", &b);
	assert_ok(cert_parse(buf_get(&b), &w->cert, err));
	buf_clear(&b);
}

static void who_close(struct who *w)
{
	signing_key_free(w->key);
	cert_free(w->cert);
}

/* A list without operators, signed. */
static void signed_list(const struct who *w, enum trust_list_kind kind,
			struct buf *der)
{
	struct trust_list *l = trust_list_new();
	struct cert *items[] = { w->cert };
	const struct cert_list chain = { items, 1, 1 };

	assert_non_null(l);
	l->kind = kind;
	l->scheme = strdup("cn-esl");
	l->scheme_operator = strdup("The Compiler");
	l->territory = strdup("CN");
	l->source[0] = 1;
	assert_ok(trust_list_check(l, err));
	assert_ok(list_statement_sign(l, w->key, &chain, NOW, der, err));
	trust_list_free(l);
}

/* He is believed whom somebody named, and nobody is for lying in it. */
static void test_believed(void **state)
{
	struct buf der = BUF_INIT, both = BUF_INIT;
	struct list_statement *s;
	struct who a, b;
	const struct cert *chain[1];
	struct cades_params params = { .chain = chain,
				       .chain_len = 1,
				       .signing_time = NOW };

	(void)state;
	who_open(&a, "p256");
	who_open(&b, "p384");
	signed_list(&a, TRUST_LIST_YAML, &der);
	assert_ok(list_statement_open(buf_get(&der), &s, err));
	assert_ok(list_statement_believe(s, &a.cert, 1, err));
	assert_true(s->by_signer && !s->by_counter);
	assert_status(DEED_NOT_VERIFIED,
		      list_statement_believe(s, &b.cert, 1, err));
	assert_status(DEED_NOT_VERIFIED,
		      list_statement_believe(s, NULL, 0, err));
	list_statement_free(s);

	chain[0] = b.cert;
	params.key = b.key;
	assert_ok(cades_counter_sign(&params, buf_get(&der), &both, err));
	assert_ok(list_statement_open(buf_get(&both), &s, err));
	assert_ok(list_statement_believe(s, &b.cert, 1, err));
	assert_true(!s->by_signer && s->by_counter);
	list_statement_free(s);

	/* One's own counter-signature is no second house. */
	buf_reset(&both);
	chain[0] = a.cert;
	params.key = a.key;
	assert_ok(cades_counter_sign(&params, buf_get(&der), &both, err));
	assert_ok(list_statement_open(buf_get(&both), &s, err));
	assert_ok(list_statement_believe(s, &a.cert, 1, err));
	assert_true(s->by_signer && !s->by_counter);
	list_statement_free(s);
	buf_clear(&both);
	buf_clear(&der);
	who_close(&a);
	who_close(&b);
}

/* What speaks of its signer's own house. */
static void test_own(void **state)
{
	char other_name[] = "Somebody else", same_name[] = "THE  compiler";
	const struct trust_operator other = { .name = other_name };
	const struct trust_operator same = { .name = same_name };
	struct cert *stranger = pki_cert("inter.crt");
	struct buf der = BUF_INIT;
	struct list_statement *s;
	struct who a;

	(void)state;
	who_open(&a, "p256");
	signed_list(&a, TRUST_LIST_YAML, &der);
	assert_ok(list_statement_open(buf_get(&der), &s, err));
	assert_true(list_statement_own(s, a.cert, &other));
	assert_false(list_statement_own(s, stranger, &other));
	assert_false(list_statement_own(s, stranger, NULL));
	assert_true(list_statement_own(s, stranger, &same));
	list_statement_free(s);
	buf_reset(&der);
	signed_list(&a, TRUST_LIST_TS119612, &der);
	assert_ok(list_statement_open(buf_get(&der), &s, err));
	assert_false(list_statement_own(s, stranger, &same));
	assert_true(list_statement_own(s, a.cert, &other));
	list_statement_free(s);
	buf_clear(&der);
	cert_free(stranger);
	who_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_believed),
		cmocka_unit_test(test_own),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
