/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_MATERIALS_H
#define DEED_OFFICE_MATERIALS_H

#include "pki/source.h"

/*
 * What certificates are judged with, from files: whom to believe, and
 * certificates, CRLs and OCSP responses that are not believed for lying
 * there.  Files are PEM or DER (pki_source_add_data).
 */
#define MATERIALS_MAX (64u << 20) /* octets of one file */

struct materials {
	/* Trust anchors, with CRLs; "home" stands for what home's
	 * authority_bundle gives (a file of that name is "./home"). */
	const char *const *trust;
	size_t trust_count;
	const char *home; /* path, for the word "home"; may be NULL */
	/* Further certificates, CRLs, OCSP responses: lists, because several
	 * options may have given them; each may be empty. */
	const char *const *others[3];
	size_t other_counts[3];
};

/* Add all of it.  DEED_MALFORMED, DEED_IO, naming the file. */
enum deed_status materials_load(const struct materials *m,
				struct pki_source *into,
				struct deed_error *err) DEED_MUST_USE;

/* Is the home believed? */
bool materials_from_home(const struct materials *m);

#endif
