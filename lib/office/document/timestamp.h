/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_OFFICE_TIMESTAMP_H
#define DEED_OFFICE_TIMESTAMP_H

#include "base/file.h"
#include "sign/tsa.h"

struct parser;

/*
 * Documents that an authority stamps, without anyone's signature: a PDF gets
 * a document time-stamp, any other file is put into an ASiC-S container with
 * a token, and with TIMESTAMP_DETACHED the token alone is written.  Needs no
 * home and is not logged: nothing is said but that the file existed.
 *
 * Any number of threads may stamp with one set.
 */
enum timestamp_format {
	TIMESTAMP_PDF,
	TIMESTAMP_ASIC,
	TIMESTAMP_DETACHED, /* TimeStampToken in DER, RFC 3161 */
};

/* Everything is borrowed for the call. */
struct timestamp_item {
	enum timestamp_format format;
	const char *input;  /* path that is read */
	const char *name;   /* for messages, and of the file in a container */
	const char *output; /* path that is written */
	enum outfile_mode mode;
	bool dry_run; /* everything but asking the authority and writing */
	int64_t now;
	const struct secret *document_password; /* of a PDF; NULL */
	struct parser *parser; /* of the documents, what exists included */
};

struct timestamp_result {
	int64_t time;	     /* what the token says; 0 in a dry run */
	char authority[256]; /* the name of its certificate */
	uint8_t sha256[32];  /* of the output */
	uint64_t size;
};

/* DEED_REMOTE where no authority gave a token. */
enum deed_status timestamp_file(const struct tsa_set *set,
				const struct timestamp_item *item,
				struct timestamp_result *out,
				struct deed_error *err) DEED_MUST_USE;

/*
 * Does item->output hold what stamping would make: the same content and one
 * intact time-stamp more, over all of it?
 */
enum deed_status timestamp_already(const struct timestamp_item *item,
				   bool *already,
				   struct deed_error *err) DEED_MUST_USE;

/*
 * Is the input itself what stamping makes: a PDF that ends with an intact
 * time-stamp, a container with one, or a token of the file beside it, whose
 * name is the input's without its suffix?  What cannot be judged is not.
 */
enum deed_status timestamp_ends(const struct timestamp_item *item, bool *ends,
				struct deed_error *err) DEED_MUST_USE;

#endif
