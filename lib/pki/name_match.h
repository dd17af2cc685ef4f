/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PKI_NAME_MATCH_H
#define DEED_PKI_NAME_MATCH_H

#include "base/slice.h"

/*
 * Does a name lie within the base of a subtree?  One function for each form
 * of RFC 5280 4.2.1.10; text is that of the IA5String, an address its octets.
 * ASCII letters match in either case, but in the local part of a mailbox.
 *
 * A name that cannot be compared is NAME_BROKEN, and then neither permitted
 * nor free of what is excluded: the caller rejects it.
 */
enum name_match { NAME_OUTSIDE, NAME_WITHIN, NAME_BROKEN };

/*
 * DNS: the base and whatever has labels to its left.  ".base", which RFC
 * 5280 does not know but authorities write, asks for one label at least; ""
 * holds every name.  With may_expand "*.a" also matches where only some of
 * what it stands for lies within: for excluded subtrees.
 */
enum name_match name_match_dns(struct slice name, struct slice base,
			       bool may_expand);

/* A mailbox against a mailbox, a host, or a ".domain". */
enum name_match name_match_mail(struct slice name, struct slice base);

/* The host of a URI against a host or a ".domain"; a URI without a host
 * name is broken (there is nothing to compare). */
enum name_match name_match_uri(struct slice name, struct slice base);

/* 4 or 16 octets against address and mask, 8 or 32; families never meet. */
enum name_match name_match_ip(struct slice name, struct slice base);

/* May this stand as a base in an extension? */
bool name_base_dns(struct slice base);
bool name_base_mail(struct slice base);
bool name_base_uri(struct slice base);
bool name_base_ip(struct slice base);

#endif
