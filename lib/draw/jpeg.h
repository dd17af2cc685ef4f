/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_DRAW_JPEG_H
#define DEED_DRAW_JPEG_H

#include "base/buf.h"

/*
 * A JPEG (ITU-T T.81) that goes into a PDF as it is, by DCTDecode (ISO
 * 32000-2 7.4.8): nothing is decoded here, and nothing lost.  Its segments are
 * walked and checked one by one, so that what every reader of the PDF is given
 * is sound in its frame: sequential or progressive, Huffman-coded, 8 bits, one
 * component or three, at most JPEG_SCANS scans.  What a camera adds (Exif with
 * its place and time, comments, thumbnails, profiles) is left behind; of it
 * only the orientation is kept, as a number.
 *
 * Linear in the input.  DEED_MALFORMED: it is none, or damaged.
 * DEED_UNSUPPORTED: another kind of JPEG.
 */
#define JPEG_SCANS 100

struct jpeg {
	struct buf data; /* what is kept of it */
	unsigned width, height;
	unsigned components;  /* 1: grey, 3: colour */
	unsigned orientation; /* 1 to 8 (Exif 2.3, tag 0x112) */
};

#define JPEG_INIT                \
	{                        \
		.data = BUF_INIT \
	}

/* out is JPEG_INIT; its data is the caller's to clear, after an error too. */
enum deed_status jpeg_read(struct slice in, struct jpeg *out,
			   struct deed_error *err) DEED_MUST_USE;

#endif
