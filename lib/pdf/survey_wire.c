/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/wire.h"
#include "pdf/survey.h"

#define CONTENTS_MAX ((size_t)64 << 20)

/* Of the years 0 to 9999. */
#define TIME_MIN INT64_C(-62167219200)
#define TIME_MAX INT64_C(253402300799)

static void put_text(struct buf *b, const char *text)
{
	wire_put_bytes(b, slice_str(text));
}

/* In the order that get_box reads. */
static void put_box(const struct pdf_survey_box *box, struct buf *b)
{
	size_t i;

	wire_put_u32(b, box->revision);
	wire_put_u32(b, box->page);
	for (i = 0; i < 4; i++)
		wire_put_double(b, box->box[i]);
	wire_put_u8(b, box->covers);
	put_text(b, box->what);
}

/* In the order that get_signature reads. */
static void put_signature(const struct pdf_survey_signature *sig, struct buf *b)
{
	size_t i;

	put_text(b, sig->field);
	put_text(b, sig->sub_filter_name);
	wire_put_u8(b, sig->sub_filter);
	wire_put_u8(b, sig->document_timestamp);
	wire_put_u32(b, sig->revision);
	wire_put_u8(b, sig->coverage);
	wire_put_u8(b, sig->changes_after);
	wire_put_u8(b, sig->has_byte_range);
	for (i = 0; i < 4; i++)
		wire_put_u64(b, sig->byte_range[i]);
	wire_put_u8(b, sig->sound);
	wire_put_bytes(b, sig->contents);
	wire_put_u8(b, sig->has_more);
	wire_put_bytes(b, sig->certificates);
	put_text(b, sig->vri_key);
	wire_put_u8(b, sig->has_signing_time);
	wire_put_u64(b, (uint64_t)sig->signing_time);
	wire_put_u32(b, (uint32_t)sig->finding_count);
	for (i = 0; i < sig->finding_count; i++) {
		wire_put_u8(b, sig->findings[i].severity);
		put_text(b, sig->findings[i].id);
		put_text(b, sig->findings[i].message);
	}
	wire_put_u32(b, (uint32_t)sig->box_count);
	for (i = 0; i < sig->box_count; i++)
		put_box(&sig->boxes[i], b);
	wire_put_u8(b, sig->covers_unlisted);
}

void pdf_survey_write(const struct pdf_survey *s, struct buf *out)
{
	size_t i;

	wire_put_u32(out, s->revisions);
	for (i = 0; i < s->revisions; i++)
		wire_put_u64(out, s->ends[i]);
	wire_put_u32(out, (uint32_t)s->signature_count);
	for (i = 0; i < s->signature_count; i++)
		put_signature(&s->signatures[i], out);
	wire_put_u32(out, (uint32_t)s->value_count);
	for (i = 0; i < s->value_count; i++) {
		wire_put_u8(out, s->values[i].kind);
		wire_put_u32(out, s->values[i].revision);
		wire_put_bytes(out, s->values[i].der);
	}
}

/* ---- reading ---- */

/* What is read, and where it is kept; out of memory is told apart from what
 * is malformed. */
struct reader {
	struct slice in;
	struct pdf_arena *arena;
	bool no_memory;
};

/* Copied: the message may be gone before the survey is.  A length over max is
 * refused before any memory is taken. */
static bool get_bytes(struct reader *r, size_t max, struct slice *out)
{
	struct slice found;

	if (!wire_get_bytes(&r->in, max, &found))
		return false;
	out->len = found.len;
	out->data = pdf_arena_copy(r->arena, found.data, found.len);
	r->no_memory = r->no_memory || out->data == NULL;
	return out->data != NULL;
}

/* A text without NUL, ended by one. */
static bool get_text(struct reader *r, size_t max, const char **out)
{
	struct slice found;
	char *copy;

	if (!wire_get_bytes(&r->in, max, &found) ||
	    (found.len > 0 && memchr(found.data, 0, found.len) != NULL))
		return false;
	copy = pdf_arena_alloc(r->arena, found.len + 1);
	r->no_memory = r->no_memory || copy == NULL;
	if (copy == NULL)
		return false;
	if (found.len > 0)
		memcpy(copy, found.data, found.len);
	*out = copy;
	return true;
}

/* A list of count items, each of at least one byte on the wire, so that no
 * more memory is taken than the message justifies. */
static void *get_list(struct reader *r, size_t max, size_t size, size_t *count)
{
	uint32_t n;
	void *list;

	if (!wire_get_u32(&r->in, &n) || n > max || n > r->in.len)
		return NULL;
	list = pdf_arena_alloc(r->arena, (n + 1) * size);
	r->no_memory = r->no_memory || list == NULL;
	*count = n;
	return list;
}

/* The lengths are those that pdf_survey_find keeps to. */
static bool get_finding(struct reader *r, struct pdf_finding *f)
{
	unsigned severity;

	if (!wire_get_enum(&r->in, PDF_SEVERITY_COUNT, &severity))
		return false;
	f->severity = (enum pdf_severity)severity;
	return get_text(r, PDF_FINDING_ID, &f->id) &&
	       get_text(r, PDF_FINDING_MESSAGE, &f->message);
}

/* Each item is read into zeroed memory, and what is read of a bad message is
 * freed with the arena. */
static bool get_findings(struct reader *r, struct pdf_survey_signature *sig)
{
	size_t i;

	sig->findings = get_list(r, PDF_SURVEY_FINDINGS, sizeof(*sig->findings),
				 &sig->finding_count);
	for (i = 0; sig->findings != NULL && i < sig->finding_count; i++) {
		if (!get_finding(r, &sig->findings[i]))
			return false;
	}
	return sig->findings != NULL;
}

/* A page is shown counted from 1, so that the largest number must leave room
 * for that.  Coordinates that are no numbers fail the comparison of
 * wire_get_double or the bound. */
static bool get_box(struct reader *r, uint32_t revisions,
		    struct pdf_survey_box *box)
{
	size_t i;

	if (!wire_get_u32(&r->in, &box->revision) ||
	    box->revision >= revisions || !wire_get_u32(&r->in, &box->page) ||
	    box->page == UINT32_MAX)
		return false;
	for (i = 0; i < 4; i++) {
		if (!wire_get_double(&r->in, &box->box[i]) ||
		    fabs(box->box[i]) > PDF_SURVEY_COORDINATE)
			return false;
	}
	return wire_get_bool(&r->in, &box->covers) &&
	       get_text(r, PDF_CHANGE_WHAT - 1, &box->what);
}

/* The bound is above what the parser lists (PDF_CHANGE_BOXES): it limits
 * memory, not meaning. */
static bool get_boxes(struct reader *r, uint32_t revisions,
		      struct pdf_survey_signature *sig)
{
	size_t i;

	sig->boxes = get_list(r, PDF_SURVEY_BOXES, sizeof(*sig->boxes),
			      &sig->box_count);
	for (i = 0; sig->boxes != NULL && i < sig->box_count; i++) {
		if (!get_box(r, revisions, &sig->boxes[i]))
			return false;
	}
	return sig->boxes != NULL;
}

/* Sound without a ByteRange is a contradiction: the judge would hash four
 * zeros.  Whether the numbers fit the file is held against the file itself
 * (pdf_survey_confirm). */
static bool get_range(struct reader *r, struct pdf_survey_signature *sig)
{
	size_t i;

	if (!wire_get_bool(&r->in, &sig->has_byte_range))
		return false;
	for (i = 0; i < 4; i++) {
		if (!wire_get_u64(&r->in, &sig->byte_range[i]))
			return false;
	}
	return wire_get_bool(&r->in, &sig->sound) &&
	       (sig->has_byte_range || !sig->sound);
}

/* get_text has bounded the length: it fits with its NUL. */
static bool get_key(struct reader *r, char key[PDF_DSS_KEY])
{
	const char *text;

	if (!get_text(r, PDF_DSS_KEY - 1, &text))
		return false;
	memcpy(key, text, strlen(text) + 1);
	return true;
}

/* Every enumeration, index and time is checked here, so that a judge can use
 * them as they are. */
static bool get_signature(struct reader *r, uint32_t revisions,
			  struct pdf_survey_signature *sig)
{
	unsigned sub_filter, coverage, changes;
	uint64_t time;

	if (!get_text(r, PDF_SURVEY_NAME, &sig->field) ||
	    !get_text(r, PDF_SURVEY_NAME, &sig->sub_filter_name) ||
	    !wire_get_enum(&r->in, PDF_SUB_FILTER_X509_RSA_SHA1 + 1,
			   &sub_filter) ||
	    !wire_get_bool(&r->in, &sig->document_timestamp) ||
	    !wire_get_u32(&r->in, &sig->revision) ||
	    sig->revision >= revisions ||
	    !wire_get_enum(&r->in, PDF_COVERS_FILE + 1, &coverage) ||
	    !wire_get_enum(&r->in, PDF_CHANGE_OTHER + 1, &changes) ||
	    !get_range(r, sig) || !get_bytes(r, CONTENTS_MAX, &sig->contents) ||
	    !wire_get_bool(&r->in, &sig->has_more) ||
	    !get_bytes(r, PDF_SURVEY_CERTIFICATES, &sig->certificates) ||
	    !get_key(r, sig->vri_key) ||
	    !wire_get_bool(&r->in, &sig->has_signing_time) ||
	    !wire_get_u64(&r->in, &time))
		return false;
	sig->sub_filter = (enum pdf_sub_filter)sub_filter;
	sig->coverage = (enum pdf_coverage)coverage;
	sig->changes_after = (enum pdf_change)changes;
	sig->signing_time = (int64_t)time;
	if (sig->signing_time < TIME_MIN || sig->signing_time > TIME_MAX)
		return false;
	return get_findings(r, sig) && get_boxes(r, revisions, sig) &&
	       wire_get_bool(&r->in, &sig->covers_unlisted);
}

/* left is of all values together: a message of many large ones is refused
 * before they are copied. */
static bool get_value(struct reader *r, uint32_t revisions, size_t *left,
		      struct pdf_survey_value *value)
{
	unsigned kind;

	if (!wire_get_enum(&r->in, PDF_VALUE_COUNT, &kind) ||
	    !wire_get_u32(&r->in, &value->revision) ||
	    value->revision >= revisions || !get_bytes(r, *left, &value->der))
		return false;
	value->kind = (enum pdf_value_kind)kind;
	*left -= value->der.len;
	return true;
}

/* Revisions come first, as everything that follows names one of them.  As many
 * as a document may have sections, and at least one. */
static bool get_ends(struct reader *r, struct pdf_survey *out)
{
	uint32_t i;

	if (!wire_get_u32(&r->in, &out->revisions) || out->revisions == 0 ||
	    out->revisions > PDF_MAX_SECTIONS)
		return false;
	out->ends =
		pdf_arena_alloc(r->arena, out->revisions * sizeof(*out->ends));
	r->no_memory = r->no_memory || out->ends == NULL;
	for (i = 0; out->ends != NULL && i < out->revisions; i++) {
		if (!wire_get_u64(&r->in, &out->ends[i]))
			return false;
	}
	return out->ends != NULL;
}

/* Bytes behind the last value are no part of a survey: whoever wrote them
 * erred, or tries something. */
static bool get_survey(struct reader *r, struct pdf_survey *out)
{
	size_t i, left = PDF_SURVEY_VALUE_BYTES;

	if (!get_ends(r, out))
		return false;
	out->signatures =
		get_list(r, PDF_SURVEY_SIGNATURES, sizeof(*out->signatures),
			 &out->signature_count);
	for (i = 0; out->signatures != NULL && i < out->signature_count; i++) {
		if (!get_signature(r, out->revisions, &out->signatures[i]))
			return false;
	}
	if (out->signatures == NULL)
		return false;
	out->values = get_list(r, PDF_SURVEY_VALUES, sizeof(*out->values),
			       &out->value_count);
	for (i = 0; out->values != NULL && i < out->value_count; i++) {
		if (!get_value(r, out->revisions, &left, &out->values[i]))
			return false;
	}
	return out->values != NULL && r->in.len == 0;
}

enum deed_status pdf_survey_read(struct slice in, struct pdf_survey *out,
				 struct deed_error *err)
{
	struct reader r = { .in = in, .arena = &out->arena };

	*out = (struct pdf_survey){ .arena = PDF_ARENA_INIT };
	if (get_survey(&r, out))
		return DEED_OK;
	pdf_survey_clear(out);
	if (r.no_memory)
		return deed_error_memory(err);
	return deed_error_set(err, DEED_MALFORMED,
			      "a survey of a PDF is malformed");
}
