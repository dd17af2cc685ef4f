/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_NET_STORE_XML_H
#define DEED_NET_STORE_XML_H

#include "net/store.h"

/*
 * The XML of a store's answers, read in deed-fetch with the limits of
 * codec/xml.h, and as if its author lied.  Only deed-fetch links this.
 */
#define STORE_XML_MAX (8u << 20)

/*
 * The answer to LIST or VERSIONS, which r is, of this bucket: item_count and
 * more of out, and the items, as store_wire_put_item writes them, into items.
 * DEED_DAMAGED for what is no page, and for one that is not the one that was
 * asked for: of another bucket or prefix, a key without the prefix, one that
 * does not come after those before it and after r->after, more keys than were
 * asked for, none and yet more to come.
 */
enum deed_status store_xml_page(struct slice xml, const char *bucket,
				const struct store_request *r,
				struct store_answer *out, struct buf *items,
				struct deed_error *err) DEED_MUST_USE;

/* The answer to VERSIONING. */
enum deed_status store_xml_versioning(struct slice xml,
				      enum store_versioning *out,
				      struct deed_error *err) DEED_MUST_USE;

/* An error's code and message, fit for a terminal; both empty where this is
 * no error of S3.  The code has letters, digits, "-", "." and "_" alone. */
struct store_xml_error {
	char code[64];
	char message[256];
};

void store_xml_error(struct slice xml, struct store_xml_error *out);

#endif
