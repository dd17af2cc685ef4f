/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/raw.h"

#include "pdf/core.h"
#include "pdf/lexer.h"
#include "pdf/scan.h"

#define STEP 4096

struct search {
	struct pdf_core *core;
	struct pdf_arena *arena;
	pdf_raw_fn *fn;
	void *arg;
	uint64_t done; /* what was looked through */
	size_t count;
};

/* "N G" before "obj" at i of the bytes: where it begins. */
static bool head_before(const uint8_t *p, size_t i, size_t *at)
{
	size_t n = i, was;

	while (n > 0 && pdf_is_space(p[n - 1]))
		n--;
	for (was = n; n > 0 && p[n - 1] >= '0' && p[n - 1] <= '9'; n--)
		;
	if (n == was)
		return false;
	for (was = n; n > 0 && pdf_is_space(p[n - 1]); n--)
		;
	if (n == was)
		return false;
	for (was = n; n > 0 && p[n - 1] >= '0' && p[n - 1] <= '9'; n--)
		;
	*at = n;
	return n < was;
}

/* Where the object begins that these bytes belong to. */
static bool find_object(const struct search *s, uint64_t at, uint64_t *out)
{
	uint64_t low = s->done, end = at, from;
	uint8_t window[STEP];
	size_t len, i, start;

	if (at - low > PDF_RAW_BACK)
		low = at - PDF_RAW_BACK;
	while (end > low) {
		from = end - low > STEP ? end - STEP : low;
		len = (size_t)(end - from);
		if (pdf_charge(s->core, len, NULL) != DEED_OK ||
		    pdf_input_read(s->core->in, from, window, len, NULL) !=
			    DEED_OK)
			return false;
		for (i = len; i >= 3; i--) {
			if (memcmp(window + i - 3, "obj", 3) == 0 &&
			    head_before(window, i - 3, &start)) {
				*out = from + start;
				return true;
			}
		}
		/* A head across the border is met in the next window. */
		if (from == low)
			break;
		end = from + 64;
	}
	return false;
}

/* Signatures that no field leads to and no cross-reference knows: what is left
 * of a document that was cut or repaired. */
static enum deed_status take(void *arg, const struct pdf_hit *hit,
			     struct deed_error *err)
{
	struct search *s = arg;
	struct pdf_raw raw;
	struct pdf_object *o;
	enum deed_status status;
	uint64_t at, after;

	if (hit->at < s->done || !find_object(s, hit->at, &at))
		return DEED_OK;
	status = pdf_load_at(NULL, s->core, at, pdf_input_size(s->core->in),
			     s->arena, &raw.ref, &after, &o, NULL);
	if (status == DEED_NO_MEMORY)
		return deed_error_memory(err);
	if (status != DEED_OK || !pdf_is(o, PDF_DICT) ||
	    pdf_array_count(pdf_dict_get(o, "ByteRange")) != 4 ||
	    !pdf_is(pdf_dict_get(o, "Contents"), PDF_STRING))
		return DEED_OK;
	s->done = after;
	if (s->count++ == PDF_RAW_MAX)
		return deed_error_set(err, DEED_LIMIT,
				      "more than %d signatures", PDF_RAW_MAX);
	raw.dict = o;
	return s->fn(s->arg, &raw, err);
}

enum deed_status pdf_raw_each(struct pdf_core *core, struct pdf_arena *arena,
			      pdf_raw_fn *fn, void *arg, struct deed_error *err)
{
	struct search s = {
		.core = core,
		.arena = arena,
		.fn = fn,
		.arg = arg,
	};

	return pdf_scan(core->in, 0, "/ByteRange", 1, take, &s, err);
}
