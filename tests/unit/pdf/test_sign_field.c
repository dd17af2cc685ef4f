/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "pdf/looks.h"
#include "pdf/sign_field.h"
#include "sample.h"

static const char value[] =
	"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
	"/ByteRange[0 0 0 0]/Contents<00>%s>>";

/* Add a field; the value has these further keys. */
static enum deed_status add(struct sample *before, const char *name,
			    const char *keys, struct sample *after,
			    char out[64], struct deed_error *err)
{
	struct pdf_sign_field field = { .name = name };
	struct buf body = BUF_INIT;
	enum deed_status status;
	struct pdf_update *u;
	const char *got;

	assert_ok(pdf_update_new(before->doc, &u, err));
	field.value = pdf_update_reserve(u);
	buf_printf(&body, value, keys);
	pdf_update_put_raw(u, field.value, buf_get(&body));
	status = pdf_sign_field_add(u, before->doc, &field, &got, err);
	if (status == DEED_OK) {
		snprintf(out, 64, "%s", got);
		sample_update(after, before, u);
	}
	buf_clear(&body);
	pdf_update_free(u);
	return status;
}

static const struct pdf_field *field_named(struct sample *s, const char *name)
{
	const struct pdf_field *fields;
	size_t i, count;

	assert_ok(pdf_fields(s->doc, &fields, &count, err));
	for (i = 0; i < count; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

static int64_t sig_flags(struct sample *s)
{
	const struct pdf_object *catalog, *form;
	int64_t flags = 0;

	assert_ok(pdf_catalog(s->doc, &catalog, err));
	assert_ok(pdf_dict_resolve(s->doc, catalog, "AcroForm", &form, err));
	(void)pdf_get_int(pdf_dict_get(form, "SigFlags"), &flags);
	return flags;
}

/* Names are found that nobody has, and what was there stays. */
static void new_fields(void **state)
{
	const struct pdf_object *catalog, *form, *annots;
	struct sample a, b, c, d, e, f;
	struct pdf_page page;
	char name[64];
	bool need;

	(void)state;
	sample_open(&a, "inline.pdf");
	assert_ok(add(&a, NULL, "", &b, name, err));
	assert_string_equal(name, "Signature2");
	assert_ok(add(&b, NULL, "", &c, name, err));
	assert_string_equal(name, "Signature3");
	assert_int_equal(sig_flags(&c), 3);
	/* What is no number of that kind takes none. */
	assert_ok(add(&c, "Signature04", "", &d, name, err));
	assert_ok(add(&d, "Signature5", "", &e, name, err));
	assert_ok(add(&e, NULL, "", &f, name, err));
	assert_string_equal(name, "Signature4");
	sample_close(&f);
	sample_close(&e);
	sample_close(&d);
	assert_non_null(field_named(&c, "Signature1"));
	assert_true(field_named(&c, "Signature2")->in_form);
	assert_ok(pdf_page_get(c.doc, 0, &page, err));
	assert_ok(pdf_dict_resolve(c.doc, page.dict, "Annots", &annots, err));
	assert_int_equal(pdf_array_count(annots), 3);
	assert_ok(pdf_catalog(c.doc, &catalog, err));
	assert_ok(pdf_dict_resolve(c.doc, catalog, "AcroForm", &form, err));
	assert_true(pdf_get_bool(pdf_dict_get(form, "NeedAppearances"), &need));
	assert_true(need);
	sample_close(&c);
	sample_close(&b);
	sample_close(&a);
}

/* The second signature leaves catalog and page alone. */
static void few_changes(void **state)
{
	const struct pdf_object *catalog;
	struct pdf_ref root;
	struct sample a, b, c;
	struct pdf_page page;
	char name[64];

	(void)state;
	sample_open(&a, "cairo.pdf");
	assert_ok(add(&a, NULL, "", &b, name, err));
	assert_ok(add(&b, NULL, "", &c, name, err));
	assert_true(
		pdf_get_ref(pdf_dict_get(pdf_trailer(c.doc), "Root"), &root));
	assert_int_equal(pdf_locate(c.doc, root.num).revision,
			 pdf_revision_count(b.doc) - 1);
	assert_ok(pdf_page_get(c.doc, 0, &page, err));
	assert_int_equal(pdf_locate(c.doc, page.ref.num).revision,
			 pdf_revision_count(b.doc) - 1);
	assert_ok(pdf_catalog(c.doc, &catalog, err));
	assert_true(pdf_is(pdf_dict_get(catalog, "AcroForm"), PDF_REF));
	sample_close(&c);
	sample_close(&b);
	sample_close(&a);
}

static void empty_fields(void **state)
{
	struct sample a, b, c;
	struct pdf_rect rect;
	char name[64];
	size_t page;
	bool found;

	(void)state;
	sample_open(&a, "fields.pdf");
	assert_ok(
		pdf_sign_field_find(a.doc, "Buyer", &found, &page, &rect, err));
	assert_true(found);
	assert_true(rect.x0 == 100 && rect.y1 == 660);
	assert_ok(pdf_sign_field_find(a.doc, "Seller", &found, &page, &rect,
				      err));
	assert_true(found);
	assert_true(rect.x0 == 0 && rect.x1 == 0);
	assert_ok(pdf_sign_field_find(a.doc, "Nobody", &found, &page, &rect,
				      err));
	assert_false(found);
	assert_ok(add(&a, "Buyer", "", &b, name, err));
	assert_string_equal(name, "Buyer");
	assert_ok(add(&b, "Seller", "", &c, name, err));
	assert_status(DEED_REFUSED, pdf_sign_field_find(c.doc, "Buyer", &found,
							&page, &rect, err));
	assert_status(DEED_REFUSED, add(&c, "Seller", "", &b, name, err));
	assert_non_null(field_named(&c, "Seller")->value);
	assert_int_equal(sig_flags(&c), 3);
	sample_close(&c);
	sample_close(&b);
	sample_close(&a);
}

static void bad_names(void **state)
{
	struct sample a, b;
	char name[64];

	(void)state;
	sample_open(&a, "inline.pdf");
	assert_status(DEED_REFUSED, add(&a, "Signature1", "", &b, name, err));
	assert_status(DEED_USAGE, add(&a, "a.b", "", &b, name, err));
	sample_close(&a);
}

/* DocMDP 1 and locks; 2 and 3, and a lock on others, allow another. */
static void permissions(void **state)
{
#define MDP(p)                                             \
	"/Reference[<</Type/SigRef/TransformMethod/DocMDP" \
	"/TransformParams<</Type/TransformParams/V/1.2/P " #p ">>>>]"
#define LOCK(l)                                              \
	"/Reference[<</Type/SigRef/TransformMethod/FieldMDP" \
	"/TransformParams<</Type/TransformParams/V/1.2" l ">>>>]"
	static const struct {
		const char *keys, *field;
		enum deed_status status;
	} tests[] = {
		{ MDP(1), NULL, DEED_REFUSED },
		{ MDP(2), NULL, DEED_OK },
		{ MDP(3), NULL, DEED_OK },
		{ LOCK("/Action/All"), NULL, DEED_REFUSED },
		{ LOCK("/Action/All"), "Seller", DEED_REFUSED },
		{ LOCK("/Action/Include/Fields[(Seller)]"), "Seller",
		  DEED_REFUSED },
		{ LOCK("/Action/Include/Fields[(Other)]"), "Seller", DEED_OK },
		{ LOCK("/Action/Include/Fields[(Seller)]"), NULL, DEED_OK },
		{ LOCK("/Action/Exclude/Fields[(Seller)]"), "Seller", DEED_OK },
		{ LOCK("/Action/Exclude/Fields[(Seller)]"), NULL,
		  DEED_REFUSED },
		{ "", NULL, DEED_OK },
	};
	struct sample a, b;
	char name[64];
	size_t i;

	(void)state;
	sample_open(&a, "fields.pdf");
	assert_ok(pdf_sign_allowed(a.doc, NULL, err));
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		assert_ok(add(&a, "Buyer", tests[i].keys, &b, name, err));
		print_message("# %s\n", tests[i].keys);
		assert_status(tests[i].status,
			      pdf_sign_allowed(b.doc, tests[i].field, err));
		sample_close(&b);
	}
	sample_close(&a);
}

static bool needs_appearances(struct sample *s)
{
	const struct pdf_object *catalog, *form;
	bool needs = false;

	assert_ok(pdf_catalog(s->doc, &catalog, err));
	assert_ok(pdf_dict_resolve(s->doc, catalog, "AcroForm", &form, err));
	(void)pdf_get_bool(pdf_dict_get(form, "NeedAppearances"), &needs);
	return needs;
}

static void settle(struct sample *before, struct sample *after)
{
	struct pdf_update *u;

	assert_ok(pdf_update_new(before->doc, &u, err));
	(void)pdf_update_add(u, pdf_new_int(pdf_update_arena(u), 1));
	assert_ok(pdf_looks_settle(u, err));
	sample_update(after, before, u);
	pdf_update_free(u);
}

/* /NeedAppearances goes before the first signature, and stays after it. */
static void appearances(void **state)
{
	struct sample a, b, c, d;
	struct pdf_update *u;
	char name[64];

	(void)state;
	sample_open(&a, "fields.pdf");
	assert_ok(pdf_update_new(a.doc, &u, err));
	pdf_update_put_raw(u, (struct pdf_ref){ 5, 0 },
			   slice_str("<</NeedAppearances true"
				     "/Fields[6 0 R 8 0 R 9 0 R]>>"));
	sample_update(&b, &a, u);
	pdf_update_free(u);
	assert_true(needs_appearances(&b));
	settle(&b, &c);
	assert_false(needs_appearances(&c));
	sample_close(&c);
	assert_ok(add(&b, "Buyer", "", &c, name, err));
	settle(&c, &d);
	assert_true(needs_appearances(&d));
	sample_close(&d);
	sample_close(&c);
	sample_close(&b);
	sample_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_fields),	cmocka_unit_test(few_changes),
		cmocka_unit_test(empty_fields), cmocka_unit_test(bad_names),
		cmocka_unit_test(permissions),	cmocka_unit_test(appearances),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
