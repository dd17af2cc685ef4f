/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PDF_TAGGED_H
#define DEED_PDF_TAGGED_H

#include "pdf/update.h"

/*
 * A further widget in a tagged document (ISO 32000-2 14.7, 14.8.4.8.3): a
 * /Form element with an object reference to it, after all that is there, so
 * that a program that reads aloud comes to it.
 *
 *	pdf_tagged_look(u, &t, err)		before the widget is made
 *	    its /StructParent is t.key, if t.is
 *	pdf_tagged_add(u, &t, page, widget, alt, err)
 *
 * A structure that is not built as the standard has it is left alone, for a
 * document need not be accessible to be signed.  Limits: PDF_MAX_TREE_DEPTH
 * levels of the parent tree.
 */
struct pdf_tagged {
	bool is;
	int64_t key;	       /* new in the parent tree */
	struct pdf_ref root;   /* the structure tree's */
	struct pdf_ref parent; /* of the new element; may be root */
	/* The way to the parent tree's last leaf; num 0: the tree's root is a
	 * direct object in root. */
	struct pdf_ref path[PDF_MAX_TREE_DEPTH];
	size_t depth;
};

enum deed_status pdf_tagged_look(struct pdf_update *u, struct pdf_tagged *out,
				 struct deed_error *err) DEED_MUST_USE;

/* alt is /Alt of the element, UTF-8, and ought to be the widget's /TU. */
enum deed_status pdf_tagged_add(struct pdf_update *u,
				const struct pdf_tagged *t,
				const struct pdf_page *page,
				struct pdf_ref widget, const char *alt,
				struct deed_error *err) DEED_MUST_USE;

#endif
