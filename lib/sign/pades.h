/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_H
#define DEED_SIGN_PADES_H

#include <stdint.h>

#include "key/cert.h"
#include "key/signing_key.h"
#include "pdf/document.h"
#include "pdf/geometry.h"
#include "pdf/marks.h"
#include "pdf/shadow.h"
#include "pdf/update.h"
#include "sign/despite.h"

/*
 * PAdES levels B-B and B-T (ETSI EN 319 142-1): an incremental update with a
 * signature field, a signature dictionary of /SubFilter
 * /ETSI.CAdES.detached, and a CMS over everything but the hexadecimal string
 * of /Contents.
 *
 * The input's bytes are read once more, in windows, and handed on as they
 * are while they are hashed; the update follows.  Memory does not grow with
 * the document.  Nothing here opens or names a file.
 */

struct augment_params;

/* Which point of a drawing its place names: a corner, or the middle of an
 * edge; then it is moved so that it lies on the page whole. */
enum pades_anchor {
	PADES_TOP_LEFT,
	PADES_LEFT,
	PADES_RIGHT,
	PADES_TOP,
	PADES_BOTTOM,
	PADES_ANCHORS
};

/* What the signature shows on a page. */
struct pades_appearance {
	struct slice pdf;  /* a one-page PDF (draw/spec.h, or the user's) */
	long page;	   /* 1 is the first page, -1 the last */
	double x_mm, y_mm; /* top left corner, from the left and top edge of
			    * the page as displayed */
	bool anywhere;	   /* that is a wish: where something lies beneath, the
			    * first place that is free, down and then right */
	enum pades_anchor anchor; /* if that is not its top left corner */
	/* With another anchor, and anywhere: the top left corner of the place
	 * that is tried next, and then further down. */
	double beneath_x_mm, beneath_y_mm;
	double width_mm; /* the height follows from the drawing */
	bool ground;	 /* it stands on white where nothing lies beneath; else,
		      * and without that, its ink multiplies with the page
		      * where that may be (pdf/import.h) */
	const char *contents; /* the annotation's text: who, in words */

	/* Beside the field, by stamps of the same revision
	 * (sign/pades_beside.h). */
	bool every_page;    /* at the same place of every other page */
	bool seam;	    /* cut over the right edges of all pages */
	double seam_top_mm; /* of a seam, from the top edge; below 0: where
			     * it covers nothing, from the middle on */
	bool no_field;	    /* the field itself shows nothing */
};

/* What is to be seen of it, in millimetres of the page as displayed. */
struct pades_shown {
	uint32_t page; /* of the field, from 1; 0 if that shows nothing */
	double x_mm, y_mm, width_mm, height_mm;
	uint32_t pages; /* with something beside the field; or 0 */
	uint32_t seams; /* 0: none */
	double seam_top_mm;
};

/* What the appearance stands on; a place that an empty field has is not
 * looked at. */
struct pades_beneath {
	bool any;
	enum pdf_mark_kind kind; /* the first thing beneath it */
	bool hidden; /* it does not show through, and who verifies what was
		      * signed of it earlier says so */
};

/* All strings are UTF-8 and may be NULL, which leaves them out. */
struct pades_params {
	const char *field; /* an empty field of that name is filled, else one
			    * is made; NULL makes "SignatureN" */
	const char *name;  /* /Name: the signer */
	const char *reason;
	const char *location;
	int64_t time;				   /* /M */
	const struct pades_appearance *appearance; /* NULL: invisible */

	/*
	 * Certify the document: what may change afterwards, as DocMDP counts
	 * it (ISO 32000-2 table 257): 1 nothing, 2 forms and signatures, 3
	 * annotations too; 0 does not certify.  Only the first signature of a
	 * document may (DEED_REFUSED).
	 */
	int certify;

	/*
	 * Nothing may change afterwards: certify 1 on an unsigned document; on
	 * a signed one the field's /Lock with /P 1 (table 236) and a FieldMDP
	 * over all fields (12.8.2.4).
	 */
	bool final;

	/* Whom to ask for a time-stamp over the signature value, which makes
	 * it B-T; NULL: B-B.  What is beyond is sign/pades_extend.h. */
	const struct augment_params *augment;

	/* Refuse a document that could be made to show something else
	 * afterwards (pdf/shadow.h); else pades_result tells, but for what is
	 * refused unless it is passed over. */
	bool refuse_shadow;

	/* What is gone on in spite of. */
	struct despite despite;

	/* Who parses the input, from its descriptor. */
	struct parser *parser;
	int fd;

	/* What it has said already (pades_ask_ahead); NULL: it is asked. */
	const struct pades_ahead *ahead;
};

/* Who signs.  Shared by any number of threads. */
struct pades_signer {
	const struct signing_key *key;
	const struct cert *const *chain; /* chain[0] is the signer's */
	size_t chain_count;
};

struct pades_result {
	char *field; /* the name of the field; freed by pades_result_clear */
	uint8_t sha256[32]; /* of the whole output */
	uint8_t input[32];  /* of the input; pades_sign alone has it */
	uint64_t size;
	uint64_t byte_range[4];
	struct pdf_shadow shadow;     /* what to warn of */
	struct pades_beneath beneath; /* the same */
	struct pades_shown shown;
	struct despite_told told; /* after a failure too */
};

#define PADES_RESULT_INIT     \
	{                     \
		.field = NULL \
	}

void pades_result_clear(struct pades_result *r);

/* Takes the output, in order from its first byte. */
typedef enum deed_status pades_write_fn(void *arg, struct slice bytes,
					struct deed_error *err);

/*
 * Sign.  write may be NULL: everything is done but the output (a dry run).
 *
 * DEED_MALFORMED, DEED_LIMIT: the input is no PDF that can be read.
 * DEED_UNSUPPORTED: encrypted, or built in a way that cannot be updated.
 * DEED_REFUSED: an earlier signature forbids another (DocMDP, a field lock),
 * the field is signed already, a font of the drawing is not embedded, or the
 * document is prepared (DESPITE_PREPARED).
 * DEED_ALREADY_FAILED: a signature that is there already is TOTAL-FAILED,
 * whoever made it (an unknown chain is no failure).
 * DEED_INDETERMINATE: the parser was stopped.
 * DEED_REMOTE: no authority gave a time-stamp.
 * DEED_USAGE: the page or the place is not there.
 *
 * write is called once where the input is held in memory (pdf_input_memory).
 */
enum deed_status
pades_sign(const struct pdf_input *in, const struct pades_params *params,
	   const struct pades_signer *signer, pades_write_fn *write, void *arg,
	   struct pades_result *result, struct deed_error *err) DEED_MUST_USE;

/*
 * Have one parser draft the updates of several documents at once, at most
 * PADES_TOGETHER, before pades_sign is called for each with the same in,
 * params and signer, and params->ahead: a batch waits for it once.  A failure
 * is told by pades_sign.
 */
#define PADES_TOGETHER 12
struct pades_ahead {
	struct buf answer;
	enum deed_status status;
	struct deed_error err;
	bool asked; /* false: as if there was none */
};
struct pades_question {
	const struct pdf_input *in;
	const struct pades_params *params;
	struct pades_ahead *ahead; /* zeros; cleared by pades_ahead_clear */
};
void pades_ask_ahead(struct parser *p, const struct pades_signer *signer,
		     const struct pades_question *list, size_t count);
void pades_ahead_clear(struct pades_ahead *a);

/*
 * Do the signatures of a document hold, whoever made them?
 * DEED_ALREADY_FAILED as despite_failed has it; an unknown chain is no failure.
 * fd is the same file as in; parser as in pades_params.
 */
enum deed_status pades_hold(const struct pdf_input *in, int fd,
			    struct parser *parser, int64_t now,
			    const struct despite *despite,
			    struct despite_told *told,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * Is `out` what pades_sign would make of `in`: the same bytes, then exactly
 * one more signature, intact, by this certificate, with the same field,
 * reason, location and appearance (page, place and text), and, where
 * params->augment is given, at its level or a higher one?  out_fd is the same
 * file as out, and what params->parser reads, with in as what it begins with.
 * A failure to read either is an error; anything else that differs is *done
 * false.
 */
enum deed_status pades_done(const struct pdf_input *in,
			    const struct pdf_input *out, int out_fd,
			    const struct pades_params *params,
			    const struct cert *certificate, bool *done,
			    struct deed_error *err) DEED_MUST_USE;

/*
 * Is the last signature of `in` itself one that pades_sign would make once
 * more: intact, by this certificate, with the same field, reason, location
 * and appearance, and at params->augment's level or a higher one?  What came
 * behind it may be archival data and filled fields.  A document that cannot
 * be read has none: signing it says why.
 */
enum deed_status pades_signed_already(const struct pdf_input *in, int fd,
				      const struct pades_params *params,
				      const struct cert *certificate,
				      bool *already,
				      struct deed_error *err) DEED_MUST_USE;

/*
 * In the helper: is whole, which begins with before, that document with what
 * params ask for, of whose augment is looked at whether it is NULL?  *field is
 * the new signature's field, NULL if not; the caller's.  No signature is
 * checked.
 */
enum deed_status pades_done_claims(const struct pdf_input *whole,
				   const struct pdf_input *before,
				   const struct pades_params *params,
				   char **field,
				   struct deed_error *err) DEED_MUST_USE;

/* In the helper, for pades_signed_already: before is a second input over the
 * same bytes, which is cut. */
enum deed_status pades_done_inside(const struct pdf_input *whole,
				   struct pdf_input *before,
				   const struct pades_params *params,
				   char **field,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * Where the appearance comes to lie: the page from 0, its place in user
 * space, and its shape.  *field_has_place says that the place is an existing
 * field's, and that position and width were not looked at.
 */
struct pades_place {
	size_t page;
	struct pdf_rect rect;
	int rotate;    /* of the page, or the turn that the field has */
	double aspect; /* 0, or width over height of the field's place */
	bool field_has_place;
};
enum deed_status pades_find_place(struct pdf_document *doc,
				  const struct pades_params *params,
				  struct pades_place *out,
				  struct deed_error *err) DEED_MUST_USE;

/* Put the appearance into the update, as a form for its place. */
enum deed_status pades_put_look(struct pdf_update *u,
				const struct pades_appearance *appearance,
				const struct pades_place *place,
				struct pdf_ref *form,
				struct pades_beneath *beneath,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Show where the appearance would stand: the input with a stamp annotation,
 * not signed, and no signature field; PREVIEW stands beside it, pale.  The
 * parser reads the input, from the descriptor behind it (pdf_input_fd).  write
 * may be NULL for a dry run.  Statuses as pades_sign.
 */
enum deed_status pades_preview(struct parser *p, const struct pdf_input *in,
			       const struct pades_appearance *appearance,
			       pades_write_fn *write, void *arg,
			       struct pades_beneath *beneath,
			       struct deed_error *err) DEED_MUST_USE;

/* In the helper: the answer, which is the beneath and then the update. */
enum deed_status pades_preview_draft(const struct pdf_input *in,
				     const struct pades_appearance *appearance,
				     struct buf *answer,
				     struct deed_error *err) DEED_MUST_USE;

#endif
