/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_TS119612_READ_H
#define DEED_TRUST_TS119612_READ_H

#include "trust/trust_list.h"

/*
 * A list of TS 119 612 version 5 or 6, read from the octets that were signed
 * (trust/xmldsig.h); nothing here asks who signed them.  Elements that are
 * not known are skipped, but for those that say to whom a qualifier applies:
 * they make the status unsupported.
 */
#define TS119612_POINTERS 256

/* A pointer to another list (5.3.13), and who signs that. */
struct ts119612_pointer {
	char *type, *territory; /* may be NULL */
	bool xml;		/* its MIME type is that of a list in XML */
	struct cert_list signers;
};

struct ts119612_content {
	struct trust_list *list; /* its source is not filled in */
	char *type;		 /* TSLType */
	struct ts119612_pointer *pointers;
	size_t pointer_count;
};

/* Is it a list of lists, which has no services? */
bool ts119612_is_list_of_lists(const struct ts119612_content *c);

/*
 * The caller clears out, also after a failure.  DEED_UNSUPPORTED: another
 * version, and the message is "it is of version N"; DEED_MALFORMED,
 * DEED_LIMIT.
 */
enum deed_status ts119612_read(struct slice octets,
			       struct ts119612_content *out,
			       struct deed_error *err) DEED_MUST_USE;
void ts119612_content_clear(struct ts119612_content *c);

#endif
