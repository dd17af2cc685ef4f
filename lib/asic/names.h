/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ASIC_NAMES_H
#define DEED_ASIC_NAMES_H

#include <stdbool.h>

/*
 * What a name in an ASiC container stands for (ETSI EN 319 162-1 4.3.2, 4.4.2
 * and annex A).
 */
#define ASIC_MIMETYPE "mimetype"
#define ASIC_E_MEDIA_TYPE "application/vnd.etsi.asic-e+zip"
#define ASIC_S_MEDIA_TYPE "application/vnd.etsi.asic-s+zip"

/* The names that deed writes. */
#define ASIC_MANIFEST "META-INF/ASiCManifest001.xml"
#define ASIC_SIGNATURE "META-INF/signature001.p7s"
#define ASIC_TIMESTAMP "META-INF/timestamp.tst"

/* The newest archive manifest has this name; older ones have a number before
 * the ending (EN 319 162-1 A.7). */
#define ASIC_ARCHIVE "META-INF/ASiCArchiveManifest.xml"

enum asic_role {
	ASIC_ROLE_MIMETYPE,
	ASIC_ROLE_OBJECT,    /* a signed file; also what has no place in
			      * META-INF */
	ASIC_ROLE_FOLDER,    /* a name that ends with '/' */
	ASIC_ROLE_MANIFEST,  /* META-INF/…ASiCManifest….xml */
	ASIC_ROLE_CADES,     /* META-INF/…signature….p7s */
	ASIC_ROLE_TIMESTAMP, /* META-INF/…timestamp….tst */
	ASIC_ROLE_XADES,     /* META-INF/…signatures….xml */
	ASIC_ROLE_ARCHIVE,   /* META-INF/…ASiCArchiveManifest….xml */
	ASIC_ROLE_OTHER,     /* evidence records and other known files in
			      * META-INF */
};

enum asic_role asic_role(const char *name);

/* May a file of this name be put into a container to be signed? */
bool asic_name_is_object(const char *name);

/* Is a name well formed: relative, no "..", no control character, UTF-8, at
 * most ZIP_NAME bytes; a folder's ends with '/'. */
bool asic_name_is_good(const char *name);

#endif
