/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_PADES_FIELD_H
#define DEED_SIGN_PADES_FIELD_H

#include "sign/pades.h"

/*
 * Empty signature fields: made before anybody signs, filled by pades_sign.
 * Their order is that of the form's /Fields (ISO 32000-2 table 224): that is
 * where every program that makes or lists fields has it.
 */

/* A field to be made.  Strings are UTF-8. */
struct pades_field_spec {
	const char *name;
	const char *tooltip; /* NULL: the name */
	long page;	     /* 1 is the first, -1 the last */
	bool has_place;	     /* else it shows nothing */
	double x_mm, y_mm, width_mm, height_mm; /* as pades_appearance */
	const char *before; /* the field that it precedes, NULL: the last */

	/* What is locked once it is signed: these, or all; final: and nothing
	 * may follow (/P 1). */
	const char *const *locks;
	size_t lock_count;
	bool lock_all, final;

	/* Seed values: the only reasons that may be stated. */
	const char *const *reasons;
	size_t reason_count;
};

/*
 * Write the document with the field added; the parser reads it, from the
 * descriptor behind in (pdf_input_fd).  DEED_REFUSED if it is signed
 * already (a new field is a change after the signature), or has a field of
 * that name; DEED_NOT_FOUND for `before`; DEED_USAGE for a page or place that
 * is not there; otherwise as pades_sign.  write may be NULL.
 */
enum deed_status pades_field_add(struct parser *p, const struct pdf_input *in,
				 const struct pades_field_spec *spec,
				 pades_write_fn *write, void *arg,
				 struct deed_error *err) DEED_MUST_USE;

/* A signature field as it is listed. */
struct pades_field {
	char *name;
	char *tooltip; /* "" if none */
	bool is_signed;
	bool has_place;
	size_t page;				/* from 1, if it has a place */
	double x_mm, y_mm, width_mm, height_mm; /* as displayed */
	char *lock; /* "", "all", "only A, B", "all but A, B" */
	bool final; /* its lock has /P 1 */
	bool seed;  /* has seed values */
};

struct pades_fields {
	struct pades_field *list; /* in the order of the form */
	size_t count;
};

/* By the parser, as above. */
enum deed_status pades_field_list(struct parser *p, const struct pdf_input *in,
				  struct pades_fields *out,
				  struct deed_error *err) DEED_MUST_USE;
void pades_fields_clear(struct pades_fields *f);

/* ---- in the helper ---- */

/* The update that adds the field, appended to tail; and the list. */
enum deed_status pades_field_draft(const struct pdf_input *in,
				   const struct pades_field_spec *spec,
				   struct buf *tail,
				   struct deed_error *err) DEED_MUST_USE;
enum deed_status pades_field_read(const struct pdf_input *in,
				  struct pades_fields *out,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * As bytes, and back: DEED_MALFORMED where they are none.  The texts of a
 * spec lie where it was read from, its lists are freed by
 * pades_field_spec_clear; fields are the caller's.  Longer texts of fields
 * than PADES_WIRE_TEXT are cut.
 */
void pades_field_spec_write(const struct pades_field_spec *spec,
			    struct buf *out);
enum deed_status pades_field_spec_read(struct slice in,
				       struct pades_field_spec *out,
				       struct deed_error *err) DEED_MUST_USE;
void pades_field_spec_clear(struct pades_field_spec *spec);
void pades_fields_write(const struct pades_fields *f, struct buf *out);
enum deed_status pades_fields_read(struct slice in, struct pades_fields *out,
				   struct deed_error *err) DEED_MUST_USE;

#endif
