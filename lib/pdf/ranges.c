/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/ranges.h"

#include <stdlib.h>

static enum deed_status update(void *arg, struct slice window,
			       struct deed_error *err)
{
	(void)err;
	digest_update(arg, window.data, window.len);
	return DEED_OK;
}

/* In the order of the gaps the common prefix is hashed once, and copied where
 * each range leaves it. */
static int by_gap(const void *a, const void *b)
{
	const struct pdf_range *const *x = a, *const *y = b;

	return ((*x)->first_len > (*y)->first_len) -
	       ((*x)->first_len < (*y)->first_len);
}

/* From the digest of everything before the gap. */
static enum deed_status finish_range(const struct pdf_input *in,
				     const struct digest *prefix,
				     struct pdf_range *r,
				     struct deed_error *err)
{
	enum deed_status status;
	struct digest *d;

	status = digest_copy(prefix, &d, err);
	if (status != DEED_OK)
		return status;
	status =
		pdf_input_each(in, r->second_at, r->second_len, update, d, err);
	if (status == DEED_OK)
		digest_final(d, r->digest);
	digest_free(d);
	return status;
}

/* Sorted by pointers, so that the caller's order stays.  One pass over the
 * prefix serves all ranges; each second range is read by itself. */
enum deed_status pdf_digest_ranges(const struct pdf_input *in,
				   enum digest_alg alg,
				   struct pdf_range *ranges, size_t count,
				   uint8_t *whole, struct deed_error *err)
{
	struct pdf_range **order = NULL;
	struct digest *prefix = NULL;
	enum deed_status status;
	uint64_t at = 0;
	size_t i;

	order = calloc(count + 1, sizeof(*order));
	if (order == NULL)
		return deed_error_memory(err);
	for (i = 0; i < count; i++)
		order[i] = &ranges[i];
	if (count > 1)
		qsort(order, count, sizeof(*order), by_gap);
	status = digest_new(alg, &prefix, err);
	for (i = 0; status == DEED_OK && i < count; i++) {
		status = pdf_input_each(in, at, order[i]->first_len - at,
					update, prefix, err);
		at = order[i]->first_len;
		if (status == DEED_OK)
			status = finish_range(in, prefix, order[i], err);
	}
	if (status == DEED_OK && whole != NULL) {
		status = pdf_input_each(in, at, pdf_input_size(in) - at, update,
					prefix, err);
		if (status == DEED_OK)
			digest_final(prefix, whole);
	}
	digest_free(prefix);
	free(order);
	return status;
}
