/* SPDX-License-Identifier: Apache-2.0 */
#include "sign/pades_draft.h"

#include "signer.h"

static const struct pades_appearance box = {
	.pdf = { (const uint8_t *)"%PDF-drawing", 12 },
	.page = -1,
	.x_mm = 20.5,
	.y_mm = 30,
	.width_mm = 60,
	.contents = "Signed by 王小明",
};

static const struct pades_params asked = {
	.field = "Buyer",
	.name = "王小明",
	.reason = "agreed",
	.time = NOW,
	.appearance = &box,
	.certify = 2,
};

static void test_order(void **state)
{
	struct pades_draft_order order = {
		.params = &asked, .slot = 8192, .time = NOW, .earlier = true
	};
	const struct pades_params *p;
	const struct pades_appearance *a;
	struct pades_order_read o;
	struct buf b = BUF_INIT;
	struct who who;
	size_t i;

	(void)state;
	who_open(&who, "p256");
	order.digest = DIGEST_SHA384;
	order.chain = who.chain;
	order.chain_count = 1;
	pades_order_write(&order, &b);
	assert_ok(pades_order_read(buf_get(&b), &o, err));
	p = o.order.params;
	assert_ptr_equal(p, &o.params);
	assert_int_equal(o.order.slot, 8192);
	assert_true(o.order.earlier);
	assert_string_equal(p->field, "Buyer");
	assert_string_equal(p->name, "王小明");
	assert_null(p->location);
	assert_int_equal(p->certify, 2);
	assert_false(p->final);
	assert_null(p->augment);
	assert_int_equal(o.order.digest, DIGEST_SHA384);
	assert_int_equal(o.order.chain_count, 1);
	assert_true(cert_equal(o.order.chain[0], who.cert));
	a = p->appearance;
	assert_int_equal(a->page, -1);
	assert_true(a->x_mm > 20.4 && a->x_mm < 20.6);
	assert_string_equal(a->contents, "Signed by 王小明");
	pades_order_clear(&o);
	for (i = 0; i < b.len; i++) {
		assert_status(DEED_MALFORMED,
			      pades_order_read(slice_of(b.data, i), &o, err));
		pades_order_clear(&o);
	}
	buf_reset(&b);
	pades_order_write(&(struct pades_draft_order){ .slot = 100 }, &b);
	assert_ok(pades_order_read(buf_get(&b), &o, err));
	assert_null(o.order.params);
	pades_order_clear(&o);
	buf_clear(&b);
	who_close(&who);
}

static void draft_of(const char *name, const struct pades_draft_order *order,
		     uint64_t *size, struct pades_draft *out)
{
	struct buf bytes = BUF_INIT;
	struct pdf_input *in;

	read_data(name, &bytes);
	assert_ok(pdf_input_from_memory(buf_get(&bytes), name, &in, err));
	assert_ok(pades_draft(in, order, out, err));
	*size = pdf_input_size(in);
	pdf_input_close(in);
	buf_clear(&bytes);
}

/* A draft goes over the wire; one that would put the value elsewhere, or says
 * another ByteRange, is refused. */
static void test_draft(void **state)
{
	const struct pades_params plain = { .time = NOW };
	const struct pades_draft_order order = {
		.params = &plain, .slot = 512, .time = NOW, .earlier = true
	};
	struct pades_draft d = PADES_DRAFT_INIT, again;
	struct buf b = BUF_INIT;
	uint64_t size;
	size_t i;

	(void)state;
	draft_of("pdf/groff.pdf", &order, &size, &d);
	assert_int_equal(d.second - d.first, 2 * 512 + 2);
	assert_int_equal(d.byte_range[1], size + d.first);
	assert_int_equal(d.survey.signature_count, 0);
	pades_draft_write(&d, &b);
	assert_ok(pades_draft_read(buf_get(&b), size, false, &again, err));
	assert_string_equal(again.field, d.field);
	assert_true(slice_equal(buf_get(&again.tail), buf_get(&d.tail)));
	assert_int_equal(again.survey.revisions, d.survey.revisions);
	pades_draft_clear(&again);
	assert_status(DEED_MALFORMED, pades_draft_read(buf_get(&b), size + 1,
						       false, &again, err));
	pades_draft_clear(&again);
	for (i = 0; i < b.len; i += i < 4096 ? 1 : 97) {
		assert_status(DEED_MALFORMED,
			      pades_draft_read(slice_of(b.data, i), size, false,
					       &again, err));
		pades_draft_clear(&again);
	}
	d.tail.data[d.first + 7] = '1';
	buf_reset(&b);
	pades_draft_write(&d, &b);
	assert_status(DEED_MALFORMED,
		      pades_draft_read(buf_get(&b), size, false, &again, err));
	pades_draft_clear(&again);
	d.tail.data[d.first + 7] = '0';
	d.byte_range[3]--;
	buf_reset(&b);
	pades_draft_write(&d, &b);
	assert_status(DEED_MALFORMED,
		      pades_draft_read(buf_get(&b), size, false, &again, err));
	pades_draft_clear(&again);
	buf_clear(&b);
	pades_draft_clear(&d);
}

/* The same signing gives the same bytes; a time-stamp is no signature. */
static void test_same(void **state)
{
	const struct pades_draft_order order = { .slot = 100, .time = NOW };
	struct pades_draft one = PADES_DRAFT_INIT, two = PADES_DRAFT_INIT;
	uint64_t size;

	(void)state;
	draft_of("pdf/pdftex.pdf", &order, &size, &one);
	draft_of("pdf/pdftex.pdf", &order, &size, &two);
	assert_true(slice_equal(buf_get(&one.tail), buf_get(&two.tail)));
	assert_non_null(
		memmem(one.tail.data, one.tail.len, "/DocTimeStamp", 13));
	pades_draft_clear(&one);
	pades_draft_clear(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_draft),
		cmocka_unit_test(test_same),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
