/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_OUTSIDE_LISTS_H
#define DEED_OFFICE_OUTSIDE_LISTS_H

#include "key/cert.h"
#include "office/home.h"
#include "pki/source.h"

/*
 * The trust lists that a home holds (trust/held_list.h), asked whether one of
 * them names the CA of a certificate from elsewhere.  They are read once, when
 * they are first wanted; nothing is read of a home where nobody brings such a
 * certificate.
 *
 * A list counts while it is in force and signed by whoever was pinned.  One
 * that cannot be read, has ended, or is signed by somebody else does not, and
 * is a problem to be told.  It names a CA where its services may issue to
 * persons (to organisations, where the party is one), when the certificate was
 * issued and now.  What a list says of its maker's own house does not count,
 * unless somebody who is pinned counter-signed it; and doubt is no word.
 *
 * One thread at a time.
 */
struct outside_lists;

/* h is borrowed. */
struct outside_lists *outside_lists_new(const struct home *h, int64_t now);
void outside_lists_free(struct outside_lists *l); /* NULL does nothing */

#define OUTSIDE_LISTED_WORDS 512

/* Texts are borrowed from the lists. */
struct outside_listed {
	bool named;	     /* a list in force names the CA for this */
	const char *held;    /* the name that the home holds it as */
	uint8_t list[32];    /* SHA-256 of its payload */
	const char *scheme;  /* and what it says: */
	const char *by;	     /* the operator */
	const char *licence; /* its number, or NULL */
	/* "qualified", "licensed"; "named": the CA is, and the certificate is
	 * no qualified one. */
	const char *is;
	/* What a list says instead, where one knows the CA; else "". */
	char words[OUTSIDE_LISTED_WORDS];
};

/* Add what the lists name as anchors. */
enum deed_status outside_lists_anchor(struct outside_lists *l,
				      struct pki_source *source,
				      struct deed_error *err) DEED_MUST_USE;

/* What they say of a path, the certificate first.  DEED_NO_MEMORY, DEED_IO. */
enum deed_status outside_lists_ask(struct outside_lists *l,
				   struct cert *const *path, size_t count,
				   bool organisation,
				   struct outside_listed *out,
				   struct deed_error *err) DEED_MUST_USE;

/* The lists that do not count, and why; none before they were wanted. */
size_t outside_lists_problems(const struct outside_lists *l,
			      const char *const **problems);

#endif
