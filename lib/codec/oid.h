/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CODEC_OID_H
#define DEED_CODEC_OID_H

#include "base/buf.h"

/*
 * Object identifiers that deed knows, from the one list oid.def.  The table
 * is built once, at first use, from the dotted form; all functions may be
 * called from any thread.
 */
enum oid {
	OID_NONE, /* not in the list */
#define OID(name, dotted, text) OID_##name,
#include "codec/oid.def"
#undef OID
	OID_COUNT
};

/* The longest encoding in the list; a test holds the list to it. */
#define OID_MAX_ENCODED 32

/* Content octets (without tag and length) to enum; OID_NONE if unknown. */
enum oid oid_find(struct slice encoded);

/* By dotted form, or by the short text of oid.def ("CN"); OID_NONE. */
enum oid oid_find_text(const char *text);

/* Content octets; static storage. */
struct slice oid_slice(enum oid oid);

/* Short text, such as "commonName"; "" for OID_NONE.  Static storage. */
const char *oid_text(enum oid oid);

/* Append "1.2.840…" of content octets; arcs over 2^128 are written "?". */
void oid_dotted(struct slice encoded, struct buf *out);

/* Append what a person can look up: "brainpoolP256r1 (1.3.36.3.3.2.8.1.1.7)",
 * or the dotted form alone.  Of more than 128 octets the first are written. */
void oid_describe(struct slice encoded, struct buf *out);

/* DEED_UNSUPPORTED: "the WHAT NAME (OID) is not known". */
enum deed_status oid_not_known(const char *what, struct slice encoded,
			       struct deed_error *err);

/* Append content octets from the dotted form; false if it is none. */
bool oid_encode(const char *dotted, struct buf *out);

/* Well-formed content octets: arcs end, and none starts with 80. */
bool oid_valid(struct slice encoded);

#endif
