/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_CA_SUBJECT_H
#define DEED_CA_SUBJECT_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * What a house certificate calls its subject (ETSI EN 319 412-2 4.2.4 and
 * 412-3 4.2.1): a person has C, CN and serialNumber; an organisation C, O,
 * organizationIdentifier, CN.
 */
struct ca_subject {
	bool organisation;
	const char *country; /* two capitals, or NULL */
	const char *name;    /* UTF-8 */
	const char *role;    /* commonName of an organisation instead of its
			   * name, such as "Issuing CA"; or NULL */
	const char *number;  /* serialNumber of a person,
			     * organizationIdentifier of an organisation;
			     * NULL leaves it out */
};

/* The longest name: ub-common-name of RFC 5280 A.1, in characters. */
#define CA_NAME_MAX 64

/* Append the Name in DER. */
enum deed_status ca_subject_write(const struct ca_subject *s, struct buf *out,
				  struct deed_error *err) DEED_MUST_USE;

/*
 * "EI:CN-" and base32 of HMAC-SHA256(salt, "id" ‖ 00 ‖ kind:number): the
 * serialNumber that does not tell the identity number, and that whoever is
 * shown the salt can recompute.  kind_number is "cn-ric:1101...", country
 * that which gave the number; NULL, where none did, is "XX", which ISO 3166-1
 * leaves to its users.
 */
#define CA_PSEUDONYM 59
enum deed_status ca_pseudonym(struct slice salt, const char *country,
			      const char *kind_number, char out[CA_PSEUDONYM],
			      struct deed_error *err) DEED_MUST_USE;

/*
 * Is text fit for a name in a certificate: valid UTF-8 of 1 to CA_NAME_MAX
 * characters, none of them a control character, no blank at its ends?
 * DEED_USAGE says what is wrong.
 */
enum deed_status ca_check_name(const char *text,
			       struct deed_error *err) DEED_MUST_USE;

#endif
