/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/scan.h"

#include <stdlib.h>
#include <string.h>

struct scan {
	const char *word;
	size_t len, rare;
	pdf_scan_fn *fn;
	void *arg;
};

/* Words that begin in [first, last) of the data, which stands at byte at. */
static enum deed_status look(const struct scan *s, struct slice data,
			     uint64_t at, size_t first, size_t last,
			     struct deed_error *err)
{
	const uint8_t *p = data.data + first + s->rare, *end, *found;
	enum deed_status status = DEED_OK;
	struct pdf_hit hit;

	if (data.len < first + s->len)
		return DEED_OK;
	if (last > data.len - s->len + 1)
		last = data.len - s->len + 1;
	end = data.data + last + s->rare;
	while (status == DEED_OK && p < end) {
		found = memchr(p, s->word[s->rare], (size_t)(end - p));
		if (found == NULL)
			break;
		p = found + 1;
		if (memcmp(found - s->rare, s->word, s->len) != 0)
			continue;
		hit.word = found - s->rare;
		hit.before = (size_t)(hit.word - data.data);
		hit.after = data.len - hit.before;
		hit.at = at + hit.before;
		status = s->fn(s->arg, &hit, err);
	}
	return status;
}

/* Windows overlap by what may be read before and after a word; a word belongs
 * to the window that it begins in, so that none is told twice. */
enum deed_status pdf_scan(const struct pdf_input *in, uint64_t from,
			  const char *word, size_t rare, pdf_scan_fn *fn,
			  void *arg, struct deed_error *err)
{
	struct scan s = { word, strlen(word), rare, fn, arg };
	struct slice all = pdf_input_memory(in);
	uint64_t size = pdf_input_size(in), at, low, high;
	enum deed_status status = DEED_OK;
	uint8_t *window;

	if (from >= size)
		return DEED_OK;
	if (all.data != NULL)
		return look(&s, all, 0, (size_t)from, all.len, err);
	window = malloc(PDF_SCAN_BEFORE + PDF_INPUT_WINDOW + PDF_SCAN_AFTER);
	if (window == NULL)
		return deed_error_memory(err);
	for (at = from; status == DEED_OK && at < size;
	     at += PDF_INPUT_WINDOW) {
		low = at > PDF_SCAN_BEFORE ? at - PDF_SCAN_BEFORE : 0;
		high = at + PDF_INPUT_WINDOW + PDF_SCAN_AFTER;
		if (high > size)
			high = size;
		status = pdf_input_read(in, low, window, (size_t)(high - low),
					err);
		if (status == DEED_OK)
			status = look(
				&s, slice_of(window, (size_t)(high - low)), low,
				(size_t)(at - low),
				(size_t)(at - low) + PDF_INPUT_WINDOW, err);
	}
	free(window);
	return status;
}
