/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_TRUST_LIST_SOURCE_H
#define DEED_TRUST_LIST_SOURCE_H

#include "trust/trust_list.h"

/*
 * What trust lists are made from, by kind: the one place that knows all
 * kinds.  The same files give the same list, so that anyone can derive again
 * what a statement says.
 */
struct list_source {
	enum trust_list_kind kind;
	const char *const *files; /* of ts119612 several, of yaml one */
	size_t file_count;
	/* ts119612: the lists of lists between, oldest first, and who may
	 * have signed the first of all. */
	const char *const *pivots;
	size_t pivot_count;
	const struct cert_list *signers;
	int64_t at; /* a list that ended before is DEED_CERT_INVALID;
		     * TRUST_NO_TIME asks nothing */
};

/* DEED_USAGE where kind and the rest do not go together; else as the kind's
 * reader, and DEED_IO. */
enum deed_status list_source_read(const struct list_source *src,
				  struct trust_list **out,
				  struct deed_error *err) DEED_MUST_USE;

#endif
