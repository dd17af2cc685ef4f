/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_UPDATE_PRIV_H
#define DEED_PDF_UPDATE_PRIV_H

#include "pdf/update.h"

/* What update.c, which collects, and update_tail.c, which writes, share. */

struct item {
	struct pdf_ref ref;
	const struct pdf_object *object; /* NULL: see raw */
	struct slice raw; /* in the arena; absent while only reserved */
	uint64_t offset;  /* of the body, in the tail */
	uint64_t at;	  /* of the object's number, in the tail */
};

struct items {
	struct item *list;
	size_t count, cap;
};

struct pdf_update {
	struct pdf_document *doc;
	struct pdf_arena arena;
	struct items changed; /* of the document, few */
	struct items added;   /* numbered one after the other from first */
	uint32_t first;
	bool no_memory, too_many;
	bool unlocks; /* the encryption dictionary would be replaced */
};

#endif
