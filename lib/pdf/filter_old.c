/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/filter.h"

/* Filters that nobody writes any more, and old documents have. */

#define LZW_CODES 4096
#define LZW_CLEAR 256
#define LZW_END 257

static enum deed_status too_long(size_t max, struct deed_error *err)
{
	return deed_error_set(err, DEED_LIMIT,
			      "a stream decodes to more than %zu bytes", max);
}

/* The length is looked at before anything is put out, so that no read goes
 * past the end. */
enum deed_status pdf_run_length(struct slice in, size_t max, struct buf *out,
				struct deed_error *err)
{
	size_t i = 0, len, start = out->len;

	while (i < in.len && in.data[i] != 128) {
		bool run = in.data[i] > 128;

		len = run ? 257u - in.data[i] : in.data[i] + 1u;
		i++;
		if (in.len - i < (run ? 1 : len))
			return deed_error_set(err, DEED_MALFORMED,
					      "a run-length stream is cut "
					      "short");
		if (out->len - start + len > max)
			return too_long(max, err);
		if (run)
			buf_fill(out, in.data[i], len);
		else
			buf_append(out, in.data + i, len);
		i += run ? 1 : len;
		if (buf_status(out, NULL) != DEED_OK)
			break;
	}
	return buf_status(out, err);
}

/* ISO 32000-2 7.4.4.2.  A code stands for what was put out at a place. */
struct lzw {
	size_t at[LZW_CODES]; /* in out */
	uint16_t len[LZW_CODES];
	unsigned next;	/* code to be made */
	unsigned width; /* bits of a code */
};

static void lzw_clear(struct lzw *l)
{
	l->next = LZW_END + 1;
	l->width = 9;
}

/* One more entry, and the width from here on. */
static void lzw_add(struct lzw *l, size_t at, size_t len, int early)
{
	if (l->next == LZW_CODES || len > UINT16_MAX)
		return;
	l->at[l->next] = at;
	l->len[l->next] = (uint16_t)len;
	l->next++;
	if (l->next + (unsigned)early >= 1u << l->width && l->width < 12)
		l->width++;
}

static enum deed_status lzw_bad(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED, "an LZW stream is damaged");
}

/* Put a code's bytes out; *len is how many. */
static bool lzw_put(struct lzw *l, unsigned code, size_t previous,
		    struct buf *out, size_t *len)
{
	size_t i, from;

	*len = 1;
	if (code < LZW_CLEAR) {
		buf_byte(out, (uint8_t)code);
		return true;
	}
	if (code >= l->next || previous == SIZE_MAX)
		return false;
	from = l->at[code];
	*len = l->len[code];
	if (buf_reserve(out, *len) == NULL)
		return true; /* the caller asks */
	/* It may end with the byte that is put first. */
	for (i = 0; i < *len; i++)
		buf_byte(out, out->data[from + i]);
	return true;
}

/* The entry for a code may be the one that it completes: it is added before
 * the code is put out (lzw_put). */
enum deed_status pdf_lzw(struct slice in, bool early, size_t max,
			 struct buf *out, struct deed_error *err)
{
	size_t i, previous = SIZE_MAX, here, len, start = out->len;
	uint32_t bits = 0;
	unsigned have = 0, code;
	struct lzw l;

	lzw_clear(&l);
	for (i = 0; i < in.len;) {
		while (have < l.width && i < in.len) {
			bits = bits << 8 | in.data[i++];
			have += 8;
		}
		if (have < l.width)
			break;
		code = bits >> (have - l.width) & ((1u << l.width) - 1);
		have -= l.width;
		if (code == LZW_END)
			return buf_status(out, err);
		if (code == LZW_CLEAR) {
			lzw_clear(&l);
			previous = SIZE_MAX;
			continue;
		}
		here = out->len;
		/* The entry that this code ends: what was put out before,
		 * and one byte of this. */
		if (previous != SIZE_MAX)
			lzw_add(&l, previous, here - previous + 1, early);
		if (!lzw_put(&l, code, previous, out, &len))
			return lzw_bad(err);
		if (buf_status(out, NULL) != DEED_OK)
			return buf_status(out, err);
		if (out->len - start > max)
			return too_long(max, err);
		previous = here;
	}
	/* Some writers leave the end-of-data code out. */
	return buf_status(out, err);
}
