/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_STRUCTURE_PRIV_H
#define DEED_PDF_STRUCTURE_PRIV_H

#include "pdf/core.h"
#include "pdf/structure.h"

/* A number that no table has, and the first revision that names it. */
struct structure_hole {
	uint32_t num;
	uint32_t revision;
};

/* What the structure*.c files share. */
struct structure {
	struct pdf_document *doc; /* the newest view */
	struct pdf_core *core;
	struct pdf_structure *out;
	struct pdf_arena arena; /* of one object */

	/* Numbers that a reference of any object names: of those that some
	 * table has, and of those that none has. */
	struct pdf_set named;
	struct structure_hole *holes; /* by number, when all are known */
	size_t hole_count, hole_cap;
	/* Something in the file makes a reader repair it: a reference that
	 * leads nowhere, an entry that does, padding behind startxref. */
	bool repaired;

	/* Streams whose filter readers do not know: their entries. */
	uint32_t *unknown;
	size_t unknown_count, unknown_cap;
	bool spent; /* no work is left */
};

/* One more fault, unless one like it is known. */
enum deed_status structure_fault(struct structure *s, enum pdf_fault_kind kind,
				 enum pdf_fault_weight weight, size_t revision,
				 uint32_t num, struct deed_error *err,
				 const char *fmt, ...)
	DEED_PRINTF(7, 8) DEED_MUST_USE;

/* Whether one like it is known already. */
bool structure_told(const struct structure *s, enum pdf_fault_kind kind,
		    enum pdf_fault_weight weight, size_t revision);

/* What a step that failed means for the look: DEED_OK, told as a limit where
 * it is one, or a failure of the machine. */
enum deed_status structure_failed(struct structure *s, enum deed_status status,
				  size_t revision, uint32_t num,
				  struct deed_error *err) DEED_MUST_USE;

/* Room for one more of a list. */
enum deed_status structure_grow(void **list, size_t count, size_t *cap,
				size_t each,
				struct deed_error *err) DEED_MUST_USE;

/* Every entry leads to its object (structure_entries.c). */
enum deed_status structure_entries(struct structure *s,
				   struct deed_error *err) DEED_MUST_USE;

/* ---- references (structure_references.c) ---- */

/* Note all numbers that an object of this revision names; those that the
 * trailers do. */
enum deed_status structure_name(struct structure *s, const struct pdf_object *o,
				uint32_t revision,
				struct deed_error *err) DEED_MUST_USE;
enum deed_status structure_name_trailers(struct structure *s,
					 struct deed_error *err) DEED_MUST_USE;

/* The holes in order, each number once, with the first revision that names
 * it; when every object was noted, the next two can be asked. */
void structure_order_holes(struct structure *s);
bool structure_named(const struct structure *s, uint32_t num);
enum deed_status structure_tell_holes(struct structure *s,
				      struct deed_error *err) DEED_MUST_USE;

/* ---- the rest ---- */

/* What no table lists (structure_stray.c). */
enum deed_status structure_strays(struct structure *s,
				  struct deed_error *err) DEED_MUST_USE;

/* What an object weighs that stands at a byte besides (structure_weigh.c): in a
 * stream or text of another object (inside), or free in the file.  o is NULL
 * where it cannot be read. */
enum deed_status structure_stray(struct structure *s, struct pdf_ref ref,
				 const struct pdf_object *o, size_t revision,
				 bool inside, uint64_t at,
				 struct deed_error *err) DEED_MUST_USE;

/* Streams that no reader of today opens, where a page can reach them
 * (structure_unreadable.c). */
bool structure_filter_known(struct pdf_document *view,
			    const struct pdf_object *stream);
enum deed_status structure_unreadable(struct structure *s,
				      struct deed_error *err) DEED_MUST_USE;

#endif
