/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CMS_WRAPPING_MIME_H
#define DEED_CMS_WRAPPING_MIME_H

#include "base/buf.h"

/*
 * S/MIME messages (RFC 8551 3.5, RFC 1847): the fields of a head, and the two
 * parts of multipart/signed.  Used by cms/wrapping.c alone.
 *
 * What two readers could read in two ways is refused: a field or parameter
 * that is there twice, a boundary that another line begins with, a part too
 * many.  Limits: MIME_HEAD octets and MIME_FIELDS fields in a head, MIME_BOUND
 * characters of a boundary.  Time is linear in the input.
 */
#define MIME_HEAD 65536
#define MIME_FIELDS 512
#define MIME_BOUND 70

enum mime_type {
	MIME_OTHER,
	MIME_OPAQUE,	/* application/pkcs7-mime */
	MIME_SIGNATURE, /* application/pkcs7-signature */
	MIME_MULTIPART, /* multipart/signed by such a signature */
};

enum mime_encoding {
	MIME_PLAIN, /* 7bit, 8bit, binary, or none named */
	MIME_BASE64,
	MIME_UNKNOWN, /* quoted-printable, or no such word */
};

struct mime_head {
	enum mime_type type;
	enum mime_encoding encoding;
	char boundary[MIME_BOUND + 1]; /* of MIME_MULTIPART */
	bool mail;   /* fields beside those of MIME: From, Subject, … */
	size_t used; /* octets up to the body */
};

/* Does the text begin with a line that could be a field? */
bool mime_likely(struct slice text);

/*
 * Read a head.  DEED_UNSUPPORTED where it is none, or names no type of the
 * above; DEED_MALFORMED where it names one but is ambiguous or broken;
 * DEED_LIMIT.
 */
enum deed_status mime_read_head(struct slice text, struct mime_head *out,
				struct deed_error *err) DEED_MUST_USE;

/* ---- the parts (wrapping_parts.c) ---- */

/* The parts of a multipart/signed body, and what follows its end; slices of
 * body.  DEED_MALFORMED. */
struct mime_parts {
	struct slice content;	/* with its head, without the last line end */
	struct slice signature; /* with its head */
	struct slice rest;
};

enum deed_status mime_split(struct slice body, const char *boundary,
			    struct mime_parts *out,
			    struct deed_error *err) DEED_MUST_USE;

/* Append text with every line end as CRLF: as it is signed (RFC 8551 3.1.1). */
void mime_canonical(struct slice text, struct buf *out);

#endif
