/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_ASIC_MANIFEST_H
#define DEED_ASIC_MANIFEST_H

#include "base/buf.h"
#include "crypto/digest.h"

/*
 * ASiCManifest (ETSI EN 319 162-1 A.4): which signature or time-stamp covers
 * which files, by digest.  Names are as in the container: the percent
 * encoding of its URIs is undone here.
 *
 * Limits: MANIFEST_SIZE octets, MANIFEST_REFERENCES files.
 */
#define MANIFEST_SIZE (4u << 20)
#define MANIFEST_REFERENCES 10000

struct asic_manifest_reference {
	char *name;	     /* of the file in the container */
	char *mime_type;     /* NULL if none is given */
	enum digest_alg alg; /* DIGEST_NONE: one that deed does not know */
	uint8_t digest[DIGEST_MAX];
	size_t digest_len;
	bool rootfile;
};

struct asic_manifest {
	char *signature; /* the file that signs this manifest */
	struct asic_manifest_reference *references;
	size_t count;
	/* In the order of names; NULL where it was not read but made. */
	const struct asic_manifest_reference **by_name;
};

/*
 * Read the XML.  name is for messages.  DEED_MALFORMED where it is no
 * ASiCManifest, names a file twice, or has a digest of the wrong length;
 * DEED_LIMIT.  Elements of the References may also lie inside SigReference,
 * as some tools write them.
 */
enum deed_status asic_manifest_read(struct slice xml, const char *name,
				    struct asic_manifest **out,
				    struct deed_error *err) DEED_MUST_USE;

/* Does a manifest that was read name this file? */
bool asic_manifest_names(const struct asic_manifest *m, const char *name);
void asic_manifest_free(struct asic_manifest *m);

/* Append the XML (manifest_write.c); everything in m is read only.  The same
 * bytes for the same manifest.  DEED_LIMIT for what asic_manifest_read would
 * refuse. */
enum deed_status asic_manifest_write(const struct asic_manifest *m,
				     struct buf *out,
				     struct deed_error *err) DEED_MUST_USE;

#endif
