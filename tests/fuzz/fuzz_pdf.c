/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

#include "pdf/lock.h"
#include "pdf/shadow.h"
#include "pdf/survey.h"
#include "pdf/write_object.h"

/* Whatever is read can be written and compares equal to itself. */
static void walk_objects(struct pdf_document *doc)
{
	const struct pdf_object *o;
	struct pdf_location where;
	struct buf out = BUF_INIT;
	struct pdf_ref ref;
	uint32_t num;

	for (num = 0; num < pdf_next_number(doc) && num < 4096; num++) {
		where = pdf_locate(doc, num);
		ref.num = num;
		ref.gen = where.where == PDF_IN_FILE ? where.gen : 0;
		if (pdf_get_object(doc, ref, &o, NULL) != DEED_OK)
			continue;
		assert(pdf_is(o, PDF_STREAM) || pdf_equal(o, o));
		buf_reset(&out);
		pdf_write_object(o, &out);
		if (!pdf_is(o, PDF_STREAM))
			continue;
		buf_reset(&out);
		if (pdf_stream_decode(doc, o, 1 << 16, &out, NULL) == DEED_OK)
			assert(out.len <= 1 << 16);
	}
	buf_clear(&out);
}

static void walk_pages(struct pdf_document *doc)
{
	const struct pdf_field *fields;
	struct pdf_page page;
	size_t count, i;

	if (pdf_page_count(doc, &count, NULL) == DEED_OK) {
		for (i = 0; i < count; i++)
			(void)!pdf_page_get(doc, i, &page, NULL);
		assert(pdf_page_get(doc, count, &page, NULL) != DEED_OK);
	}
	if (pdf_fields(doc, &fields, &count, NULL) == DEED_OK) {
		for (i = 0; i < count; i++)
			assert(fields[i].name != NULL);
	}
}

static void judge(struct pdf_document *doc, uint64_t size)
{
	struct pdf_signatures list;
	struct pdf_changes changes;
	size_t i;

	if (pdf_signatures_find(doc, &list, NULL) != DEED_OK)
		return;
	for (i = 0; i < list.count; i++) {
		const struct pdf_signature *s = &list.list[i];

		assert(s->revision < pdf_revision_count(doc));
		if (s->problem == NULL) {
			assert(s->byte_range[0] == 0 &&
			       s->byte_range[2] + s->byte_range[3] <= size &&
			       s->coverage != PDF_COVERS_PARTIAL);
		}
		assert(pdf_changes_after(doc, s->revision, &changes, NULL) ==
		       DEED_OK);
		(void)pdf_lock_broken(doc, s, &changes, NULL);
	}
	pdf_signatures_clear(&list);
}

/* What is said of a file holds of its bytes, broken or not. */
static void survey(const struct pdf_input *in)
{
	struct pdf_survey s;

	if (pdf_survey_make(in, &s, NULL) == DEED_OK)
		assert(pdf_survey_confirm(&s, in, NULL) == DEED_OK);
	pdf_survey_clear(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pdf_shadow shadow;
	struct pdf_document *doc;
	struct pdf_input *in;
	size_t i;

	if (pdf_input_from_memory(slice_of(data, size), "fuzz", &in, NULL) !=
	    DEED_OK)
		return 0;
	if (pdf_open(in, &doc, NULL) == DEED_OK) {
		judge(doc, size);
		for (i = 0; i < pdf_revision_count(doc); i++) {
			walk_objects(pdf_at_revision(doc, i));
			walk_pages(pdf_at_revision(doc, i));
		}
		assert(pdf_shadow_look(doc, &shadow, NULL) == DEED_OK);
		pdf_close(doc);
	}
	survey(in);
	pdf_input_close(in);
	return 0;
}
