/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "cms/signed.h"
#include "pdf/changes.h"
#include "pdf/signature.h"
#include "signer.h"

static const char *const samples[] = {
	"contract.pdf",
	"pdf/cairo.pdf",
	"pdf/chromium.pdf",
	"pdf/fields.pdf",
	"pdf/geometry.pdf",
	"pdf/ghostscript-1.3.pdf",
	"pdf/ghostscript-2.0.pdf",
	"pdf/groff.pdf",
	"pdf/hybrid.pdf",
	"pdf/libreoffice.pdf",
	"pdf/pdftex-1.3.pdf",
	"pdf/pdftex.pdf",
	"pdf/qpdf-2.0.pdf",
	"pdf/qpdf-300.pdf",
	"pdf/qpdf-linear.pdf",
	"pdf/qpdf-linear-objstm.pdf",
};

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

/* The last signature covers the file, stands where the result says, and its
 * CMS fills /Contents. */
static void check_last(const struct buf *out, const struct pades_result *r,
		       size_t count)
{
	const struct pdf_signature *last;
	struct pdf_signatures found;
	struct pdf_document *doc;
	struct pdf_changes changes;
	struct cms_signed *sd;
	struct pdf_input *in;
	size_t i;

	assert_ok(pdf_input_from_memory(buf_get(out), "out.pdf", &in, err));
	assert_ok(pdf_open(in, &doc, err));
	assert_ok(pdf_signatures_find(doc, &found, err));
	assert_int_equal(found.count, count);
	last = &found.list[count - 1];
	assert_null(last->problem);
	assert_int_equal(last->coverage, PDF_COVERS_FILE);
	assert_int_equal(last->sub_filter, PDF_SUB_FILTER_CADES_DETACHED);
	assert_string_equal(last->field, r->field);
	assert_memory_equal(last->byte_range, r->byte_range,
			    sizeof(r->byte_range));
	assert_true(last->has_signing_time);
	assert_int_equal(last->signing_time, NOW);
	assert_string_equal(last->reason, "Grund: \xe5\x90\x8c\xe6\x84\x8f");
	assert_ok(cms_signed_parse(last->contents, &sd, err));
	cms_signed_free(sd);
	/* What came after each earlier one is a further signature, no more. */
	for (i = 0; i + 1 < count; i++) {
		assert_null(found.list[i].problem);
		assert_ok(pdf_changes_after(doc, found.list[i].revision,
					    &changes, err));
		if (changes.level > PDF_CHANGE_FORM_FILL)
			fail_msg("signature %zu: %s", i, changes.reason);
	}
	pdf_signatures_clear(&found);
	pdf_close(doc);
	pdf_input_close(in);
}

static void one_after_the_other(void **state)
{
	static const char *const keys[] = { "rsa", "p256", "ed25519", "p384" };
	struct pades_params params = {
		.name = "Signer",
		.reason = "Grund: \xe5\x90\x8c\xe6\x84\x8f",
		.location = "Beijing",
		.time = NOW,
	};
	struct pades_result r;
	struct buf in, out;
	uint8_t hash[32];
	size_t i, k;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		print_message("# %s\n", samples[i]);
		memset(&in, 0, sizeof(in));
		read_data(samples[i], &in);
		for (k = 0; k < 4; k++) {
			memset(&out, 0, sizeof(out));
			assert_ok(sign(&in, keys[k], &params, &out, &r, err));
			assert_int_equal(r.size, out.len);
			assert_true(out.len > in.len);
			assert_memory_equal(out.data, in.data, in.len);
			sha256(buf_get(&out), hash);
			assert_memory_equal(hash, r.sha256, 32);
			check_last(&out, &r, k + 1);
			pades_result_clear(&r);
			buf_clear(&in);
			in = out;
		}
		buf_clear(&in);
	}
}

/* The same input, key and time give the same bytes: ECDSA is deterministic
 * where GnuTLS does it, RSA and Ed25519 always. */
static void reproducible(void **state)
{
	struct pades_params params = { .time = NOW };
	struct buf in = BUF_INIT, a = BUF_INIT, b = BUF_INIT;
	struct pades_result r;

	(void)state;
	read_data("pdf/pdftex.pdf", &in);
	assert_ok(sign(&in, "rsa", &params, &a, &r, err));
	pades_result_clear(&r);
	assert_ok(sign(&in, "rsa", &params, &b, &r, err));
	pades_result_clear(&r);
	assert_true(slice_equal(buf_get(&a), buf_get(&b)));
	buf_clear(&in);
	buf_clear(&a);
	buf_clear(&b);
}

/* A drawing goes where it is asked for; an empty field shows it in its own
 * place. */
static void shown(void **state)
{
	static const char box[] =
		"%PDF-1.4\n"
		"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 144 72]>>"
		"endobj\n"
		"xref\n0 4\n"
		"0000000000 65535 f \n0000000009 00000 n \n"
		"0000000052 00000 n \n0000000101 00000 n \n"
		"trailer<</Size 4/Root 1 0 R>>\nstartxref\n163\n%%EOF\n";
	struct pades_appearance shape = {
		.page = -1,
		.x_mm = 20,
		.y_mm = 10,
		.width_mm = 40,
		.contents = "Signed by \xe7\x8e\x8b",
	};
	struct pades_params params = { .time = NOW, .appearance = &shape };
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct pades_place place;
	struct pdf_document *doc;
	struct pades_result r;
	struct pdf_input *input;

	(void)state;
	shape.pdf = slice_of(box, strlen(box));
	read_data("pdf/fields.pdf", &in);
	assert_ok(pdf_input_from_memory(buf_get(&in), "in", &input, err));
	assert_ok(pdf_open(input, &doc, err));
	assert_ok(pades_find_place(doc, &params, &place, err));
	assert_false(place.field_has_place);
	assert_true(fabs(place.rect.x1 - place.rect.x0 -
			 2 * (place.rect.y1 - place.rect.y0)) < 1e-6);
	params.field = "Buyer";
	assert_ok(pades_find_place(doc, &params, &place, err));
	assert_true(place.field_has_place);
	assert_true(place.rect.x0 == 100 && place.rect.y1 == 660);
	params.field = "Seller";
	assert_status(DEED_REFUSED,
		      pades_find_place(doc, &params, &place, err));
	params.field = NULL;
	shape.page = 2;
	assert_status(DEED_USAGE, pades_find_place(doc, &params, &place, err));
	shape.page = 1;
	shape.x_mm = 190;
	assert_status(DEED_USAGE, sign(&in, "p256", &params, &out, &r, err));
	assert_int_equal(out.len, 0);
	shape.x_mm = 20;
	assert_ok(sign(&in, "p256", &params, &out, &r, err));
	pades_result_clear(&r);
	pdf_close(doc);
	pdf_input_close(input);
	buf_clear(&in);
	buf_clear(&out);
}

static void refused(void **state)
{
	static const char *const bad[] = { "", "x", "%PDF-1.4\n%%EOF\n" };
	struct pades_params params = { .time = NOW };
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct pades_result r;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		buf_reset(&in);
		buf_str(&in, bad[i]);
		assert_status(DEED_MALFORMED,
			      sign(&in, "p256", &params, &out, &r, err));
	}
	buf_reset(&in);
	read_data("pdf/fields.pdf", &in);
	params.field = "Buyer";
	assert_ok(sign(&in, "p256", &params, &out, &r, err));
	pades_result_clear(&r);
	buf_reset(&in);
	assert_status(DEED_REFUSED, sign(&out, "p256", &params, &in, &r, err));
	assert_int_equal(in.len, 0);
	buf_clear(&in);
	buf_clear(&out);
}

/* A field that locks says so in its signature, and then nobody else signs. */
static void locked(void **state)
{
	struct pades_params params = { .time = NOW, .field = "Last" };
	struct buf in = BUF_INIT, one = BUF_INIT, two = BUF_INIT;
	const struct pdf_object *item, *lock;
	struct pdf_signatures found;
	struct pdf_document *doc;
	struct pdf_input *input;
	struct pades_result r;

	(void)state;
	read_data("pdf/fields.pdf", &in);
	assert_ok(sign(&in, "p256", &params, &one, &r, err));
	pades_result_clear(&r);
	assert_ok(pdf_input_from_memory(buf_get(&one), "one", &input, err));
	assert_ok(pdf_open(input, &doc, err));
	assert_ok(pdf_signatures_find(doc, &found, err));
	assert_int_equal(found.count, 1);
	item = pdf_array_get(pdf_dict_get(found.list[0].dict, "Reference"), 0);
	assert_true(
		pdf_is_name(pdf_dict_get(item, "TransformMethod"), "FieldMDP"));
	lock = pdf_dict_get(item, "TransformParams");
	assert_true(pdf_is_name(pdf_dict_get(lock, "Action"), "All"));
	pdf_signatures_clear(&found);
	pdf_close(doc);
	pdf_input_close(input);
	params.field = NULL;
	assert_status(DEED_REFUSED, sign(&one, "p256", &params, &two, &r, err));
	params.field = "Buyer";
	assert_status(DEED_REFUSED, sign(&one, "p256", &params, &two, &r, err));
	buf_clear(&in);
	buf_clear(&one);
	buf_clear(&two);
}

/* A writer that fails ends it, and nothing is said to have been made. */
static enum deed_status full(void *arg, struct slice bytes,
			     struct deed_error *err)
{
	size_t *room = arg;

	if (bytes.len > *room)
		return deed_error_set(err, DEED_NO_SPACE, "full");
	*room -= bytes.len;
	return DEED_OK;
}

static void no_space(void **state)
{
	struct pades_params params = { .time = NOW };
	struct buf in = BUF_INIT;
	struct pades_result r;
	struct file file;
	struct who who;
	size_t room;

	(void)state;
	read_data("pdf/groff.pdf", &in);
	who_open(&who, "p256");
	file_of(&file, &in);
	params.parser = the_parser();
	params.fd = file.fd;
	room = 100;
	assert_status(DEED_NO_SPACE, pades_sign(file.in, &params, &who.signer,
						full, &room, &r, err));
	assert_null(r.field);
	room = in.len;
	assert_status(DEED_NO_SPACE, pades_sign(file.in, &params, &who.signer,
						full, &room, &r, err));
	assert_null(r.field);
	assert_ok(
		pades_sign(file.in, &params, &who.signer, NULL, NULL, &r, err));
	assert_string_equal(r.field, "Signature1");
	pades_result_clear(&r);
	/* Nobody reads it where there is no parser. */
	params.parser = NULL;
	assert_status(
		DEED_INDETERMINATE,
		pades_sign(file.in, &params, &who.signer, NULL, NULL, &r, err));
	file_end(&file);
	who_close(&who);
	buf_clear(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(reproducible),
		cmocka_unit_test(shown),
		cmocka_unit_test(refused),
		cmocka_unit_test(locked),
		cmocka_unit_test(no_space),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
