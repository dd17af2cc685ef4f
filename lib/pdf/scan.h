/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_SCAN_H
#define DEED_PDF_SCAN_H

#include "pdf/input.h"

/*
 * Where a word stands in a file, however often: its bytes are passed once, in
 * windows, and each place is told in its turn.  For the files of this floor.
 */
struct pdf_hit {
	uint64_t at;	     /* of the word, from the file's first byte */
	const uint8_t *word; /* the word, during the call */
	size_t before;	     /* bytes that can be read before it … */
	size_t after;	     /* … and from it on */
};

/* So many bytes around a word can be read, where the file has them. */
#define PDF_SCAN_BEFORE 256
#define PDF_SCAN_AFTER 128

/* An answer other than DEED_OK ends the scan. */
typedef enum deed_status pdf_scan_fn(void *arg, const struct pdf_hit *hit,
				     struct deed_error *err);

/* From byte "from" on.  rare is the index of the letter to look for first: one
 * that is rare in a PDF, which is several times as fast as memmem. */
enum deed_status pdf_scan(const struct pdf_input *in, uint64_t from,
			  const char *word, size_t rare, pdf_scan_fn *fn,
			  void *arg, struct deed_error *err) DEED_MUST_USE;

#endif
