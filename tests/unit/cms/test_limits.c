/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "cms/signed.h"
#include "codec/der.h"

/* A SignerInfo with so many signed attributes, each with so many values. */
static void build(unsigned attributes, unsigned values, struct buf *out)
{
	static const uint8_t key_id[] = { 1, 2, 3, 4 };
	struct der_writer w;
	unsigned i, k;

	buf_reset(out);
	der_writer_init(&w, out);
	der_begin(&w, DER_SEQUENCE);
	der_put_uint64(&w, 3);
	der_put(&w, DER_CONTEXT(0), slice_of(key_id, sizeof(key_id)));
	der_put_algorithm(&w, OID_SHA256, false);
	der_begin(&w, DER_CONTEXT_CONS(0));
	for (i = 0; i < attributes; i++) {
		der_begin(&w, DER_SEQUENCE);
		der_put_oid(&w, OID_COMMITMENT_TYPE);
		der_begin(&w, DER_SET);
		/* Downwards: none is in the order of DER. */
		for (k = values; k > 0; k--)
			der_put_uint64(&w, k);
		der_end(&w);
		der_end(&w);
	}
	der_end(&w);
	der_put_algorithm(&w, OID_ECDSA_SHA256, false);
	der_put_octets(&w, slice_str("value"));
	der_end(&w);
	assert_ok(der_writer_status(&w, err));
}

static void test_attributes(void **state)
{
	static const struct {
		unsigned attributes, values;
		enum deed_status status;
	} cases[] = {
		{ 1, 2, DEED_OK },
		{ CMS_ATTRIBUTES, 3, DEED_OK },
		{ CMS_ATTRIBUTES + 1, 1, DEED_LIMIT },
		{ 2, CMS_VALUES, DEED_OK },
		{ 1, CMS_VALUES + 1, DEED_LIMIT },
	};
	struct buf der = BUF_INIT, attrs = BUF_INIT, again = BUF_INIT;
	struct cms_signer s;
	struct slice whole;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		build(cases[i].attributes, cases[i].values, &der);
		assert_status(cases[i].status,
			      cms_signer_parse(buf_get(&der), &s, err));
		if (cases[i].status != DEED_OK)
			continue;
		assert_false(s.signed_attrs.sorted);
		whole = s.signed_attrs.whole;
		buf_reset(&attrs);
		buf_reset(&again);
		cms_signed_attrs_der(&s, &attrs);
		cms_signed_attrs_stored(&s, &again);
		assert_int_equal(attrs.len, whole.len);
		assert_int_equal(again.len, whole.len);
		assert_memory_equal(again.data + 1, whole.data + 1,
				    whole.len - 1);
		assert_memory_not_equal(attrs.data, again.data, whole.len);
		cms_signer_clear(&s);
	}
	buf_clear(&der);
	buf_clear(&attrs);
	buf_clear(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_attributes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
