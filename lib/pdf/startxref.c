/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/core.h"
#include "pdf/lexer.h"

/* Where startxref is looked for, from the end: a reader that finds none there
 * repairs the file. */
#define TAIL_SIZE 1024

/* NUL is white space too (ISO 32000-2 table 1), which is how padded files end.
 */
static bool all_space(const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (!pdf_is_space(p[i]))
			return false;
	}
	return true;
}

/* From the end, as the last one counts; the tail is short enough to compare at
 * each place. */
static const uint8_t *find_last(const uint8_t *data, size_t len,
				const char *word)
{
	size_t n = strlen(word), at;

	for (at = len; at >= n; at--) {
		if (!memcmp(data + at - n, word, n))
			return data + at - n;
	}
	return NULL;
}

/* Where the file ends but for NULs and white space. */
static enum deed_status end_of_content(const struct pdf_core *core,
				       uint64_t *out, struct deed_error *err)
{
	uint8_t window[TAIL_SIZE];
	enum deed_status status;
	uint64_t end = pdf_input_size(core->in);
	size_t len;

	while (end > 0) {
		len = end < sizeof(window) ? (size_t)end : sizeof(window);
		status = pdf_input_read(core->in, end - len, window, len, err);
		if (status != DEED_OK)
			return status;
		if (!all_space(window, len)) {
			while (pdf_is_space(window[len - 1])) {
				len--;
				end--;
			}
			break;
		}
		end -= len;
	}
	*out = end;
	return DEED_OK;
}

/* "startxref N" at place at of the tail. */
static bool read_startxref(const uint8_t *tail, size_t len, size_t *at,
			   uint64_t *value)
{
	int digits = 0;

	*at += 9;
	*value = 0;
	while (*at < len && pdf_is_space(tail[*at]))
		++*at;
	for (; *at < len && tail[*at] >= '0' && tail[*at] <= '9'; ++*at) {
		*value = *value * 10 + (uint64_t)(tail[*at] - '0');
		if (++digits > 10)
			return false;
	}
	return digits > 0 && *value != 0;
}

enum deed_status pdf_startxref_find(struct pdf_core *core,
				    struct deed_error *err)
{
	uint64_t size = pdf_input_size(core->in), end, from, value;
	const uint8_t *word, *eof = NULL;
	enum deed_status status;
	uint8_t tail[TAIL_SIZE];
	size_t len, at;

	status = end_of_content(core, &end, err);
	if (status != DEED_OK)
		return status;
	len = end < TAIL_SIZE ? (size_t)end : TAIL_SIZE;
	from = end - len;
	status = pdf_input_read(core->in, from, tail, len, err);
	if (status != DEED_OK)
		return status;
	word = find_last(tail, len, "startxref");
	if (word == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "no startxref in the last %d bytes",
				      TAIL_SIZE);
	at = (size_t)(word - tail);
	core->padded = size - (from + at) > TAIL_SIZE;
	if (!read_startxref(tail, len, &at, &value) ||
	    value >= size - core->base)
		return deed_error_set(err, DEED_MALFORMED,
				      "startxref names no place in the file");
	if (len - at >= 5)
		eof = memmem(tail + at, len - at, "%%EOF", 5);
	if (eof == NULL)
		return deed_error_set(err, DEED_MALFORMED,
				      "no %%%%EOF after the last startxref");
	core->startxref = value + core->base;
	core->eof = from + (uint64_t)(eof - tail) + 5;
	core->tail = eof + 5 != tail + len;
	return DEED_OK;
}
