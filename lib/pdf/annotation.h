/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_ANNOTATION_H
#define DEED_PDF_ANNOTATION_H

#include "pdf/geometry.h"
#include "pdf/update.h"

/*
 * Annotations put into an update (ISO 32000-2 12.5): what the widget of a
 * signature field and the stamp of a preview have in common.
 */

/* Annotation flags (table 167). */
#define PDF_ANNOTATION_HIDDEN 2
#define PDF_ANNOTATION_PRINT 4
#define PDF_ANNOTATION_NO_ZOOM 8
#define PDF_ANNOTATION_NO_ROTATE 16
#define PDF_ANNOTATION_NO_VIEW 32
#define PDF_ANNOTATION_LOCKED 128
#define PDF_ANNOTATION_UNSEEN (2 | 32) /* Hidden, NoView */

/*
 * /F (table 165): 0 where it is no integer of 31 bits, which readers take for
 * one flag or another, so that it hides nothing.
 */
int64_t pdf_annotation_flags(const struct pdf_object *f);

/* /Rect; NULL without memory. */
struct pdf_object *pdf_annotation_rect(struct pdf_arena *a,
				       const struct pdf_rect *r);

/*
 * Append item to the array behind key in owner, which is a copy that the
 * caller may change: an array behind a reference is put as that object, a
 * direct or new one changes owner, and *owner_changed tells the caller to
 * put it.  DEED_MALFORMED where there is something else than an array.
 */
enum deed_status pdf_annotation_append(struct pdf_update *u,
				       struct pdf_object *owner,
				       const char *key, struct pdf_ref item,
				       bool *owner_changed,
				       struct deed_error *err) DEED_MUST_USE;

/*
 * Is the array behind this reference the /Annots of a page, but for the page
 * of number except?  Some programs give several pages one array, and what is
 * put into that stands on each of them.
 */
enum deed_status pdf_annotation_shared(struct pdf_document *doc,
				       const struct pdf_object *array,
				       uint32_t except, bool *is,
				       struct deed_error *err) DEED_MUST_USE;

/*
 * Add an annotation to a page, and to no other that shares its array.
 * DEED_UNSUPPORTED where the page is a direct object: it cannot be changed
 * alone.
 */
enum deed_status pdf_annotation_add(struct pdf_update *u,
				    const struct pdf_page *page,
				    struct pdf_ref annotation,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * A stamp (12.5.6.12) that shows a form XObject on a page, with a text in
 * UTF-8.  It is no signature.
 */
enum deed_status pdf_stamp_annotation_add(struct pdf_update *u,
					  const struct pdf_page *page,
					  const struct pdf_rect *rect,
					  struct pdf_ref form,
					  const char *contents,
					  struct deed_error *err) DEED_MUST_USE;

#endif
