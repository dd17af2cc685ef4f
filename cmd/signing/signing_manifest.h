/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMD_SIGNING_SIGNING_MANIFEST_H
#define DEED_CMD_SIGNING_SIGNING_MANIFEST_H

#include "cmd/frame/batch.h"
#include "cmd/frame/batch_manifest.h"
#include "office/document/seal.h"
#include "office/document/sign.h"

/*
 * The documents of --manifest, for the signing*.c files: what each states,
 * and what it shows, drawn once for all that show the same text.
 */
struct signing;
struct signing_manifest;

/* Read it into w->manifest, and check it against the options; before a key is
 * asked for. */
enum deed_status signing_manifest_open(struct signing *w,
				       struct deed_error *err) DEED_MUST_USE;

/* Draw what documents show: all where w->visible or w->seal says so, else
 * those that say it themselves. */
enum deed_status signing_manifest_draw(struct signing *w,
				       const struct seal_design *design,
				       struct deed_error *err) DEED_MUST_USE;

/* Inputs and outputs; borrowed. */
void signing_manifest_batch(const struct signing_manifest *m,
			    struct batch *batch);

/* What document i says, over what the options said. */
void signing_manifest_item(const struct signing_manifest *m, size_t i,
			   struct sign_item *item);
/* Does the document say itself where it is signed?  Else *page is the one that
 * it names, if it names one. */
bool signing_manifest_places(const struct signing_manifest *m, size_t i,
			     long *page);
void signing_manifest_free(struct signing_manifest *m);

#endif
