/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

#include "pdf/import.h"
#include "pdf/looks.h"
#include "pdf/sign_field.h"
#include "pdf/signature.h"

static const uint8_t id[16] = "0123456789abcde";
static const char value[] =
	"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
	"/ByteRange[0 0 0 0]/Contents<00>>>";

/* A document to draw on. */
static const char page[] = "%PDF-1.4\n"
			   "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
			   "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
			   "3 0 obj<</Type/Page/Parent 2 0 R"
			   "/MediaBox[0 0 144 72]>>endobj\n"
			   "xref\n0 4\n"
			   "0000000000 65535 f \n0000000009 00000 n \n"
			   "0000000052 00000 n \n0000000101 00000 n \n"
			   "trailer<</Size 4/Root 1 0 R>>\n"
			   "startxref\n163\n%%EOF\n";

/* What an update makes of a document that was read is read again, and has
 * one revision more; a limit may be reached by it. */
static struct pdf_document *reopen(struct pdf_document *doc,
				   struct pdf_update *u, struct buf *bytes,
				   struct pdf_input **in)
{
	struct pdf_document *after = NULL;
	enum deed_status status;

	if (pdf_update_finish(u, id, bytes, NULL) != DEED_OK)
		return NULL;
	assert(pdf_input_from_memory(buf_get(bytes), "out", in, NULL) ==
	       DEED_OK);
	status = pdf_open(*in, &after, NULL);
	assert(status == DEED_OK || status == DEED_LIMIT);
	if (after != NULL)
		assert(pdf_revision_count(after) ==
		       pdf_revision_count(doc) + 1);
	return after;
}

/* A signature field goes into whatever can be read. */
static void sign(struct pdf_document *doc, struct slice input)
{
	struct pdf_document *after = NULL;
	struct pdf_update *u = NULL;
	struct pdf_sign_field field = { .tooltip = "Signature" };
	struct pdf_input *in = NULL;
	struct buf bytes = BUF_INIT;
	struct pdf_signatures list = { .count = 0 };
	struct pdf_rect rect;
	const char *name;
	size_t at;
	bool found;

	if (pdf_sign_allowed(doc, NULL, NULL) != DEED_OK ||
	    pdf_update_new(doc, &u, NULL) != DEED_OK)
		goto out;
	buf_slice(&bytes, input);
	field.value = pdf_update_reserve(u);
	pdf_update_put_raw(u, field.value, slice_str(value));
	if (pdf_sign_field_add(u, doc, &field, &name, NULL) != DEED_OK ||
	    pdf_looks_settle(u, NULL) != DEED_OK)
		goto out;
	after = reopen(doc, u, &bytes, &in);
	if (after == NULL)
		goto out;
	/* A hostile document may refer to the number that the signature
	 * gets: then anything may be found, but nothing breaks. */
	(void)!pdf_sign_field_find(after, name, &found, &at, &rect, NULL);
	(void)!pdf_signatures_find(after, &list, NULL);
	pdf_signatures_clear(&list);
out:
	pdf_close(after);
	pdf_input_close(in);
	pdf_update_free(u);
	buf_clear(&bytes);
}

/* A page that is imported leaves a sound document, whatever it was. */
static void import(struct slice drawing)
{
	struct pdf_document *doc = NULL, *after = NULL;
	struct pdf_input *in = NULL, *out = NULL;
	const struct pdf_object *form;
	struct buf bytes = BUF_INIT;
	const struct pdf_import_ink ink = { true, true };
	struct pdf_update *u = NULL;
	struct pdf_ref ref;

	buf_str(&bytes, page);
	assert(pdf_input_from_memory(slice_str(page), "page", &in, NULL) ==
	       DEED_OK);
	assert(pdf_open(in, &doc, NULL) == DEED_OK);
	assert(pdf_update_new(doc, &u, NULL) == DEED_OK);
	if (pdf_import_page(u, drawing, "drawing", 90, 2, ink, &ref, NULL) !=
	    DEED_OK)
		goto out;
	after = reopen(doc, u, &bytes, &out);
	if (after != NULL) {
		assert(pdf_get_object(after, ref, &form, NULL) == DEED_OK);
		assert(pdf_is(form, PDF_STREAM));
	}
out:
	pdf_close(after);
	pdf_input_close(out);
	pdf_update_free(u);
	pdf_close(doc);
	pdf_input_close(in);
	buf_clear(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = slice_of(data, size);
	struct pdf_document *doc = NULL;
	struct pdf_input *in;

	if (pdf_input_from_memory(input, "in", &in, NULL) != DEED_OK)
		return 0;
	if (pdf_open(in, &doc, NULL) == DEED_OK) {
		sign(doc, input);
		import(input);
	}
	pdf_close(doc);
	pdf_input_close(in);
	return 0;
}
