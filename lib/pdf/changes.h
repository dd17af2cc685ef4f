/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_CHANGES_H
#define DEED_PDF_CHANGES_H

#include "pdf/document.h"

/*
 * What a later revision changed.  Two neighbouring revisions are compared
 * object by object from the trailer on; every object that a reader can reach
 * must be the same, or changed in a way that its place allows.  An object
 * that is reached by two paths is held to the stricter one.
 */
enum pdf_change {
	PDF_CHANGE_NONE,
	PDF_CHANGE_ARCHIVAL,   /* DSS, document time-stamps, metadata */
	PDF_CHANGE_FORM_FILL,  /* a further signature, values of fields */
	PDF_CHANGE_ANNOTATION, /* annotations added, changed or removed */
	PDF_CHANGE_OTHER,      /* anything else: the document is not what was
			   * signed */
};

#define PDF_CHANGE_REASON 200
#define PDF_CHANGE_FILLED 32
#define PDF_CHANGE_BOXES 128
#define PDF_CHANGE_WHAT 160

/* What a later revision put on a page: a signature's box, an annotation, a
 * field that was filled in. */
struct pdf_change_box {
	uint32_t revision; /* from 0; set where the steps are added up */
	uint32_t page;	   /* from 0 */
	double box[4];	   /* left, bottom, right, top as in /Rect, points */
	bool covers;	   /* what covers speaks of, beneath */
	/* UTF-8: "field 'Buyer'", "ink over text by field 'Seal'" */
	char what[PDF_CHANGE_WHAT];
};

struct pdf_changes {
	enum pdf_change level;
	/* For OTHER: what kind of thing was done, as reasons[].id has it
	 * (deed-judging(7)); a string that lives for ever. */
	const char *id;
	/* For OTHER: the first thing that is not allowed, with its object
	 * number ("page content, object 7 0"). */
	char reason[PDF_CHANGE_REASON];
	/* For OTHER: comparing would have gone over a limit, and nothing else
	 * is known. */
	bool limit;
	/* Something was painted over what a reader saw, or a signed
	 * annotation is another or gone: somebody must look.  The first. */
	bool covers;
	char cover_reason[PDF_CHANGE_REASON];
	/* Not all of that is in boxes that are listed. */
	bool covers_unlisted;
	/* The fields, signatures apart, that got another value: the first
	 * PDF_CHANGE_FILLED object numbers, and how many in all. */
	uint32_t filled[PDF_CHANGE_FILLED];
	size_t filled_count;
	/* Those of them that are read-only, as the signed document has
	 * readers calculate them. */
	uint32_t calculated[PDF_CHANGE_FILLED];
	size_t calculated_count;
	/* What was put on pages: the first PDF_CHANGE_BOXES, and how many
	 * in all. */
	struct pdf_change_box boxes[PDF_CHANGE_BOXES];
	size_t box_count;
};

/*
 * Everything after revision i up to the newest, the worst of all steps.
 * What cannot be compared (a malformed object, a limit) is OTHER, with the
 * reason; an error is only DEED_NO_MEMORY or DEED_IO.
 */
enum deed_status pdf_changes_after(struct pdf_document *doc, size_t i,
				   struct pdf_changes *out,
				   struct deed_error *err) DEED_MUST_USE;

/* "none", "archival", "form-fill", "annotation", "other". */
const char *pdf_change_name(enum pdf_change change);

#endif
