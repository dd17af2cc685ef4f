/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/core.h"
#include "pdf/xref_priv.h"

/* Cross-reference streams (ISO 32000-2 7.5.8). */

/* Most significant byte first; a width of 0 gives 0, and 8 bytes at most are
 * read. */
static uint64_t field(const uint8_t *p, int width)
{
	uint64_t value = 0;

	while (width-- > 0)
		value = value << 8 | *p++;
	return value;
}

/* Types 0, 1 and 2 (ISO 32000-2 table 18); a type field of no width is 1.  The
 * numbers are checked so that they fit the packed entry. */
static enum deed_status stream_row(struct pdf_core *core, const uint8_t *p,
				   const int w[3], uint32_t num, uint64_t at,
				   struct deed_error *err)
{
	uint64_t type = w[0] == 0 ? 1 : field(p, w[0]);
	uint64_t second = field(p + w[0], w[1]);
	uint64_t third = field(p + w[0] + w[1], w[2]);
	struct pdf_xref_entry entry = {
		.num = num,
		.section = (uint16_t)core->section_count,
	};

	switch (type) {
	case 0:
		entry.gen = third > UINT16_MAX ? UINT16_MAX : (uint16_t)third;
		entry.value = xref_tagged(PDF_FREE, 0);
		break;
	case 1:
		if (third > UINT16_MAX)
			return xref_bad("has an impossible generation", at,
					err);
		if (second >= pdf_input_size(core->in))
			return xref_bad("points past the end of the file", at,
					err);
		entry.gen = (uint16_t)third;
		entry.value =
			second == 0
				? xref_tagged(PDF_FREE, PDF_FREE_AT_ZERO)
				: xref_tagged(PDF_IN_FILE, second + core->base);
		break;
	case 2:
		if (second > PDF_MAX_NUM || third > PDF_MAX_NUM)
			return xref_bad("has an impossible object stream", at,
					err);
		entry.value = xref_tagged(PDF_IN_STREAM, second << 32 | third);
		break;
	default:
		/* 7.5.8.3: a reference to the null object; readers of today
		 * repair the file instead. */
		entry.value = xref_tagged(PDF_FREE, PDF_FREE_UNKNOWN);
	}
	return xref_add(core, entry, err);
}

/* Numbers of [first count …]; the whole of [0 Size] without /Index. */
static enum deed_status read_stream_rows(struct pdf_core *core,
					 const struct pdf_object *dict,
					 struct slice data, uint64_t at,
					 struct deed_error *err)
{
	const struct pdf_object *index = pdf_dict_get(dict, "Index");
	const struct pdf_object *widths = pdf_dict_get(dict, "W");
	int64_t first = 0, count, size, width;
	size_t pairs, pair, row = 0, done = 0;
	enum deed_status status;
	int w[3];
	size_t i;

	if (!pdf_get_int(pdf_dict_get(dict, "Size"), &size) ||
	    pdf_array_count(widths) != 3)
		return xref_bad("has no /Size or /W", at, err);
	for (i = 0; i < 3; i++) {
		if (!pdf_get_int(pdf_array_get(widths, i), &width) ||
		    width < 0 || width > 8)
			return xref_bad("has an impossible /W", at, err);
		w[i] = (int)width;
		row += (size_t)width;
	}
	pairs = index == NULL ? 1 : pdf_array_count(index) / 2;
	if (row == 0 || (index != NULL && pdf_array_count(index) % 2 != 0))
		return xref_bad("has an impossible /W or /Index", at, err);
	count = size;
	for (pair = 0; pair < pairs; pair++) {
		if (index != NULL &&
		    (!pdf_get_int(pdf_array_get(index, 2 * pair), &first) ||
		     !pdf_get_int(pdf_array_get(index, 2 * pair + 1), &count)))
			return xref_bad("has an impossible /Index", at, err);
		if (first < 0 || count < 0 || first > PDF_MAX_NUM ||
		    count > PDF_MAX_NUM + 1 - first)
			return xref_bad("has an impossible object number", at,
					err);
		for (; count > 0; count--) {
			if (data.len - done < row)
				return xref_bad("has too few rows", at, err);
			status = stream_row(core, data.data + done, w,
					    (uint32_t)first++, at, err);
			if (status != DEED_OK)
				return status;
			done += row;
		}
	}
	return DEED_OK;
}

enum deed_status xref_read_stream(struct pdf_core *core, uint64_t at,
				  uint64_t *after, struct pdf_object **trailer,
				  struct deed_error *err)
{
	struct buf data = BUF_INIT;
	struct pdf_object *stream;
	enum deed_status status;
	struct pdf_ref ref;

	status = pdf_load_at(NULL, core, at, pdf_input_size(core->in),
			     &core->arena, &ref, after, &stream, err);
	if (status != DEED_OK)
		return status;
	if (!pdf_is(stream, PDF_STREAM) ||
	    !pdf_is_name(pdf_dict_get(stream, "Type"), "XRef"))
		return xref_bad("is neither a table nor a stream", at, err);
	status = pdf_decode(core, NULL, stream, PDF_MAX_DECODED, &data, err);
	if (status == DEED_OK)
		status =
			read_stream_rows(core, stream, buf_get(&data), at, err);
	buf_clear(&data);
	*trailer = stream;
	return status;
}
