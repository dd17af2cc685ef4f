/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/jpeg.h"

/* Markers (T.81 table B.1), without their 0xff. */
enum {
	SOF0 = 0xc0, /* baseline; behind it sequential, Huffman */
	SOF2 = 0xc2, /* progressive, Huffman */
	DHT = 0xc4,
	SOF15 = 0xcf,
	RST0 = 0xd0,
	RST7 = 0xd7,
	SOI = 0xd8,
	EOI = 0xd9,
	SOS = 0xda,
	DQT = 0xdb,
	DRI = 0xdd,
	APP0 = 0xe0,
	APP1 = 0xe1,
	APP14 = 0xee,
	APP15 = 0xef,
	COM = 0xfe,
};

#define EXIF_ENTRIES 256
#define ORIENTATION 0x112
#define ADOBE 12 /* octets of an Adobe segment */

struct walk {
	struct slice rest;
	struct jpeg *out;
	unsigned frame; /* SOF0 to SOF2; 0: none yet */
	uint8_t ids[3]; /* of the components */
	unsigned scans;
	bool adobe;
};

static unsigned two(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static enum deed_status damaged(struct deed_error *err)
{
	return deed_error_set(err, DEED_MALFORMED,
			      "the image is a damaged JPEG");
}

static void skip(struct walk *w, size_t len)
{
	w->rest = slice_of(w->rest.data + len, w->rest.len - len);
}

/* ---- segments ---- */

/* B.2.2 */
static enum deed_status take_frame(struct walk *w, unsigned marker,
				   struct slice body, struct deed_error *err)
{
	struct jpeg *out = w->out;
	unsigned i;

	if (w->frame != 0 || body.len < 6)
		return damaged(err);
	out->height = two(body.data + 1);
	out->width = two(body.data + 3);
	out->components = body.data[5];
	if (body.data[0] != 8 || (out->components != 1 && out->components != 3))
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the image is a JPEG of %u components of "
				      "%u bits: expected 1 or 3 of 8",
				      out->components, body.data[0]);
	if (body.len != 6 + (size_t)3 * out->components || out->width == 0 ||
	    out->height == 0)
		return damaged(err);
	for (i = 0; i < out->components; i++) {
		const uint8_t *c = body.data + 6 + (size_t)3 * i;

		if (c[1] >> 4 < 1 || c[1] >> 4 > 4 || (c[1] & 15) < 1 ||
		    (c[1] & 15) > 4 || c[2] > 3)
			return damaged(err);
		w->ids[i] = c[0];
	}
	w->frame = marker;
	return DEED_OK;
}

/* B.2.4.1 */
static bool quantization_holds(struct slice body)
{
	size_t at = 0;

	while (at < body.len) {
		unsigned how = body.data[at];

		if (how >> 4 > 1 || (how & 15) > 3)
			return false;
		at += 1 + (size_t)64 * (1 + (how >> 4));
	}
	return at == body.len && at > 0;
}

/* B.2.4.2 */
static bool huffman_holds(struct slice body)
{
	size_t at = 0, codes, i;

	while (at + 17 <= body.len) {
		if (body.data[at] >> 4 > 1 || (body.data[at] & 15) > 3)
			return false;
		for (codes = 0, i = 1; i <= 16; i++)
			codes += body.data[at + i];
		if (codes == 0 || codes > 256)
			return false;
		at += 17 + codes;
	}
	return at == body.len && at > 0;
}

static bool table_holds(unsigned marker, struct slice body)
{
	if (marker == DHT)
		return huffman_holds(body);
	return marker == DQT ? quantization_holds(body) : body.len == 2;
}

/* B.2.3: are the components of the frame, the tables and what is sent of the
 * coefficients such as its process has? */
static bool scan_holds(const struct walk *w, struct slice body)
{
	unsigned count, first, last, i, j;
	const uint8_t *tail;

	if (w->frame == 0 || body.len < 1)
		return false;
	count = body.data[0];
	if (count < 1 || count > w->out->components ||
	    body.len != 4 + (size_t)2 * count)
		return false;
	for (i = 0; i < count; i++) {
		const uint8_t *c = body.data + 1 + (size_t)2 * i;

		for (j = 0; j < w->out->components && w->ids[j] != c[0]; j++)
			;
		if (j == w->out->components || c[1] >> 4 > 3 || (c[1] & 15) > 3)
			return false;
	}
	tail = body.data + 1 + (size_t)2 * count;
	first = tail[0];
	last = tail[1];
	if (w->frame != SOF2)
		return first == 0 && last == 63 && tail[2] == 0;
	if (first == 0 ? last != 0 : count != 1)
		return false;
	return first <= last && last <= 63 && (tail[2] & 15) <= 13 &&
	       (tail[2] >> 4 == 0 || tail[2] >> 4 == (tail[2] & 15) + 1);
}

/* ---- what a camera says ---- */

/* An Exif segment says itself in which order its bytes are.  At most four of
 * them fit. */
static unsigned number(const uint8_t *p, int bytes, bool little)
{
	unsigned value = 0;
	int i;

	for (i = 0; i < bytes; i++)
		value = value << 8 | p[little ? bytes - 1 - i : i];
	return value;
}

/* The first directory of the TIFF in an Exif segment; what is amiss there
 * says nothing. */
static void take_exif(struct walk *w, struct slice body)
{
	struct slice tiff;
	unsigned at, count, i;
	bool little;

	if (body.len < 14 || memcmp(body.data, "Exif\0\0", 6) != 0)
		return;
	tiff = slice_of(body.data + 6, body.len - 6);
	little = tiff.data[0] == 'I';
	if (number(tiff.data + 2, 2, little) != 42)
		return;
	at = number(tiff.data + 4, 4, little);
	if (at > tiff.len - 2)
		return;
	count = number(tiff.data + at, 2, little);
	for (i = 0; i < count && i < EXIF_ENTRIES; i++) {
		size_t entry = at + 2 + (size_t)12 * i;
		unsigned value;

		if (entry + 12 > tiff.len)
			return;
		value = number(tiff.data + entry + 8, 2, little);
		if (number(tiff.data + entry, 2, little) == ORIENTATION &&
		    value >= 1 && value <= 8)
			w->out->orientation = value;
	}
}

/* ---- the walk ---- */

/* Lengths are written anew, as a segment may be kept in part (Adobe). */
static void keep(struct walk *w, unsigned marker, struct slice body)
{
	struct buf *b = &w->out->data;

	buf_byte(b, 0xff);
	buf_byte(b, (uint8_t)marker);
	buf_byte(b, (uint8_t)((body.len + 2) >> 8));
	buf_byte(b, (uint8_t)(body.len + 2));
	buf_slice(b, body);
}

/* The entropy-coded data behind a scan's header, restarts included. */
static enum deed_status take_coded(struct walk *w, struct deed_error *err)
{
	const uint8_t *p = w->rest.data;
	size_t i = 0;

	for (;;) {
		const uint8_t *ff =
			i < w->rest.len ? memchr(p + i, 0xff, w->rest.len - i)
					: NULL;

		if (ff == NULL || ff + 1 == p + w->rest.len)
			return damaged(err);
		i = (size_t)(ff - p);
		if (p[i + 1] != 0 && !(p[i + 1] >= RST0 && p[i + 1] <= RST7))
			break;
		i += 2;
	}
	buf_slice(&w->out->data, slice_of(p, i));
	skip(w, i);
	return DEED_OK;
}

/* Scans are bounded, as each makes a reader decode the whole picture once
 * more: a small file could keep it busy for minutes. */
static enum deed_status take_scan(struct walk *w, struct slice body,
				  struct deed_error *err)
{
	if (!scan_holds(w, body))
		return damaged(err);
	if (++w->scans > JPEG_SCANS)
		return deed_error_set(err, DEED_LIMIT,
				      "the image is a JPEG of more than %d "
				      "scans",
				      JPEG_SCANS);
	/* By these letters some readers take it for RGB, and some do not. */
	if (!w->adobe && w->out->components == 3 &&
	    memcmp(w->ids, "RGB", 3) == 0)
		return deed_error_set(err, DEED_UNSUPPORTED,
				      "the image is a JPEG of RGB that does "
				      "not say so");
	keep(w, SOS, body);
	return take_coded(w, err);
}

/* What a picture says of itself, its place, its time and its preview, is not
 * put into a document.  Adobe's segment stays, since it says how the colours
 * are to be read, and two of them could say two things. */
static enum deed_status take_segment(struct walk *w, unsigned marker,
				     struct slice body, struct deed_error *err)
{
	enum deed_status status;

	if (marker == APP1)
		take_exif(w, body);
	if (marker == APP14 && body.len >= ADOBE &&
	    memcmp(body.data, "Adobe", 5) == 0) {
		if (w->adobe)
			return damaged(err);
		w->adobe = true;
		keep(w, marker, slice_of(body.data, ADOBE));
		return DEED_OK;
	}
	if ((marker >= APP0 && marker <= APP15) || marker == COM)
		return DEED_OK;
	if (marker == SOS)
		return take_scan(w, body, err);
	if (marker == DHT || marker == DQT || marker == DRI)
		status = table_holds(marker, body) ? DEED_OK : damaged(err);
	else if (marker <= SOF2)
		status = take_frame(w, marker, body, err);
	else if (marker <= SOF15)
		status = deed_error_set(err, DEED_UNSUPPORTED,
					"the image is a JPEG of a process "
					"that PDF does not have");
	else
		status = damaged(err);
	if (status == DEED_OK)
		keep(w, marker, body);
	return status;
}

/* One marker and its segment; *end at the last. */
static enum deed_status step(struct walk *w, bool *end, struct deed_error *err)
{
	unsigned marker, len;
	struct slice body;

	while (w->rest.len > 2 && w->rest.data[0] == 0xff &&
	       w->rest.data[1] == 0xff)
		skip(w, 1);
	if (w->rest.len < 2 || w->rest.data[0] != 0xff)
		return damaged(err);
	marker = w->rest.data[1];
	skip(w, 2);
	*end = marker == EOI;
	if (*end)
		return w->scans > 0 ? DEED_OK : damaged(err);
	if (marker < SOF0 || (marker >= RST0 && marker <= SOI) ||
	    w->rest.len < 2)
		return damaged(err);
	len = two(w->rest.data);
	if (len < 2 || len > w->rest.len)
		return damaged(err);
	body = slice_of(w->rest.data + 2, len - 2);
	skip(w, len);
	return take_segment(w, marker, body, err);
}

enum deed_status jpeg_read(struct slice in, struct jpeg *out,
			   struct deed_error *err)
{
	struct walk w = { .rest = in, .out = out };
	enum deed_status status = DEED_OK;
	bool end = false;

	out->orientation = 1;
	if (in.len < 4 || in.data[0] != 0xff || in.data[1] != SOI)
		return deed_error_set(err, DEED_MALFORMED,
				      "the image is no JPEG");
	skip(&w, 2);
	buf_append(&out->data, "\xff\xd8", 2);
	while (status == DEED_OK && !end)
		status = step(&w, &end, err);
	buf_append(&out->data, "\xff\xd9", 2);
	return status == DEED_OK ? buf_status(&out->data, err) : status;
}
