/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_SHADOW_H
#define DEED_PDF_SHADOW_H

#include "pdf/document.h"

/*
 * Is a document that somebody is to sign prepared so that it can be made to
 * show something else afterwards ("Shadow Attacks", Mainka and others, 2021)?
 * What is looked for hides content, or is content that nothing shows yet:
 *
 *   shadow-overlay  an annotation or field lies over much of a page
 *   shadow-image    an opaque picture lies over text of the page
 *   shadow-layer    optional content that is off
 *   shadow-field    a text field whose value is not what it shows
 *   shadow-page     a page or page tree that nothing leads to
 *   shadow-hole     a page refers to an object that is not there
 *   prepared        readers that repair the file see another document than
 *                   those that do not (pdf/structure.h)
 *
 * Each may be innocent: these are for a warning; but a signature over a
 * document that is prepared does not pass.  Limits: the first
 * PDF_SHADOW_PAGES pages, PDF_SHADOW_OBJECTS objects; the file is read once.
 */
#define PDF_SHADOW_PAGES 64
#define PDF_SHADOW_OBJECTS 20000
#define PDF_SHADOW_FINDINGS 8
#define PDF_SHADOW_ID 24
#define PDF_SHADOW_TEXT 120

struct pdf_shadow {
	size_t count; /* at most PDF_SHADOW_FINDINGS are kept */
	struct {
		char id[PDF_SHADOW_ID];
		char text[PDF_SHADOW_TEXT];
	} list[PDF_SHADOW_FINDINGS];
};

/* Fails for memory and I/O alone; what cannot be read is passed over. */
enum deed_status pdf_shadow_look(struct pdf_document *doc,
				 struct pdf_shadow *out,
				 struct deed_error *err) DEED_MUST_USE;

#endif
