/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_SIGN_FIELD_H
#define DEED_PDF_SIGN_FIELD_H

#include "pdf/geometry.h"
#include "pdf/update.h"

/*
 * The signature field and its widget annotation (ISO 32000-2 12.7.5.5): a new
 * one, or an empty one that is there.  Only what a further signature may
 * change is changed, so that earlier signatures stand: the form's /Fields and
 * /SigFlags, the page's /Annots, the field that is filled.
 */
struct pdf_sign_field {
	const char *name;     /* of the field; NULL: a new "SignatureN" */
	struct pdf_ref value; /* the signature dictionary, reserved; num 0: a
			       * new field stays empty */
	struct pdf_ref form;  /* appearance; num 0 for an invisible one */
	size_t page;	      /* from 0; a new field stands there */
	struct pdf_rect rect; /* on that page; zeros if invisible */
	const char *contents; /* the annotation's text, UTF-8; may be NULL */

	/* Of a new field; each may be NULL. */
	const struct pdf_object *lock; /* table 236 */
	const struct pdf_object *seed; /* table 237 */
	const char *tooltip; /* /TU, UTF-8; given, it has an element of its own
			      * in a tagged document (pdf/tagged.h) */
	const char *before;  /* the field that it precedes in the form's list */
};

/*
 * An empty signature field of that name: *found says whether there is one,
 * *rect and *page tell where it is shown (zeros and 0 for one without a
 * place).  DEED_REFUSED if a field of that name is signed already or is no
 * signature field.
 */
enum deed_status pdf_sign_field_find(struct pdf_document *doc, const char *name,
				     bool *found, size_t *page,
				     struct pdf_rect *rect,
				     struct deed_error *err) DEED_MUST_USE;

/* An entry of the empty field of that name, resolved; *found says whether
 * there is such a field, *out is the null object where it has none. */
enum deed_status pdf_sign_field_entry(struct pdf_document *doc,
				      const char *name, const char *key,
				      bool *found,
				      const struct pdf_object **out,
				      struct deed_error *err) DEED_MUST_USE;

/*
 * How far the empty field of that name turns what it shows, counterclockwise
 * against the page's own space: its widget's /MK /R (table 192), from 0 to
 * 270.  *given is false where it says nothing, or no multiple of 90.
 */
enum deed_status pdf_sign_field_turn(struct pdf_document *doc, const char *name,
				     bool *given, int *degrees,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * How a signed field is shown: page, rectangle (zeros if it shows nothing)
 * and the annotation's text in UTF-8 ("" if none), which lives with arena.
 * DEED_NOT_FOUND if there is no such field.
 */
enum deed_status pdf_sign_field_shown(struct pdf_document *doc,
				      const char *name, size_t *page,
				      struct pdf_rect *rect,
				      struct pdf_arena *arena,
				      const char **contents,
				      struct deed_error *err) DEED_MUST_USE;

/*
 * What the empty field of that name locks once it is signed (its /Lock,
 * ISO 32000-2 table 236), as parameters of a FieldMDP transform (table 256)
 * in arena a; NULL if nothing or if there is no such field.
 */
enum deed_status pdf_sign_field_lock(struct pdf_document *doc, const char *name,
				     struct pdf_arena *a,
				     const struct pdf_object **params,
				     struct deed_error *err) DEED_MUST_USE;

/*
 * Put the field into the update of doc.  An empty field must be new
 * (DEED_REFUSED), and what it shall precede be there (DEED_NOT_FOUND).  *name
 * is the name that it has in the end, in the update's arena.
 * DEED_UNSUPPORTED where the page or the form is built in a way that cannot be
 * updated; DEED_MALFORMED where the page tree leads to /Encrypt.
 */
enum deed_status pdf_sign_field_add(struct pdf_update *u,
				    struct pdf_document *doc,
				    const struct pdf_sign_field *field,
				    const char **name,
				    struct deed_error *err) DEED_MUST_USE;

/*
 * May a further signature go into this field (NULL: a new one)?  DEED_REFUSED
 * if an earlier signature forbids it: DocMDP 1 (ISO 32000-2 12.8.2.2), or a
 * lock (12.8.2.4, /Lock of a signed field) that covers the field.
 */
enum deed_status pdf_sign_allowed(struct pdf_document *doc, const char *name,
				  struct deed_error *err) DEED_MUST_USE;

/* And may it bring annotations beside its field?  DEED_REFUSED if an earlier
 * one leaves no more than forms and signatures to others (DocMDP 2, or /P 2
 * of its field's lock). */
enum deed_status pdf_sign_allows_more(struct pdf_document *doc,
				      struct deed_error *err) DEED_MUST_USE;

#endif
