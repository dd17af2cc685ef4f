/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_WRITE_OBJECT_H
#define DEED_PDF_WRITE_OBJECT_H

#include "base/buf.h"
#include "pdf/object.h"

/*
 * Append an object as PDF syntax.  What was read from a file and is written
 * again parses to an equal object; reals keep their digits.  Long
 * dictionaries and arrays are broken into lines of less than 255 bytes where
 * that is possible.
 *
 * A stream gets its dictionary, "stream", its bytes and "endstream" if it was
 * built by pdf_new_stream; of a stream that was read only the dictionary is
 * written: its bytes are in the input, and the caller copies them.
 *
 * No memory shows in the buffer's status.
 */
void pdf_write_object(const struct pdf_object *obj, struct buf *out);

/* "num gen obj", the object, "endobj", each on a line. */
void pdf_write_indirect(struct pdf_ref ref, const struct pdf_object *obj,
			struct buf *out);

#endif
