/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEED_PROOF_ID_SCHEME_H
#define DEED_PROOF_ID_SCHEME_H

#include "proof/id_number.h"

/*
 * Identity numbers as certificates write them (EN 319 412-1 5.1.3, 5.1.4):
 * a scheme of five characters, "PNOEE", "IDCCN", "NTRCN", "VATDE", "EI:SE",
 * and the number in it.  Two numbers can be compared where their schemes are
 * the same.  China has one number for a person, which is written as IDCCN and
 * as PNOCN: here it is IDCCN.
 */
struct id_scheme {
	char scheme[6];
	char value[ID_VALUE_MAX + 1]; /* letters as capitals */
};

/* From the text of a serialNumber or an organizationIdentifier; false where
 * it has no scheme. */
bool id_scheme_parse(const char *text, struct id_scheme *out);

/* The scheme of a number that was judged and is not malformed; false where it
 * has none, as a phone number. */
bool id_scheme_of(const struct id_judgement *id, struct id_scheme *out);

/* The text of such a number in a certificate: "IDCCN-11010519491231002X".
 * What was enrolled in this form stays as it is.  False as above. */
#define ID_SCHEME_TEXT (ID_VALUE_MAX + 7)
bool id_scheme_write(const struct id_judgement *id, char out[ID_SCHEME_TEXT]);

/* A number that a certificate has without a scheme, by its country (two
 * letters, large or small): of Estonia and China, where it is well-formed. */
bool id_scheme_bare(const char *number, const char *country,
		    struct id_scheme *out);

enum id_compared { ID_INCOMPARABLE, ID_SAME, ID_OTHER };

/* A Chinese number of 15 digits is the same as that of 18 made of it. */
enum id_compared id_scheme_compare(const struct id_scheme *a,
				   const struct id_scheme *b);

#endif
