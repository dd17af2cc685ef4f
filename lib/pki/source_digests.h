/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_SOURCE_DIGESTS_H
#define DEED_PKI_SOURCE_DIGESTS_H

#include "key/cert.h"
#include "pki/source_table.h"

/*
 * The certificates of a source by SHA-256, in a tree that the bits of the
 * digest lead through.  With any choice of certificates it is no deeper than
 * the digest is long, and to make it deeper by one for all of them costs twice
 * the tries for each: a table of buckets could be aimed at.  Only ever added
 * to, under the source's lock; readers walk it without, as source_table.
 */
struct digest_node;

struct source_digests {
	_Atomic(struct digest_node *) root;
};

/* The node of the table of certificates that has it; or NULL. */
struct source_node *source_digests_find(const struct source_digests *d,
					const struct cert *c);

/* node is borrowed, has a certificate that is not there yet, and stays where
 * it is. */
enum deed_status source_digests_add(struct source_digests *d,
				    struct source_node *node,
				    struct deed_error *err) DEED_MUST_USE;

/* When no reader is left. */
void source_digests_clear(struct source_digests *d);

#endif
