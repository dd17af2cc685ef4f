/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "codec/der.h"
#include "key/qc_statements.h"

/* One statement without information. */
static void put_flag(struct der_writer *w, enum oid id)
{
	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, id);
	der_end(w);
}

static void put_types(struct der_writer *w, const enum oid *type, size_t n)
{
	size_t i;

	der_begin(w, DER_SEQUENCE);
	der_put_oid(w, OID_QC_TYPE);
	der_begin(w, DER_SEQUENCE);
	for (i = 0; i < n; i++)
		der_put_oid(w, type[i]);
	der_end(w);
	der_end(w);
}

static enum deed_status parse(struct buf *b, struct qc_statements *q)
{
	struct deed_error err = { 0 };
	enum deed_status status = qc_statements_parse(buf_get(b), q, &err);

	buf_clear(b);
	return status;
}

static void test_says_all(void **state)
{
	static const enum oid types[] = { OID_QC_TYPE_ESIGN,
					  OID_QC_TYPE_ESEAL };
	struct buf b = BUF_INIT;
	struct der_writer w;
	struct qc_statements q;

	(void)state;
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	put_flag(&w, OID_QC_COMPLIANCE);
	put_flag(&w, OID_QC_SSCD);
	put_types(&w, types, 2);
	der_begin(&w, DER_SEQUENCE); /* what this does not need, passes */
	der_put_oid(&w, OID_QC_RETENTION);
	der_put_uint64(&w, 10);
	der_end(&w);
	der_end(&w);
	assert_int_equal(parse(&b, &q), DEED_OK);
	assert_true(q.compliance);
	assert_true(q.device);
	assert_true(q.has_type);
	assert_false(q.other_type);
	assert_false(q.elsewhere);
	assert_int_equal(q.purpose, QC_FOR_SIGNATURES | QC_FOR_SEALS);
}

static void test_other_type(void **state)
{
	static const enum oid types[] = { OID_QC_LIMIT };
	struct buf b = BUF_INIT;
	struct der_writer w;
	struct qc_statements q;

	(void)state;
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	put_types(&w, types, 1);
	der_end(&w);
	assert_int_equal(parse(&b, &q), DEED_OK);
	assert_false(q.compliance);
	assert_true(q.has_type);
	assert_true(q.other_type);
	assert_int_equal(q.purpose, 0);
}

/* Laws of another country: SEQUENCE OF country codes. */
static void test_other_laws(void **state)
{
	struct buf b = BUF_INIT;
	struct der_writer w;
	struct qc_statements q;

	(void)state;
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_SEQUENCE);
	der_put_oid(&w, OID_QC_LEGISLATION);
	der_begin(&w, DER_SEQUENCE);
	der_put(&w, DER_PRINTABLE_STRING, slice_str("CH"));
	der_end(&w);
	der_end(&w);
	der_end(&w);
	assert_int_equal(parse(&b, &q), DEED_OK);
	assert_true(q.elsewhere);
}

static void test_refuses(void **state)
{
	struct buf b = BUF_INIT;
	struct der_writer w;
	struct qc_statements q;
	size_t i;

	(void)state;
	/* twice the same */
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	put_flag(&w, OID_QC_COMPLIANCE);
	put_flag(&w, OID_QC_COMPLIANCE);
	der_end(&w);
	assert_int_equal(parse(&b, &q), DEED_MALFORMED);
	assert_false(q.compliance);
	/* information where there is none */
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	der_begin(&w, DER_SEQUENCE);
	der_put_oid(&w, OID_QC_COMPLIANCE);
	der_put_null(&w);
	der_end(&w);
	der_end(&w);
	assert_int_equal(parse(&b, &q), DEED_MALFORMED);
	/* no type in QcType */
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	put_types(&w, NULL, 0);
	der_end(&w);
	assert_int_equal(parse(&b, &q), DEED_MALFORMED);
	/* something behind it, nothing at all */
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	der_end(&w);
	der_put_null(&w);
	assert_int_equal(parse(&b, &q), DEED_MALFORMED);
	assert_int_equal(parse(&b, &q), DEED_MALFORMED);
	/* one too many */
	der_writer_init(&w, &b);
	der_begin(&w, DER_SEQUENCE);
	for (i = 0; i <= QC_STATEMENTS_MAX; i++)
		put_flag(&w, OID_QC_LIMIT);
	der_end(&w);
	assert_int_equal(parse(&b, &q), DEED_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_says_all),
		cmocka_unit_test(test_other_type),
		cmocka_unit_test(test_other_laws),
		cmocka_unit_test(test_refuses),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
