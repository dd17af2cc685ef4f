/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_KEY_X509_NAME_H
#define DEED_KEY_X509_NAME_H

#include "codec/der.h"

/*
 * X.501 names as certificates carry them.  A name is the whole DER element
 * (SEQUENCE OF RelativeDistinguishedName), borrowed.
 */

/* Is it a well-formed name? */
bool x509_name_valid(struct slice name);

/* Append the value of the first attribute of this type as UTF-8, not
 * cleaned; false (out as before) if there is none. */
bool x509_name_get(struct slice name, enum oid type, struct buf *out);

/* The same of the n-th attribute of this type, from 0. */
bool x509_name_get_at(struct slice name, enum oid type, size_t n,
		      struct buf *out);

/* Append one line for people, most specific first as RFC 4514 has it,
 * cleaned for terminals and with its special characters escaped. */
void x509_name_text(struct slice name, struct buf *out);

/* The best single name of the subject: CN, else pseudonym, else given name
 * and surname, else O, else the whole text; cleaned. */
void x509_name_display(struct slice name, struct buf *out);

/*
 * Do two names match (RFC 5280 7.1)?  Attribute by attribute; strings of any
 * type compare as Unicode, folded as key/name_fold.h has it, other values
 * octet by octet.
 */
bool x509_name_equal(struct slice a, struct slice b);

/* A number that equal names share, for tables; not against collisions that
 * somebody makes on purpose. */
uint64_t x509_name_hash(struct slice name);

/* Does name begin with all the RDNs of base (a directoryName subtree)? */
bool x509_name_within(struct slice name, struct slice base);

/* An attribute of a name that is being built. */
struct x509_attribute {
	enum oid type;
	const char *value; /* UTF-8; NULL or "" leaves the attribute out */
};

/*
 * Write a Name with one attribute an RDN, in the order given.  Strings are
 * UTF8String, but PrintableString for C, serialNumber and dnQualifier, and
 * IA5String for e-mail and DC.
 */
void x509_name_write(struct der_writer *w, const struct x509_attribute *attrs,
		     size_t count);

#endif
