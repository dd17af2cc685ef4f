/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_SEAL_H
#define DEED_OFFICE_SEAL_H

#include "draw/draw.h"
#include "key/cert.h"
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
	SEAL_ROUND,  /* the organisation's name around an emblem */
	SEAL_SQUARE, /* a name in a square: a person's seal */
	SEAL_BOX,    /* who, when, why and where, in a frame */
	SEAL_FILE,   /* a one-page PDF, a PNG or a JPEG of the user's */
};

/*
 * Of a round seal.  By whose it is: a star where the certificate's country is
 * China; without a country, where its name is in Han characters; else none.
 */
enum seal_emblem {
	SEAL_EMBLEM_BY_NAME,
	SEAL_EMBLEM_STAR,
	SEAL_EMBLEM_NONE,
	SEAL_EMBLEM_FILE,
};

/* Strings are borrowed for the life of the sealer, and may be NULL. */
struct seal_design {
	enum seal_kind kind;
	enum seal_emblem emblem;
	/* The picture: of SEAL_FILE, of the emblem, or of a signature by hand
	 * in a box; the latter two are no PDF. */
	const char *file;
	const char *purpose; /* of a round seal */
	const char *number;  /* the same */
	const char *font;    /* of a seal */
	bool no_date;	     /* of a round seal */
	long page;	     /* 1 is the first, -1 the last */
	double x_mm, y_mm;   /* as pades_appearance */
	bool anywhere;	     /* the same */
	double width_mm;
	bool every_page, seam, no_field; /* the same */
	double seam_top_mm;		 /* the same */
};

/* Who signs; strings may be NULL but name. */
struct seal_text {
	const char *name;		/* as certified */
	const struct cert *certificate; /* it has the country, the organisation
					 * of a person, and is named in a box */
	bool organisation;
	const char *signer; /* who acted, where that is somebody else */
	const char *reason, *location; /* shown in a box */
	int64_t time;
	int offset; /* of the local time, in minutes east of UTC */
};

#define SEAL_FILE_MAX ((size_t)16 << 20)

struct sealer;

/* Reads the user's file.  Statuses as file_read, DEED_UNSUPPORTED where it is
 * no picture, or not of a kind that goes there. */
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
