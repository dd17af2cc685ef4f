/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "codec/der.h"
#include "pdf/core.h"
#include "pdf/date.h"
#include "pdf/raw.h"
#include "pdf/survey_priv.h"

struct broken {
	struct pdf_core *core;
	struct pdf_survey *s;
	enum deed_status failed;
	const char *why;
	size_t cap;
};

/* How many there are is not known before: the list doubles in the arena, which
 * frees nothing; all together it is less than twice the last. */
static enum deed_status grow(struct broken *b, struct deed_error *err)
{
	struct pdf_survey *s = b->s;
	struct pdf_survey_signature *list;

	if (s->signature_count < b->cap)
		return DEED_OK;
	if (s->signature_count == PDF_SURVEY_SIGNATURES)
		return deed_error_set(err, DEED_LIMIT,
				      "more than %d signatures",
				      PDF_SURVEY_SIGNATURES);
	b->cap = b->cap == 0 ? 4 : 2 * b->cap;
	list = pdf_arena_alloc(&s->arena, b->cap * sizeof(*list));
	if (list == NULL)
		return deed_error_memory(err);
	if (s->signature_count > 0)
		memcpy(list, s->signatures, s->signature_count * sizeof(*list));
	s->signatures = list;
	return DEED_OK;
}

/* The CMS without its padding; false where other bytes follow it. */
static bool cut(struct slice *c)
{
	struct der_reader r;
	struct slice whole;
	size_t i;

	der_init(&r, *c);
	if (!der_get_element(&r, DER_SEQUENCE, &whole))
		return false;
	for (i = whole.len; i < c->len; i++) {
		if (c->data[i] != 0)
			return false;
	}
	c->len = whole.len;
	return true;
}

/* The caller has seen that there are four items (pdf_raw_each).  The bounds
 * keep sums from wrapping. */
static bool read_range(const struct pdf_object *array, uint64_t r[4])
{
	int64_t value;
	size_t i;

	for (i = 0; i < 4; i++) {
		if (!pdf_get_int(pdf_array_get(array, i), &value) ||
		    value < 0 || (uint64_t)value > PDF_INPUT_MAX)
			return false;
		r[i] = (uint64_t)value;
	}
	return true;
}

/* Does the ByteRange leave out this value and nothing else? */
static bool is_sound(const struct pdf_survey_signature *sig,
		     const struct pdf_object *contents, uint64_t size)
{
	const uint64_t *r = sig->byte_range;

	return sig->has_byte_range && r[0] == 0 && contents->hex &&
	       contents->start == r[1] && contents->end == r[2] &&
	       contents->end - contents->start ==
		       2 * contents->u.text.len + 2 &&
	       r[2] <= size && r[3] <= size - r[2];
}

static enum deed_status take(void *arg, const struct pdf_raw *raw,
			     struct deed_error *err)
{
	const struct pdf_object *contents = pdf_dict_get(raw->dict, "Contents");
	struct broken *b = arg;
	struct pdf_survey_signature *sig;
	uint64_t size = pdf_input_size(b->core->in);
	enum deed_status status = grow(b, err);

	if (status != DEED_OK)
		return status;
	sig = &b->s->signatures[b->s->signature_count++];
	memset(sig, 0, sizeof(*sig));
	sig->has_byte_range = read_range(pdf_dict_get(raw->dict, "ByteRange"),
					 sig->byte_range);
	sig->contents = contents->u.text;
	sig->sound = cut(&sig->contents) && is_sound(sig, contents, size);
	sig->coverage = PDF_COVERS_PARTIAL;
	sig->changes_after =
		sig->sound && sig->byte_range[2] + sig->byte_range[3] == size
			? PDF_CHANGE_NONE
			: PDF_CHANGE_OTHER;
	sig->has_signing_time =
		pdf_date_parse(pdf_get_string(pdf_dict_get(raw->dict, "M")),
			       &sig->signing_time);
	status = pdf_survey_take_value(b->s, raw->dict, "", sig, err);
	if (status != DEED_OK)
		return status;
	/* A file that is too large is not broken. */
	return b->failed == DEED_LIMIT
		       ? pdf_survey_find(b->s, sig, PDF_FINDING_DOUBT,
					 "structure-unread", err,
					 "the file is over a limit: %s", b->why)
		       : pdf_survey_find(b->s, sig, PDF_FINDING_FAIL,
					 "file-broken", err,
					 "the file around this signature "
					 "cannot be read: %s",
					 b->why);
}

/* A core without tables: it serves to read bytes and to count work.  The
 * survey is begun anew, as half of one may be in it. */
enum deed_status pdf_survey_broken(const struct pdf_input *in,
				   enum deed_status failed, const char *why,
				   struct pdf_survey *out,
				   struct deed_error *err)
{
	struct pdf_core *core = calloc(1, sizeof(*core));
	struct broken b = {
		.core = core, .s = out, .failed = failed, .why = why
	};
	enum deed_status status;

	if (core == NULL)
		return deed_error_memory(err);
	core->in = in;
	core->work_max = pdf_work_max(in);
	pdf_survey_clear(out);
	/* All that is there counts as one revision. */
	out->revisions = 1;
	out->ends = pdf_arena_alloc(&out->arena, sizeof(*out->ends));
	status = out->ends == NULL
			 ? deed_error_memory(err)
			 : pdf_raw_each(core, &out->arena, take, &b, err);
	if (status == DEED_OK)
		out->ends[0] = pdf_input_size(in);
	free(core);
	return status;
}
