/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_REPORT_REMEDY_H
#define DEED_REPORT_REMEDY_H

#include "base/buf.h"
#include "judge/verdict.h"

/*
 * What to do about a reason, by its id: the one place that names options of
 * deed verify, for a reason itself says what is so and not how deed is told
 * otherwise.  A remedy names nothing that was done already.
 */

/* What the command line says. */
struct report_asked {
	const char *const *trust, *const *untrusted; /* files */
	size_t trust_count, untrusted_count;
	bool has_at; /* --at, seconds since 1970 */
	int64_t at;
	bool online, offline; /* --online; --offline forbids it */
	bool content, policy; /* --content, --policy */
};

/* Append the remedy of a reason of a signature, both by their index, without
 * newline; nothing where none is known. */
void report_remedy(const struct report_asked *asked,
		   const struct verdict_document *doc, size_t signature,
		   size_t reason, struct buf *out);

#endif
