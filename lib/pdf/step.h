/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_STEP_H
#define DEED_PDF_STEP_H

#include "pdf/changes.h"
#include "pdf/core.h"
#include "pdf/geometry.h"
#include "pdf/marks.h"

/*
 * One step from a revision to the next, for changes.c and the changes_*.c
 * files alone.
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

/* Where a walk came from, for the reason: what a person calls it. */
struct pdf_origin {
	enum {
		PDF_FROM_DOCUMENT, /* nothing better is known */
		PDF_FROM_PAGE,	   /* number, from 1 */
		PDF_FROM_FIELD,	   /* its object number */
		PDF_FROM_KEY,	   /* of the catalog or the trailer */
	} kind;
	uint32_t number;
	struct slice key;
};
#define PDF_ORIGIN_NAME 96

struct pdf_step {
	struct pdf_document *a, *b; /* the older view, the newer one */
	struct pdf_changes *out;
	struct pdf_set visited[PLACE_COUNT];
	struct pdf_set structure;  /* catalog, form, page tree nodes */
	struct pdf_set parts;	   /* fields and annotations */
	struct pdf_set new_fields; /* fields and widgets that b adds */
	struct pdf_set placed;	   /* those of them that stand on a page */
	struct pdf_set filled;	   /* fields and widgets that b fills in */
	struct pdf_set unplaced;   /* signature fields on no page of a, */
	bool unplaced_known;	   /* once asked */
	struct pdf_set calculated; /* fields that a has readers calculate, */
	bool calculated_known;	   /* once asked */
	struct pdf_set elements;   /* structure elements that b adds */
	struct pdf_marks *marks;   /* of a page of a, once asked */
	size_t marks_page;
	struct pdf_origin origin; /* of what is compared now */
	struct {
		uint32_t num;
		enum pdf_place place;
		struct pdf_origin origin;
	} * pending;
	size_t pending_count, pending_cap;
	int64_t next_parent;	/* the least key of the parent tree that */
	bool next_parent_known; /* means nothing in a, once asked */
	uint32_t *parents;	/* what the parent tree names in b alone */
	size_t parent_count, parent_cap;
	uint32_t *own; /* appearances of fields that b changed */
	size_t own_count, own_cap;
};

/* Of a step whose a, b and out are set; cleared also after a failure. */
enum deed_status pdf_step_init(struct pdf_step *s,
			       struct deed_error *err) DEED_MUST_USE;
void pdf_step_clear(struct pdf_step *s);

/* Make the step at least this. */
void pdf_step_raise(struct pdf_step *s, enum pdf_change level);

/*
 * What OTHER may be, for reasons[].id.
 */
#define PDF_ID_PAGE "page-changed"	     /* content, resources, page tree */
#define PDF_ID_CATALOG "catalog-changed"     /* catalog, trailer, the rest */
#define PDF_ID_FORM "form-changed"	     /* fields added, gone or altered */
#define PDF_ID_LOOKS "appearance-changed"    /* of a field, without its value */
#define PDF_ID_SIGNED "signature-changed"    /* a value that was there */
#define PDF_ID_FIELD "signature-field"	     /* a new one that does more */
#define PDF_ID_HYBRID "hybrid-reference"     /* /XRefStm in an update */
#define PDF_ID_BYTES "unexplained-bytes"     /* behind the last revision */
#define PDF_ID_UNKNOWN "changes-unreadable"  /* it cannot be compared */
#define PDF_ID_ACTION "action-added"	     /* what is new may act */
#define PDF_ID_READ_ONLY "field-read-only"   /* filled in all the same */
#define PDF_ID_STRUCTURE "structure-changed" /* what is read aloud, copied */

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
	const char *name; /* "the catalog"; NULL: as the origin is called */
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

/* ---- what is painted (changes_box.c) ---- */

/*
 * What b puts on page i (from 0), or paints there otherwise than a: it is
 * measured, named in the boxes, and a doubt where it may hide something.
 * within: the rectangle that was signed for it, where it may paint at will;
 * NULL if there was none.  *paints, if given, tells whether it paints at all.
 */
enum deed_status pdf_step_box(struct pdf_step *s, size_t page,
			      const struct pdf_object *dict, uint32_t num,
			      const struct pdf_rect *within, bool *paints,
			      struct deed_error *err) DEED_MUST_USE;

/* The place of a field that is named for what it may have shown. */
void pdf_step_place(struct pdf_step *s, size_t page, const struct pdf_rect *r,
		    uint32_t num);

/* What a painted is not painted any more, or is another: "changed", "gone". */
void pdf_step_lost(struct pdf_step *s, const char *what, struct slice kind,
		   uint32_t num);

/* ---- annotations (changes_annotation.c) ---- */

/* /Annots of page i. */
enum deed_status pdf_step_annots(struct pdf_step *s, size_t page,
				 const struct pdf_object *a,
				 const struct pdf_object *b,
				 struct pdf_arena *arena,
				 struct deed_error *err) DEED_MUST_USE;

/*
 * Nothing that may act comes with an update: OTHER where b has an action, a
 * script or a player that a (NULL: there was nothing) had not, on whatever
 * key (12.6.4).
 */
enum deed_status pdf_step_acts(struct pdf_step *s, const struct pdf_object *a,
			       const struct pdf_object *b, uint32_t num,
			       struct deed_error *err) DEED_MUST_USE;

/* Have what an annotation's actions of a refer to walked: it must stay. */
enum deed_status pdf_step_follow_acts(struct pdf_step *s,
				      const struct pdf_object *a,
				      struct deed_error *err) DEED_MUST_USE;

/* ---- equal content (changes_equal.c) ---- */

/*
 * Are both the same to a reader?  References are followed: what b has under
 * a number that did not exist may equal what a has under another.  What both
 * refer to by one number is to be walked from this place.  Over a limit they
 * are not the same.
 */
enum deed_status pdf_step_equal(struct pdf_step *s, const struct pdf_object *a,
				const struct pdf_object *b,
				enum pdf_place place, bool *same,
				struct deed_error *err) DEED_MUST_USE;

/* ---- the rest of the form (changes_resources.c) ---- */

/* /DR of the form; /DA of the form where a has none; /NeedAppearances. */
enum deed_status pdf_step_resources(struct pdf_step *s,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    struct deed_error *err) DEED_MUST_USE;
enum deed_status pdf_step_default_look(struct pdf_step *s,
				       struct deed_error *err) DEED_MUST_USE;
enum deed_status
pdf_step_need_appearances(struct pdf_step *s, const struct pdf_object *a,
			  const struct pdf_object *b,
			  struct deed_error *err) DEED_MUST_USE;

/* ---- the structure tree (changes_structure.c) ---- */

/* /StructTreeRoot of the catalog. */
enum deed_status pdf_step_structure(struct pdf_step *s,
				    const struct pdf_object *a,
				    const struct pdf_object *b,
				    struct deed_error *err) DEED_MUST_USE;

/* It is OTHER: what is done to the structure. */
enum deed_status pdf_step_bad_structure(struct pdf_step *s, const char *what,
					uint32_t num);

/* The parent trees of two roots (changes_parents.c): what b adds is kept for
 * pdf_step_check_parents. */
enum deed_status pdf_step_parents(struct pdf_step *s,
				  const struct pdf_object *root_a,
				  const struct pdf_object *root_b,
				  struct deed_error *err) DEED_MUST_USE;

/* Does a key of the parent tree mean nothing in a yet? */
enum deed_status pdf_step_parent_free(struct pdf_step *s,
				      const struct pdf_object *key, bool *is,
				      struct deed_error *err) DEED_MUST_USE;

/* After the walk: the parent tree got entries of new elements alone. */
enum deed_status pdf_step_check_parents(struct pdf_step *s);

/* One structure element that stands in both: it may have got /Form elements
 * of new widgets at its end.  *is says whether it is one. */
enum deed_status pdf_step_element(struct pdf_step *s, uint32_t num,
				  const struct pdf_object *a,
				  const struct pdf_object *b, bool *is,
				  struct deed_error *err) DEED_MUST_USE;

/* ---- the catalog and the trailer (changes_catalog.c) ---- */

enum deed_status pdf_step_catalog(struct pdf_step *s,
				  struct deed_error *err) DEED_MUST_USE;

/* Keys that no reader reads: producers leave them for themselves. */
bool pdf_step_is_private(struct slice key);

/* ---- names for people (changes_name.c) ---- */

/* What the origin is called: "page 2", "the field 'Price'". */
const char *pdf_step_where(struct pdf_step *s, char out[PDF_ORIGIN_NAME]);

/* The full name of a field or of a widget's field; "" where there is none. */
const char *pdf_field_name(struct pdf_document *view, uint32_t num);

#endif
