/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_SEAL_H
#define DEED_OFFICE_SEAL_H

#include "draw/draw.h"
#include "sign/pades.h"

/*
 * What a signature shows on the page: an organisation's seal, a signature
 * box, or a picture that the user has.  A sealer draws for one group: the
 * helper is started with the first drawing, and a drawing that is the same
 * for every document of a batch is made once.
 *
 *	sealer_new(&sealer, &design, err)
 *	sealer_draw(sealer, &who, &appearance, err)
 *	...
 *	sealer_free(sealer)
 */
enum seal_kind {
	SEAL_ROUND, /* the organisation's name around a star */
	SEAL_BOX,   /* name, time, reason and place in a frame */
	SEAL_FILE,  /* a one-page PDF or a PNG of the user's */
};

/* Strings are borrowed for the life of the sealer. */
struct seal_design {
	enum seal_kind kind;
	const char *file;  /* for SEAL_FILE */
	long page;	   /* 1 is the first, -1 the last */
	double x_mm, y_mm; /* as pades_appearance */
	bool anywhere;	   /* the same */
	double width_mm;
	bool every_page, seam, no_field; /* the same */
	double seam_top_mm;		 /* the same */
	bool preview; /* PREVIEW is written across what deed draws */
};

/* Who signs; strings may be NULL but name. */
struct seal_text {
	const char *name;   /* as certified */
	const char *signer; /* who acted, where that is somebody else */
	const char *reason, *location; /* shown in a box */
	int64_t time;
};

#define SEAL_FILE_MAX ((size_t)16 << 20)

struct sealer;

/* Reads the user's file.  Statuses as file_read, DEED_UNSUPPORTED where it is
 * neither PDF nor PNG. */
enum deed_status sealer_new(struct sealer **out,
			    const struct seal_design *design,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * Draw.  *out borrows from the sealer and lives until the next call or
 * sealer_free.  Statuses as artist_draw.
 */
enum deed_status sealer_draw(struct sealer *sealer,
			     const struct seal_text *text,
			     struct pades_appearance *out,
			     struct deed_error *err) DEED_MUST_USE;
void sealer_free(struct sealer *sealer);

#endif
