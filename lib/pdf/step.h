/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_STEP_H
#define DEED_PDF_STEP_H

#include "pdf/changes.h"
#include "pdf/core.h"

/*
 * One step from a revision to the next, for the changes_*.c files alone.
 *
 * Objects that have a part to play (page tree nodes, fields, annotations, the
 * catalog, the form) are compared key by key by who knows that part.
 * Everything they refer to is walked: what is reached must be the same in
 * both revisions, or the difference counts as much as the place from where it
 * is reached allows.  Something that is reached from two places is walked
 * from both, so the stricter one decides.
 */
enum pdf_place {
	PLACE_CONTENT,	  /* what a page shows: nothing may differ */
	PLACE_STRUCTURE,  /* anything else: the same, but parts are skipped */
	PLACE_ANNOTATION, /* what belongs to an annotation that is no field */
	PLACE_FIELD,	  /* the appearance of a field that may be filled in */
	PLACE_LOOKS, /* the appearance of a field that is not filled in: the
		      * same, but another field may share it */
	PLACE_COUNT
};

struct pdf_step {
	struct pdf_document *a, *b; /* the older view, the newer one */
	struct pdf_changes *out;
	struct pdf_set visited[PLACE_COUNT];
	struct pdf_set structure;  /* catalog, form, page tree nodes */
	struct pdf_set parts;	   /* fields and annotations */
	struct pdf_set new_fields; /* fields and widgets that b adds */
	struct pdf_set placed;	   /* those of them that stand on a page */
	struct {
		uint32_t num;
		enum pdf_place place;
	} * pending;
	size_t pending_count, pending_cap;
	uint32_t *own; /* appearances of fields that b changed */
	size_t own_count, own_cap;
};

/* Make the step at least this. */
void pdf_step_raise(struct pdf_step *s, enum pdf_change level);

/*
 * What OTHER may be, for reasons[].id.
 */
#define PDF_ID_PAGE "page-changed"	    /* content, resources, page tree */
#define PDF_ID_CATALOG "catalog-changed"    /* catalog, trailer, the rest */
#define PDF_ID_FORM "form-changed"	    /* fields added, gone or altered */
#define PDF_ID_LOOKS "appearance-changed"   /* of a field, without its value */
#define PDF_ID_SIGNED "signature-changed"   /* a value that was there */
#define PDF_ID_FIELD "signature-field"	    /* a new one that does more */
#define PDF_ID_HYBRID "hybrid-reference"    /* /XRefStm in an update */
#define PDF_ID_BYTES "unexplained-bytes"    /* behind the last revision */
#define PDF_ID_UNKNOWN "changes-unreadable" /* it cannot be compared */

/* It is OTHER, and this is why.  Returns DEED_NO, which ends the step. */
enum deed_status pdf_step_other(struct pdf_step *s, const char *id,
				const char *fmt, ...) DEED_PRINTF(3, 4);

/* Both values, references followed in their own view. */
enum deed_status pdf_step_resolve(struct pdf_step *s,
				  const struct pdf_object **a,
				  const struct pdf_object **b,
				  struct deed_error *err) DEED_MUST_USE;

/* Is the number another object in b than in a, or in one only? */
bool pdf_step_touched(const struct pdf_step *s, uint32_t num);

/* Was it an object in a? */
bool pdf_step_existed(const struct pdf_step *s, uint32_t num);

/* Have everything that o refers to walked later, from this place. */
enum deed_status pdf_step_follow(struct pdf_step *s, const struct pdf_object *o,
				 enum pdf_place place,
				 struct deed_error *err) DEED_MUST_USE;

/* Whose key it is, for the reason. */
struct pdf_part {
	const char *id;	  /* PDF_ID_… */
	const char *name; /* "the catalog" */
	uint32_t num;
};

/* The value of one key, which must be the same; what it refers to is
 * followed. */
enum deed_status pdf_step_same(struct pdf_step *s, const struct pdf_object *a,
			       const struct pdf_object *b, struct pdf_part part,
			       struct slice key, enum pdf_place place,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * The appearance of a field is changed in b.  Remember the objects that a's
 * consists of, down to the streams: after the walk none of them may have been
 * reached from a page or anywhere else, for there nobody may change it.
 */
enum deed_status pdf_step_own(struct pdf_step *s, const struct pdf_object *ap,
			      struct deed_error *err) DEED_MUST_USE;
enum deed_status pdf_step_check_shared(struct pdf_step *s);

/* Walk all that was asked for. */
enum deed_status pdf_step_walk(struct pdf_step *s,
			       struct deed_error *err) DEED_MUST_USE;

/*
 * Call fn for each key of either dictionary, with the values in both (NULL
 * where it is not).
 */
typedef enum deed_status pdf_key_fn(struct pdf_step *s, void *arg,
				    struct slice key,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    struct deed_error *err);
enum deed_status pdf_step_keys(struct pdf_step *s, const struct pdf_object *a,
			       const struct pdf_object *b, pdf_key_fn *fn,
			       void *arg, struct deed_error *err) DEED_MUST_USE;

/* Is name in a list that ends with NULL? */
bool pdf_name_in(struct slice name, const char *const *list);

/* The form (changes_form.c), then the pages (changes_page.c). */
enum deed_status pdf_step_form(struct pdf_step *s, const struct pdf_object *a,
			       const struct pdf_object *b,
			       struct deed_error *err) DEED_MUST_USE;
enum deed_status pdf_step_pages(struct pdf_step *s,
				struct deed_error *err) DEED_MUST_USE;

/* One field or widget that stood in a, as it is in both; filled says that
 * its parent's value is another in b. */
enum deed_status pdf_step_field(struct pdf_step *s, struct pdf_ref ref,
				struct slice inherited_type, unsigned depth,
				bool filled,
				struct deed_error *err) DEED_MUST_USE;

/* What a new field has of the fields above it. */
struct pdf_new_field {
	struct slice type;
	unsigned depth;
	bool signed_now; /* one of them has a value */
};

/* A field or widget that only b has: a signature, a place for one, or not
 * allowed (changes_new.c). */
enum deed_status pdf_step_new_field(struct pdf_step *s,
				    const struct pdf_object *item,
				    struct pdf_new_field inherited,
				    struct deed_error *err) DEED_MUST_USE;

/* The value that a field gets in b must be a signature that is new. */
enum deed_status pdf_step_new_signature(struct pdf_step *s,
					const struct pdf_object *value,
					uint32_t num,
					struct deed_error *err) DEED_MUST_USE;

/* An annotation is in another state than it was ("new", "changed", "gone"),
 * and what that may do; kind is its subtype. */
void pdf_step_cover(struct pdf_step *s, enum pdf_cover cover, const char *what,
		    struct slice kind, uint32_t num);

/* What an annotation of a view can do to the page under it. */
enum pdf_cover pdf_annotation_cover(struct pdf_document *view,
				    const struct pdf_object *dict);

#endif
