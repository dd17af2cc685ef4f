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

/* What structure.c, entries.c, stray.c and unreadable.c share. */
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

/* Every entry leads to its object (entries.c). */
enum deed_status structure_entries(struct structure *s,
				   struct deed_error *err) DEED_MUST_USE;

/* Does any reference name it?  When all entries were followed. */
bool structure_named(const struct structure *s, uint32_t num);

/* What no table lists (stray.c). */
enum deed_status structure_strays(struct structure *s,
				  struct deed_error *err) DEED_MUST_USE;

/* An object that stands at a byte besides: in a stream or text of another
 * object (inside), or free in the file.  o is NULL where it cannot be read. */
enum deed_status structure_stray(struct structure *s, struct pdf_ref ref,
				 const struct pdf_object *o, size_t revision,
				 bool inside, uint64_t at,
				 struct deed_error *err) DEED_MUST_USE;

/* Streams that no reader of today opens, where a page can reach them
 * (unreadable.c). */
bool structure_filter_known(struct pdf_document *view,
			    const struct pdf_object *stream);
enum deed_status structure_unreadable(struct structure *s,
				      struct deed_error *err) DEED_MUST_USE;

#endif
