/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_BESIDE_H
#define DEED_SIGN_PADES_BESIDE_H

#include "pdf/update.h"
#include "sign/pades.h"

/*
 * What a signature shows beside its field, as stamps (ISO 32000-2 12.5.6.12)
 * in the revision that it signs: the drawing once more on every other page,
 * and the seam, one drawing that is cut into strips over the right edges of
 * the pages, the first page having the leftmost.  Laid fanned out so that the
 * edges meet, they show it whole.
 *
 * A seam goes over PADES_SEAM_PAGES pages at most; more pages have several, of
 * as many pages each as can be, one more in the first ones.
 *
 * Limits: PADES_BESIDE_PAGES pages.
 */
#define PADES_SEAM_PAGES 20
#define PADES_BESIDE_PAGES 500

/*
 * Put them into the update, before the field.  place and form are those of
 * the field; form.num 0 where it shows nothing.  A preview has its word on
 * each of these pages.  Nothing is done where nothing is asked for.
 *
 * DEED_REFUSED: an earlier signature allows no annotations.  DEED_USAGE: it
 * does not lie on a page whole, or a seam over one page.  DEED_LIMIT.
 */
enum deed_status pades_beside_add(struct pdf_update *u,
				  const struct pades_appearance *a,
				  const struct pades_place *place,
				  struct pdf_ref form, bool preview,
				  struct pades_shown *shown,
				  struct deed_error *err) DEED_MUST_USE;

/* Does after have an annotation more than before wherever that puts one? */
enum deed_status pades_beside_there(struct pdf_document *before,
				    struct pdf_document *after,
				    const struct pades_appearance *a,
				    const struct pades_place *place, bool *yes,
				    struct deed_error *err) DEED_MUST_USE;

#endif
