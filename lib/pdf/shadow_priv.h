/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_SHADOW_PRIV_H
#define DEED_PDF_SHADOW_PRIV_H

#include "pdf/shadow.h"

/* What the files of the look share. */
struct shadow {
	struct pdf_document *doc;
	struct pdf_shadow *out;
	enum deed_status failed; /* of the machine: ends the look */
};

/* One finding; the same twice is told once. */
void shadow_find(struct shadow *s, const char *id, const char *fmt, ...)
	DEED_PRINTF(3, 4);

/* Whether a step went well; a failure of the machine is remembered. */
bool shadow_well(struct shadow *s, enum deed_status status);

/* Fields whose look and value differ (shadow_field.c). */
void shadow_fields(struct shadow *s);

/* Overlays, pictures and holes of page i (shadow_page.c). */
void shadow_page(struct shadow *s, size_t i);

#endif
