/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_SIGN_ASIC_H
#define DEED_SIGN_ASIC_H

#include "asic/zip_write.h"
#include "sign/augment.h"
#include "sign/cades.h"

/*
 * ASiC-E with CAdES (ETSI EN 319 162-1 4.4.3): files, a manifest of their
 * digests, and a CAdES B-B signature over the manifest, in one container.
 * Each file is read once, in windows.
 */

/* One file; all borrowed.  fd is at its beginning. */
struct asic_file {
	int fd;
	const char *path; /* for messages */
	const char *name; /* in the container */
	uint8_t *sha256;  /* asic_sign says here what it read; or NULL */
};

struct parser;

/* A container that is read. */
struct asic_source {
	int fd;
	const char *name;      /* for messages */
	struct parser *parser; /* reads its directory (judge/parser.h) */
};

/*
 * Make a container.  The signing time of signer is also that of the entries.
 * augment raises the signature to B-T or B-LT; NULL is B-B, and B-LTA is
 * sign/asic_extend.h's.
 * DEED_USAGE where two files would have one name, or a name cannot be in a
 * container ("mimetype", "META-INF/…", "..", a control character).
 */
enum deed_status asic_sign(const struct asic_file *files, size_t count,
			   const struct cades_params *signer,
			   const struct augment_params *augment,
			   const struct zip_sink *sink,
			   struct deed_error *err) DEED_MUST_USE;

/* A file into a container, as an entry of its name, and its SHA-256.  The name
 * is the caller's to judge. */
enum deed_status asic_add_object(const struct asic_file *file,
				 struct zip_writer *zip,
				 uint8_t sha256[SHA256_SIZE],
				 struct deed_error *err) DEED_MUST_USE;

/*
 * Are the files of this container exactly these, byte for byte?  What is no
 * container at all holds none.  The signature is judge_file's matter.
 */
enum deed_status asic_holds(const struct asic_source *source,
			    const struct asic_file *files, size_t count,
			    bool *holds, struct deed_error *err) DEED_MUST_USE;

/* The media type that a name's ending stands for; static storage. */
const char *asic_media_type(const char *name);

#endif
