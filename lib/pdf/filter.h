/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_FILTER_H
#define DEED_PDF_FILTER_H

#include "base/buf.h"
#include "base/error.h"

/*
 * Stream filters (ISO 32000-2 7.4), each from memory to the end of a buffer
 * that never grows past max bytes in all (DEED_LIMIT).  Wrong input is
 * DEED_MALFORMED; a Flate stream must be whole and have the right checksum.
 */
struct pdf_predictor {
	int predictor; /* 1 none, 2 TIFF, 10 to 15 PNG */
	int colors, bits, columns;
};

#define PDF_PREDICTOR_NONE \
	{                  \
		1, 1, 8, 1 \
	}

enum deed_status pdf_flate(struct slice in, size_t max, struct buf *out,
			   struct deed_error *err) DEED_MUST_USE;
enum deed_status pdf_ascii_hex(struct slice in, size_t max, struct buf *out,
			       struct deed_error *err) DEED_MUST_USE;
enum deed_status pdf_ascii85(struct slice in, size_t max, struct buf *out,
			     struct deed_error *err) DEED_MUST_USE;

/* RunLengthDecode, and LZWDecode, whose early is /EarlyChange 1. */
enum deed_status pdf_run_length(struct slice in, size_t max, struct buf *out,
				struct deed_error *err) DEED_MUST_USE;
enum deed_status pdf_lzw(struct slice in, bool early, size_t max,
			 struct buf *out, struct deed_error *err) DEED_MUST_USE;

/* Undo the predictor, in place; the buffer becomes shorter (predictor.c). */
enum deed_status pdf_unpredict(const struct pdf_predictor *p, struct buf *data,
			       struct deed_error *err) DEED_MUST_USE;

#endif
