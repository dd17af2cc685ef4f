/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_RAW_H
#define DEED_PDF_RAW_H

#include "pdf/document.h"

/*
 * Signature dictionaries as they stand in the bytes of a file, whether or not
 * any table leads to them: for a file that cannot be read, and for revisions
 * that a file leaves out of its history.  The file is passed once for the word
 * /ByteRange; a dictionary is looked for before it, PDF_RAW_BACK bytes at
 * most.
 */
#define PDF_RAW_BACK ((size_t)1 << 20)
#define PDF_RAW_MAX 4096

struct pdf_raw {
	struct pdf_ref ref; /* "N G obj" */
	/* With /ByteRange and /Contents; its objects live in the arena. */
	const struct pdf_object *dict;
};

typedef enum deed_status pdf_raw_fn(void *arg, const struct pdf_raw *raw,
				    struct deed_error *err);

struct pdf_core;
enum deed_status pdf_raw_each(struct pdf_core *core, struct pdf_arena *arena,
			      pdf_raw_fn *fn, void *arg,
			      struct deed_error *err) DEED_MUST_USE;

#endif
