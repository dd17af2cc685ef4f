/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_STRUCTURE_H
#define DEED_PDF_STRUCTURE_H

#include "pdf/document.h"

/*
 * Can two readers build two documents out of this file?  Readers repair what
 * they find broken, each in its own way, and then take any bytes that look
 * like an object.  So every entry of every cross-reference section is
 * followed, and must lead to the object of its number; what looks like an
 * object, a trailer or a cross-reference stream and belongs to no table is
 * looked for, in streams too.
 *
 * Each fault arises in one revision, and weighs by which a signature covers:
 * what came later than a signature must be whole, while what was signed may be
 * as it is unless it was prepared to be read in two ways.  Of faults that are
 * alike (kind, weight, revision) the first is kept.
 *
 * The file is passed once for each word looked for, every object is read once;
 * what exceeds the document's share of work is a fault too.
 */
enum pdf_fault_kind {
	PDF_FAULT_ENTRY,     /* leads to no object of its number */
	PDF_FAULT_REFERENCE, /* names an object that no table has */
	PDF_FAULT_STRAY,     /* bytes that look like an object or a trailer */
	PDF_FAULT_FILTER,    /* a stream on a page that readers cannot open */
	PDF_FAULT_LIMIT,     /* it could not be looked at */
	PDF_FAULT_KINDS,
};

enum pdf_fault_weight {
	PDF_FAULT_HARMLESS, /* whenever it came */
	PDF_FAULT_LATER,    /* fails the signatures before it */
	PDF_FAULT_PREPARED, /* the same, and casts doubt on those after it */
	PDF_FAULT_WEIGHTS,
};

#define PDF_FAULT_TEXT 160

struct pdf_fault {
	enum pdf_fault_kind kind;
	enum pdf_fault_weight weight;
	uint32_t revision; /* in which it arises */
	uint32_t num;	   /* of the object */
	char text[PDF_FAULT_TEXT];
};

struct pdf_structure {
	struct pdf_fault *list;
	size_t count, cap;
	uint8_t *told; /* a bit for each kind, weight and revision */
};

/* Look, the first time; the answer lives with the document.  Fails for memory
 * and I/O alone. */
enum deed_status pdf_structure_look(struct pdf_document *doc,
				    const struct pdf_structure **out,
				    struct deed_error *err) DEED_MUST_USE;
void pdf_structure_free(struct pdf_structure *s);

#endif
